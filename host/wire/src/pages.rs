//! Answers that may be longer than a frame, as pages.

use bailiwick_objects::metadata::View;

use crate::cbor::{Field, Writer};
use crate::message::{EndpointSummary, Endpoints, LARGE, Message, SessionCreated, SessionInfo, Sessions};

/// Bytes of the items of one page: the largest body less the other fields.
const PAGE: usize = LARGE as usize - 512;

/// Bytes of a text that people write without a limit of its own; what is longer is cut.
const TEXT: usize = 4 << 10;

/// The answer to ListEndpoints: at least one page. An endpoint with many commands goes on under the same name.
pub fn endpoint_pages(request: u64, endpoints: Vec<EndpointSummary>) -> Vec<Message> {
    let mut pieces = Vec::new();
    for endpoint in endpoints {
        let description = cut(endpoint.description);
        let mut commands = groups(endpoint.commands, PAGE - 2 * TEXT).into_iter();
        let first = commands.next().unwrap_or_default();
        let name = cut(endpoint.name);
        let piece = |description: String, commands| EndpointSummary {
            name: name.clone(),
            description,
            language: endpoint.language,
            commands,
        };
        pieces.push(piece(description, first));
        pieces.extend(commands.map(|commands| piece(String::new(), commands)));
    }
    let pages = groups(pieces, PAGE);
    let count = pages.len();
    let page = |(at, endpoints)| Endpoints { request, endpoints, more: at + 1 < count }.into();
    pages.into_iter().enumerate().map(page).collect()
}

/// The answer to CreateSession: at least one page. A view that is larger than a page is left out; its type is shown
/// like one without a view.
pub fn session_created_pages(request: u64, info: SessionInfo, views: Vec<View>) -> Vec<Message> {
    let info = SessionInfo {
        name: cut(info.name),
        endpoint: cut(info.endpoint),
        location: cut(info.location),
        ..info
    };
    let pages = groups(views, PAGE - 3 * TEXT - 512);
    let count = pages.len();
    let page =
        |(at, views)| SessionCreated { request, info: info.clone(), views, more: at + 1 < count }.into();
    pages.into_iter().enumerate().map(page).collect()
}

/// The answer to ListSessions: at least one page.
pub fn session_pages(request: u64, sessions: Vec<SessionInfo>) -> Vec<Message> {
    let pages = groups(sessions, PAGE);
    let count = pages.len();
    let page = |(at, sessions)| Sessions { request, sessions, more: at + 1 < count }.into();
    pages.into_iter().enumerate().map(page).collect()
}

/// The items in groups of at most so many bytes; at least one group, perhaps empty. An item that is larger by itself
/// is left out.
fn groups<T: Field>(items: Vec<T>, most: usize) -> Vec<Vec<T>> {
    let mut groups = Vec::new();
    let mut group = Vec::new();
    let mut filled = 0;
    for item in items {
        let mut out = Writer::default();
        item.write(&mut out);
        let length = out.bytes.len();
        if length > most {
            continue;
        }
        if filled + length > most {
            groups.push(std::mem::take(&mut group));
            filled = 0;
        }
        group.push(item);
        filled += length;
    }
    groups.push(group);
    groups
}

fn cut(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(TEXT));
    text
}
