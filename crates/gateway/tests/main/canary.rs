//! The password of the scenarios reaches the login window, and nothing else.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::stage::{CANARY, Run, Stage};

/// A part that every form of it has: escaped, quoted, or as it is.
const BEAK: &str = "c4n\\ry";

/// Holds that the stand-in got every character of it.
pub(crate) fn expect_entered(stage: &Stage, user: &str) {
    let digest = Sha256::digest(CANARY.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(stage.noted("entered"), format!("{user} paper {hex}\n"));
}

/// Holds that no process of this machine shows it, and that nothing said it.
pub(crate) fn expect_hidden(stage: &Stage, run: &Run, user: &str) {
    assert!(run.lines.len() > 50, "the helper printed little: {:?}", run.lines);
    for line in &run.lines {
        assert!(!has_canary(line.as_bytes()), "{line}");
    }
    let debug = format!("{:?} {:?}", run.gateway, stage.settings);
    assert!(!has_canary(debug.as_bytes()), "{debug}");
    let mut n_seen = 0;
    for entry in Path::new("/proc").read_dir().expect("Linux has it").filter_map(Result::ok) {
        for name in ["cmdline", "environ"] {
            let path = entry.path().join(name);
            // Processes end while they are looked at, and some are not ours.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            n_seen += 1;
            assert!(!has_canary(&bytes), "{}", path.display());
        }
    }
    assert!(n_seen > 4, "only {n_seen} processes were seen");
    expect_in_no_file(stage, user);
}

/// Holds that no file of the scenario has it, nor one among the system's short-lived ones that was
/// made for this user: other scenarios run beside it.
pub(crate) fn expect_in_no_file(stage: &Stage, user: &str) {
    let login = format!("IbLoginId={user}\n");
    let n_files = look_into(stage.dir.path());
    assert!(n_files > 5, "only {n_files} files were seen");
    for entry in std::env::temp_dir().read_dir().expect("is there").filter_map(Result::ok) {
        let is_handover = entry.file_name().to_string_lossy().starts_with("gatehouse-");
        if is_handover && let Ok(bytes) = std::fs::read(entry.path()) {
            let is_ours = bytes.starts_with(login.as_bytes());
            assert!(!(is_ours && has_canary(&bytes)), "{}", entry.path().display());
        }
    }
}

fn look_into(folder: &Path) -> u32 {
    let mut n_files = 0;
    for entry in folder.read_dir().expect("is ours").filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            n_files += look_into(&path);
        } else if let Ok(bytes) = std::fs::read(&path) {
            n_files += 1;
            assert!(!has_canary(&bytes), "{}", path.display());
        }
    }
    n_files
}

fn has_canary(bytes: &[u8]) -> bool {
    let has = |part: &[u8]| bytes.windows(part.len()).any(|it| it == part);
    // Escaped, its backslash is doubled.
    has(BEAK.as_bytes()) || has(BEAK.replace('\\', "\\\\").as_bytes()) || has(CANARY.as_bytes())
}
