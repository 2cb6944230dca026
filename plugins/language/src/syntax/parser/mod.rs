//! The parser: recursive descent over the text itself. A rule that fails has reported why and returns [`Failed`];
//! the list of statements around it goes on behind the next line end, so that one text gives several errors.

mod body;
mod command;
mod control;
mod expression;
mod hash;
mod operators;
mod parameters;
mod pipeline;
mod primary;
mod redirection;
mod statement;
mod strings;
mod types;
mod word;

use super::ast::{Expr, ExprKind, ScriptBody};
use super::chars::is_newline;
use super::lexer::cursor::{Cursor, Skipped};
use super::lexer::escape::BadEscape;
use super::span::Span;
use super::token::{Token, TokenKind};
use super::{MAX_DEPTH, MAX_ERRORS, MAX_NODES, SyntaxError};

/// A rule failed and has reported it.
#[derive(Debug)]
struct Failed;

type Parse<T> = Result<T, Failed>;

/// Whether control may leave the block that is being read: it may not leave `finally`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaving {
    Free,
    InFinally,
    InLoopInFinally,
}

/// One run over one text.
pub(super) struct Parser<'a> {
    text: &'a str,
    cursor: Cursor<'a>,
    /// The end of the last token: what is missing is missing here.
    last_end: usize,
    errors: Vec<SyntaxError>,
    skipped: Vec<Skipped>,
    marks: Option<Vec<Token>>,
    /// How many rules that may contain themselves are being read.
    depth: u32,
    /// How many rules have been used.
    nodes: u32,
    /// How high the tree over the tokens read since the innermost [`Self::nested`] began is. Depth alone does not see
    /// `1+1+1+…`, which is read by a loop and leans to the left.
    height: u32,
    /// In a method's arguments a comma separates them.
    comma_separates: bool,
    /// The last line end behind which no pipeline goes on, so that nested statements look there once.
    no_pipe_behind: Option<usize>,
    /// What may leave the block that is being read.
    leaving: Leaving,
    /// A limit was reached: everything unwinds without another error.
    stopped: bool,
}

impl<'a> Parser<'a> {
    pub(super) const fn new(text: &'a str, mark: bool) -> Self {
        Self {
            text,
            cursor: Cursor::new(text),
            last_end: 0,
            errors: Vec::new(),
            skipped: Vec::new(),
            marks: if mark { Some(Vec::new()) } else { None },
            depth: 0,
            nodes: 0,
            height: 0,
            comma_separates: false,
            no_pipe_behind: None,
            leaving: Leaving::Free,
            stopped: false,
        }
    }

    pub(super) fn script(mut self) -> Result<ScriptBody, Vec<SyntaxError>> {
        let body = self.body(None);
        self.report_skipped();
        match body {
            Ok(body) if self.errors.is_empty() => Ok(body),
            _ => {
                self.errors.sort_by_key(|error| (error.span.start, error.span.end));
                Err(self.errors)
            }
        }
    }

    pub(super) fn tokens(mut self) -> Vec<Token> {
        // A failure has left its mark as unknown text.
        let _ = self.body(None);
        for skipped in std::mem::take(&mut self.skipped) {
            match skipped {
                Skipped::Comment(start, end) => self.mark_between(TokenKind::Comment, start, end),
                Skipped::OpenComment(start) => self.mark_between(TokenKind::Comment, start, self.text.len()),
                Skipped::LastBacktick(start) => self.mark_between(TokenKind::Unknown, start, self.text.len()),
            }
        }
        let mut marks = self.marks.unwrap_or_default();
        // The narrower of two that start together is the more exact; text read twice is marked twice.
        marks.sort_by_key(|token| (token.span.start, token.span.end));
        let mut end = 0;
        marks.retain(|token| {
            let keep = token.span.start >= end && token.span.end > token.span.start;
            if keep {
                end = token.span.end;
            }
            keep
        });
        marks
    }

    fn report_skipped(&mut self) {
        for skipped in std::mem::take(&mut self.skipped) {
            match skipped {
                Skipped::Comment(..) => {}
                Skipped::OpenComment(start) => {
                    let span = span(start, start + 2);
                    self.report("MissingTerminatorMultiLineComment", "close the comment with `#>`", span);
                }
                Skipped::LastBacktick(start) => {
                    let span = span(start, start + 1);
                    self.report(
                        "IncompleteString",
                        "nothing follows the backtick at the end of the text",
                        span,
                    );
                }
            }
        }
    }

    fn report(&mut self, id: &'static str, message: impl Into<String>, span: Span) -> Failed {
        if !self.stopped && !self.errors.iter().any(|error| error.id == id && error.span == span) {
            self.errors.push(SyntaxError { id, message: message.into(), span });
            self.stopped = self.errors.len() >= MAX_ERRORS;
        }
        Failed
    }

