//! `docs/security-cases.md` and the tests name the same cases: an id without a test, or a test without its row, fails.

#![expect(clippy::expect_used, reason = "a test that can not read its sources fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("tests/system lies two below")
        .to_path_buf()
}

/// Ids such as `A23`, of functions named `row_a23_…`.
fn tested(dir: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).expect("a readable folder").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            tested(&path, found);
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).expect("readable source");
            // Functions, and the names that the macros of table tests make into functions.
            for piece in text.split("row_").skip(1) {
                // One test may stand for several ids: `row_a23_a24_…`.
                for part in piece.split('_') {
                    let mut chars = part.chars();
                    let letter = chars.next().filter(|c| ('a'..='f').contains(c));
                    let digits = chars.as_str();
                    if digits.len() != 2 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                        break;
                    }
                    let Some(letter) = letter else { break };
                    found.insert(format!("{}{digits}", letter.to_ascii_uppercase()));
                }
            }
        }
    }
}

/// Ids in the first column of the tables.
fn documented() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("docs/security-cases.md")).expect("the page exists");
    text.lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next().map(str::trim))
        .filter(|cell| cell.len() == 3 && cell.bytes().skip(1).all(|b| b.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_case_of_the_page_has_a_test_and_every_test_its_row() {
    let mut tests = BTreeSet::new();
    tested(&root(), &mut tests);
    let page = documented();
    assert!(!page.is_empty());
    let missing: Vec<_> = page.difference(&tests).collect();
    let unlisted: Vec<_> = tests.difference(&page).collect();
    assert!(missing.is_empty(), "rows without a test: {missing:?}");
    assert!(unlisted.is_empty(), "tests without a row: {unlisted:?}");
}
