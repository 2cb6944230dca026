//! What a guest finds at its start: its drives as `/drives/<Name>`, and above them a skeleton that can be listed and
//! nothing else.

use std::sync::Arc;

use wasmtime::component::Resource;

use crate::DrivesParts;
use crate::bindings::preopens;
use crate::bindings::types::ErrorCode;
use crate::descriptor::{Descriptor, Target};
use crate::errors::{Failure, Outcome};
use crate::folder::Folder;
use crate::grant::OpenDrive;
use crate::listing::Listing;
use crate::names::GuestPath;

/// The folder that holds the drives.
const DRIVES: &str = "drives";

/// A folder that exists for the guest only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Skeleton {
    Root,
    Drives,
}

/// Where a path that begins in the skeleton ends.
pub(crate) enum Located {
    Skeleton(Skeleton),
    Drive(Arc<Folder>, GuestPath),
}

impl Skeleton {
    pub(crate) fn locate(self, path: &str, drives: &[OpenDrive]) -> Outcome<Located> {
        let path = path
            .get(..path.floor_char_boundary(bailiwick_capability::limits::PATH_BYTES + 1))
            .unwrap_or_default();
        if path.starts_with('/') {
            return Err(Failure::outside(path));
        }
        let mut here = self;
        let mut rest = path;
        while !rest.is_empty() {
            let (name, after) = rest.split_once('/').unwrap_or((rest, ""));
            rest = after;
            match (here, name) {
                (_, "" | ".") => {}
                (_, "..") => return Err(Failure::outside(path)),
                (Self::Root, DRIVES) => here = Self::Drives,
                (Self::Root, _) => return Err(ErrorCode::NoEntry.into()),
                (Self::Drives, name) => {
                    let drive = drives.iter().find(|drive| drive.name().eq_ignore_ascii_case(name));
                    let drive = drive.ok_or(Failure::from(ErrorCode::NoEntry))?.clone();
                    let rest = rest.trim_start_matches('/');
                    let inner = GuestPath::parse(if rest.is_empty() { "." } else { rest }, drive.name())?;
                    return Ok(Located::Drive(Arc::new(Folder::root(drive)), inner));
                }
            }
        }
        Ok(Located::Skeleton(here))
    }

    pub(crate) fn list(self, drives: &[OpenDrive]) -> Listing {
        match self {
            Self::Root => Listing::folders([DRIVES.to_owned()]),
            Self::Drives => Listing::folders(drives.iter().map(|drive| drive.name().to_owned())),
        }
    }
}

impl preopens::Host for DrivesParts<'_> {
    async fn get_directories(&mut self) -> wasmtime::Result<Vec<(Resource<Descriptor>, String)>> {
        let mut given = Vec::new();
        for drive in &self.ctx.drives {
            let folder = Descriptor(Target::Folder(Arc::new(Folder::root(drive.clone()))));
            given.push((self.table.push(folder)?, format!("/{DRIVES}/{}", drive.name())));
        }
        given.push((self.table.push(Descriptor(Target::Skeleton(Skeleton::Root)))?, "/".to_owned()));
        Ok(given)
    }
}