    /// Something is missing behind the last token.
    fn missing<T>(&mut self, id: &'static str, message: impl Into<String>) -> Parse<T> {
        let span = span(self.last_end, self.last_end);
        Err(self.report(id, message, span))
    }

    fn error_since<T>(&mut self, id: &'static str, message: impl Into<String>, start: usize) -> Parse<T> {
        let span = self.span_from(start);
        Err(self.report(id, message, span))
    }

    /// The text at the cursor cannot stand there.
    fn unexpected<T>(&mut self) -> Parse<T> {
        let start = self.cursor.at();
        let Some(c) = self.cursor.peek() else {
            return self.missing("UnexpectedToken", "the text ends where more was expected");
        };
        let mut ahead = self.cursor;
        ahead.bump();
        if !is_newline(c) && (c.is_alphanumeric() || super::chars::is_dash(c)) {
            ahead.eat_while(char::is_alphanumeric);
        }
        let found: String = ahead.since(start).chars().take(40).collect();
        let span = span(start, ahead.at());
        Err(self.report(
            "UnexpectedToken",
            format!("unexpected `{}` in a statement", found.escape_debug()),
            span,
        ))
    }

    fn unsupported<T>(&mut self, what: &str, start: usize) -> Parse<T> {
        self.error_since("NotSupported", format!("{what} is not supported by this version"), start)
    }

    fn bad_escape(&mut self, bad: BadEscape) -> Failed {
        let end = self.text.get(bad.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.report(bad.id, bad.message, span(bad.at, bad.at + end))
    }

    /// Reads something that may contain itself, one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            return self.too_deep();
        }
        self.count()?;
        self.depth += 1;
        let outer = std::mem::replace(&mut self.height, 0);
        let result = read(self);
        self.depth -= 1;
        let value = result?;
        self.grow()?;
        self.height = self.height.max(outer);
        Ok(value)
    }

    /// Counts one more rule.
    fn count(&mut self) -> Parse<()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return self.limit(
                "ScriptTooLong",
                format!("the text has more than {MAX_NODES} parts: run it in several"),
            );
        }
        Ok(())
    }

    /// Puts one more node over what was read.
    fn grow(&mut self) -> Parse<()> {
        self.height += 1;
        if self.height > MAX_DEPTH { self.too_deep() } else { Ok(()) }
    }

    fn too_deep<T>(&mut self) -> Parse<T> {
        self.limit(
            "NestingTooDeep",
            format!("the text nests deeper than {MAX_DEPTH} levels: run it in parts"),
        )
    }

    /// A limit is reached: nothing more is read.
    fn limit<T>(&mut self, id: &'static str, message: String) -> Parse<T> {
        let here = span(self.cursor.at(), self.cursor.at());
        let failed = self.report(id, message, here);
        self.stopped = true;
        Err(failed)
    }

    /// Reads what stands in brackets, where a comma makes arrays again.
    fn bracketed<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let outer = std::mem::replace(&mut self.comma_separates, false);
        let result = self.nested(read);
        self.comma_separates = outer;
        result
    }

    /// Reads a block out of which control may leave only so.
    fn leaving<T>(&mut self, leaving: Leaving, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let outer = std::mem::replace(&mut self.leaving, leaving);
        let result = read(self);
        self.leaving = outer;
        result
    }

    fn skip_space(&mut self) {
        self.cursor.skip_space(&mut self.skipped);
    }

    fn skip_lines(&mut self) {
        self.cursor.skip_lines(&mut self.skipped);
    }

    /// Ends a token at the cursor.
    fn token(&mut self, kind: TokenKind, start: usize) {
        self.last_end = self.cursor.at();
        self.mark_between(kind, start, self.last_end);
    }

    fn mark_between(&mut self, kind: TokenKind, start: usize, end: usize) {
        if let Some(marks) = &mut self.marks {
            marks.push(Token { kind, span: span(start, end) });
        }
    }

    /// Eats one character of punctuation behind blanks.
    fn eat_mark(&mut self, wanted: char) -> bool {
        self.skip_space();
        let start = self.cursor.at();
        let found = self.cursor.eat(wanted);
        if found {
            self.token(TokenKind::Punctuation, start);
        }
        found
    }

    /// As [`Self::eat_mark`], also on a later line; if it is not there the cursor stays.
    fn eat_mark_lines(&mut self, wanted: char) -> bool {
        let before = self.cursor.at();
        self.skip_lines();
        let found = self.eat_mark(wanted);
        if !found {
            self.cursor.go(before);
        }
        found
    }

    /// From there to the end of the last token.
    fn span_from(&self, start: usize) -> Span {
        span(start, self.last_end.max(start))
    }

    fn expr_from(&self, kind: ExprKind, start: usize) -> Expr {
        Expr { kind, span: self.span_from(start) }
    }
}

/// Texts are at most [`super::MAX_TEXT`] long.
fn span(start: usize, end: usize) -> Span {
    let offset = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    Span { start: offset(start), end: offset(end) }
}
