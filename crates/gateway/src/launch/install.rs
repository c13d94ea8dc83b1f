//! What is installed on this machine: Gateways, their Java, login helpers.
//!
//! Facts about the folders are from the public start scripts and documentation of IBC, and the
//! installers of Interactive Brokers.

use std::path::{Path, PathBuf};

use super::LaunchError;

/// Where things are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The person's own folder.
    pub home: PathBuf,
    /// Folders that may hold Gateways.
    pub gateways: Vec<PathBuf>,
    /// Folders of the search path.
    pub path: Vec<PathBuf>,
}

impl Places {
    /// Returns the usual places of this system for the person whose folder is `home`, with the
    /// search path as the environment has it.
    #[must_use]
    pub fn usual(home: PathBuf, path: Option<&std::ffi::OsStr>) -> Self {
        let gateways = if cfg!(target_os = "macos") {
            vec![home.join("Applications"), PathBuf::from("/Applications")]
        } else if cfg!(windows) {
            vec![PathBuf::from("C:\\Jts"), home.join("Jts")]
        } else {
            vec![home.join("Jts"), PathBuf::from("/opt/Jts"), PathBuf::from("/opt")]
        };
        let path = path.map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
        Self { home, gateways, path }
    }

    /// Returns where a Gateway keeps its settings unless it is told otherwise.
    #[must_use]
    pub fn settings_dir(&self) -> PathBuf {
        if cfg!(windows) { PathBuf::from("C:\\Jts") } else { self.home.join("Jts") }
    }

    /// Returns the standalone Gateways that are installed, the newest first.
    ///
    /// # Errors
    /// When there is none.
    pub fn gateways(&self) -> Result<Vec<Installation>, LaunchError> {
        let mut found: Vec<Installation> = self
            .gateways
            .iter()
            .flat_map(|root| [root.clone(), root.join("ibgateway")])
            .flat_map(|root| folders(&root))
            .filter_map(|folder| Installation::at(&folder).ok())
            .collect();
        found.sort_by_key(|installation| std::cmp::Reverse(installation.order()));
        found.dedup();
        if found.is_empty() {
            let looked_in: Vec<_> =
                self.gateways.iter().map(|root| root.display().to_string()).collect();
            return Err(LaunchError::NotInstalled { looked_in: looked_in.join(" and ") });
        }
        Ok(found)
    }

    /// Returns the Java program for a Gateway: the one that it came with, else that of the machine.
    ///
    /// # Errors
    /// When there is none.
    pub fn java(&self, installation: &Installation) -> Result<PathBuf, LaunchError> {
        let name = if cfg!(windows) { "java.exe" } else { "java" };
        let own = installation.folder.join(".install4j");
        let noted = ["pref_jre.cfg", "inst_jre.cfg"].into_iter().filter_map(|file| {
            let text = std::fs::read_to_string(own.join(file)).ok()?;
            text.lines().next().map(|line| PathBuf::from(line.trim()).join("bin"))
        });
        let bundled = [
            installation.folder.join("jre/bin"),
            own.join("jre.bundle/Contents/Home/jre/bin"),
            own.join("jre.bundle/Contents/Home/bin"),
        ];
        noted
            .chain(bundled)
            .chain(self.path.iter().cloned())
            .map(|folder| folder.join(name))
            .find(|program| program.is_file())
            .ok_or(LaunchError::NoJava)
    }

    /// Returns the IBC jars that are installed, the one of `ibc2` first.
    #[must_use]
    pub fn helpers(&self) -> Vec<PathBuf> {
        let share = self.home.join(".local/share");
        let pythons = [
            share.join("pipx/venvs/ibc2/lib"),
            share.join("uv/tools/ibc2/lib"),
            self.home.join(".local/lib"),
            self.home.join("AppData/Local/Programs/Python"),
        ];
        let packages = pythons.iter().flat_map(|lib| folders(lib)).flat_map(|python| {
            ["site-packages", "Lib/site-packages"]
                .map(|packages| python.join(packages).join("ibc2/_ibc/IBC.jar"))
        });
        let plain = [self.home.join("ibc"), PathBuf::from("/opt/ibc"), PathBuf::from("C:\\IBC")]
            .map(|folder| folder.join("IBC.jar"));
        packages.chain(plain).filter(|jar| jar.is_file()).collect()
    }
}

fn folders(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = root.read_dir() else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|it| it.is_dir()).collect();
    folders.sort();
    folders
}

/// A standalone Gateway on this machine. The one that updates itself cannot be driven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// As its folder is named, such as `1037` or `10.37`.
    pub version: String,
    pub folder: PathBuf,
}

