//! The part of WASI that every guest gets: what `std` imports even if it does nothing. An empty environment, no
//! standard streams, no files, no sockets. Clocks tell the time and random numbers are random; both are inputs like
//! any other, never a way to reach something.

use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::cli::{WasiCli, WasiCliView as _};
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksView as _};
use wasmtime_wasi::p2::bindings::{cli, clocks, random};
use wasmtime_wasi::random::{WasiRandom, WasiRandomView as _};
use wasmtime_wasi::{WasiCtx, WasiView};
use wasmtime_wasi_io::bindings::wasi::io;

use crate::limits::{RANDOM_BYTES, RESOURCES};

/// The interfaces of the baseline, without version.
pub fn interfaces() -> &'static [&'static str] {
    &[
        "wasi:cli/environment",
        "wasi:cli/exit",
        "wasi:cli/stdin",
        "wasi:cli/stdout",
        "wasi:cli/stderr",
        "wasi:cli/terminal-input",
        "wasi:cli/terminal-output",
        "wasi:cli/terminal-stdin",
        "wasi:cli/terminal-stdout",
        "wasi:cli/terminal-stderr",
        "wasi:clocks/monotonic-clock",
        "wasi:clocks/wall-clock",
        "wasi:io/error",
        "wasi:io/poll",
        "wasi:io/streams",
        "wasi:random/insecure",
        "wasi:random/insecure-seed",
        "wasi:random/random",
    ]
}

/// A context with nothing in it: no arguments, no environment, no standard streams, no files, no network.
pub fn context() -> WasiCtx {
    WasiCtx::builder().allow_tcp(false).allow_udp(false).max_random_size(RANDOM_BYTES).build()
}

/// A resource table that holds at most [`RESOURCES`].
pub fn table() -> ResourceTable {
    let mut table = ResourceTable::new();
    table.set_max_capacity(RESOURCES);
    table
}

/// Links the baseline, and nothing else.
///
/// # Errors
/// One of its interfaces is linked already.
pub fn add_to_linker<T: WasiView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    io::error::add_to_linker::<T, HasIo>(linker, |t| t.ctx().table)?;
    io::poll::add_to_linker::<T, HasIo>(linker, |t| t.ctx().table)?;
    io::streams::add_to_linker::<T, HasIo>(linker, |t| t.ctx().table)?;
    clocks::wall_clock::add_to_linker::<T, WasiClocks>(linker, T::clocks)?;
    clocks::monotonic_clock::add_to_linker::<T, WasiClocks>(linker, T::clocks)?;
    random::random::add_to_linker::<T, WasiRandom>(linker, T::random)?;
    random::insecure::add_to_linker::<T, WasiRandom>(linker, T::random)?;
    random::insecure_seed::add_to_linker::<T, WasiRandom>(linker, T::random)?;
    cli::exit::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    cli::environment::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    cli::stdin::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    cli::stdout::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    cli::stderr::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    cli::terminal_input::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    cli::terminal_output::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    cli::terminal_stdin::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    cli::terminal_stdout::add_to_linker::<T, WasiCli>(linker, T::cli)?;
    cli::terminal_stderr::add_to_linker::<T, WasiCli>(linker, T::cli)
}

struct HasIo;

impl HasData for HasIo {
    type Data<'a> = &'a mut ResourceTable;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_host::TestHost;

    #[test]
    fn the_baseline_links_beside_nothing_and_only_once() {
        let engine = TestHost::<()>::engine().unwrap();
        let mut linker: Linker<TestHost<()>> = Linker::new(&engine);
        add_to_linker(&mut linker).unwrap();
        assert!(add_to_linker(&mut linker).is_err());
    }

    #[test]
    fn the_baseline_has_no_files_and_no_sockets() {
        assert!(!interfaces().iter().any(|i| i.contains("filesystem") || i.contains("sockets")));
    }

    #[test]
    fn row_d12_a_table_has_an_end() {
        let mut table = table();
        let held: Vec<_> = (0..RESOURCES).map(|n| table.push(n).unwrap()).collect();
        assert!(table.push(0).is_err());
        drop(held);
    }
}
