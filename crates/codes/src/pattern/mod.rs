//! Reads many messages: how often each code comes, what keeps coming back, and what would end it.

mod finding;
mod reset;
mod rule;
mod tally;
mod track;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gatehouse_types::{BotName, Utc};

use crate::{Meaning, meaning};

pub use finding::Finding;
pub use reset::Region;
pub use rule::Pattern;
pub use tally::CodeCount;

use finding::gap;
use tally::Tally;
use track::Track;

/// Codes that are counted; the one not seen for longest gives way.
const CODES_MAX: usize = 256;
/// Patterns that are followed; the one not seen for longest gives way.
const TRACKS_MAX: usize = 512;
const FARMS_MAX: usize = 64;
const FINDINGS_MAX: usize = 50;
/// A count ends when its code stayed away this long.
const COUNTED_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const SWEPT_EVERY: Duration = Duration::from_secs(60);

/// What a request was that a message answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestKind {
    Order,
    MarketData,
    Depth,
    TickByTick,
    History,
    Contract,
    Account,
    Other,
}

/// A message as it was heard.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub at: Utc,
    pub code: i32,
    pub text: &'a str,
    /// The bot on whose connection it came; `None` for one that belongs to no bot.
    pub bot: Option<&'a BotName>,
    /// `None` when it answers no request, or the request is not known.
    pub request: Option<RequestKind>,
    /// The instrument of the request, where it is known.
    pub symbol: Option<&'a str>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    pattern: Pattern,
    bot: Option<BotName>,
    about: String,
}

/// What was heard lately.
///
/// Bounded: at most 256 codes and 512 patterns, 128 instants each. What is older than its window
/// no longer counts; after a day without news a pattern is forgotten, after a week a count. The
/// same messages at the same instants give the same findings.
#[derive(Debug)]
pub struct Patterns {
    region: Region,
    tallies: BTreeMap<i32, Tally>,
    tracks: BTreeMap<Key, Track>,
    farms_down: BTreeSet<String>,
    swept_at: Option<Utc>,
}

impl Patterns {
    #[must_use]
    pub const fn new(region: Region) -> Self {
        Self {
            region,
            tallies: BTreeMap::new(),
            tracks: BTreeMap::new(),
            farms_down: BTreeSet::new(),
            swept_at: None,
        }
    }

    /// Takes a message in.
    pub fn feed(&mut self, seen: &Seen<'_>) {
        self.sweep(seen.at);
        let meaning = meaning(seen.code, seen.text);
        self.count(seen, meaning);
        if let Some(farm) = self.returned_farm(seen) {
            self.follow(seen, &meaning, Pattern::FarmFlapping, farm);
        }
        if let Some((pattern, about)) = rule::sort(seen, &meaning, self.region) {
            self.follow(seen, &meaning, pattern, about);
        }
    }

    /// Returns what keeps coming back at this moment: the worst first, then the most frequent. At
    /// most 50.
    #[must_use]
    pub fn findings(&self, now: Utc) -> Vec<Finding> {
        let found = self.tracks.iter().filter_map(|(key, track)| {
            let (window, least) = key.pattern.rule();
            let numbers = track.numbers(now, window)?;
            (numbers.n_seen >= least).then(|| finding::write(key, track, numbers, self.region))
        });
        let mut findings: Vec<Finding> = found.collect();
        findings.sort_by_key(|finding| Reverse((finding.severity, finding.n_seen)));
        findings.truncate(FINDINGS_MAX);
        findings
    }

    /// Returns how often each code came, in the order of codes.
    #[must_use]
    pub fn counts(&self, now: Utc) -> Vec<CodeCount> {
        let is_recent = |tally: &Tally| gap(tally.last, now) <= COUNTED_FOR;
        let recent = self.tallies.iter().filter(|(_, tally)| is_recent(tally));
        recent.map(|(code, tally)| tally.count(*code, now)).collect()
    }

