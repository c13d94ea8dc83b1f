//! The charts' own document: drawings and layouts. The window owns what is in it.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use gatehouse_ipc::{Failure, Reply};

use crate::app::App;
use crate::failure::{bad_input, broken};

/// Name of the file in the data directory.
const FILE_NAME: &str = "charts.json";

/// Thousands of drawings are far below it; more is a mistake of the window.
const BYTES_MAX: usize = 4 << 20;

impl App {
    /// Returns the document that was kept last.
    pub(crate) fn chart_book(&self) -> Result<Reply, Failure> {
        let read = read(&self.ledger.folder().join(FILE_NAME));
        read.map(|document| Reply::ChartBook { document }).map_err(|error| {
            broken("The drawings and layouts are not shown.", &error, "Look at the data directory.")
        })
    }

    /// Keeps a document in place of the last one.
    pub(crate) fn save_chart_book(&self, document: &str) -> Result<Reply, Failure> {
        if document.len() > BYTES_MAX {
            return Err(bad_input(
                "The drawings and layouts were not kept.",
                format!("They have {} bytes; the most is {BYTES_MAX}.", document.len()),
                "Delete drawings that are not needed any more.",
            ));
        }
        let write = write(&self.ledger.folder().join(FILE_NAME), document);
        write.map(|()| Reply::Done { after_s: None, note: None }).map_err(|error| {
            broken(
                "The drawings and layouts were not kept.",
                &error,
                "Free some disk space; what was kept before is still there.",
            )
        })
    }
}

fn read(path: &Path) -> std::io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(document) => Ok(Some(document)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes beside the file first, so that a crash leaves the old document or the new one.
fn write(path: &Path, document: &str) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut file = std::fs::File::create(&new)?;
    file.write_all(document.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_last_is_read_and_a_half_written_one_is_not() {
        let folder = tempfile::tempdir().expect("makes a folder");
        let path = folder.path().join(FILE_NAME);
        assert_eq!(read(&path).expect("reads"), None);
        for document in ["{\"version\":1}", "{\"version\":2}"] {
            write(&path, document).expect("writes");
            assert_eq!(read(&path).expect("reads").as_deref(), Some(document));
        }
        std::fs::write(path.with_extension("new"), "{\"ver").expect("writes");
        assert_eq!(read(&path).expect("reads").as_deref(), Some("{\"version\":2}"));
    }
}
