//! Which items a record means: `-Path` with its wildcards, `-LiteralPath`, `-Filter`, `-Include`, `-Exclude`.

use std::io;

use bailiwick_sdk::{
    CommandInfo, ErrorCategory, ErrorRecord, Failure, Output, ParameterInfo, Parameters, Stopped, ValueType,
};

use crate::drive::{DrivePath, PathFault, unescaped_name};
use crate::fault::Naming;
use crate::item::{Item, is_hidden};
use crate::tree::list;
use crate::wildcard::{Pattern, is_pattern};

/// Items that one pattern may find.
const MAX_MATCHES: usize = 100_000;

/// The parameters that choose items, of a cmdlet whose `-Path` is at position 0.
pub(crate) fn parameters(info: CommandInfo, path_is_mandatory: bool) -> CommandInfo {
    let path = ParameterInfo::new("Path", ValueType::Text)
        .position(0)
        .collection()
        .by_value()
        .by_property_name()
        .path()
        .in_set("Path")
        .help("Paths of items; wildcards are expanded.");
    let path = if path_is_mandatory { path.mandatory() } else { path };
    let literal = ParameterInfo::new("LiteralPath", ValueType::Text)
        .alias("PSPath")
        .alias("LP")
        .collection()
        .mandatory()
        .by_property_name()
        .path()
        .in_set("LiteralPath")
        .help("Paths of items, taken as they are.");
    info.takes(path).takes(literal).default_set("Path")
}

/// The parameters that choose among items by name.
pub(crate) fn filters(info: CommandInfo) -> CommandInfo {
    info.takes(
        ParameterInfo::new("Filter", ValueType::Text).help("A wildcard pattern that names must match."),
    )
    .takes(
        ParameterInfo::new("Include", ValueType::Text)
            .collection()
            .help("Wildcard patterns: only names that match one are taken."),
    )
    .takes(
        ParameterInfo::new("Exclude", ValueType::Text)
            .collection()
            .help("Wildcard patterns: names that match one are left out."),
    )
}

/// `-Force`, in the words of the cmdlet.
pub(crate) fn force(help: &str) -> ParameterInfo {
    ParameterInfo::new("Force", ValueType::Switch).help(help)
}

/// Which names are taken.
#[derive(Debug)]
pub(crate) struct NameFilter {
    filter: Option<Pattern>,
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
    hidden: bool,
}

impl NameFilter {
    pub(crate) fn new(parameters: &Parameters) -> Result<Self, Failure> {
        let patterns = |name| -> Result<Vec<Pattern>, Failure> {
            Ok(parameters.texts(name)?.into_iter().map(Pattern::new).collect())
        };
        Ok(Self {
            filter: parameters.text("Filter")?.map(Pattern::new),
            include: patterns("Include")?,
            exclude: patterns("Exclude")?,
            hidden: parameters.switch("Force")?,
        })
    }

    /// As if this pattern had been given with `-Include`.
    pub(crate) fn include(&mut self, pattern: Pattern) {
        self.include.push(pattern);
    }

    /// Whether the patterns take a name.
    pub(crate) fn takes(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.matches(name))
            && (self.include.is_empty() || self.include.iter().any(|pattern| pattern.matches(name)))
            && !self.exclude.iter().any(|pattern| pattern.matches(name))
    }

    /// Whether a listing shows a name at all.
    pub(crate) fn shows(&self, name: &str) -> bool {
        self.hidden || !is_hidden(name)
    }
}

/// A path as it was given.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) path: DrivePath,
    /// Its wildcards count.
    pub(crate) is_pattern: bool,
}

/// The paths of a record. What is no path is written to the error stream and left out.
pub(crate) fn given(
    parameters: &Parameters,
    naming: &Naming,
    out: &mut Output,
) -> Result<Vec<Given>, Failure> {
    let mut given = Vec::new();
    for (name, literal) in [("Path", false), ("LiteralPath", true)] {
        for text in parameters.texts(name)? {
            match Given::parse(text, literal) {
                Ok(path) => given.push(path),
                Err(fault) => out.error(naming.bad_path(text, fault))?,
            }
        }
    }
    Ok(given)
}

