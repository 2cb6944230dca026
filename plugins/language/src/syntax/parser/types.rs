//! What stands in square brackets before something: type names and attributes.

use std::rc::Rc;

use super::{Parse, Parser, span};
use crate::syntax::ast::{Attribute, Expr, TypeName};
use crate::syntax::chars::{continues_name, is_newline, is_space, starts_name};
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    /// `[name]`; the cursor stands at the bracket.
    pub(super) fn type_literal(&mut self) -> Parse<TypeName> {
        let open = self.cursor.at();
        self.cursor.bump();
        self.cursor.eat_while(|c| is_space(c) || is_newline(c));
        let start = self.cursor.at();
        if !self.cursor.peek().is_some_and(starts_name) {
            self.last_end = start;
            return self.missing("MissingTypename", "write a type's name behind `[`");
        }
        let mut inner = 0_usize;
        while let Some(c) = self.cursor.peek() {
            match c {
                '[' => inner += 1,
                ']' if inner == 0 => {
                    let name = self.cursor.since(start).trim_end();
                    let span = span(start, start + name.len());
                    self.cursor.bump();
                    self.token(TokenKind::Type, open);
                    return Ok(TypeName { name: Rc::from(name), span });
                }
                ']' => inner -= 1,
                // Between brackets: arguments and dimensions. Before them: the name and an assembly's.
                c if continues_name(c) || is_space(c) || matches!(c, '.' | '+' | ',' | '`' | '*' | '=') => {}
                c if inner > 0 && is_newline(c) => {}
                _ => break,
            }
            self.cursor.bump();
        }
        self.last_end = self.cursor.at();
        self.missing("EndSquareBracketExpectedAtEndOfType", "close the type with `]`")
    }

    /// Whether the bracket at the cursor opens an attribute, `[name(`.
    pub(super) fn at_attribute(&self) -> bool {
        self.attribute_name().is_some()
    }

    /// Whether an attribute of a whole body is at the cursor: one that no cast can be mistaken for.
    pub(super) fn at_script_attribute(&self) -> bool {
        self.attribute_name().is_some_and(|name| {
            let name = name.to_ascii_lowercase();
            let name = name.strip_suffix("attribute").unwrap_or(&name);
            let last = name.rsplit('.').next().unwrap_or(name);
            matches!(last, "cmdletbinding" | "outputtype" | "alias" | "suppressmessage")
        })
    }

    fn attribute_name(&self) -> Option<&str> {
        let mut ahead = self.cursor;
        if !ahead.eat('[') {
            return None;
        }
        ahead.eat_while(is_space);
        let name = ahead.eat_while(|c| continues_name(c) || c == '.');
        ahead.eat_while(is_space);
        (ahead.peek() == Some('(') && !name.is_empty()).then_some(name)
    }

    /// `[Name(a, B = c)]`; the cursor stands at the bracket.
    pub(super) fn attribute(&mut self) -> Parse<Attribute> {
        let open = self.cursor.at();
        self.eat_mark('[');
        self.skip_space();
        let start = self.cursor.at();
        let name = Rc::from(self.cursor.eat_while(|c| continues_name(c) || c == '.'));
        self.token(TokenKind::Type, start);
        let mut attribute =
            Attribute { name, positional: Vec::new(), named: Vec::new(), span: span(open, open) };
        self.eat_mark('(');
        self.bracketed(|p| {
            p.comma_separates = true;
            p.attribute_arguments(&mut attribute)
        })?;
        if !self.eat_mark_lines(')') {
            return self
                .missing("MissingEndParenthesisInExpression", "close the attribute's arguments with `)`");
        }
        if !self.eat_mark_lines(']') {
            return self.missing("EndSquareBracketExpectedAtEndOfAttribute", "close the attribute with `]`");
        }
        attribute.span = self.span_from(open);
        Ok(attribute)
    }

    fn attribute_arguments(&mut self, attribute: &mut Attribute) -> Parse<()> {
        loop {
            self.skip_lines();
            if self.cursor.peek() == Some(')') {
                return Ok(());
            }
            if let Some(name) = self.argument_name() {
                let value = if self.eat_mark('=') { Some(self.attribute_value()?) } else { None };
                attribute.named.push((name, value));
            } else {
                let value = self.attribute_value()?;
                attribute.positional.push(value);
            }
            if !self.eat_mark_lines(',') {
                return Ok(());
            }
        }
    }

    fn attribute_value(&mut self) -> Parse<Expr> {
        self.skip_lines();
        self.expression()
    }

    fn argument_name(&mut self) -> Option<Rc<str>> {
        let start = self.cursor.at();
        if !self.cursor.peek().is_some_and(starts_name) {
            return None;
        }
        let name: Rc<str> = Rc::from(self.cursor.eat_while(continues_name));
        self.token(TokenKind::Member, start);
        Some(name)
    }
}
