//! The order of writing, splitting and joining, credit, pages.

use crate::samples::{COMMAND, SESSION, info};
use bailiwick_objects::metadata::{StreamKind, View};
use bailiwick_wire::message::*;
use bailiwick_wire::{
    BATCH_LIMIT, CommandId, Executes, FailureCode, FrameLimit, INITIAL_WINDOW, Joiner, Message, Outbox,
    ProtocolError, SessionId, Window, decode, encode, endpoint_pages, session_created_pages, session_pages,
    split_batch, split_execute,
};
use bytes::BytesMut;
use proptest::prelude::*;

const SECOND: SessionId = SessionId(*b"session-00000002");

fn output(session: SessionId, seq: u64) -> Message {
    let (stream, batch) = (StreamKind::Output, vec![0]);
    Output { session, command: COMMAND, seq, stream, more: false, batch }.into()
}

fn execute(request: u64, text: &str, arguments: Vec<u8>) -> Execute {
    let (session, command) = (SESSION, COMMAND);
    Execute { request, session, command, text: text.into(), arguments, has_input: false, more: false }
}

fn drained(outbox: &mut Outbox) -> Vec<Message> {
    std::iter::from_fn(|| outbox.pop())
        .map(|frame| decode(&mut BytesMut::from(&frame[..]), FrameLimit::OPEN).unwrap().unwrap())
        .collect()
}

fn written(messages: &[Message]) -> Vec<Message> {
    let mut outbox = Outbox::default();
    for message in messages {
        outbox.push(message).unwrap();
    }
    let messages = drained(&mut outbox);
    assert!(outbox.is_empty());
    assert_eq!(outbox.bytes(), 0);
    messages
}

#[test]
fn sessions_take_turns_and_keep_their_order() {
    let messages =
        [output(SESSION, 0), output(SESSION, 1), output(SESSION, 2), output(SECOND, 0), output(SECOND, 1)];
    let expected =
        [output(SESSION, 0), output(SECOND, 0), output(SESSION, 1), output(SECOND, 1), output(SESSION, 2)];
    assert_eq!(written(&messages), expected);
}

#[test]
fn control_goes_first_and_a_goodbye_last() {
    let goodbye: Message = Goodbye { code: FailureCode::Done, message: String::new(), versions: None }.into();
    let heartbeat: Message = Heartbeat { wants_reply: false }.into();
    let messages = [goodbye.clone(), output(SESSION, 0), heartbeat.clone()];
    assert_eq!(written(&messages), [heartbeat, output(SESSION, 0), goodbye]);
}

#[test]
fn row_e43_a_stop_never_overtakes_the_command_it_stops() {
    let begin: Message = execute(1, "x", vec![]).into();
    let stop: Message = Stop { session: SESSION, command: COMMAND }.into();
    let other: Message = Stop { session: SESSION, command: CommandId([7; 16]) }.into();
    let messages = [begin.clone(), stop.clone(), other.clone()];
    assert_eq!(written(&messages), [other, begin, stop]);
}

#[test]
fn a_cleared_outbox_writes_only_what_comes_after() {
    let mut outbox = Outbox::default();
    outbox.push(&output(SESSION, 0)).unwrap();
    outbox.clear();
    let heartbeat: Message = Heartbeat { wants_reply: false }.into();
    outbox.push(&heartbeat).unwrap();
    assert_eq!(drained(&mut outbox), [heartbeat]);
}

#[test]
fn row_e10_a_gap_a_repetition_or_a_step_back_is_refused() {
    for wrong in [0, 2, u64::MAX] {
        let mut joiner = Joiner::default();
        joiner.push(0, StreamKind::Output, false, vec![1]).unwrap();
        let error = joiner.push(wrong, StreamKind::Output, false, vec![1]).unwrap_err();
        assert_eq!(error, ProtocolError::Sequence { got: wrong, expected: 1 });
    }
}

#[test]
fn row_e11_fragments_of_two_streams_do_not_mix() {
    let mut joiner = Joiner::default();
    assert_eq!(joiner.push(0, StreamKind::Output, true, vec![1]), Ok(None));
    assert!(joiner.push(1, StreamKind::Error, false, vec![2]).is_err());
}

#[test]
fn row_e11_an_unfinished_batch_is_no_end() {
    let mut joiner = Joiner::default();
    joiner.push(0, StreamKind::Output, true, vec![1]).unwrap();
    assert!(joiner.finish(1).unwrap_err().to_string().contains("the last one is missing"));
}

#[test]
fn row_e11_a_batch_is_bounded_as_a_whole() {
    let mut joiner = Joiner::default();
    let fragment = vec![0; 1 << 20];
    let fits = u64::try_from(BATCH_LIMIT >> 20).unwrap();
    for seq in 0..fits {
        joiner.push(seq, StreamKind::Output, true, fragment.clone()).unwrap();
    }
    assert!(joiner.push(fits, StreamKind::Output, false, vec![0]).is_err());
}

