//! `-match`, `-replace`, `-split`, `-join`.

use std::rc::Rc;

use bailiwick_objects::ErrorCategory;

use super::Evaluator;
use super::flow::Run;
use super::function::ScopeOf;
use super::operators::filter;
use crate::object::convert::{regex, to_index, truth};
use crate::object::text::display;
use crate::object::value::RegexVal;
use crate::object::{Block, Failure, Table, Val, fault, limits};

/// The regex of an operand.
pub(super) fn pattern_of(value: &Val, ignore_case: bool) -> Result<Rc<RegexVal>, Failure> {
    let compiled = match value {
        Val::Regex(regex) if !ignore_case => return Ok(Rc::clone(regex)),
        Val::Regex(own) => regex(&own.pattern, true)?,
        other => regex(&display(other), ignore_case)?,
    };
    match compiled {
        Val::Regex(regex) => Ok(regex),
        _ => Err(fault(
            "InvalidRegularExpression",
            ErrorCategory::InvalidArgument,
            "the pattern is not a text",
        )),
    }
}

impl Evaluator<'_> {
    /// `-match`; of one value that matches, `$Matches` is set.
    pub(crate) fn matched(&mut self, left: &Val, right: &Val, ignore_case: bool) -> Run<Val> {
        let pattern = pattern_of(right, ignore_case)?;
        if left.is_collection() {
            return Ok(filter(left, |item| Ok(pattern.regex.is_match(&display(item))))?);
        }
        let text = display(left);
        let Some(captures) = pattern.regex.captures(&text) else { return Ok(Val::Bool(false)) };
        let mut table = Table::default();
        for (at, name) in pattern.regex.capture_names().enumerate() {
            if let Some(group) = captures.get(at) {
                let key = name.map_or_else(|| Val::count(at), Val::str);
                table.set(key, Val::str(group.as_str()));
            }
        }
        self.frame.scope.set("Matches", Val::table(table));
        Ok(Val::Bool(true))
    }

    /// `-replace`: a pattern, or a pattern and what replaces it (a text, or a script block for each match).
    pub(super) fn replace(&mut self, left: &Val, right: &Val, ignore_case: bool) -> Run<Val> {
        let (pattern, to) = match right {
            Val::Array(items) => {
                let items = items.items.borrow();
                match items.as_slice() {
                    [pattern] => (pattern.clone(), Val::str("")),
                    [pattern, to] => (pattern.clone(), to.clone()),
                    _ => {
                        return Err(fault(
                            "BadReplaceArgument",
                            ErrorCategory::InvalidOperation,
                            "the `-replace` operator allows only two elements to follow it: the pattern and its substitute",
                        )
                        .into());
                    }
                }
            }
            pattern => (pattern.clone(), Val::str("")),
        };
        let pattern = pattern_of(&pattern, ignore_case)?;
        let mut out = Vec::new();
        for item in if left.is_null() { vec![Val::str("")] } else { left.elements() } {
            self.tick()?;
            let text = display(&item);
            out.push(Val::from(match &to {
                Val::Block(block) => self.replace_by_block(&pattern, &text, block)?,
                to => crate::object::members::replace_text(&pattern.regex, &text, &display(to))?,
            }));
        }
        Ok(if left.is_collection() { Val::array(out) } else { out.pop().unwrap_or_default() })
    }

    fn replace_by_block(&mut self, pattern: &RegexVal, text: &str, block: &Rc<Block>) -> Run<String> {
        let mut out = String::new();
        let mut last = 0;
        for found in pattern.regex.find_iter(text) {
            self.tick()?;
            let value = Val::object(
                "System.Text.RegularExpressions.Match",
                [("Success", Val::Bool(true)), ("Value", Val::str(found.as_str()))],
            );
            let mut results = Vec::new();
            self.call_block(block, Some(value), Vec::new(), ScopeOf::Caller, &mut results)?;
            out.push_str(text.get(last..found.start()).unwrap_or(""));
            out.push_str(&display(&Val::of_results(results)));
            last = found.end();
            limits::admit_text(out.len())?;
        }
        out.push_str(text.get(last..).unwrap_or(""));
        Ok(out)
    }

    /// `-split`: a pattern with a limit and options, or a script block that says where.
    pub(super) fn split(&mut self, left: &Val, right: &Val, ignore_case: bool) -> Run<Val> {
        let arguments = match right {
            Val::Array(items) => items.items.borrow().clone(),
            other => vec![other.clone()],
        };
        let limit = match arguments.get(1) {
            Some(limit) => to_index(limit)?,
            None => 0,
        };
        let options = arguments.get(2).map(display).unwrap_or_default().to_ascii_lowercase();
        let mut out = Vec::new();
        for item in left.elements() {
            self.tick()?;
            let text = display(&item);
            let cuts = match arguments.first() {
                Some(Val::Block(block)) => self.cuts_by_block(&text, block)?,
                pattern => {
                    cuts_by_pattern(&text, &display(pattern.unwrap_or(&Val::Null)), &options, ignore_case)?
                }
            };
            cut(&text, cuts, limit, &mut out)?;
        }
        Ok(Val::array(out))
    }

    fn cuts_by_block(&mut self, text: &str, block: &Rc<Block>) -> Run<Vec<Cut>> {
        let mut cuts = Vec::new();
        for (at, c) in text.char_indices() {
            self.tick()?;
            let mut results = Vec::new();
            let value = Val::from(c.to_string());
            self.call_block(block, Some(value), Vec::new(), ScopeOf::Caller, &mut results)?;
            if truth(&Val::of_results(results)) {
                cuts.push(Cut { start: at, end: at + c.len_utf8(), kept: Vec::new() });
                limits::admit_items(cuts.len())?;
            }
        }
        Ok(cuts)
    }
}

