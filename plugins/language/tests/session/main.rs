//! The language through its sessions: one line of script, what it yields, what the host is asked.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod binding;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod effects;
#[cfg(test)]
mod evaluation;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod modes;
