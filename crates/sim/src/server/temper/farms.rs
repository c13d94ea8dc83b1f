//! The farms that the Gateway names to each client, and the codes for what happens to them.
//!
//! It must never know clients. Asked by the hub.

use crate::world::drill::Farm;

/// Farms by name, in the order in which they are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farms(Vec<(String, bool)>);

/// What is said of a farm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FarmWord {
    Ok,
    Broken,
    /// It connects when somebody asks for something.
    Idle,
}

/// Why a list of farms is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not the name of a farm; use letters, digits and dots, and :idle behind it")]
pub struct FarmsError {
    name: String,
}

impl Default for Farms {
    fn default() -> Self {
        Self(["usfarm", "ushmds", "secdefil"].map(|name| (name.to_owned(), false)).into())
    }
}

impl std::str::FromStr for Farms {
    type Err = FarmsError;

    /// Reads `usfarm,cashfarm,ushmds:idle,secdefil`.
    fn from_str(text: &str) -> Result<Self, FarmsError> {
        let farm = |given: &str| {
            let (name, is_idle) =
                given.strip_suffix(":idle").map_or((given, false), |name| (name, true));
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
            if name.is_empty() || name.len() > 40 || !name.bytes().all(is_name) {
                return Err(FarmsError { name: given.to_owned() });
            }
            Ok((name.to_owned(), is_idle))
        };
        text.split(',').map(|given| farm(given.trim())).collect::<Result<_, _>>().map(Self)
    }
}

impl Farms {
    /// Returns code and text for each farm as a client hears them that was just let in, the
    /// definitions' last.
    #[must_use]
    pub(crate) fn at_connect(&self) -> Vec<(i32, String)> {
        self.0
            .iter()
            .map(|(name, is_idle)| {
                notice(name, if *is_idle { FarmWord::Idle } else { FarmWord::Ok })
            })
            .collect()
    }

    /// Returns the names of the farms that connect with the first request of their kind, and lets
    /// them be connected.
    pub(crate) fn wake(&mut self, for_history: bool) -> Vec<String> {
        let is_kind = |name: &str| match Farm::of(name) {
            Farm::History => for_history,
            Farm::Market | Farm::Futures | Farm::Pairs | Farm::Europe => !for_history,
            Farm::Definitions => false,
        };
        let idle = self.0.iter_mut().filter(|(name, is_idle)| *is_idle && is_kind(name));
        idle.map(|(name, is_idle)| {
            *is_idle = false;
            name.clone()
        })
        .collect()
    }
}

/// Returns code and text of a notice about a farm.
#[must_use]
pub(crate) fn notice(name: &str, word: FarmWord) -> (i32, String) {
    let (code, text) = match (Farm::of(name), word) {
        (Farm::History, FarmWord::Ok) => (2106, "HMDS data farm connection is OK:"),
        (Farm::History, FarmWord::Broken) => (2105, "HMDS data farm connection is broken:"),
        (Farm::History, FarmWord::Idle) => {
            (2107, "HMDS data farm connection is inactive but should be available upon demand.")
        }
        (Farm::Definitions, FarmWord::Ok | FarmWord::Idle) => {
            (2158, "Sec-def data farm connection is OK:")
        }
        (Farm::Definitions, FarmWord::Broken) => (2157, "Sec-def data farm connection is broken:"),
        (Farm::Market | Farm::Futures | Farm::Pairs | Farm::Europe, FarmWord::Ok) => {
            (2104, "Market data farm connection is OK:")
        }
        (Farm::Market | Farm::Futures | Farm::Pairs | Farm::Europe, FarmWord::Broken) => {
            (2103, "Market data farm connection is broken:")
        }
        (Farm::Market | Farm::Futures | Farm::Pairs | Farm::Europe, FarmWord::Idle) => {
            (2108, "Market data farm connection is inactive but should be available upon demand.")
        }
    };
    (code, format!("{text}{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_farm_has_its_code() {
        for (name, word, code) in [
            ("usfarm.nj", FarmWord::Ok, 2104),
            ("usfarm", FarmWord::Broken, 2103),
            ("cashfarm", FarmWord::Idle, 2108),
            ("ushmds", FarmWord::Ok, 2106),
            ("euhmds", FarmWord::Broken, 2105),
            ("ushmds", FarmWord::Idle, 2107),
            ("secdefil", FarmWord::Ok, 2158),
            ("secdefil", FarmWord::Broken, 2157),
        ] {
            let (found, text) = notice(name, word);
            assert_eq!(found, code, "{name} {word:?}");
            assert!(text.ends_with(name), "{text}");
        }
    }

    #[test]
    fn an_idle_farm_connects_with_the_first_request_of_its_kind() {
        let mut farms: Farms = "usfarm,ushmds:idle,cashfarm:idle".parse().expect("are farms");
        let codes = |farms: &Farms| farms.at_connect().iter().map(|(code, _)| *code).collect();
        assert_eq!(Vec::from_iter::<Vec<i32>>(codes(&farms)), [2104, 2107, 2108]);
        assert_eq!(farms.wake(true), ["ushmds"]);
        assert!(farms.wake(true).is_empty());
        assert_eq!(Vec::from_iter::<Vec<i32>>(codes(&farms)), [2104, 2106, 2108]);
        for text in ["", "usfarm,,x", "us farm", "a:busy"] {
            assert!(text.parse::<Farms>().is_err(), "{text}");
        }
    }
}
