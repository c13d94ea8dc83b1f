//! Pictures of charts, as files.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatehouse_ipc::{Failure, Reply};

use crate::app::App;
use crate::failure::{bad_input, broken};

/// A screen of the largest size has less; more is a mistake of the window.
const BYTES_MAX: usize = 32 << 20;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Characters of a name at most.
const NAME_MAX: usize = 80;

impl App {
    /// Writes a picture into the data directory, under a name that nothing has yet.
    pub(crate) fn save_picture(
        &self,
        name: &str,
        format: &str,
        data: &str,
    ) -> Result<Reply, Failure> {
        let refused = |why: &str| {
            bad_input("The picture was not saved.", why, "Save it again as PNG or as SVG.")
        };
        let bytes = content(format, data).map_err(refused)?;
        let folder = self.ledger.folder().join("pictures");
        let write = write(&folder, &named(name), format, &bytes);
        write.map(|path| Reply::PictureSaved { path: path.display().to_string() }).map_err(
            |error| {
                broken(
                    "The picture was not saved.",
                    &error,
                    "Check the disk of the data directory.",
                )
            },
        )
    }
}

/// Returns the bytes of a picture of this format, or why they are none.
fn content(format: &str, data: &str) -> Result<Vec<u8>, &'static str> {
    if data.len() > BYTES_MAX {
        return Err("It is larger than 32 MB.");
    }
    match format {
        "svg" if data.starts_with("<svg ") => Ok(data.as_bytes().to_vec()),
        "png" => STANDARD
            .decode(data)
            .ok()
            .filter(|bytes| bytes.starts_with(PNG))
            .ok_or("What was to be saved is no PNG."),
        "svg" => Err("What was to be saved is no SVG."),
        _ => Err("Pictures are PNG or SVG."),
    }
}

/// Returns a name with letters, digits and dashes alone, so that it names no other folder.
fn named(name: &str) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '-' }
    };
    let name: String = name.chars().take(NAME_MAX).map(plain).collect();
    if name.trim_matches('-').is_empty() { "chart".to_owned() } else { name }
}

fn write(folder: &Path, name: &str, format: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let mut n = 1_u32;
    loop {
        let suffix = if n == 1 { String::new() } else { format!("-{n}") };
        let path = folder.join(format!("{name}{suffix}.{format}"));
        match std::fs::File::create_new(&path) {
            Ok(mut file) => {
                file.write_all(bytes)?;
                return Ok(path);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => n += 1,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_picture_of_a_name_has_a_number() {
        let folder = tempfile::tempdir().expect("makes a folder");
        let into = folder.path().join("pictures");
        for name in ["SPY-5m.svg", "SPY-5m-2.svg", "SPY-5m-3.svg"] {
            let path = write(&into, "SPY-5m", "svg", b"<svg />").expect("writes");
            assert_eq!(path, into.join(name));
        }
    }

    #[test]
    fn a_name_stays_in_its_folder() {
        for (asked, written) in [
            ("SPY 5m", "SPY-5m"),
            ("../../etc/x", "------etc-x"),
            ("", "chart"),
            ("..", "chart"),
            ("Ä/ß", "chart"),
        ] {
            assert_eq!(named(asked), written, "{asked:?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let png = STANDARD.encode([PNG, b"rest"].concat());
        for (format, data, is_good) in [
            ("svg", "<svg xmlns=\"x\"></svg>", true),
            ("svg", "<script>", false),
            ("png", png.as_str(), true),
            ("png", "AAAA", false),
            ("png", "not base 64", false),
            ("exe", "<svg ", false),
        ] {
            assert_eq!(content(format, data).is_ok(), is_good, "{format} {data}");
        }
    }
}
