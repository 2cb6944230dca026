//! Get-Content. A file is never held in memory: lines go out as they are read, and the last lines are found by reading
//! backwards. Only `-Raw` holds a whole file, up to a limit.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use bailiwick_sdk::{
    Cmdlet, CommandInfo, ErrorCategory, Failure, Output, ParameterInfo, Parameters, ValueType,
};

use crate::drive::DrivePath;
use crate::fault::Naming;
use crate::item::Item;
use crate::select::{NameFilter, filters, force, given, parameters};
use crate::text::{Encoding, Line, MAX_LINE, read_line};

/// The largest file that `-Raw` reads.
const MAX_RAW: u64 = 8 << 20;
/// Read at once.
const BLOCK: usize = 64 << 10;

const NAMING: Naming = Naming {
    class: "GetContentCommand",
    unauthorized: "GetContentReaderUnauthorizedAccessError",
    io: ("GetContentReaderIOError", ErrorCategory::ReadError),
    doing: "read",
};

#[derive(Debug)]
pub(crate) struct GetContent;

/// What one record asks for.
#[derive(Debug, Clone, Copy)]
struct Request {
    first: Option<u64>,
    last: Option<u64>,
    raw: bool,
    encoding: Encoding,
}

/// Why a file was not read to its end.
enum Fault {
    Failure(Failure),
    Io(io::Error),
}

impl<T: Into<Failure>> From<T> for Fault {
    fn from(failure: T) -> Self {
        Self::Failure(failure.into())
    }
}

impl Cmdlet for GetContent {
    fn info() -> CommandInfo {
        let info = CommandInfo::new("Get-Content")
            .alias("gc")
            .alias("cat")
            .alias("type")
            .synopsis("Gets the lines of files.")
            .description(
                "Writes each line of the files as a string, as it is read. What is not text in the encoding is \
                 replaced by U+FFFD, with one warning for the file. A line of more than 1 MiB, and a file of more than \
                 8 MiB with -Raw, is an error.",
            )
            .example("Get-Content Logs:/access.log -Tail 10", "Gets the last ten lines.")
            .example("Get-Content Logs:/*.log | Where-Object { $_ -match 'error' }", "Searches all logs.")
            .writes("System.String");
        let count = |name, help| ParameterInfo::new(name, ValueType::Int64).by_property_name().help(help);
        filters(parameters(info, true))
            .takes(count("TotalCount", "Gets so many lines from the start.").alias("First").alias("Head"))
            .takes(count("Tail", "Gets so many lines from the end.").alias("Last"))
            .takes(ParameterInfo::new("Raw", ValueType::Switch).help("Gets a file as one string."))
            .takes(Encoding::parameter())
            .takes(force("Reads hidden files that a wildcard finds too."))
    }

    fn new() -> Self {
        Self
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        let count = |name| -> Result<Option<u64>, Failure> {
            match parameters.int64(name)? {
                // PowerShell's way to say all of them.
                None | Some(-1) => Ok(None),
                Some(count) => u64::try_from(count).map(Some).map_err(|_| negative(name, count)),
            }
        };
        let request = Request {
            first: count("TotalCount")?,
            last: count("Tail")?,
            raw: parameters.switch("Raw")?,
            encoding: Encoding::given(parameters)?,
        };
        if request.first.is_some() && request.last.is_some() {
            let message = "-TotalCount and -Tail can't be used together: give one";
            let id = "TailAndHeadCannotCoexist";
            return Err(NAMING.record(id, ErrorCategory::InvalidOperation, "", message).into());
        }
        let names = NameFilter::new(parameters)?;
        for given in given(parameters, &NAMING, out)? {
            for item in given.items(&names, &NAMING, out)? {
                if names.takes(item.path.name()) && !(given.is_pattern && item.is_container) {
                    request.read(&item, out)?;
                }
            }
        }
        Ok(())
    }
}

fn negative(name: &str, count: i64) -> Failure {
    let message = format!("cannot read `{count}` lines: give -{name} a count of 0 or more");
    NAMING.record("ParameterArgumentValidationError", ErrorCategory::InvalidData, count, message).into()
}

