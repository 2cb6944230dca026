//! What the console shows, as exact texts.

use std::sync::Arc;

use bailiwick_objects::error_record::Position;
use bailiwick_objects::metadata::{Alignment, Column, View};
use bailiwick_objects::time::{DateTime, Kind, TimeSpan};
use bailiwick_objects::{ErrorCategory, ErrorRecord, Hashtable, Object, Refusal, Value};
use proptest::prelude::*;

use super::*;

fn shown_at(width: u32, views: Vec<View>, values: &[Value]) -> String {
    let mut formatter = Formatter::new(width, views);
    let mut out = formatter.push(values);
    out.push_str(&formatter.finish());
    out
}

fn shown(values: &[Value]) -> String {
    shown_at(80, Vec::new(), values)
}

fn custom<const N: usize>(properties: [(&str, Value); N]) -> Value {
    Value::Object(Object::new("System.Management.Automation.PSCustomObject", properties))
}

fn column(label: &str, width: Option<u32>, alignment: Alignment) -> Column {
    Column { label: label.into(), property: label.into(), width, alignment }
}

fn file_view() -> View {
    View {
        type_name: "System.IO.FileInfo".into(),
        columns: vec![
            column("Mode", Some(5), Alignment::Left),
            column("Length", Some(8), Alignment::Right),
            column("Name", None, Alignment::Left),
        ],
        group_by: Some(column("Directory", None, Alignment::Left)),
        properties: Vec::new(),
    }
}

fn file(folder: &str, name: &str, length: i64) -> Value {
    let properties: [(&str, Value); 4] = [
        ("Mode", "-a---".into()),
        ("Length", length.into()),
        ("Name", name.into()),
        ("Directory", folder.into()),
    ];
    Value::Object(Object::new("Deserialized.System.IO.FileInfo", properties))
}

#[test]
fn scalars_stand_one_a_line() {
    let values = [Value::Int32(1), "two".into(), Value::Bool(true), Value::Null, Value::Double(2.5)];
    assert_eq!(shown(&values), "1\ntwo\nTrue\n2.5\n");
}

#[test]
fn a_collection_is_shown_element_by_element() {
    assert_eq!(shown(&[Value::Array(vec![1.into(), 2.into()]), Value::Bytes(vec![7])]), "1\n2\n7\n");
}

#[test]
fn few_properties_make_a_table_with_numbers_right() {
    let values = [
        custom([("Name", "nginx".into()), ("Id", 7.into())]),
        custom([("Name", "x".into()), ("Id", 1234.into())]),
    ];
    assert_eq!(shown(&values), "\nName    Id\n----    --\nnginx    7\nx     1234\n\n");
}

#[test]
fn many_properties_make_a_list() {
    let object = custom([
        ("A", 1.into()),
        ("Bee", "x".into()),
        ("C", Value::Null),
        ("D", Value::Array(vec![1.into(), 2.into()])),
        ("E", true.into()),
    ]);
    let one = "A   : 1\nBee : x\nC   :\nD   : {1, 2}\nE   : True\n";
    assert_eq!(shown(&[object.clone(), object]), format!("\n{one}\n{one}\n"));
}

#[test]
fn a_list_breaks_long_values_under_themselves() {
    let object = custom([
        ("A", "one two three four five six".into()),
        ("B", 1.into()),
        ("C", "x\ny".into()),
        ("D", 1.into()),
        ("E", 1.into()),
    ]);
    let text = "\nA : one two three\n    four five six\nB : 1\nC : x\n    y\nD : 1\nE : 1\n\n";
    assert_eq!(shown_at(20, Vec::new(), &[object]), text);
}

#[test]
fn a_view_gives_columns_and_groups_with_or_without_deserialized() {
    let values = [file("Logs:/", "a.log", 10), file("Logs:/", "b.log", 2048), file("Logs:/old", "c.log", 0)];
    let expected = "
    Directory: Logs:/

Mode    Length Name
----    ------ ----
-a---       10 a.log
-a---     2048 b.log

    Directory: Logs:/old

Mode    Length Name
----    ------ ----
-a---        0 c.log

";
    assert_eq!(shown_at(80, vec![file_view()], &values), expected);
}

#[test]
fn a_view_with_known_widths_shows_rows_as_they_come() {
    let mut formatter = Formatter::new(80, vec![file_view()]);
    assert!(formatter.push(&[file("Logs:/", "a.log", 10)]).ends_with("-a---       10 a.log\n"));
    assert_eq!(formatter.push(&[file("Logs:/", "b.log", 9)]), "-a---        9 b.log\n");
    assert_eq!(formatter.finish(), "\n");
}

