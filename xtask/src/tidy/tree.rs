//! The source files that the rules apply to: what git tracks or would track.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

/// A source file: its path from the root, with `/`, and its text.
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl SourceFile {
    /// Returns whether the path ends in one of these endings.
    pub(crate) fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// Reads every Rust, TypeScript, Svelte and CSS file below `root`.
pub(crate) fn files(root: &Path) -> anyhow::Result<Vec<SourceFile>> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .output()
        .context("starting git to list the files")?;
    if !output.status.success() {
        bail!("git could not list the files: {}", String::from_utf8_lossy(&output.stderr));
    }
    let listed = String::from_utf8(output.stdout).context("reading the list of files")?;
    let wanted = [".rs", ".ts", ".svelte", ".css", ".js", ".py"];
    let mut files = Vec::new();
    for path in listed.lines().filter(|path| wanted.iter().any(|ending| path.ends_with(ending))) {
        // A file that was deleted and not yet committed is still listed.
        if let Ok(text) = std::fs::read_to_string(root.join(path)) {
            files.push(SourceFile { path: path.to_owned(), text });
        }
    }
    Ok(files)
}
