//! The cmdlets, one file each.

mod add_content;
mod copy_item;
mod get_child_item;
mod get_content;
mod get_item;
mod move_item;
mod new_item;
mod remove_item;
mod set_content;
mod test_path;
mod transfer;
mod write_content;

pub(crate) use add_content::AddContent;
pub(crate) use copy_item::CopyItem;
pub(crate) use get_child_item::GetChildItem;
pub(crate) use get_content::GetContent;
pub(crate) use get_item::GetItem;
pub(crate) use move_item::MoveItem;
pub(crate) use new_item::NewItem;
pub(crate) use remove_item::RemoveItem;
pub(crate) use set_content::SetContent;
pub(crate) use test_path::TestPath;