    fn count(&mut self, seen: &Seen<'_>, meaning: Meaning) {
        if self.tallies.len() == CODES_MAX && !self.tallies.contains_key(&seen.code) {
            let oldest = self.tallies.iter().min_by_key(|(_, tally)| tally.last);
            if let Some(oldest) = oldest.map(|(code, _)| *code) {
                self.tallies.remove(&oldest);
            }
        }
        let tally = self.tallies.entry(seen.code).or_insert_with(|| Tally::new(seen.at, meaning));
        tally.add(seen.at, meaning);
    }

    fn follow(&mut self, seen: &Seen<'_>, meaning: &Meaning, pattern: Pattern, about: String) {
        let bot = seen.bot.filter(|_| !pattern.is_global()).cloned();
        let key = Key { pattern, bot, about };
        if self.tracks.len() == TRACKS_MAX && !self.tracks.contains_key(&key) {
            let oldest = self.tracks.iter().min_by_key(|(_, track)| track.last);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.tracks.remove(&oldest);
            }
        }
        let track = self.tracks.entry(key).or_insert_with(|| Track::new(seen, meaning));
        track.add(seen, meaning, pattern.echo());
    }

    /// Returns the farm whose return the message tells: a break and a return are one flap.
    fn returned_farm(&mut self, seen: &Seen<'_>) -> Option<String> {
        let named = seen.text.rsplit_once(':').map_or("without a name", |(_, farm)| farm.trim());
        let farm: String = named.chars().take(48).collect();
        match seen.code {
            2103 | 2105 | 2157 => {
                self.farms_down.insert(farm);
                if self.farms_down.len() > FARMS_MAX {
                    self.farms_down.pop_first();
                }
                None
            }
            2104 | 2106 | 2158 => self.farms_down.remove(&farm).then_some(farm),
            _ => None,
        }
    }

    /// Forgets what no window reaches, so that memory follows the present.
    fn sweep(&mut self, now: Utc) {
        if self.swept_at.is_some_and(|swept| gap(swept, now) < SWEPT_EVERY) {
            return;
        }
        self.swept_at = Some(now);
        self.tracks.retain(|_, track| gap(track.last, now) <= rule::LONGEST);
        self.tallies.retain(|_, tally| gap(tally.last, now) <= COUNTED_FOR);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_grows_beyond_its_bound() {
        let mut patterns = Patterns::new(Region::Europe);
        let bot: BotName = "a".parse().expect("is a name");
        for index in 0..10_000_i64 {
            let (farm, symbol) = (format!("is broken:farm{index}"), format!("S{index}"));
            let rule = format!("Order rejected - Gatehouse GH-{index}: no");
            let about = if index < 5_000 { 10_168 } else { 201 };
            for (code, text) in [(2103, farm.as_str()), (about, rule.as_str())] {
                patterns.feed(&Seen {
                    at: Utc::from_nanos(index * 11_000_000_000),
                    code,
                    text,
                    bot: Some(&bot),
                    request: None,
                    symbol: Some(&symbol),
                });
            }
        }
        assert_eq!(patterns.tracks.len(), TRACKS_MAX);
        assert_eq!(patterns.farms_down.len(), FARMS_MAX);
        assert!(patterns.tallies.values().all(|tally| tally.n_slots() <= 360));
        // The oldest gave way: the data that was missing first, then the first refusals.
        let abouts: Vec<&str> = patterns.tracks.keys().map(|key| key.about.as_str()).collect();
        assert!(abouts.contains(&"GH-9999") && !abouts.contains(&"GH-5000"));
    }

    #[test]
    fn what_no_window_reaches_is_forgotten() {
        let mut patterns = Patterns::new(Region::Americas);
        for (secs, code) in [(0, 326), (23 * 3600, 326), (50 * 3600, 2104)] {
            let at = Utc::from_nanos(secs * 1_000_000_000);
            patterns.feed(&Seen { at, code, text: "", bot: None, request: None, symbol: None });
            assert_eq!(patterns.tracks.len(), usize::from(code == 326), "{secs}");
        }
        assert_eq!(patterns.tallies.len(), 2);
    }
}
