//! Reading a TOML table against the list of keys it may have. A reader asks for each key with the type it needs;
//! whatever is unknown, of another type or missing becomes a fault at its place, and reading goes on.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::fault::Fault;
use crate::syntax::source::Source;

/// A range of a source.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    source: Arc<Source>,
    span: Range<usize>,
}

impl Place {
    pub(crate) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::at(&self.source, &self.span, message)
    }

    pub(crate) fn line(&self) -> u32 {
        self.source.position(self.span.start).0
    }

    /// `file:line:column`, for notes.
    pub(crate) fn shown(&self) -> String {
        let (line, column, _) = self.source.position(self.span.start);
        format!("{}:{line}:{column}", self.source.shown())
    }
}

/// A value that knows where it was written.
#[derive(Debug, Clone)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

impl<T> At<T> {
    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> At<U> {
        At { value: f(self.value), place: self.place }
    }
}

/// What a kind of table may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// What it is called in faults: ``a `[[command]]` ``.
    pub(crate) title: &'static str,
    pub(crate) keys: &'static [&'static str],
    /// Keys that mean something in a later version only.
    pub(crate) later: &'static [&'static str],
}

/// A parsed file.
pub(crate) struct Document<'s> {
    source: &'s Arc<Source>,
    table: DeTable<'s>,
    /// The text is not TOML: what could be read of it tells nothing more.
    damaged: bool,
}

impl<'s> Document<'s> {
    /// Parses the text; syntax errors and duplicate keys become faults, and what could be read is kept.
    pub(crate) fn parse(source: &'s Arc<Source>, faults: &mut Vec<Fault>) -> Self {
        let (table, errors) = DeTable::parse_recoverable(source.text());
        let mut damaged = false;
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let fault = Fault::at(source, &span, format!("not TOML: {}", one_line(error.message())));
            let is_duplicate = error.message() == "duplicate key";
            if damaged && !is_duplicate {
                // What follows a mistake in the form is mostly its echo.
                continue;
            }
            damaged |= !is_duplicate;
            let first = if is_duplicate { first_of(source, &table, &span) } else { None };
            faults.push(match first {
                Some(place) => fault.note(format!("first at {}", place.shown())),
                None => fault,
            });
        }
        let table = if damaged { DeTable::new() } else { table.into_inner() };
        Self { source, table, damaged }
    }

    /// The top table, whose `version` must be 1.
    pub(crate) fn top(&self, shape: Shape, faults: &mut Vec<Fault>) -> Fields<'_> {
        let mut fields = Fields::new(self.source, &self.table, 0..0, shape, faults);
        fields.damaged = self.damaged;
        if self.damaged {
            return fields;
        }
        match fields.get("version") {
            None => faults.push(
                fields
                    .place()
                    .fault("the key `version` is missing")
                    .help("begin the file with `version = 1`"),
            ),
            Some(entry) => match entry.value.get_ref() {
                DeValue::Integer(number) if number.as_str() == "1" && number.radix() == 10 => {}
                _ => faults.push(
                    entry
                        .place()
                        .fault("this version of the policy format is not supported")
                        .help("this program reads `version = 1` only"),
                ),
            },
        }
        fields
    }
}

/// The nearest key before a duplicate that reads the same: the parser says where the second stands, people look for
/// the first.
fn first_of(source: &Arc<Source>, table: &Spanned<DeTable<'_>>, second: &Range<usize>) -> Option<Place> {
    let name = source.text().get(second.clone())?;
    let mut waiting = vec![table.get_ref()];
    let mut nearest: Option<Range<usize>> = None;
    while let Some(table) = waiting.pop() {
        for (key, value) in table {
            let span = key.span();
            let is_nearer = nearest.as_ref().is_none_or(|known| known.start < span.start);
            if span.start < second.start && is_nearer && source.text().get(span.clone()) == Some(name) {
                nearest = Some(span);
            }
            match value.get_ref() {
                DeValue::Table(table) => waiting.push(table),
                DeValue::Array(array) => {
                    waiting.extend(array.iter().filter_map(|item| item.get_ref().as_table()));
                }
                _ => {}
            }
        }
    }
    let span = nearest.or_else(|| first_header(source, second))?;
    Some(Place { source: Arc::clone(source), span })
}

