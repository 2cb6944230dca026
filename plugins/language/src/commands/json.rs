//! ConvertTo-Json and ConvertFrom-Json.

use std::sync::Arc;

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::ValueType;
use bailiwick_objects::value::Shape;

use super::describe::{Module, native, param, switch};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::object::text::{self, display};
use crate::object::value::CUSTOM;
use crate::object::{Failure, Table, Val, fault, limits, time};

/// The greatest depth that may be asked for.
const MAX_DEPTH: usize = 50;

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("ConvertTo-Json", Module::Utility, "Converts objects to JSON text.", || {
            Box::new(ToJson::default())
        })
        .takes(param("InputObject", ValueType::Any, "The objects to convert.").at(0).piped())
        .takes(param(
            "Depth",
            ValueType::Int32,
            "How many levels are converted; deeper ones are shown as text. 2 if absent.",
        ))
        .takes(switch("Compress", "Leaves out blanks and line breaks."))
        .takes(switch("AsArray", "Writes an array even for one object."))
        .takes(switch("EnumsAsStrings", "Accepted; enumerations are texts here."))
        .example(
            "Get-ChildItem | Select-Object Name, Length | ConvertTo-Json",
            "Two properties of each item, as JSON.",
        ),
        native("ConvertFrom-Json", Module::Utility, "Converts JSON text to objects.", || {
            Box::new(FromJson::default())
        })
        .takes(
            param("InputObject", ValueType::Text, "The JSON text; lines of a pipeline are joined.")
                .mandatory()
                .at(0)
                .piped(),
        )
        .takes(switch("AsHashtable", "Makes hashtables, which keep keys that differ by case only as one."))
        .takes(switch("NoEnumerate", "Writes an array as one object."))
        .takes(param("Depth", ValueType::Int32, "How many levels are allowed."))
        .example("'{\"a\":1}' | ConvertFrom-Json", "An object with one property."),
    ]
}

#[derive(Default)]
struct ToJson {
    values: Vec<Val>,
    /// A value given on the command line is converted as it is, an array too.
    whole: bool,
}

impl Command for ToJson {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        if let Some(value) = call.input() {
            limits::admit_items(self.values.len() + 1)?;
            self.values.push(value);
        }
        Ok(())
    }

    fn end(&mut self, call: &mut Call<'_, '_>) -> Run {
        self.whole = self.values.len() == 1;
        let depth = call.count("Depth").unwrap_or(2);
        if depth > MAX_DEPTH {
            return Err(fault(
                "ReachedMaximumDepthAllowed",
                ErrorCategory::InvalidOperation,
                format!("the maximum depth allowed for serialization is {MAX_DEPTH}"),
            )
            .into());
        }
        let mut values = std::mem::take(&mut self.values);
        if values.is_empty() {
            return Ok(());
        }
        let value = if self.whole && !call.switch("AsArray") {
            values.pop().unwrap_or_default()
        } else {
            Val::array(values)
        };
        let mut writer = Writer { out: String::new(), pretty: !call.switch("Compress"), depth };
        writer.value(call, &value, 0)?;
        call.write(Val::from(writer.out))
    }
}

struct Writer {
    out: String,
    pretty: bool,
    depth: usize,
}

