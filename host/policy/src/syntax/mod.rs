//! From text to typed forms that know their place. Each file kind has one reader; what a single file can tell
//! (keys, types, values, units, names) is settled here, what needs other files or the catalog is not.

mod endpoint;
mod fields;
mod later;
mod name;
mod role;
mod rule;
mod source;
mod units;
mod users;

pub(crate) use endpoint::{AssignmentForm, EndpointForm, read_endpoint};
pub(crate) use fields::{At, Document, Fields, Place, Shape, near};
pub(crate) use name::NameKind;
pub(crate) use role::{CommandForm, DriveForm, ParametersForm, RoleForm, RootForm, read_role};
pub(crate) use rule::{BoundsForm, RuleForm};
pub(crate) use source::{MAX_FILE_BYTES, Source, is_bidi_control};
pub(crate) use users::{UserForm, read_users};