/// A table that was opened twice is known by its last header only: the first is the first line that reads the same.
fn first_header(source: &Source, second: &Range<usize>) -> Option<Range<usize>> {
    let (line, column, header) = source.position(second.start);
    let before = usize::try_from(line).ok()?.checked_sub(1)?;
    let mut start = 0;
    for text in source.text().split_inclusive('\n').take(before) {
        if text.trim_end() == header.trim_end() {
            let at = start + usize::try_from(column).ok()?.checked_sub(1)?;
            return Some(at..at + second.len());
        }
        start += text.len();
    }
    None
}

fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join(", ")
}

/// One key with its value.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'d> {
    source: &'d Arc<Source>,
    key: &'d Spanned<std::borrow::Cow<'d, str>>,
    value: &'d Spanned<DeValue<'d>>,
}

impl<'d> Entry<'d> {
    pub(crate) fn key(&self) -> At<String> {
        At { value: self.key.get_ref().to_string(), place: self.key_place() }
    }

    pub(crate) fn key_place(&self) -> Place {
        Place { source: Arc::clone(self.source), span: self.key.span() }
    }

    pub(crate) fn place(&self) -> Place {
        Place { source: Arc::clone(self.source), span: self.value.span() }
    }

    pub(crate) fn value(&self) -> Item<'d> {
        Item { source: self.source, value: self.value }
    }
}

/// One value.
#[derive(Clone, Copy)]
pub(crate) struct Item<'d> {
    source: &'d Arc<Source>,
    value: &'d Spanned<DeValue<'d>>,
}

impl<'d> Item<'d> {
    pub(crate) fn place(&self) -> Place {
        Place { source: Arc::clone(self.source), span: self.value.span() }
    }

    fn wrong_type(&self, wanted: &str, faults: &mut Vec<Fault>) {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        faults.push(self.place().fault(format!("expected {wanted}, found {found}")));
    }

    pub(crate) fn as_str(&self) -> Option<&'d str> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.as_ref()),
            _ => None,
        }
    }

    pub(crate) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    pub(crate) fn text(&self, faults: &mut Vec<Fault>) -> Option<At<String>> {
        match self.as_str() {
            Some(text) => Some(At { value: text.to_owned(), place: self.place() }),
            None => {
                self.wrong_type("a string", faults);
                None
            }
        }
    }

    pub(crate) fn boolean(&self, faults: &mut Vec<Fault>) -> Option<At<bool>> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Some(At { value: *value, place: self.place() }),
            _ => {
                self.wrong_type("`true` or `false`", faults);
                None
            }
        }
    }

    /// A count: a positive decimal integer that fits.
    pub(crate) fn count(&self, faults: &mut Vec<Fault>) -> Option<At<u32>> {
        let DeValue::Integer(number) = self.value.get_ref() else {
            self.wrong_type("an integer", faults);
            return None;
        };
        match number.as_str().parse::<u32>() {
            Ok(value) if value > 0 && number.radix() == 10 => Some(At { value, place: self.place() }),
            _ => {
                let fault = self.place().fault(format!("expected an integer from 1 to {}", u32::MAX));
                faults.push(fault.help("0 never means unlimited; leave the key out for the default"));
                None
            }
        }
    }

    pub(crate) fn items(&self, faults: &mut Vec<Fault>) -> Option<Vec<Item<'d>>> {
        match self.value.get_ref() {
            DeValue::Array(array) => {
                Some(array.iter().map(|value| Item { source: self.source, value }).collect())
            }
            _ => {
                self.wrong_type("a list", faults);
                None
            }
        }
    }

    pub(crate) fn texts(&self, faults: &mut Vec<Fault>) -> Option<Vec<At<String>>> {
        let items = self.items(faults)?;
        Some(items.iter().filter_map(|item| item.text(faults)).collect())
    }

    pub(crate) fn fields(&self, shape: Shape, faults: &mut Vec<Fault>) -> Option<Fields<'d>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(Fields::new(self.source, table, self.value.span(), shape, faults)),
            _ => {
                self.wrong_type("a table", faults);
                None
            }
        }
    }

    /// A table whose keys are names the author chose, in the order of the file.
    pub(crate) fn entries(&self, faults: &mut Vec<Fault>) -> Option<Vec<Entry<'d>>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(in_file_order(self.source, table)),
            _ => {
                self.wrong_type("a table", faults);
                None
            }
        }
    }
}

