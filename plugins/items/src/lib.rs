//! The module `Items`: Get-ChildItem, Get-Content and their family, over the files of drives.
//!
//! Plain `std::fs` on `/drives/<Name>`. What a path may reach, how much may be written and which links may be followed
//! is the host's to say; this code is not trusted, and keeps only its own promises: it never follows a link while it
//! recurses, holds no file in memory, and names no path of the host.
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

mod command;
mod drive;
mod fault;
mod item;
mod select;
mod text;
mod tree;
mod wildcard;

pub use drive::Root;

use bailiwick_sdk::Module;

/// The module.
pub fn module() -> Module {
    Module::new("Items", env!("CARGO_PKG_VERSION"))
        .cmdlet::<command::GetChildItem>()
        .cmdlet::<command::GetItem>()
        .cmdlet::<command::GetContent>()
        .cmdlet::<command::SetContent>()
        .cmdlet::<command::AddContent>()
        .cmdlet::<command::NewItem>()
        .cmdlet::<command::RemoveItem>()
        .cmdlet::<command::CopyItem>()
        .cmdlet::<command::MoveItem>()
        .cmdlet::<command::TestPath>()
        .view(item::view(item::FILE))
        .view(item::view(item::DIRECTORY))
}

#[cfg(target_arch = "wasm32")]
bailiwick_sdk::export!(module);