#[test]
fn a_view_without_columns_is_a_list_of_its_properties() {
    let view = View {
        type_name: "T".into(),
        columns: Vec::new(),
        group_by: None,
        properties: vec!["Name".into(), "No".into()],
    };
    let object = Value::Object(Object::new("t", [("Other", 1.into()), ("name", Value::from("x"))]));
    assert_eq!(shown_at(80, vec![view], &[object]), "\nName : x\nNo   :\n\n");
}

#[test]
fn an_auto_sized_table_waits_for_a_sample_only() {
    let mut formatter = Formatter::new(80, Vec::new());
    let row = custom([("A", 1.into())]);
    assert_eq!(formatter.push(&vec![row.clone(); 49]), "\n");
    assert!(formatter.push(std::slice::from_ref(&row)).starts_with("A\n-\n1\n"));
    assert_eq!(formatter.push(&[row]), "1\n");
}

#[test]
fn another_type_ends_the_table_and_begins_its_own() {
    let other = Value::Object(Object::new("Other", [("B", Value::from("x"))]));
    let values = [custom([("A", 1.into())]), other, "text".into(), custom([("A", 2.into())])];
    assert_eq!(shown(&values), "\nA\n-\n1\n\nB\n-\nx\n\ntext\n\nA\n-\n2\n\n");
}

#[test]
fn a_hashtable_is_a_table_of_names_and_values() {
    let table = Value::Hashtable(Hashtable::of([("Name", Value::from("x")), ("Size", 12.into())]));
    let expected =
        format!("\n{:30} Value\n{:30} -----\n{:30} x\n{:30} 12\n\n", "Name", "----", "Name", "Size");
    assert_eq!(shown(&[table]), expected);
}

#[test]
fn what_does_not_fit_is_cut_and_says_so() {
    let values = [custom([("Id", 1.into()), ("Text", "abcdefghijklmnopqrstuvwxyz".into())])];
    assert_eq!(shown_at(20, Vec::new(), &values), "\nId Text\n-- ----\n 1 abcdefghijklmnop…\n\n");
}

#[test]
fn a_number_that_does_not_fit_loses_its_front() {
    let view = View {
        columns: vec![column("Length", Some(4), Alignment::Right), column("Name", None, Alignment::Left)],
        group_by: None,
        ..file_view()
    };
    assert_eq!(shown_at(80, vec![view], &[file("x", "a", 1_234_567)]), "\n…gth Name\n---- ----\n…567 a\n\n");
}

#[test]
fn wide_characters_take_two_columns() {
    let values = [
        custom([("Name", "日本".into()), ("X", "a".into())]),
        custom([("Name", "abcd".into()), ("X", "b".into())]),
    ];
    assert_eq!(shown(&values), "\nName X\n---- -\n日本 a\nabcd b\n\n");
}

#[test]
fn cells_show_collections_and_objects_in_one_line() {
    let list = Value::Array((1..=6).map(Value::Int32).collect());
    let inner = custom([("a", 1.into()), ("b", "x".into())]);
    let table = Value::Hashtable(Hashtable::of([("k", Value::Int32(1))]));
    let values = [custom([("L", list), ("O", inner), ("T", table), ("M", "one\ntwo".into())])];
    let head = "\nL             O           T        M\n-             -           -        -\n";
    assert_eq!(shown(&values), format!("{head}{{1, 2, 3, 4…}} @{{a=1; b=x}} {{[k, 1]}} one…\n\n"));
}

#[test]
fn times_are_invariant() {
    let at = DateTime { ticks: 638_993_995_601_234_567, kind: Kind::Utc };
    assert_eq!(date_time_text(at), "11/22/2025 09:12:40");
    assert_eq!(shown(&[Value::DateTime(at)]), "\nSaturday, 22 November 2025 09:12:40\n\n");
    assert_eq!(date_time_text(DateTime { ticks: 0, kind: Kind::Utc }), "01/01/0001 00:00:00");
    assert_eq!(
        date_time_text(DateTime { ticks: DateTime::MAX_TICKS, kind: Kind::Utc }),
        "12/31/9999 23:59:59"
    );
    assert_eq!(time_span_text(TimeSpan(-(86_400 * 10_000_000 + 5))), "-1.00:00:00.0000005");
}

#[test]
fn guids_and_versions_are_shown_by_their_properties() {
    let guid = "\nGuid\n----\n01010101-0101-0101-0101-010101010101\n\n";
    assert_eq!(shown(&[Value::Guid([1; 16])]), guid);
    let version = "\nMajor Minor Build Revision\n----- ----- ----- --------\n    7     4    -1       -1\n\n";
    assert_eq!(shown(&[Value::Version(vec![7, 4])]), version);
}

