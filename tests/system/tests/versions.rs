//! The least versions of what the sandbox and the wire stand on: an older one has a known hole.

use std::path::Path;

/// A package, the least version that may be locked, and what an older one let through.
const LEAST: [(&str, [u64; 3], &str); 6] = [
    ("wasmtime", [48, 0, 2], "the patch level that holds the fixes of the 48 line at this writing"),
    ("wasmtime-wasi", [48, 0, 2], "as wasmtime"),
    ("cap-primitives", [3, 4, 6], "a trailing slash on a link led out of a directory"),
    ("rustls", [0, 23, 18], "an endless accept loop on an odd handshake"),
    ("tokio", [1, 44, 2], "a broadcast channel that cloned without synchronisation"),
    ("rust_decimal", [1, 30, 0], "division that did not end on some scales"),
];

#[test]
fn row_d42_no_locked_version_is_older_than_its_last_known_hole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).unwrap();
    for (package, least, hole) in LEAST {
        let mut found = false;
        let mut lines = lock.lines();
        while let Some(line) = lines.next() {
            if line != format!("name = \"{package}\"") {
                continue;
            }
            let version = lines.next().unwrap().trim_start_matches("version = \"").trim_end_matches('"');
            let parts: Vec<u64> =
                version.split(['.', '-', '+']).take(3).map(|part| part.parse().unwrap()).collect();
            assert!(
                parts.as_slice() >= least.as_slice(),
                "{package} {version} is older than {least:?}: {hole}"
            );
            found = true;
        }
        assert!(found, "{package} is not locked: take it out of the table");
    }
}