impl Request {
    fn read(&self, item: &Item, out: &mut Output) -> Result<(), Failure> {
        let path = &item.path;
        if item.is_container {
            let message = format!("cannot read `{path}`: it is a folder; use Get-ChildItem");
            let record =
                NAMING.record("GetContainerContentException", ErrorCategory::InvalidOperation, path, message);
            return Ok(out.error(record)?);
        }
        let opened = File::open(path.real());
        let result = match opened {
            Ok(file) if self.raw => self.whole(file, path, out),
            Ok(file) => self.lines(file, path, out),
            Err(error) => Err(Fault::Io(error)),
        };
        match result {
            Ok(false) => Ok(()),
            Ok(true) => {
                Ok(out.warning(&format!("`{path}` holds bytes that are no text; they are shown as U+FFFD"))?)
            }
            Err(Fault::Failure(failure)) => Err(failure),
            Err(Fault::Io(error)) => {
                let record = NAMING.io(out, path, &error);
                Ok(out.error(record)?)
            }
        }
    }

    /// True if something was no text.
    fn whole(&self, file: File, path: &DrivePath, out: &mut Output) -> Result<bool, Fault> {
        let mut bytes = Vec::new();
        file.take(MAX_RAW + 1).read_to_end(&mut bytes).map_err(Fault::Io)?;
        if bytes.len() as u64 > MAX_RAW {
            let message =
                format!("cannot read `{path}` as one string: it has more than 8 MiB; leave out -Raw");
            out.error(NAMING.record("FileTooLarge", ErrorCategory::LimitsExceeded, path, message))?;
            return Ok(false);
        }
        let (text, replaced) = self.encoding.decode(without_mark(bytes));
        if !text.is_empty() {
            out.write(text)?;
        }
        Ok(replaced)
    }

    fn lines(&self, mut file: File, path: &DrivePath, out: &mut Output) -> Result<bool, Fault> {
        let start = match self.last {
            Some(count) => start_of_last(&mut file, count, out)?,
            None => 0,
        };
        file.seek(SeekFrom::Start(start)).map_err(Fault::Io)?;
        let mut reader = BufReader::with_capacity(BLOCK, file);
        let mut replaced = false;
        let mut number = 0_u64;
        while self.first.is_none_or(|first| number < first) {
            if number.is_multiple_of(1024) {
                out.check_stopping()?;
            }
            let bytes = match read_line(&mut reader).map_err(Fault::Io)? {
                Line::Text(bytes) if start == 0 && number == 0 => without_mark(bytes),
                Line::Text(bytes) => bytes,
                Line::End => break,
                Line::TooLong => {
                    let message = format!("cannot read `{path}`: a line has more than {MAX_LINE} bytes");
                    out.error(NAMING.record("LineTooLong", ErrorCategory::LimitsExceeded, path, message))?;
                    break;
                }
            };
            let (text, no_text) = self.encoding.decode(bytes);
            replaced |= no_text;
            out.write(text)?;
            number += 1;
        }
        Ok(replaced)
    }
}

/// The byte order mark that other systems open a file with.
fn without_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    bytes
}

/// Where the last lines begin. Reads blocks from the end and counts their `\n`; the one that ends the file counts not.
fn start_of_last(file: &mut File, count: u64, out: &Output) -> Result<u64, Fault> {
    let length = file.seek(SeekFrom::End(0)).map_err(Fault::Io)?;
    if count == 0 {
        return Ok(length);
    }
    let mut left = count;
    let mut block = vec![0; BLOCK];
    let mut end = length;
    while end > 0 {
        out.check_stopping()?;
        let start = end.saturating_sub(BLOCK as u64);
        file.seek(SeekFrom::Start(start)).map_err(Fault::Io)?;
        let size = usize::try_from(end - start).unwrap_or(BLOCK);
        let bytes = block.get_mut(..size).unwrap_or_default();
        file.read_exact(bytes).map_err(Fault::Io)?;
        for (at, byte) in bytes.iter().enumerate().rev() {
            let after = start + at as u64 + 1;
            if *byte == b'\n' && after != length {
                left -= 1;
                if left == 0 {
                    return Ok(after);
                }
            }
        }
        end = start;
    }
    Ok(0)
}