#[test]
fn doubles_read_as_dotnet_writes_them() {
    let pairs = [
        (1.0, "1"),
        (0.1, "0.1"),
        (1e14, "100000000000000"),
        (1e15, "1E+15"),
        (1.5e-5, "1.5E-05"),
        (0.0001, "0.0001"),
        (-2.5e300, "-2.5E+300"),
        (f64::NAN, "NaN"),
        (f64::NEG_INFINITY, "-Infinity"),
        (-0.0, "-0"),
    ];
    for (number, text) in pairs {
        assert_eq!(double_text(number), text);
    }
}

#[test]
fn row_d18_control_characters_are_shown_never_sent() {
    assert_eq!(
        shown(&["a\u{1b}]52;c;x\u{7}b\rc\u{9b}31m\u{202e}d".into()]),
        "a␛]52;c;x␇b␍c\u{fffd}31m\u{fffd}d\n"
    );
}

#[test]
fn row_d18_names_and_cells_are_inert_too() {
    let values = [custom([("N\u{1b}[2J", "v\u{1b}[2J\u{7f}\tw".into())])];
    assert_eq!(shown(&values), "\nN␛[2J\n-----\nv␛[2J␡ w\n\n");
}

#[test]
fn row_c23_lines_of_output_cannot_overwrite_each_other() {
    assert_eq!(shown(&["real\rfake\r\nnext\u{8}".into()]), "real␍fake\nnext␈\n");
}

#[test]
fn a_secure_string_is_never_shown() {
    assert_eq!(shown(&[Value::SecureString(Arc::from("hunter2"))]), "System.Security.SecureString\n");
}

fn not_found() -> ErrorRecord {
    let mut record = ErrorRecord::new(
        "PathNotFound,Get-Item",
        ErrorCategory::ObjectNotFound,
        "Cannot find path 'Logs:/x'.",
    );
    record.command = Arc::from("Get-Item");
    record
}

#[test]
fn an_error_names_its_command() {
    assert_eq!(error_text(&not_found(), 80), "Get-Item: Cannot find path 'Logs:/x'.");
    assert_eq!(shown(&[Value::Error(Box::new(not_found()))]), "Get-Item: Cannot find path 'Logs:/x'.\n");
}

#[test]
fn a_refusal_shows_its_rule_and_its_help() {
    let mut record = not_found();
    record.refusal = Some(Refusal { rule: Arc::from("role log-reader, Get-Item, parameter Path") });
    record.help = Arc::from("ask for `Logs:/app`");
    let expected = "Get-Item: Cannot find path 'Logs:/x'.\n  rule: role log-reader, Get-Item, parameter Path\n  help: ask for `Logs:/app`";
    assert_eq!(error_text(&record, 80), expected);
}

#[test]
fn a_parse_error_points_at_its_place() {
    let mut record = ErrorRecord::new(
        "ExpectedValueExpression",
        ErrorCategory::ParserError,
        "You must provide a value expression.",
    );
    record.position = Some(Position { line: 1, column: 4, text: Arc::from("1 +") });
    let expected =
        "ParserError:\nLine |\n   1 |  1 +\n     |     ~\n     | You must provide a value expression.";
    assert_eq!(error_text(&record, 80), expected);
}

#[test]
fn row_d18_an_error_cannot_steer_the_terminal() {
    let mut record = not_found();
    record.message = Arc::from("\u{1b}[31mred");
    record.help = Arc::from("x\ny");
    assert_eq!(error_text(&record, 80), "Get-Item: ␛[31mred\n  help: x␊y");
}

proptest! {
    #[test]
    fn no_text_reaches_the_terminal_with_control_characters(name in ".*", text in ".*", width in 0u32..200) {
        let out = shown_at(width, Vec::new(), &[custom([(&name, text.as_str().into())]), text.as_str().into()]);
        prop_assert!(out.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()));
    }

    #[test]
    fn a_table_is_never_wider_than_the_screen(cells in prop::collection::vec("[a-z ]{0,40}", 1..4), width in 20u32..60) {
        let names = ["A", "B", "C", "D"];
        let properties = names.iter().copied().zip(cells.iter().map(|cell| Value::from(cell.as_str())));
        let out = shown_at(width, Vec::new(), &[Value::Object(Object::new("T", properties))]);
        for line in out.lines() {
            prop_assert!(line.chars().count() <= width as usize, "{line}");
        }
    }
}
