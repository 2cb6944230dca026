//! What a text consists of, for colouring it. The parser itself works on characters and the tree; this is a
//! by-product of its run.

use super::span::Span;

/// A piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The name of a command.
    Command,
    /// `-Name`.
    Parameter,
    /// A bare word as an argument.
    Argument,
    /// A number.
    Number,
    /// The literal part of a string, with its quotes.
    String,
    /// A variable or splat.
    Variable,
    /// An operator or redirection.
    Operator,
    /// `if`, `function`, …
    Keyword,
    /// A type or attribute name, with the brackets of a type.
    Type,
    /// The name of a property, method or key.
    Member,
    /// A comment.
    Comment,
    /// A loop's label.
    Label,
    /// Brackets, commas, semicolons.
    Punctuation,
    /// Text that could not be read.
    Unknown,
}