impl Installation {
    /// Looks at a folder that was found or named.
    ///
    /// # Errors
    /// When it is not that of a standalone Gateway.
    pub fn at(folder: &Path) -> Result<Self, LaunchError> {
        let refused = || LaunchError::NotStandalone { folder: folder.to_owned() };
        let name = folder.file_name().and_then(|name| name.to_str()).ok_or_else(refused)?;
        // On macOS the folder is named after the program too.
        let version = name.rsplit(' ').next().unwrap_or(name);
        let is_version = version.starts_with(|c: char| c.is_ascii_digit())
            && version.chars().all(|c| c.is_ascii_digit() || c == '.');
        let installation = Self { version: version.to_owned(), folder: folder.to_owned() };
        if !is_version || name.starts_with("Trader") || installation.jars().is_empty() {
            return Err(refused());
        }
        Ok(installation)
    }

    /// Returns its libraries, in the order of their names.
    pub(super) fn jars(&self) -> Vec<PathBuf> {
        let Ok(entries) = self.folder.join("jars").read_dir() else { return Vec::new() };
        let mut jars: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jar"))
            .collect();
        jars.sort();
        jars
    }

    /// Newer versions are greater; `1037` is `10.37`.
    fn order(&self) -> Vec<u32> {
        let at = self.version.len().saturating_sub(2);
        let parts: Vec<&str> = match self.version.split_at_checked(at) {
            Some((major, minor)) if !self.version.contains('.') => vec![major, minor],
            Some(_) | None => self.version.split('.').collect(),
        };
        parts.iter().map(|part| part.parse().unwrap_or(0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("has a folder")).expect("is made");
        std::fs::write(path, text).expect("is written");
    }

    fn places(root: &Path) -> Places {
        Places {
            home: root.to_owned(),
            gateways: vec![root.join("Jts"), root.join("Applications")],
            path: vec![root.join("bin")],
        }
    }

    #[test]
    fn standalone_gateways_are_found_newest_first_and_others_are_not() {
        let root = tempfile::tempdir().expect("a folder");
        for version in ["981", "1019", "1037", "1030"] {
            file(root.path(), &format!("Jts/ibgateway/{version}/jars/a.jar"), "");
        }
        file(root.path(), "Jts/ibgateway/latest/jars/a.jar", "");
        file(root.path(), "Jts/ibgateway/1040/ibgateway.vmoptions", "");
        file(root.path(), "Applications/IB Gateway 10.41/jars/a.jar", "");
        file(root.path(), "Applications/Trader Workstation 10.42/jars/a.jar", "");
        let found = places(root.path()).gateways().expect("some are there");
        let versions: Vec<_> = found.iter().map(|it| it.version.as_str()).collect();
        assert_eq!(versions, ["10.41", "1037", "1030", "1019", "981"]);
    }

    #[test]
    fn no_gateway_is_told_with_where_and_what_to_do() {
        let root = tempfile::tempdir().expect("a folder");
        let error = places(root.path()).gateways().expect_err("nothing is there");
        assert!(error.to_string().contains("Jts and "), "{error}");
        assert!(error.next().contains("offline version"), "{}", error.next());
    }

    #[test]
    fn java_is_the_one_that_the_gateway_notes_then_its_own_then_the_machines() {
        let root = tempfile::tempdir().expect("a folder");
        file(root.path(), "Jts/ibgateway/1037/jars/a.jar", "");
        let folder = root.path().join("Jts/ibgateway/1037");
        let installation = Installation::at(&folder).expect("is one");
        let java = || places(root.path()).java(&installation);
        assert!(matches!(java(), Err(LaunchError::NoJava)));
        let name = if cfg!(windows) { "java.exe" } else { "java" };
        let noted = root.path().join("noted");
        let steps = [
            (root.path().join("bin").join(name), None),
            (folder.join("jre/bin").join(name), None),
            (noted.join("bin").join(name), Some(noted.display().to_string())),
        ];
        for (program, note) in steps {
            if let Some(note) = note {
                file(&folder, ".install4j/pref_jre.cfg", &format!("{note}\n"));
            }
            std::fs::create_dir_all(program.parent().expect("has a folder")).expect("is made");
            std::fs::write(&program, "").expect("is written");
            assert_eq!(java().expect("is there"), program);
        }
    }

    #[test]
    fn helpers_are_found_where_pip_pipx_and_hands_put_them() {
        let root = tempfile::tempdir().expect("a folder");
        let jars = [
            ".local/share/pipx/venvs/ibc2/lib/python3.12/site-packages/ibc2/_ibc/IBC.jar",
            ".local/lib/python3.11/site-packages/ibc2/_ibc/IBC.jar",
            "ibc/IBC.jar",
        ];
        for jar in jars {
            file(root.path(), jar, "");
        }
        let found = places(root.path()).helpers();
        assert!(found.starts_with(&jars.map(|jar| root.path().join(jar))), "{found:?}");
    }
}
