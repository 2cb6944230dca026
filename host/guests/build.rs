//! Builds the guest components for `wasm32-wasip2` with a cargo of its own.
//!
//! The nested cargo gets its own target folder (the outer one holds the lock of the usual folder) and a clean set
//! of flags: `RUSTFLAGS` meant for the host break a wasm link, and clippy's wrapper would check instead of build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Where the guest lives, and the file that cargo makes of it.
const GUESTS: [(&str, &str); 2] =
    [("bailiwick-engine", "bailiwick_engine.wasm"), ("bailiwick-items", "bailiwick_items.wasm")];
/// Guests that only tests install: with the feature `test-guests`.
const TEST_GUESTS: [(&str, &str); 1] = [("bailiwick-misbehave", "bailiwick_misbehave.wasm")];

/// What a guest is made of. Cargo rebuilds this crate only when one of them changes.
const SOURCES: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "guest-sdk",
    "plugins/language/src",
    "plugins/language/Cargo.toml",
    "plugins/engine",
    "plugins/items",
    "tests/guests",
];

const TARGET: &str = "wasm32-wasip2";

fn main() {
    if let Err(problem) = build() {
        eprintln!("{problem}");
        std::process::exit(1);
    }
}

fn build() -> Result<(), String> {
    let root = workspace_root()?;
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    ensure_target()?;

    let out = PathBuf::from(variable("OUT_DIR")?);
    let target_dir = guest_target_dir(&out);
    let mut cargo = Command::new(variable("CARGO")?);
    cargo
        .current_dir(&root)
        .args(["build", "--target", TARGET, "--profile", "guest", "--target-dir"])
        .arg(&target_dir);
    let with_tests = env::var_os("CARGO_FEATURE_TEST_GUESTS").is_some();
    let test_guests = if with_tests { &TEST_GUESTS[..] } else { &[] };
    let guests: Vec<_> = GUESTS.iter().chain(test_guests).collect();
    for (package, _) in &guests {
        cargo.args(["--package", package]);
    }
    for unwanted in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_TARGET"]
    {
        cargo.env_remove(unwanted);
    }
    let status =
        cargo.status().map_err(|error| format!("could not start cargo to build the guests: {error}"))?;
    if !status.success() {
        return Err("building the guest components failed: cargo's message above says why".to_owned());
    }
    for (_, file) in &guests {
        let from = target_dir.join(TARGET).join("guest").join(file);
        fs::copy(&from, out.join(file))
            .map_err(|error| format!("could not copy {}: {error}", from.display()))?;
    }
    Ok(())
}

/// The nested cargo's target folder: beside the profiles of the outer one, so that all of them share it.
fn guest_target_dir(out: &Path) -> PathBuf {
    // OUT_DIR is <target>/<profile>/build/<package>-<hash>/out.
    out.ancestors().nth(4).unwrap_or(out).join("guests")
}

fn workspace_root() -> Result<PathBuf, String> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    here.ancestors().nth(2).map(Path::to_path_buf).ok_or_else(|| "this crate left its workspace".to_owned())
}

/// Adds the target with rustup when the toolchain has none.
fn ensure_target() -> Result<(), String> {
    let advice = format!(
        "add it with `rustup target add {TARGET}`, or install your distribution's Rust standard library for {TARGET}"
    );
    let output = Command::new(variable("RUSTC")?)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|error| format!("could not ask rustc for its {TARGET} library: {error}"))?;
    let library = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if library.is_dir() {
        return Ok(());
    }
    let added = Command::new("rustup").args(["target", "add", TARGET]).status();
    match added {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!("the guests need Rust's {TARGET} target, which is missing: {advice}")),
    }
}

fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("cargo did not set {name}"))
}
