//! From text to the typed tree: lexer, parser, and the errors of both. Nothing here knows commands or values.
//!
//! A text is read once, from left to right, by rules that ask for what may stand where they are: the same characters
//! are a number in an expression and a word in a command. Limits bound the work, the memory and the stack whatever the
//! text: [`MAX_TEXT`], [`MAX_NODES`], [`MAX_DEPTH`], [`MAX_ERRORS`].

pub mod ast;
mod chars;
mod lexer;
mod parser;
pub mod span;
mod token;

pub use token::{Token, TokenKind};

/// The longest text that is read, in bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// How many rules of the grammar a text may use: about as many as its tree has nodes, of up to some hundred bytes each,
/// and a session's memory is bounded.
pub const MAX_NODES: u32 = 1 << 18;

/// How deep the tree may be. Parsing, evaluating and dropping it recurse, on a stack of about 1 MiB.
pub const MAX_DEPTH: u32 = 200;

/// How many errors of one text are reported.
pub const MAX_ERRORS: usize = 20;

/// A text that is not the language: PowerShell's error id, a sentence, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// PowerShell's id, for example `MissingEndCurlyBrace`.
    pub id: &'static str,
    /// One sentence.
    pub message: String,
    /// Where.
    pub span: span::Span,
}

/// Reads a whole text.
///
/// # Errors
/// What is wrong with it, in the order of the text; at least one.
pub fn parse(text: &str) -> Result<ast::ScriptBody, Vec<SyntaxError>> {
    if text.len() > MAX_TEXT {
        return Err(vec![SyntaxError {
            id: "ScriptTooLong",
            message: format!("the text is longer than {MAX_TEXT} bytes: run it in parts"),
            span: span::Span::default(),
        }]);
    }
    parser::Parser::new(text, false).script()
}

/// What the text consists of, for colouring it: in order, without overlaps, white space left out. Text that cannot be
/// read is [`TokenKind::Unknown`]; so is all of a text longer than [`MAX_TEXT`].
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    if text.len() > MAX_TEXT {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        return vec![Token { kind: TokenKind::Unknown, span: span::Span { start: 0, end } }];
    }
    parser::Parser::new(text, true).tokens()
}