impl Writer {
    fn value(&mut self, call: &mut Call<'_, '_>, value: &Val, level: usize) -> Run {
        call.ev.tick()?;
        limits::admit_text(self.out.len())?;
        match value {
            Val::Null | Val::Nothing => self.out.push_str("null"),
            Val::Bool(b) => self.out.push_str(if *b { "true" } else { "false" }),
            Val::Int(_) | Val::Long(_) | Val::Decimal(_) | Val::BigInt(_) => {
                self.out.push_str(&display(value))
            }
            Val::Double(d) if d.is_finite() => {
                let shown = text::double(*d);
                self.out.push_str(&shown);
                if !shown.contains(['.', 'E']) {
                    self.out.push_str(".0");
                }
            }
            Val::Double(d) if d.is_nan() => self.string("NaN"),
            Val::Double(d) => self.string(if *d > 0.0 { "Infinity" } else { "-Infinity" }),
            Val::DateTime(at) => self.string(&iso(&time::format(*at, "o"))),
            Val::Array(_) | Val::Bytes(_) | Val::Table(_) | Val::Object(_) if level > self.depth => {
                self.string(&display(value));
            }
            Val::Array(_) | Val::Bytes(_) => {
                let items: Vec<(Option<String>, Val)> =
                    value.elements().into_iter().map(|v| (None, v)).collect();
                self.container(call, '[', ']', items, level)?;
            }
            Val::Table(cell) => {
                let items = cell.table.borrow().iter().map(|(k, v)| (Some(display(k)), v.clone())).collect();
                self.container(call, '{', '}', items, level)?;
            }
            Val::Object(object) => {
                let items =
                    object.body.borrow().entries().map(|(n, v)| (Some(n.to_string()), v.clone())).collect();
                self.container(call, '{', '}', items, level)?;
            }
            other => self.string(&display(other)),
        }
        Ok(())
    }

