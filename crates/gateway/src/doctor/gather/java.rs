//! The Java that a Gateway of this machine would run in, and its version.

use std::path::{Path, PathBuf};

use super::super::JavaFact;
use crate::launch::{Installation, Places};

pub(super) fn look(places: &Places, newest: Option<&Installation>) -> JavaFact {
    let found = newest.and_then(|installation| places.java(installation).ok());
    let name = if cfg!(windows) { "java.exe" } else { "java" };
    let of_machine =
        || places.path.iter().map(|folder| folder.join(name)).find(|program| program.is_file());
    found.or_else(of_machine).map_or(JavaFact::Missing, |path| {
        let version = version(&path);
        JavaFact::Found { path, version }
    })
}

/// Reads the version from the file `release` that every Java brings.
fn version(program: &Path) -> Option<String> {
    let program = program.canonicalize().ok()?;
    let root: PathBuf = program.ancestors().nth(2)?.to_owned();
    let text = std::fs::read_to_string(root.join("release")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("JAVA_VERSION="))?;
    Some(line.trim().trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn java_says_its_version_in_its_own_folder() {
        let root = tempfile::tempdir().expect("a folder");
        let places = Places {
            home: root.path().to_owned(),
            gateways: Vec::new(),
            path: vec![root.path().join("java/bin")],
        };
        assert_eq!(look(&places, None), JavaFact::Missing);
        let path =
            root.path().join("java/bin").join(if cfg!(windows) { "java.exe" } else { "java" });
        std::fs::create_dir_all(path.parent().expect("has a folder")).expect("is made");
        std::fs::write(&path, "").expect("is written");
        let found = |version: Option<&str>| JavaFact::Found {
            path: path.clone(),
            version: version.map(str::to_owned),
        };
        assert_eq!(look(&places, None), found(None));
        let release = "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.10\"\n";
        std::fs::write(root.path().join("java/release"), release).expect("is written");
        assert_eq!(look(&places, None), found(Some("17.0.10")));
    }
}
