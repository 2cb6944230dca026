//! Files and folders as objects, and how they are shown.

use std::fs::{self, FileType, Metadata};
use std::io;
use std::sync::{Arc, LazyLock};
use std::time::UNIX_EPOCH;

use bailiwick_sdk::{Column, DateTime, Object, Shape, Value, View};

use crate::drive::DrivePath;

/// The type name of a file.
pub(crate) const FILE: &str = "System.IO.FileInfo";
/// The type name of a folder.
pub(crate) const DIRECTORY: &str = "System.IO.DirectoryInfo";

/// An item as it was found.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) path: DrivePath,
    metadata: Metadata,
    /// A folder, or a link to one.
    pub(crate) is_container: bool,
}

impl Item {
    /// Looks at an item; of a link, at the link itself.
    pub(crate) fn read(path: &DrivePath) -> io::Result<Self> {
        let metadata = fs::symlink_metadata(path.real())?;
        let is_container = if metadata.is_symlink() {
            // A link whose target can't be reached is shown as a file.
            fs::metadata(path.real()).is_ok_and(|target| target.is_dir())
        } else {
            metadata.is_dir()
        };
        Ok(Self { path: path.clone(), metadata, is_container })
    }

    pub(crate) fn is_link(&self) -> bool {
        self.metadata.is_symlink()
    }

    /// The object that cmdlets write.
    pub(crate) fn object(&self) -> Object {
        let path = &self.path;
        let text = path.to_string();
        let parent = path.parent().map(|parent| parent.to_string());
        let (base_name, extension) = split_extension(path.name(), self.is_container);
        let mut values = vec![
            Value::from(self.mode()),
            self.last_write_time().into(),
            path.name().into(),
            text.as_str().into(),
            parent.clone().into(),
            base_name.into(),
            extension.into(),
            true.into(),
            self.is_container.into(),
            if self.is_link() { "SymbolicLink".into() } else { Value::Null },
            text.into(),
            parent.into(),
            path.name().into(),
            path.drive().into(),
        ];
        let shape = if self.is_container {
            &DIRECTORY_SHAPE
        } else {
            values.insert(2, Value::Int64(i64::try_from(self.metadata.len()).unwrap_or(i64::MAX)));
            &FILE_SHAPE
        };
        Object { shape: Arc::clone(shape), values }
    }

    /// PowerShell's letters: folder or link, archive, read-only, hidden, system.
    fn mode(&self) -> String {
        let kind = match (self.is_link(), self.is_container) {
            (true, _) => 'l',
            (false, true) => 'd',
            (false, false) => '-',
        };
        let archive = if self.is_container || self.is_link() { '-' } else { 'a' };
        let hidden = if is_hidden(self.path.name()) { 'h' } else { '-' };
        format!("{kind}{archive}-{hidden}-")
    }

    fn last_write_time(&self) -> Option<DateTime> {
        let modified = self.metadata.modified().ok()?;
        let nanos = match modified.duration_since(UNIX_EPOCH) {
            Ok(after) => i128::try_from(after.as_nanos()).ok()?,
            Err(before) => -i128::try_from(before.duration().as_nanos()).ok()?,
        };
        Some(DateTime::from_unix_nanos(nanos))
    }
}

/// Whether a name is left out of listings without `-Force`.
pub(crate) fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

/// A name and its type, as a folder lists it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) kind: FileType,
}

/// The default table and list of a type.
pub(crate) fn view(type_name: &str) -> View {
    let columns = [
        Column::new("Mode").width(7),
        Column::new("LastWriteTime").width(26).right(),
        Column::new("Length").width(14).right(),
        Column::new("Name"),
    ];
    View::table(type_name, columns).grouped_by(Column::new("PSParentPath").label("Directory")).listing(&[
        "Name",
        "Length",
        "Mode",
        "LastWriteTime",
        "FullName",
        "LinkType",
    ])
}

static FILE_SHAPE: LazyLock<Arc<Shape>> = LazyLock::new(|| shape(FILE, true));
static DIRECTORY_SHAPE: LazyLock<Arc<Shape>> = LazyLock::new(|| shape(DIRECTORY, false));

fn shape(type_name: &str, is_file: bool) -> Arc<Shape> {
    let directory = if is_file { "Directory" } else { "Parent" };
    let mut properties = vec![
        "Mode",
        "LastWriteTime",
        "Name",
        "FullName",
        directory,
        "BaseName",
        "Extension",
        "Exists",
        "PSIsContainer",
        "LinkType",
        "PSPath",
        "PSParentPath",
        "PSChildName",
        "PSDrive",
    ];
    if is_file {
        properties.insert(2, "Length");
    }
    let type_names = [type_name, "System.IO.FileSystemInfo", "System.MarshalByRefObject", "System.Object"];
    Arc::new(Shape {
        type_names: type_names.map(Arc::from).to_vec(),
        properties: properties.into_iter().map(Arc::from).collect(),
    })
}

/// A folder's base name is its name.
fn split_extension(name: &str, is_container: bool) -> (&str, &str) {
    match name.rfind('.').and_then(|dot| name.split_at_checked(dot)) {
        Some((_, extension)) if is_container => (name, extension),
        Some(parts) => parts,
        None => (name, ""),
    }
}
