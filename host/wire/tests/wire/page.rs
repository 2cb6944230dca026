//! `docs/wire.md` against the code: its tables are the code's tables, its vectors are messages.

use bailiwick_wire::message::Lane;
use bailiwick_wire::{FailureCode, FrameLimit, Kind, Message, Side, decode, encode};
use bytes::BytesMut;

use crate::samples::samples;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/wire.md");

fn page() -> String {
    std::fs::read_to_string(PAGE).unwrap()
}

/// The text between `<!-- name -->` and `<!-- end -->`.
fn block(name: &str) -> String {
    let page = page();
    let (_, rest) = page.split_once(&format!("<!-- {name} -->\n")).unwrap();
    rest.split_once("<!-- end -->").unwrap().0.to_owned()
}

fn kinds() -> String {
    let mut table =
        String::from("| no. | message | sender | limit | order | may come while | what it does |\n");
    table.push_str("|---|---|---|---|---|---|---|\n");
    for kind in Kind::ALL {
        let facts = kind.facts();
        let sender = match facts.sender {
            Some(Side::Client) => "client",
            Some(Side::Server) => "server",
            None => "both",
        };
        let lane = match facts.lane {
            Lane::Control => "control",
            Lane::Data => "data",
            Lane::Last => "last",
        };
        let states: Vec<String> = facts.states.iter().map(ToString::to_string).collect();
        let (number, states, sentence) = (kind.number(), states.join(", "), facts.sentence.trim());
        let (name, limit) = (facts.name, facts.limit);
        table.push_str(&format!(
            "| {number} | {name} | {sender} | {limit} | {lane} | {states} | {sentence} |\n"
        ));
    }
    table
}

fn fields() -> String {
    let mut table = String::from("| message | pairs |\n|---|---|\n");
    for kind in Kind::ALL {
        let pairs: Vec<String> = kind
            .facts()
            .fields
            .iter()
            .map(|(key, name, of)| format!("`{key} {name}: {}`", of.replace(' ', "")))
            .collect();
        table.push_str(&format!("| {kind} | {} |\n", pairs.join(", ")));
    }
    table
}

fn failures() -> String {
    let mut table = String::from("| no. | code | meaning |\n|---|---|---|\n");
    for code in FailureCode::ALL {
        table.push_str(&format!("| {} | `{code}` | {} |\n", code.number(), code.sentence()));
    }
    table
}

fn vectors() -> String {
    let mut text = String::from("```text\n");
    for message in samples() {
        let frame = hex::encode(encode(&message).unwrap());
        let (head, body) = frame.split_at(8);
        text.push_str(&format!("{} {head} {body}\n", message.kind()));
    }
    text.push_str("```\n");
    text
}

#[test]
fn the_tables_of_the_page_are_the_tables_of_the_code() {
    for (name, table) in [("kinds", kinds()), ("fields", fields()), ("failures", failures())] {
        assert_eq!(block(name).trim(), table.trim(), "{name}");
    }
}

#[test]
fn the_vectors_of_the_page_are_the_messages_of_the_code() {
    assert_eq!(block("vectors").trim(), vectors().trim());
}

#[test]
fn each_vector_of_the_page_reads_as_its_message() {
    let text = block("vectors");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with("```"));
    let mut read = Vec::new();
    for line in lines {
        let (name, digits) = line.split_once(' ').unwrap();
        let bytes = hex::decode(digits.replace(' ', "")).unwrap();
        let message = decode(&mut BytesMut::from(&bytes[..]), FrameLimit::OPEN).unwrap().unwrap();
        assert_eq!(message.kind().to_string(), name);
        read.push(message);
    }
    assert_eq!(read, samples());
    assert_eq!(read.iter().map(Message::kind).collect::<Vec<_>>(), Kind::ALL);
}

#[test]
fn each_refused_vector_of_the_page_is_refused_as_it_says() {
    let text = block("refused");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let mut count = 0;
    for row in rows {
        let cells: Vec<&str> =
            row.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`')).collect();
        let [digits, error] = cells[..] else { panic!("not two cells: {row}") };
        let bytes = hex::decode(digits.replace(' ', "")).unwrap();
        let got = decode(&mut BytesMut::from(&bytes[..]), FrameLimit::OPEN).unwrap_err();
        assert_eq!(got.to_string().replace('`', ""), error.replace('`', ""), "{digits}");
        count += 1;
    }
    assert!(count >= 10, "only {count} refused vectors");
}
