//! `xtask/tidy-exceptions.txt`: what may be larger than the house allows, and why. A line is
//! `PATH[::FUNCTION] REASON`. A line that excuses nothing is itself a breach.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};

const FILE: &str = "xtask/tidy-exceptions.txt";

/// The list, and which lines were used.
pub(crate) struct Exceptions(BTreeMap<String, bool>);

impl Exceptions {
    /// Reads the list.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(root.join(FILE)).with_context(|| format!("reading {FILE}"))?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut places = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let Some((place, reason)) = line.split_once(' ') else {
                bail!("{FILE}: {line:?} has no reason");
            };
            if reason.trim().len() < 10 {
                bail!("{FILE}: the reason for {place} says nothing");
            }
            places.insert(place.to_owned(), false);
        }
        Ok(Self(places))
    }

    /// Returns whether `place` is excused, and remembers that it was asked.
    pub(crate) fn excuse(&mut self, place: &str) -> bool {
        self.0.get_mut(place).map(|used| *used = true).is_some()
    }

    /// Returns a breach for each line that excused nothing.
    pub(crate) fn unused(&self) -> Vec<String> {
        self.0
            .iter()
            .filter(|(_, used)| !**used)
            .map(|(place, _)| format!("{FILE}: {place} needs no exception, remove the line"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_a_reason_is_refused() {
        assert!(Exceptions::parse("crates/a.rs").is_err());
        assert!(Exceptions::parse("crates/a.rs because").is_err());
    }

    #[test]
    fn a_line_that_excuses_nothing_is_a_breach() {
        let mut list = Exceptions::parse("a.rs one table of the protocol\nb.rs another long table")
            .expect("is a list");
        assert!(list.excuse("a.rs"));
        assert_eq!(list.unused().len(), 1);
    }
}
