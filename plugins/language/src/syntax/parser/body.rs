//! Bodies: a whole text, a script block, a function; their named blocks; lists of statements and going on after an
//! error.

use super::{Failed, Parse, Parser, span};
use crate::syntax::ast::{Block, ScriptBody, Statement};
use crate::syntax::chars::{ends_word, is_newline};
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    /// A body up to its closing brace, which is left, or to the end of the text.
    pub(super) fn body(&mut self, closer: Option<char>) -> Parse<ScriptBody> {
        let start = self.cursor.at();
        let mut body = ScriptBody::default();
        if let Err(failed) = self.body_head(&mut body) {
            self.abandon(closer);
            return Err(failed);
        }
        if matches!(self.peek_keyword(), Some("begin" | "process" | "end" | "clean" | "dynamicparam")) {
            self.named_blocks(&mut body, closer);
        } else {
            let first = self.cursor.at();
            body.end.statements = self.statements(closer);
            body.end.span = self.span_from(first);
        }
        body.span = span(start, self.cursor.at());
        Ok(body)
    }

    /// Attributes and `param`.
    fn body_head(&mut self, body: &mut ScriptBody) -> Parse<()> {
        self.skip_lines();
        if self.at_script_attribute() {
            while self.cursor.peek() == Some('[') {
                body.attributes.push(self.attribute()?);
                self.skip_lines();
            }
            if self.peek_keyword() != Some("param") {
                return self.missing("MissingParamBlock", "write `param(…)` behind the attributes of a body");
            }
        }
        if self.peek_keyword() == Some("param") {
            body.params = self.param_block()?;
            self.skip_separators();
        }
        Ok(())
    }

    fn named_blocks(&mut self, body: &mut ScriptBody, closer: Option<char>) {
        let mut has_end = false;
        loop {
            self.skip_separators();
            if self.cursor.peek().is_none() || self.cursor.peek() == closer {
                return;
            }
            let start = self.cursor.at();
            if self.stopped {
                return;
            }
            if self.named_block(body, &mut has_end).is_err() {
                self.recover(start, closer);
            }
        }
    }

    fn named_block(&mut self, body: &mut ScriptBody, has_end: &mut bool) -> Parse<()> {
        let start = self.cursor.at();
        let Some(name) = self.peek_keyword() else { return self.unexpected() };
        let repeated = match name {
            "begin" => body.begin.is_some(),
            "process" => body.process.is_some(),
            "end" => *has_end,
            "clean" | "dynamicparam" => {
                self.eat_keyword();
                let failed = self.unsupported(&format!("a `{name}` block"), start);
                self.skip_to_brace();
                return failed;
            }
            _ => return self.unexpected(),
        };
        self.eat_keyword();
        if repeated {
            let message = format!("a body has one `{name}` block");
            return self.error_since("DuplicateScriptCommandClause", message, start);
        }
        let message = format!("write `{{ … }}` behind `{name}`");
        let block = self.block("MissingNamedStatementBlock", &message)?;
        match name {
            "begin" => body.begin = Some(block),
            "process" => body.process = Some(block),
            _ => (body.end, *has_end) = (block, true),
        }
        Ok(())
    }

    /// `{ … }` on this line or a later one.
    pub(super) fn block(&mut self, id: &'static str, message: &str) -> Parse<Block> {
        if !self.eat_mark_lines('{') {
            return self.missing(id, message);
        }
        let start = self.last_end - 1;
        let statements = self.bracketed(|p| {
            let statements = p.statements(Some('}'));
            p.close_brace(start)?;
            Ok(statements)
        })?;
        Ok(Block { statements, span: self.span_from(start) })
    }

    pub(super) fn close_brace(&mut self, open: usize) -> Parse<()> {
        if self.eat_mark('}') {
            return Ok(());
        }
        let behind = span(open + 1, open + 1);
        Err(self.report("MissingEndCurlyBrace", "close the block with `}`", behind))
    }

    /// Statements up to the closing character, which is left, or the end of the text.
    pub(super) fn statements(&mut self, closer: Option<char>) -> Vec<Statement> {
        let mut statements = Vec::new();
        let mut tallest = self.height;
        loop {
            self.skip_separators();
            let start = self.cursor.at();
            if self.stopped || self.cursor.peek().is_none() || self.cursor.peek() == closer {
                break;
            }
            // What a failed statement had opened is closed behind it: no error of its own.
            if !self.errors.is_empty() && matches!(self.cursor.peek(), Some('}' | ')')) {
                self.cursor.bump();
                self.token(TokenKind::Unknown, start);
                continue;
            }
            self.height = 0;
            match self.terminated_statement(closer) {
                Ok(statement) => statements.push(statement),
                Err(Failed) => self.recover(start, closer),
            }
            tallest = self.height.max(tallest);
        }
        self.height = tallest;
        statements
    }

    fn terminated_statement(&mut self, closer: Option<char>) -> Parse<Statement> {
        let statement = self.statement()?;
        if statement.kind.ends_with_block() {
            return Ok(statement);
        }
        self.skip_space();
        match self.cursor.peek() {
            None | Some(';') => Ok(statement),
            Some(c) if is_newline(c) || Some(c) == closer => Ok(statement),
            Some(_) => self.unexpected(),
        }
    }

    /// Line ends and semicolons.
    pub(super) fn skip_separators(&mut self) {
        loop {
            self.skip_lines();
            if !self.eat_mark(';') {
                break;
            }
        }
    }

    /// Goes behind the failed statement: to the next line end, semicolon or closing character outside of the braces
    /// that the rest of it opens.
    fn recover(&mut self, start: usize, closer: Option<char>) {
        if self.stopped {
            self.cursor.go(self.text.len());
            self.mark_between(TokenKind::Unknown, start, self.text.len());
            return;
        }
        let failed_at = self.cursor.at();
        let mut open = 0_usize;
        while let Some(c) = self.cursor.peek() {
            match c {
                '{' => open += 1,
                '}' if open > 0 => open -= 1,
                c if open == 0 && (is_newline(c) || c == ';' || Some(c) == closer) => break,
                _ => {}
            }
            self.cursor.bump();
        }
        if self.cursor.at() == start {
            self.cursor.bump();
        }
        self.token(TokenKind::Unknown, failed_at.max(start));
    }

    /// Gives up on a body: to its closing brace.
    fn abandon(&mut self, closer: Option<char>) {
        let start = self.cursor.at();
        let mut open = 0_usize;
        while let Some(c) = self.cursor.peek() {
            match c {
                '{' => open += 1,
                '}' if open > 0 => open -= 1,
                '}' if closer == Some('}') => break,
                _ => {}
            }
            self.cursor.bump();
        }
        self.token(TokenKind::Unknown, start);
        if closer.is_some() {
            self.eat_mark('}');
        }
    }

    /// Before the braces of a statement that is not supported, for [`Self::recover`] to go behind them.
    pub(super) fn skip_to_brace(&mut self) {
        self.cursor.eat_while(|c| !matches!(c, '{' | ';' | '}'));
    }

    /// The word at the cursor in lower case, if it is one that can be a keyword: letters up to the end of a word.
    pub(super) fn peek_keyword(&mut self) -> Option<&'static str> {
        self.skip_space();
        let mut ahead = self.cursor;
        let word = ahead.eat_while(|c| c.is_ascii_alphabetic());
        let ended = ahead.peek().is_none_or(ends_word);
        if !ended || word.len() > 12 {
            return None;
        }
        KEYWORDS.iter().copied().find(|keyword| keyword.eq_ignore_ascii_case(word))
    }

    /// Eats the word that [`Self::peek_keyword`] saw.
    pub(super) fn eat_keyword(&mut self) {
        let start = self.cursor.at();
        self.cursor.eat_while(|c| c.is_ascii_alphabetic());
        self.token(TokenKind::Keyword, start);
    }
}

/// The words that mean something where a statement, a clause or a named block may start.
const KEYWORDS: [&str; 32] = [
    "begin",
    "break",
    "catch",
    "class",
    "clean",
    "continue",
    "data",
    "default",
    "do",
    "dynamicparam",
    "else",
    "elseif",
    "end",
    "enum",
    "exit",
    "filter",
    "finally",
    "for",
    "foreach",
    "function",
    "if",
    "param",
    "process",
    "return",
    "switch",
    "throw",
    "trap",
    "try",
    "using",
    "until",
    "while",
    "workflow",
];
