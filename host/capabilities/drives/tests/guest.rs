//! A real guest: plain `std::fs`, compiled for `wasm32-wasip2`, linked against the baseline and the drives.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

#[expect(dead_code, reason = "each test file uses its part")]
mod common;

use std::process::Command;

use bailiwick_capability::test_host::TestHost;
use bailiwick_capability::{Capability as _, baseline};
use bailiwick_drives::{DrivesCapability, DrivesCtx, add_to_linker};
use bailiwick_policy::{Access, DriveRoot};
use wasmtime::component::Component;

use common::{grant, machine, user};

/// The guest, compiled by the compiler that compiled this test.
fn compiled(machine: &common::Machine) -> Vec<u8> {
    let wasm = machine.dir.path().join("guest.wasm");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/guests/plain_std.rs");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--edition=2024", "--target=wasm32-wasip2", "-Copt-level=1", "-o"]).arg(&wasm).arg(source);
    let done = command.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap();
    assert!(done.success(), "install the target: rustup target add wasm32-wasip2");
    std::fs::read(wasm).unwrap()
}

#[test]
fn a_guest_on_plain_std_does_what_its_drives_allow() {
    let machine = machine();
    std::fs::write(machine.logs().join("a.log"), "line").unwrap();
    std::os::unix::fs::symlink("../secret", machine.logs().join("out")).unwrap();
    let own = grant("User", DriveRoot::PerUser, Access::Write, Some(64 << 10));
    let drives = vec![machine.open(Access::Read, None), machine.drives.open(&own, &user("a")).unwrap()];

    let engine = TestHost::<DrivesCtx>::engine().unwrap();
    let component = Component::new(&engine, compiled(&machine)).unwrap();
    for (import, _) in component.component_type().imports(&engine) {
        let name = import.split('@').next().unwrap();
        let known = baseline::interfaces().contains(&name) || DrivesCapability::interfaces().contains(&name);
        assert!(known, "the guest imports `{import}`");
    }
    let mut linker = TestHost::linker(&engine).unwrap();
    add_to_linker(&mut linker).unwrap();

    let mut store = TestHost::new(|reason| DrivesCtx::new(drives, reason)).into_store(&engine);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        use wasmtime_wasi::p2::bindings::Command;
        let guest = Command::instantiate_async(&mut store, &component, &linker).await.unwrap();
        guest.wasi_cli_run().call_run(&mut store).await.unwrap().unwrap();
    });
    let report = std::fs::read_to_string(machine.dir.path().join("state/drives/a/report")).unwrap();
    let expected = [
        "read: line",
        "missing: entity not found",
        "outside: true",
        "link outside: true",
        "no drive: true",
        "read-only: true",
        "drives: Logs/ User/",
        "root: drives/",
        "logs: a.log out",
        "appended: one two ",
        "in place: one TWO ",
        "copied: 4",
        "length: 4",
        "canonical: /drives/User/moved",
        "full: true",
        "left: big moved",
    ];
    assert_eq!(report.lines().collect::<Vec<_>>(), expected);
    assert!(machine.secret_is_whole());
}
