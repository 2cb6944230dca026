//! Who may knock: the accept loop (`accept`), how many may stand at the door (`places`), and TLS (`tls`).

pub(crate) mod accept;
pub(crate) mod places;
pub(crate) mod tls;
