//! `docs/errors.md` and the sources name the same error ids. An id is known by where it stands: it is handed to what
//! makes an error, stands beside its category, or ends as ids do.
#![cfg(test)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What an id is handed to.
const MAKERS: [&str; 19] = [
    "fault(",
    "invalid(",
    "binding(",
    "missing(",
    "report(",
    "block(",
    "condition(",
    "error_since(",
    "limit(",
    "operand_follows(",
    "record(",
    "refuse(",
    "lost(",
    "ErrorRecord::new(",
    "Reason::new(",
    " id: ",
    " id = ",
    "unauthorized: ",
    "io: (",
];

const ENDINGS: [&str; 14] = [
    "Exception",
    "NotFound",
    "Error",
    "Exceeded",
    "Refused",
    "Trapped",
    "NotAllowed",
    "NotSupported",
    "NotPermitted",
    "Unavailable",
    "Ended",
    "Lost",
    "Stopped",
    "BadData",
];

/// Types and properties that end as ids do.
const OTHERS: [&str; 3] = ["InnerException", "ParserError", "SystemException"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("tests/system lies two below")
        .to_path_buf()
}

/// The text of all sources but tests, and of the command line, which makes no error records.
fn sources(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a readable folder").flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            if !["cli", "tests", "target"].contains(&&*name) {
                sources(&path, text);
            }
        // The categories, whose names look like ids.
        } else if name.ends_with(".rs") && name != "tests.rs" && name != "error_record.rs" {
            let source = std::fs::read_to_string(&path).expect("readable source");
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            let code = source.lines().map(str::trim).filter(|line| !line.starts_with("//"));
            for line in code {
                // As if each call stood on one line.
                if !text.ends_with('(') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }
}

/// At least two words in one.
fn looks_like_an_id(text: &str) -> bool {
    let letters = text.bytes().all(|b| b.is_ascii_alphabetic());
    // A capital behind a small letter.
    let humps = text.split(|c: char| c.is_ascii_lowercase()).skip(1).any(|part| !part.is_empty());
    letters && humps && text.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Each literal that may be an id, with what stands before and behind it.
fn literals(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    text.match_indices('"').filter_map(|(at, _)| {
        let (literal, behind) = text.get(at + 1..)?.split_once('"')?;
        looks_like_an_id(literal).then_some((text.get(..at).unwrap_or_default(), literal, behind))
    })
}

fn is_an_id((before, literal, behind): (&str, &str, &str)) -> bool {
    let by_maker = MAKERS.iter().any(|maker| before.ends_with(maker));
    let by_code = before.rsplit("refused(").next().is_some_and(|code| {
        code.starts_with("ErrorCode::") && code.ends_with(", ") && code.matches(',').count() == 1
    });
    let by_category = behind.starts_with(", ErrorCategory::");
    let by_ending = ENDINGS.iter().any(|ending| literal.ends_with(ending));
    (by_maker || by_code || by_category || by_ending) && !OTHERS.contains(&literal)
}

/// The ids of the first column.
fn page() -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("docs/errors.md")).expect("the page exists");
    text.lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_id_that_the_sources_make_is_on_the_page() {
    let mut text = String::new();
    for folder in ["host", "plugins", "guest-sdk"] {
        sources(&root().join(folder), &mut text);
    }
    let made: BTreeSet<_> = literals(&text).filter(|found| is_an_id(*found)).map(|(_, id, _)| id).collect();
    assert!(made.len() > 100, "only {} ids were found", made.len());
    let page = page();
    let unlisted: Vec<_> = made.iter().filter(|id| !page.contains(**id)).collect();
    assert!(unlisted.is_empty(), "ids that docs/errors.md does not list: {unlisted:?}");
}

#[test]
fn every_id_of_the_page_is_made_somewhere() {
    let mut text = String::new();
    for folder in ["host", "plugins", "guest-sdk"] {
        sources(&root().join(folder), &mut text);
    }
    let page = page();
    let gone: Vec<_> = page.iter().filter(|id| !text.contains(&format!("\"{id}\""))).collect();
    assert!(gone.is_empty(), "ids of docs/errors.md that nothing makes: {gone:?}");
}
