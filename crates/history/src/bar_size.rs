//! The sizes of bars that the broker has: the one list of their words, names and rules.
//!
//! Pure. Whoever reads or writes the size of a bar asks here: the planner, the desk, what bots ask
//! for, and the names in charts and on the command line. Source: the broker's page on historical
//! bar sizes; that bars below 5 seconds do not grow is on the page of `keepUpToDate`.

/// One size of bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BarSize {
    /// Length in seconds; a month counts as 30 days.
    pub secs: u32,
    /// The word on the wire.
    pub word: &'static str,
    /// How people and files call it.
    pub name: &'static str,
}

/// Bars of up to this many seconds count among the requests of ten minutes.
pub(crate) const PACED_SECS: u32 = 30;
/// Bars of this many seconds and more may grow.
const GROWS_SECS: u32 = 5;
/// The kinds of prices whose bars may grow.
const GROWING_KINDS: [&str; 4] = ["TRADES", "MIDPOINT", "BID", "ASK"];

const fn size(secs: u32, word: &'static str, name: &'static str) -> BarSize {
    BarSize { secs, word, name }
}

/// All of them, the smallest first.
pub const BAR_SIZES: &[BarSize] = &[
    size(1, "1 secs", "1s"),
    size(5, "5 secs", "5s"),
    size(10, "10 secs", "10s"),
    size(15, "15 secs", "15s"),
    size(30, "30 secs", "30s"),
    size(60, "1 min", "1m"),
    size(120, "2 mins", "2m"),
    size(180, "3 mins", "3m"),
    size(300, "5 mins", "5m"),
    size(600, "10 mins", "10m"),
    size(900, "15 mins", "15m"),
    size(1_200, "20 mins", "20m"),
    size(1_800, "30 mins", "30m"),
    size(3_600, "1 hour", "1h"),
    size(7_200, "2 hours", "2h"),
    size(10_800, "3 hours", "3h"),
    size(14_400, "4 hours", "4h"),
    size(28_800, "8 hours", "8h"),
    size(86_400, "1 day", "1d"),
    size(604_800, "1 week", "1w"),
    size(2_592_000, "1 month", "1mo"),
];

impl BarSize {
    /// Returns the size of so many seconds; `None` where the broker has no such bar.
    #[must_use]
    pub fn of_secs(secs: u32) -> Option<Self> {
        BAR_SIZES.iter().find(|size| size.secs == secs).copied()
    }

    /// Reads the word on the wire, with spaces around it or without.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        BAR_SIZES.iter().find(|size| size.word == word.trim()).copied()
    }

    /// Reads the name, such as `5m`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        BAR_SIZES.iter().find(|size| size.name == name).copied()
    }

    /// Returns whether requests for such bars count among those of ten minutes.
    #[must_use]
    pub const fn is_paced(self) -> bool {
        self.secs <= PACED_SECS
    }

    /// Returns whether the broker tells of such bars of a kind of prices as they grow.
    #[must_use]
    pub fn grows(self, what: &str) -> bool {
        self.secs >= GROWS_SECS && GROWING_KINDS.contains(&what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_size_is_found_by_its_seconds_its_word_and_its_name() {
        for size in BAR_SIZES {
            assert_eq!(BarSize::of_secs(size.secs), Some(*size));
            assert_eq!(BarSize::of_word(&format!(" {} ", size.word)), Some(*size));
            assert_eq!(BarSize::of_name(size.name), Some(*size));
        }
        assert!(BAR_SIZES.is_sorted_by(|a, b| a.secs < b.secs));
        assert_eq!(BarSize::of_secs(240), None);
        assert_eq!(BarSize::of_word("1 sec"), None);
        assert_eq!(BarSize::of_name("5M"), None);
    }

    #[test]
    fn half_a_minute_is_paced_and_bars_grow_from_five_seconds_on() {
        let rules = |name: &str| {
            let size = BarSize::of_name(name).expect("is one");
            (size.is_paced(), size.grows("BID"), size.grows("ADJUSTED_LAST"))
        };
        assert_eq!(rules("1s"), (true, false, false));
        assert_eq!(rules("5s"), (true, true, false));
        assert_eq!(rules("30s"), (true, true, false));
        assert_eq!(rules("1m"), (false, true, false));
    }
}