#[test]
fn row_e11_fragments_that_add_nothing_are_refused() {
    assert!(Joiner::default().push(0, StreamKind::Output, true, vec![]).is_err());
}

#[test]
fn row_e16_an_end_that_counts_otherwise_is_refused() {
    let mut joiner = Joiner::default();
    joiner.push(0, StreamKind::Output, false, vec![]).unwrap();
    assert_eq!(joiner.finish(2), Err(ProtocolError::Sequence { got: 2, expected: 1 }));
    assert_eq!(joiner.finish(1), Ok(()));
}

#[test]
fn a_command_above_its_limit_is_refused_while_it_comes() {
    let mut executes = Executes::default();
    let parts = split_execute(execute(1, &"x".repeat((1 << 20) + 1), vec![]));
    let refused = parts.into_iter().find_map(|part| executes.push(part).err());
    assert!(refused.unwrap().to_string().contains("longer than 1 MiB"));
}

#[test]
fn parts_of_different_commands_do_not_join() {
    let mut executes = Executes::default();
    executes.push(Execute { more: true, ..execute(1, "a", vec![]) }).unwrap();
    assert!(executes.push(Execute { command: CommandId([1; 16]), ..execute(1, "b", vec![]) }).is_err());
}

#[test]
fn more_than_was_granted_is_refused() {
    let mut window = Window::new();
    window.take(INITIAL_WINDOW as usize).unwrap();
    assert_eq!(window.take(1), Err(ProtocolError::Credit { sent: 1, left: 0 }));
    window.grant(5);
    assert_eq!(window.take(5), Ok(()));
}

#[test]
fn grants_never_overflow() {
    let mut window = Window::new();
    (0..10).for_each(|_| window.grant(u32::MAX));
    assert_eq!(window.left(), u64::from(INITIAL_WINDOW) + 10 * u64::from(u32::MAX));
}

#[test]
fn long_answers_are_pages_that_fit() {
    let commands: Vec<String> = (0..3_000).map(|number| format!("Get-Something{number}")).collect();
    let endpoint = |name: &str| EndpointSummary {
        name: name.into(),
        description: "d".repeat(10_000),
        language: Language::Full,
        commands: commands.clone(),
    };
    let pages = endpoint_pages(1, vec![endpoint("a"), endpoint("b")]);
    let mut back = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        encode(page).unwrap();
        let Message::Endpoints(page) = page else { panic!("another kind") };
        assert_eq!(page.more, at + 1 < pages.len());
        back.extend(
            page.endpoints.iter().filter(|piece| piece.name == "b").flat_map(|piece| &piece.commands),
        );
    }
    assert_eq!(back, commands.iter().collect::<Vec<_>>());
}

#[test]
fn an_empty_answer_is_one_page() {
    assert_eq!(endpoint_pages(1, vec![]), [Endpoints { request: 1, endpoints: vec![], more: false }.into()]);
    assert_eq!(session_pages(2, vec![]), [Sessions { request: 2, sessions: vec![], more: false }.into()]);
}

#[test]
fn views_are_paged_and_one_that_is_too_large_is_left_out() {
    let view = |name: String| View { type_name: name, columns: vec![], group_by: None, properties: vec![] };
    let mut views: Vec<View> =
        (0..2_000).map(|number| view(format!("Some.Long.Type.Name{number}"))).collect();
    views.push(view("x".repeat(40_000)));
    let info = info(SESSION, &"n".repeat(10_000), &"l".repeat(10_000));
    let pages = session_created_pages(1, info, views);
    let count: usize = pages
        .iter()
        .map(|page| {
            encode(page).unwrap();
            let Message::SessionCreated(page) = page else { panic!("another kind") };
            page.views.len()
        })
        .sum();
    assert_eq!(count, 2_000);
}

proptest! {
    #[test]
    fn a_split_batch_joins_to_itself(batch in prop::collection::vec(any::<u8>(), 0..100_000)) {
        let mut joiner = Joiner::default();
        let mut joined = None;
        for (seq, (fragment, more)) in split_batch(&batch).enumerate() {
            prop_assert!(joined.is_none());
            joined = joiner.push(seq as u64, StreamKind::Error, more, fragment.to_vec()).unwrap();
            prop_assert_eq!(joined.is_none(), more);
        }
        prop_assert_eq!(joined, Some(batch));
    }

    #[test]
    fn a_split_execute_joins_to_itself(text in "(é|x){0,40000}", arguments in prop::collection::vec(any::<u8>(), 0..70_000)) {
        let whole = execute(3, &text, arguments);
        let mut executes = Executes::default();
        let mut joined = None;
        for part in split_execute(whole.clone()) {
            prop_assert!(encode(&part.clone().into()).is_ok());
            joined = executes.push(part).unwrap();
        }
        prop_assert_eq!(joined, Some(whole));
    }
}
