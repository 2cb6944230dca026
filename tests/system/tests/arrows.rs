//! The arrows of ARCHITECTURE.md: which crate may never reach which.

use std::process::Command;

/// A crate, and the crates that must not be among its dependencies.
const FORBIDDEN: [(&str, &[&str]); 13] = [
    ("bailiwick-objects", &["bailiwick-policy", "bailiwick-wire", "wasmtime", "tokio"]),
    ("bailiwick-sdk", &["bailiwick-policy", "bailiwick-runtime", "wasmtime", "tokio"]),
    ("bailiwick-language", &["bailiwick-policy", "bailiwick-runtime", "bailiwick-sdk", "wasmtime", "tokio"]),
    ("bailiwick-engine", &["bailiwick-policy", "bailiwick-runtime", "wasmtime", "tokio"]),
    (
        "bailiwick-items",
        &["bailiwick-policy", "bailiwick-runtime", "bailiwick-language", "wasmtime", "tokio"],
    ),
    ("bailiwick-policy", &["bailiwick-audit", "bailiwick-runtime", "bailiwick-wire", "wasmtime", "tokio"]),
    ("bailiwick-audit", &["bailiwick-runtime", "bailiwick-wire", "wasmtime", "tokio"]),
    ("bailiwick-wire", &["bailiwick-client", "bailiwick-server", "bailiwick-policy", "wasmtime", "tokio"]),
    ("bailiwick-client", &["bailiwick-server", "bailiwick-runtime", "bailiwick-policy", "wasmtime"]),
    ("bailiwick-capability", &["bailiwick-runtime", "bailiwick-server", "bailiwick-client"]),
    ("bailiwick-drives", &["bailiwick-runtime", "bailiwick-server", "bailiwick-client"]),
    ("bailiwick-runtime", &["bailiwick-server", "bailiwick-client", "bailiwick-wire", "bailiwick-language"]),
    ("bailiwick-server", &["bailiwick-client", "bailiwick-language"]),
];

#[test]
fn no_crate_reaches_what_the_map_forbids() {
    let mut broken = Vec::new();
    for (krate, forbidden) in FORBIDDEN {
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--package", krate])
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tree = String::from_utf8_lossy(&output.stdout).into_owned();
        for name in forbidden {
            if tree.lines().any(|line| line.split_whitespace().next() == Some(name)) {
                broken.push(format!("{krate} must not depend on {name}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
