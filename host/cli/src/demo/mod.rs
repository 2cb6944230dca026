//! `bailiwick demo`: a host on loopback with the example policies and identities made on the spot, a guided tour as a
//! helpdesk user, then her session for whoever sits at the terminal. Nothing in it is staged: a real host and a real
//! client in this process, TLS between them, real files of this machine. Each step says what it is to do and is
//! checked to have done it.

mod checks;
mod policies;
mod stage;
mod tour;

use std::path::Path;

use crate::exit::{Exit, Problem};
use crate::output::line;
use crate::render::{Format, Renderer};
use crate::repl::{self, Console};
use crate::session::Session as _;
use crate::terminal;

use stage::Stage;
use tour::Tour;

/// Plays the demo, against the example policies or the reader's own edition of them.
///
/// # Errors
/// The host can't be started, a step did not do what it says, or nobody reads the output any more.
pub(crate) async fn play(policies: Option<&Path>) -> Result<Exit, Problem> {
    let stage = Stage::set(policies).await?;
    // The stage is struck whatever becomes of the tour, so that nothing of it is left.
    let played = tour(&stage).await;
    let struck = stage.strike().await;
    played.and(struck)?;
    line("\nThe demo's folder is removed, and nothing of it is left.")?;
    Ok(Exit::Done)
}

async fn tour(stage: &Stage) -> Result<(), Problem> {
    let mut tour = Tour::begin(stage).await?;
    let (desk, location) = tour.help_desk().await?;
    tour.tool_box().await?;
    tour.audit()?;
    if terminal::is_interactive() {
        line(
            "\nNow it is yours: alice's session at the help desk. Try what she may not do; `exit` leaves.\n",
        )?;
        let mut renderer = Renderer::new(Format::Text, Some(stage.sandbox()), desk.views());
        let mut console = Console::open()?;
        repl::run(&desk, location, &mut renderer, &mut console).await?;
    }
    desk.end().await?;
    tour.removed().await
}