/// Where a text is cut, and what of the cut is kept as parts of its own.
struct Cut {
    start: usize,
    end: usize,
    kept: Vec<String>,
}

fn cuts_by_pattern(text: &str, pattern: &str, options: &str, ignore_case: bool) -> Result<Vec<Cut>, Failure> {
    let has = |option: &str| options.split(',').any(|o| o.trim() == option);
    let others = ["regexmatch", "multiline", "singleline", "ignorepatternwhitespace", "explicitcapture"];
    if has("simplematch") && others.iter().any(|other| has(other)) {
        return Err(fault(
            "InvalidSplitOptionCombination",
            ErrorCategory::InvalidOperation,
            "cannot combine the `SimpleMatch` option with options of regular expressions",
        ));
    }
    let mut flags = String::new();
    for (option, flag) in [("multiline", 'm'), ("singleline", 's'), ("ignorepatternwhitespace", 'x')] {
        if has(option) {
            flags.push(flag);
        }
    }
    let pattern = if has("simplematch") { regex::escape(pattern) } else { pattern.to_owned() };
    let pattern = if flags.is_empty() { pattern } else { format!("(?{flags}){pattern}") };
    let compiled = pattern_of(&Val::from(pattern), ignore_case || has("ignorecase"))?;
    let mut cuts = Vec::new();
    for captures in compiled.regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        if whole.is_empty() && (whole.start() == 0 || whole.end() == text.len()) {
            continue;
        }
        let groups = captures.iter().skip(1).flatten().map(|g| g.as_str().to_owned());
        let kept = if has("explicitcapture") { Vec::new() } else { groups.collect() };
        cuts.push(Cut { start: whole.start(), end: whole.end(), kept });
        limits::admit_items(cuts.len())?;
    }
    Ok(cuts)
}

/// The parts between cuts; a limit counts from the front, a negative one from the back.
fn cut(text: &str, mut cuts: Vec<Cut>, limit: i64, out: &mut Vec<Val>) -> Result<(), Failure> {
    let wanted = usize::try_from(limit.unsigned_abs()).unwrap_or(usize::MAX).saturating_sub(1);
    if limit > 0 {
        cuts.truncate(wanted);
    } else if limit < 0 {
        cuts.drain(..cuts.len().saturating_sub(wanted));
    }
    let mut last = 0;
    for cut in cuts {
        out.push(Val::str(text.get(last..cut.start).unwrap_or("")));
        out.extend(cut.kept.into_iter().map(Val::from));
        last = cut.end;
        limits::admit_items(out.len())?;
    }
    out.push(Val::str(text.get(last..).unwrap_or("")));
    Ok(())
}

/// The unary `-split`: words.
pub(super) fn split_blanks(value: &Val) -> Result<Val, Failure> {
    let words: Vec<Val> = value
        .elements()
        .iter()
        .flat_map(|v| display(v).split_whitespace().map(Val::str).collect::<Vec<_>>())
        .collect();
    limits::admit_items(words.len())?;
    Ok(Val::array(words))
}

/// `-join`.
pub(super) fn join(value: &Val, separator: &str) -> Result<Val, Failure> {
    let mut out = String::new();
    for (at, item) in value.elements_or_none().iter().enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        out.push_str(&display(item));
        limits::admit_text(out.len())?;
    }
    Ok(Val::from(out))
}
