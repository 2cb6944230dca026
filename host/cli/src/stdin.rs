//! Standard input: lines as they come, read by a thread of its own so that nothing waits for them, and a whole script.

use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use tokio::sync::mpsc;

use crate::exit::Problem;

/// The longest line that is taken.
const LINE_LIMIT: usize = 8 << 20;
/// The longest script that is taken: what a host takes as one command's text.
const SCRIPT_LIMIT: usize = 1 << 20;

/// Lines of stdin in the order they come, several at a time where several are there.
#[derive(Debug)]
pub(crate) struct Lines {
    chunks: mpsc::Receiver<Result<Vec<String>, Problem>>,
}

impl Lines {
    /// Begins to read. Nothing else may read stdin after that.
    pub(crate) fn open() -> Self {
        let (sender, chunks) = mpsc::channel(1);
        std::thread::spawn(move || {
            let mut source = BufReader::with_capacity(64 << 10, io::stdin().lock());
            loop {
                let chunk = next_lines(&mut source).transpose();
                let Some(chunk) = chunk else { return };
                let last = chunk.is_err();
                if sender.blocking_send(chunk).is_err() || last {
                    return;
                }
            }
        });
        Self { chunks }
    }

    /// The next lines, without their ends; none at the end.
    ///
    /// # Errors
    /// Stdin can't be read, or a line is too long.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<String>>, Problem> {
        self.chunks.recv().await.transpose()
    }
}

/// Waits for one line and takes those that have come with it.
fn next_lines(source: &mut impl BufRead) -> Result<Option<Vec<String>>, Problem> {
    let unreadable = |error: io::Error| Problem::Failed(format!("could not read the input: {error}"));
    let mut lines = Vec::new();
    let mut line = Vec::new();
    loop {
        let available = source.fill_buf().map_err(unreadable)?;
        if available.is_empty() {
            if !line.is_empty() {
                lines.push(text(&line));
            }
            return Ok((!lines.is_empty()).then_some(lines));
        }
        let end = available.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(available.len(), |end| end + 1);
        line.extend(available.iter().take(taken));
        source.consume(taken);
        if line.len() > LINE_LIMIT {
            let limit = LINE_LIMIT >> 20;
            return Err(Problem::Failed(format!("a line of the input is longer than {limit} MiB")));
        }
        if end.is_some() {
            lines.push(text(&line));
            line.clear();
            return Ok(Some(lines));
        }
    }
}

fn text(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    String::from_utf8_lossy(line).into_owned()
}

/// The script on stdin.
///
/// # Errors
/// It can't be read, is not UTF-8, or is too long.
pub(crate) fn script() -> Result<String, Problem> {
    read_script("the script on stdin", io::stdin().lock())
}

/// The script in a file.
///
/// # Errors
/// It can't be read, is not UTF-8, or is too long.
pub(crate) fn script_file(path: &Path) -> Result<String, Problem> {
    let file = std::fs::File::open(path).map_err(|error| Problem::file("open the script", path, &error))?;
    read_script(&format!("`{}`", path.display()), file)
}

fn read_script(what: &str, source: impl io::Read) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(SCRIPT_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    let read = source.take(limit).read_to_end(&mut bytes);
    read.map_err(|error| Problem::Failed(format!("could not read {what}: {error}")))?;
    if bytes.len() > SCRIPT_LIMIT {
        return Err(Problem::Failed(format!(
            "{what} is longer than {} MiB, the most that a host takes",
            SCRIPT_LIMIT >> 20
        )));
    }
    let text = String::from_utf8(bytes).map_err(|_not| Problem::Failed(format!("{what} is not UTF-8")))?;
    Ok(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::{LINE_LIMIT, SCRIPT_LIMIT, next_lines, read_script};

    fn all(bytes: &[u8]) -> Vec<String> {
        // A buffer smaller than the lines, as a pipe may bring them.
        let mut source = BufReader::with_capacity(3, Cursor::new(bytes.to_vec()));
        let mut lines = Vec::new();
        while let Some(more) = next_lines(&mut source).unwrap() {
            lines.extend(more);
        }
        lines
    }

    #[test]
    fn lines_lose_their_ends_and_nothing_else() {
        assert_eq!(all(b"one\r\n\ntwo \nlast"), ["one", "", "two ", "last"]);
        assert_eq!(all(b""), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_utf_8_is_replaced() {
        assert_eq!(all(b"a\xffb\n"), ["a\u{fffd}b"]);
    }

    #[test]
    fn a_line_that_is_too_long_is_an_error() {
        let mut source = BufReader::new(Cursor::new(vec![b'x'; LINE_LIMIT + 1]));
        assert!(next_lines(&mut source).is_err());
    }

    #[test]
    fn a_script_loses_its_byte_order_mark() {
        assert_eq!(read_script("it", Cursor::new("\u{feff}1")).unwrap(), "1");
    }

    #[test]
    fn a_script_that_is_too_long_or_not_text_is_an_error() {
        assert!(read_script("it", Cursor::new(vec![b'1'; SCRIPT_LIMIT])).is_ok());
        assert!(read_script("it", Cursor::new(vec![b'1'; SCRIPT_LIMIT + 1])).is_err());
        assert!(read_script("it", Cursor::new(b"\xff".to_vec())).is_err());
    }
}
