//! The syntax, as text and tree: each test is one line of text and the tree, value or error that it stands for.
//! The trees are written as the module `render` does.
#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a text that does not parse as the test says fails it"
)]

mod commands;
mod errors;
mod expressions;
mod highlighting;
mod limits;
mod numbers;
mod properties;
mod render;
mod statements;
mod strings;
mod white_space;

use bailiwick_language::syntax::parse;

/// The tree of a text that is the language.
fn tree(text: &str) -> String {
    match parse(text) {
        Ok(body) => render::body(&body),
        Err(errors) => panic!("`{text}` is refused: {errors:?}"),
    }
}

/// The errors of a text that is not: id and offset.
fn errors(text: &str) -> Vec<(&'static str, u32)> {
    match parse(text) {
        Ok(body) => panic!("`{text}` is read as {}", render::body(&body)),
        Err(errors) => errors.iter().map(|error| (error.id, error.span.start)).collect(),
    }
}

/// The id of the first error.
fn error(text: &str) -> &'static str {
    errors(text)[0].0
}