    fn container(
        &mut self,
        call: &mut Call<'_, '_>,
        open: char,
        close: char,
        items: Vec<(Option<String>, Val)>,
        level: usize,
    ) -> Run {
        self.out.push(open);
        let empty = items.is_empty();
        for (at, (name, value)) in items.into_iter().enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            self.line(level + 1);
            if let Some(name) = name {
                self.string(&name);
                self.out.push_str(if self.pretty { ": " } else { ":" });
            }
            self.value(call, &value, level + 1)?;
        }
        if !empty {
            self.line(level);
        }
        self.out.push(close);
        Ok(())
    }

    fn line(&mut self, level: usize) {
        if self.pretty {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", level));
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                c if c.is_control() => self.out.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

/// Without the zeros at the end of the fraction.
fn iso(full: &str) -> String {
    let at = full.find('.').unwrap_or(full.len());
    let (head, rest) = full.split_at_checked(at).unwrap_or((full, ""));
    let digits: String = rest.chars().skip(1).take_while(char::is_ascii_digit).collect();
    let zone: String = rest.chars().skip(1 + digits.len()).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() { format!("{head}{zone}") } else { format!("{head}.{digits}{zone}") }
}

#[derive(Default)]
struct FromJson {
    text: String,
}

impl Command for FromJson {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        if let Some(part) = call.text("InputObject") {
            limits::admit_text(self.text.len() + part.len() + 1)?;
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(&part);
        }
        Ok(())
    }

    fn end(&mut self, call: &mut Call<'_, '_>) -> Run {
        if self.text.trim().is_empty() {
            return Ok(());
        }
        let depth = call.count("Depth").unwrap_or(MAX_DEPTH).min(MAX_DEPTH);
        let chars: Vec<char> = self.text.chars().collect();
        let mut reader = Reader { chars: &chars, at: 0, tables: call.switch("AsHashtable"), depth, nodes: 0 };
        let value = reader.document()?;
        if call.switch("NoEnumerate") { call.write(value) } else { call.write_elements(value) }
    }
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    tables: bool,
    depth: usize,
    nodes: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Val, Failure> {
        let value = self.value(0)?;
        self.blanks();
        if self.at < self.chars.len() {
            Err(self.malformed("there is text behind the value"))
        } else {
            Ok(value)
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += 1;
        c
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn malformed(&self, why: &str) -> Failure {
        fault(
            "System.ArgumentException",
            ErrorCategory::NotSpecified,
            format!("conversion from JSON failed at character {}: {why}", self.at + 1),
        )
        .exception("System.ArgumentException")
    }

    fn value(&mut self, level: usize) -> Result<Val, Failure> {
        self.nodes += 1;
        limits::admit_items(self.nodes)?;
        if level > self.depth {
            return Err(self.malformed("it is nested too deep"));
        }
        self.blanks();
        match self.peek() {
            Some('{') => self.object(level),
            Some('[') => self.array(level),
            Some('"') => self.string().map(Val::from),
            Some('t') => self.word("true", Val::Bool(true)),
            Some('f') => self.word("false", Val::Bool(false)),
            Some('n') => self.word("null", Val::Null),
            Some(c) if c == '-' || c.is_ascii_digit() => self.number(),
            _ => Err(self.malformed("a value is expected")),
        }
    }

    fn word(&mut self, word: &str, value: Val) -> Result<Val, Failure> {
        if word.chars().all(|c| self.next() == Some(c)) {
            Ok(value)
        } else {
            Err(self.malformed("a value is expected"))
        }
    }

    fn number(&mut self) -> Result<Val, Failure> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')) {
            self.at += 1;
        }
        let digits: String = self.chars.get(from..self.at).unwrap_or_default().iter().collect();
        let value = match digits.parse::<i64>() {
            Ok(n) => Some(Val::Long(n)),
            Err(_) => text::parse_number(&digits),
        };
        value.ok_or_else(|| self.malformed("the number is malformed"))
    }

    fn string(&mut self) -> Result<String, Failure> {
        self.at += 1;
        let mut out = String::new();
        loop {
            match self.next() {
                None => return Err(self.malformed("the text is not closed")),
                Some('"') => return Ok(out),
                Some('\\') => match self.next() {
                    Some('n') => out.push('\n'),
                    Some('r') => out.push('\r'),
                    Some('t') => out.push('\t'),
                    Some('b') => out.push('\u{8}'),
                    Some('f') => out.push('\u{c}'),
                    Some('u') => out.push(self.escaped()?),
                    Some(c @ ('"' | '\\' | '/')) => out.push(c),
                    _ => return Err(self.malformed("the escape is malformed")),
                },
                Some(c) => out.push(c),
            }
        }
    }

    /// `\uXXXX`, and the second half of a pair.
    fn escaped(&mut self) -> Result<char, Failure> {
        let first = self.unit()?;
        let code = if (0xd800..0xdc00).contains(&first) && self.peek() == Some('\\') {
            self.at += 2;
            let second = self.unit()?;
            0x10000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff)
        } else {
            first
        };
        Ok(char::from_u32(code).unwrap_or('\u{fffd}'))
    }

    fn unit(&mut self) -> Result<u32, Failure> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self
                .next()
                .and_then(|c| c.to_digit(16))
                .ok_or_else(|| self.malformed("the escape is malformed"))?;
            code = code * 16 + digit;
        }
        Ok(code)
    }

    fn array(&mut self, level: usize) -> Result<Val, Failure> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(Val::array(items));
        }
        loop {
            items.push(self.value(level + 1)?);
            self.blanks();
            match self.next() {
                Some(',') => {}
                Some(']') => return Ok(Val::array(items)),
                _ => return Err(self.malformed("`,` or `]` is expected")),
            }
        }
    }

    fn object(&mut self, level: usize) -> Result<Val, Failure> {
        self.at += 1;
        let mut names: Vec<Arc<str>> = Vec::new();
        let mut values = Vec::new();
        self.blanks();
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(self.made(names, values));
        }
        loop {
            self.blanks();
            if self.peek() != Some('"') {
                return Err(self.malformed("a name is expected"));
            }
            let name = self.string()?;
            self.blanks();
            if self.next() != Some(':') {
                return Err(self.malformed("`:` is expected"));
            }
            let value = self.value(level + 1)?;
            match names.iter().position(|n| n.eq_ignore_ascii_case(&name)).and_then(|at| values.get_mut(at)) {
                Some(slot) => *slot = value,
                None => {
                    names.push(Arc::from(name));
                    values.push(value);
                }
            }
            self.blanks();
            match self.next() {
                Some(',') => {}
                Some('}') => return Ok(self.made(names, values)),
                _ => return Err(self.malformed("`,` or `}` is expected")),
            }
        }
    }

    fn made(&self, names: Vec<Arc<str>>, values: Vec<Val>) -> Val {
        if self.tables {
            let mut table = Table::ordered();
            for (name, value) in names.into_iter().zip(values) {
                table.set(Val::Str(name), value);
            }
            return Val::table(table);
        }
        Val::of_shape(Arc::new(Shape { type_names: vec![Arc::from(CUSTOM)], properties: names }), values)
    }
}