fn in_file_order<'d>(source: &'d Arc<Source>, table: &'d DeTable<'d>) -> Vec<Entry<'d>> {
    let mut entries: Vec<_> = table.iter().map(|(key, value)| Entry { source, key, value }).collect();
    entries.sort_by_key(|entry| entry.key.span().start);
    entries
}

/// A table with a fixed set of keys.
pub(crate) struct Fields<'d> {
    source: &'d Arc<Source>,
    table: &'d DeTable<'d>,
    span: Range<usize>,
    shape: Shape,
    damaged: bool,
}

impl<'d> Fields<'d> {
    fn new(
        source: &'d Arc<Source>,
        table: &'d DeTable<'d>,
        span: Range<usize>,
        shape: Shape,
        faults: &mut Vec<Fault>,
    ) -> Self {
        for entry in in_file_order(source, table) {
            let key = entry.key.get_ref().as_ref();
            if shape.keys.contains(&key) {
                continue;
            }
            let place = entry.key_place();
            faults.push(if shape.later.contains(&key) {
                place
                    .fault(format!("`{key}` in {} is not supported by this version", shape.title))
                    .help("remove it: a rule that is not enforced must not look as if it were")
            } else {
                place.fault(format!("unknown key {} in {}", crate::text::quoted(key), shape.title)).help(
                    near(key, shape.keys).unwrap_or_else(|| format!("known keys: {}", list(shape.keys))),
                )
            });
        }
        Self { source, table, span, shape, damaged: false }
    }

    pub(crate) fn place(&self) -> Place {
        Place { source: Arc::clone(self.source), span: self.span.clone() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Entry<'d>> {
        let (key, value) = self.table.iter().find(|(k, _)| k.get_ref() == key)?;
        Some(Entry { source: self.source, key, value })
    }

    pub(crate) fn item(&self, key: &str) -> Option<Item<'d>> {
        self.get(key).map(|entry| entry.value())
    }

    /// A key that must be there.
    pub(crate) fn required(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Item<'d>> {
        let item = self.item(key);
        if item.is_none() && !self.damaged {
            faults.push(self.place().fault(format!("the key `{key}` is missing in {}", self.shape.title)));
        }
        item
    }

    pub(crate) fn text(&self, key: &str, faults: &mut Vec<Fault>) -> Option<At<String>> {
        self.item(key)?.text(faults)
    }

    pub(crate) fn boolean(&self, key: &str, faults: &mut Vec<Fault>) -> Option<At<bool>> {
        self.item(key)?.boolean(faults)
    }

    /// One word of a closed list; in another spelling it is refused, never guessed.
    pub(crate) fn word<T: Copy>(
        &self,
        key: &str,
        words: &[(&'static str, T)],
        later: &[&str],
        faults: &mut Vec<Fault>,
    ) -> Option<At<T>> {
        let text = self.text(key, faults)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(text.map(|_| *value));
        }
        let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        faults.push(if later.contains(&text.value.as_str()) {
            text.place
                .fault(format!("`{key} = \"{}\"` is not supported by this version", text.value))
                .help(format!("use {}", choice(&names)))
        } else {
            let shown = crate::text::quoted(&text.value);
            text.place
                .fault(format!("`{key}` cannot be {shown}"))
                .help(near(&text.value, &names).unwrap_or_else(|| format!("use {}", choice(&names))))
        });
        None
    }
}

/// The advice for a misspelt name, if one of the candidates is near.
pub(crate) fn near<S: AsRef<str>>(name: &str, candidates: &[S]) -> Option<String> {
    let wanted = name.to_lowercase();
    // Long names are not compared: the cost is the product of the lengths, and nobody mistypes a paragraph.
    if wanted.len() > 128 {
        return None;
    }
    candidates
        .iter()
        .map(|candidate| {
            (strsim::damerau_levenshtein(&wanted, &candidate.as_ref().to_lowercase()), candidate)
        })
        .filter(|(distance, candidate)| *distance <= (candidate.as_ref().len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| format!("did you mean `{}`?", candidate.as_ref()))
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn choice(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => format!("\"{one}\""),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|word| format!("\"{word}\"")).collect();
            format!("{} or \"{last}\"", first.join(", "))
        }
    }
}