impl Given {
    /// Reads a path of `-LiteralPath`, or of `-Path`.
    pub(crate) fn parse(text: &str, literal: bool) -> Result<Self, PathFault> {
        let path = DrivePath::parse(text)?;
        if literal {
            return Ok(Self { path, is_pattern: false });
        }
        if !path.segments().iter().any(|segment| is_pattern(segment)) {
            return Ok(Self { path: path.unescaped()?, is_pattern: false });
        }
        for segment in path.segments().iter().filter(|segment| !is_pattern(segment)) {
            unescaped_name(segment)?;
        }
        Ok(Self { path, is_pattern: true })
    }

    /// The items that it means: itself, or what its wildcards find (which may be nothing). What fails is written to the
    /// error stream.
    pub(crate) fn items(
        &self,
        names: &NameFilter,
        naming: &Naming,
        out: &mut Output,
    ) -> Result<Vec<Item>, Failure> {
        self.look(names, out, |out, path, error| {
            let record = naming.io(out, path, error);
            out.error(record)
        })
    }

    /// As [`items`](Self::items), but what fails is not there.
    pub(crate) fn found(&self, names: &NameFilter, out: &mut Output) -> Result<Vec<Item>, Failure> {
        self.look(names, out, |out, _, _| {
            // So that it is not told of a later failure.
            drop(out.take_reason());
            Ok(())
        })
    }

    fn look(&self, names: &NameFilter, out: &mut Output, failed: impl Report) -> Result<Vec<Item>, Failure> {
        let paths = if self.is_pattern { self.expand(names, out, &failed)? } else { vec![self.path.clone()] };
        let mut items = Vec::new();
        for path in paths {
            match Item::read(&path) {
                Ok(item) => items.push(item),
                // Gone since it was listed.
                Err(error) if self.is_pattern && error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => failed(out, &path, &error)?,
            }
        }
        Ok(items)
    }

    /// Expands wildcards segment by segment. A link that a wildcard finds is an item, but nothing is looked for in it.
    fn expand(
        &self,
        names: &NameFilter,
        out: &mut Output,
        failed: &impl Report,
    ) -> Result<Vec<DrivePath>, Failure> {
        let mut found = vec![self.path.root()];
        let mut segments = self.path.segments().iter().peekable();
        while let Some(segment) = segments.next() {
            let last = segments.peek().is_none();
            if !is_pattern(segment) {
                // Reading the path has refused what stands for no name.
                let Ok(name) = unescaped_name(segment) else { return Ok(Vec::new()) };
                found = found.into_iter().map(|path| path.child(&name)).collect();
                continue;
            }
            let pattern = Pattern::new(segment);
            let keep = |name: &str| pattern.matches(name) && (names.shows(name) || is_hidden(segment));
            let mut next = Vec::new();
            for folder in found {
                out.check_stopping()?;
                match list(&folder, keep) {
                    Ok(entries) => {
                        let entries = entries.into_iter().filter(|entry| last || entry.kind.is_dir());
                        next.extend(entries.map(|entry| folder.child(&entry.name)));
                    }
                    // A pattern that finds nothing is no error; one that may not look is.
                    Err(error)
                        if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                    }
                    Err(error) => failed(out, &folder, &error)?,
                }
                if next.len() > MAX_MATCHES {
                    return Err(self.too_many());
                }
            }
            found = next;
        }
        Ok(found)
    }

    fn too_many(&self) -> Failure {
        let path = self.path.to_string();
        let message = format!("`{path}` finds more than {MAX_MATCHES} items: narrow it");
        let record = ErrorRecord::new("TooManyMatches", ErrorCategory::LimitsExceeded, message);
        record.with_target(path).into()
    }
}

/// What is done about a path that could not be looked at.
trait Report: Fn(&mut Output, &DrivePath, &io::Error) -> Result<(), Stopped> {}
impl<F: Fn(&mut Output, &DrivePath, &io::Error) -> Result<(), Stopped>> Report for F {}
