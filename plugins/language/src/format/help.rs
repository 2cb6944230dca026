//! The help of a command as PowerShell lays it out: sections with headings, their text indented. The object is the one
//! that Get-Help writes; a script reads its properties, a person reads this.

use bailiwick_objects::{Object, Value};

use super::{inert, text};

/// The type name of what Get-Help writes of one command.
pub(super) const TYPE: &str = "HelpInfo";

const INDENT: &str = "    ";

/// The whole text, with an empty line after each section.
pub(super) fn page(help: &Object) -> String {
    let mut page = String::new();
    section(&mut page, "NAME", &[of(help, "Name")]);
    section(&mut page, "SYNOPSIS", &[of(help, "Synopsis")]);
    section(&mut page, "SYNTAX", &each(help, "Syntax").map(text::text).collect::<Vec<_>>());
    section(&mut page, "DESCRIPTION", &[of(help, "Description")]);
    let parameters: Vec<_> = objects(help, "Parameters").flat_map(parameter).collect();
    section(&mut page, "PARAMETERS", &parameters);
    let commons = each(help, "CommonParameters").map(text::text).collect::<Vec<_>>().join(", ");
    section(&mut page, "COMMON PARAMETERS", &[commons]);
    let examples: Vec<_> = objects(help, "Examples").flat_map(example).collect();
    section(&mut page, "EXAMPLES", &examples);
    page
}

/// A section; none if it would say nothing.
fn section(page: &mut String, heading: &str, lines: &[String]) {
    if lines.iter().all(String::is_empty) {
        return;
    }
    page.push_str(heading);
    page.push('\n');
    for line in lines {
        if !line.is_empty() {
            page.push_str(INDENT);
            page.push_str(&inert::lines(line));
        }
        page.push('\n');
    }
    page.push('\n');
}

/// `-Name <type>`, what it is for, and what there is to know of it.
fn parameter(parameter: &Object) -> Vec<String> {
    let (name, kind) = (of(parameter, "Name"), of(parameter, "Type"));
    let heading = if kind == "switch" { format!("-{name}") } else { format!("-{name} <{kind}>") };
    let mut facts = Vec::new();
    if parameter.get("Required") == Some(&Value::Bool(true)) {
        facts.push("required".to_owned());
    }
    match of(parameter, "Position") {
        position if position == "Named" || position.is_empty() => {}
        position => facts.push(format!("position {position}")),
    }
    for (property, words) in [("Aliases", "also"), ("AllowedValues", "one of")] {
        let values: Vec<_> = each(parameter, property).map(text::text).collect();
        if !values.is_empty() {
            facts.push(format!("{words} {}", values.join(", ")));
        }
    }
    let mut lines = vec![heading];
    for line in [of(parameter, "Description"), facts.join("; ")] {
        if !line.is_empty() {
            lines.push(format!("{INDENT}{line}"));
        }
    }
    lines
}

fn example(example: &Object) -> Vec<String> {
    let mut lines = vec![format!("PS> {}", of(example, "Code"))];
    let remarks = of(example, "Remarks");
    if !remarks.is_empty() {
        lines.push(format!("{INDENT}{remarks}"));
    }
    lines
}

/// The text of a property; empty if it is not there.
fn of(object: &Object, property: &str) -> String {
    object.get(property).map(text::text).unwrap_or_default()
}

/// The elements of a property, or the one that it is.
fn each<'a>(object: &'a Object, property: &str) -> impl Iterator<Item = &'a Value> {
    let elements = match object.get(property) {
        Some(Value::Array(elements)) => elements.as_slice(),
        Some(Value::Null) | None => &[],
        Some(one) => std::slice::from_ref(one),
    };
    elements.iter()
}

fn objects<'a>(object: &'a Object, property: &str) -> impl Iterator<Item = &'a Object> {
    each(object, property).filter_map(|value| match value {
        Value::Object(object) => Some(object),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_a_page_of_sections_and_empty_ones_are_left_out() {
        let path = Object::new(
            "ParameterHelpInfo",
            [
                ("Name", Value::from("Path")),
                ("Type", Value::from("string")),
                ("Required", Value::Bool(true)),
                ("Position", Value::from("0")),
                ("AllowedValues", Value::Array(vec![Value::from("Etc:/a"), Value::from("Etc:/b")])),
                ("Description", Value::from("What to read.")),
            ],
        );
        let help = Object::new(
            TYPE,
            [
                ("Name", Value::from("Get-Thing")),
                ("Syntax", Value::Array(vec![Value::from("Get-Thing [-Path] <string>")])),
                ("Parameters", Value::Array(vec![Value::Object(path)])),
                ("Examples", Value::Array(Vec::new())),
            ],
        );
        let expected = "NAME\n    Get-Thing\n\nSYNTAX\n    Get-Thing [-Path] <string>\n\nPARAMETERS\n    -Path <string>\n        \
                        What to read.\n        required; position 0; one of Etc:/a, Etc:/b\n\n";
        assert_eq!(page(&help), expected);
    }
}
