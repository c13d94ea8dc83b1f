//! How often the broker's history may be asked, by Gatehouse and by the bots together.
//!
//! Pure: time is an argument. Bots are counted and never held up here; Gatehouse's own requests
//! wait, and leave a part of the budget to the bots. Source: the broker's page on limitations of
//! historical data: nothing twice within 15 seconds, no six requests for the same contract,
//! exchange and kind within two seconds, no more than 60 in ten minutes, quotes of both sides
//! twice; bars of half a minute or less, and the question where a history begins. Larger bars are
//! slowed down by the broker itself: for them, only the first two rules are kept.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use gatehouse_types::Mono;

use crate::bar_size::BarSize;
use crate::series::SeriesKey;

/// Weight that the broker allows within [`WINDOW`].
pub const WEIGHT_MAX: u32 = 60;
/// Weight of it that Gatehouse's own requests never take, so that a bot finds room.
pub const LEFT_TO_BOTS: u32 = 10;
/// Ten minutes, and a second for the way to the Gateway.
pub(crate) const WINDOW: Duration = Duration::from_secs(601);
/// Fifteen seconds, and one for the way.
const SAME_WITHIN: Duration = Duration::from_secs(16);
/// Requests of a kind within [`BURST_WITHIN`] that are allowed.
const BURST_MAX: usize = 5;
/// Two seconds, and a half for the way.
const BURST_WITHIN: Duration = Duration::from_millis(2500);
/// How much later than it was noted a request of an earlier run may have come in.
const LATE: Duration = Duration::from_secs(5);

/// A request for history, as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Everything that tells it from another one.
    pub whole: String,
    /// Contract, exchange and kind of prices.
    pub kind: String,
    /// 2 for quotes of both sides, else 1; 0 where the limit of ten minutes does not hold.
    pub weight: u32,
}

/// Whose bars are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// The broker's number.
    Number(i32),
    /// A contract without one, in a bot's words.
    Words(&'a str),
}

/// Where a question ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End<'a> {
    Now,
    /// Seconds since 1970.
    At(i64),
    /// A bot's words, where they name no instant.
    Words(&'a str),
}

/// Bars that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bars<'a> {
    pub whose: Whose<'a>,
    /// The kind of prices, as the broker names it.
    pub what: &'a str,
    pub size: Option<BarSize>,
    pub is_regular: bool,
}

impl Asked {
    /// Returns a question for bars: before an end, as far back as `reach` says in the broker's words.
    #[must_use]
    pub fn bars(bars: &Bars<'_>, end: End<'_>, reach: &str) -> Self {
        bars.asked(&format!("{end} {reach}"))
    }

    /// Returns a question for bars that grow.
    #[must_use]
    pub fn growing(bars: &Bars<'_>) -> Self {
        bars.asked("growing")
    }

    /// Returns a question where a history begins.
    #[must_use]
    pub fn head(whose: Whose<'_>, what: &str, is_regular: bool) -> Self {
        let kind = kind(whose, what);
        Self { whole: format!("head {kind} {is_regular}"), weight: weight(what), kind }
    }

    /// Returns a question for the sessions of so many days before `end`, in seconds since 1970.
    #[must_use]
    pub fn sessions(con_id: i32, end: i64, days: u32) -> Self {
        let kind = kind(Whose::Number(con_id), "SCHEDULE");
        Self { whole: format!("{kind} {end} {days}"), kind, weight: 0 }
    }

    /// Returns a question that counts and that no other one is like, under a name of its own: ticks of
    /// a kind of prices, bars in real time, or one that cannot be read.
    #[must_use]
    pub fn alone(name: &str, what: &str) -> Self {
        Self { whole: name.to_owned(), kind: name.to_owned(), weight: weight(what) }
    }
}

impl<'a> Bars<'a> {
    /// Returns those of a series.
    #[must_use]
    pub fn of(key: &'a SeriesKey) -> Self {
        Self {
            whose: Whose::Number(key.con_id.get()),
            what: &key.what,
            size: BarSize::of_secs(key.bar_secs),
            is_regular: key.is_regular,
        }
    }

    fn asked(&self, rest: &str) -> Asked {
        let Self { whose, what, size, is_regular } = *self;
        let kind = kind(whose, what);
        // A size that the broker does not have is refused by it.
        let weight = if size.is_some_and(BarSize::is_paced) { weight(what) } else { 0 };
        let secs = size.map_or(0, |size| size.secs);
        Asked { whole: format!("{kind} {secs} {is_regular} {rest}"), kind, weight }
    }
}

impl fmt::Display for End<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => f.write_str("now"),
            Self::At(secs) => write!(f, "{secs}"),
            Self::Words(words) => f.write_str(words),
        }
    }
}

/// The broker's rule is about contract, exchange and kind of prices; the exchange is always its own
/// routing here.
fn kind(whose: Whose<'_>, what: &str) -> String {
    match whose {
        Whose::Number(con_id) => format!("{con_id} {what}"),
        Whose::Words(words) => format!("{words} {what}"),
    }
}

fn weight(what: &str) -> u32 {
    if what == "BID_ASK" { 2 } else { 1 }
}

/// A request that went out.
#[derive(Debug, Clone)]
struct Sent {
    /// When it was noted, and how old it was then.
    at: Mono,
    ago: Duration,
    /// It was not answered yet: it may reach the broker at any time.
    is_open: bool,
    asked: Asked,
}

impl Sent {
    /// Returns how long ago the broker may have counted it at the latest.
    fn age(&self, now: Mono) -> Duration {
        if self.is_open { Duration::ZERO } else { now.since(self.at).saturating_add(self.ago) }
    }
}

/// What was asked in the last ten minutes.
///
/// The broker counts a request when it comes in, and on a busy machine that may be a second later than
/// it was sent. So one of Gatehouse's own counts as if it came in now until it was answered, and from
/// its answer on after that.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    /// In the order in which they were noted.
    sent: VecDeque<Sent>,
}

impl Pace {
    /// Notes a request that goes out now and whose answer nobody tells of.
    pub fn note(&mut self, now: Mono, asked: Asked) {
        self.push(now, Sent { at: now, ago: Duration::ZERO, is_open: false, asked });
    }

    /// Notes a request that goes out now and will be [`Self::settle`]d.
    pub fn ask(&mut self, now: Mono, asked: Asked) {
        self.push(now, Sent { at: now, ago: Duration::ZERO, is_open: true, asked });
    }

    /// Notes a request of an earlier run that went out so long ago. Younger ones must not have been
    /// noted before.
    pub fn remember(&mut self, now: Mono, ago: Duration, asked: Asked) {
        let ago = ago.saturating_sub(LATE);
        self.push(now, Sent { at: now, ago, is_open: false, asked });
    }

    fn push(&mut self, now: Mono, sent: Sent) {
        while self.sent.front().is_some_and(|sent| sent.age(now) >= WINDOW) {
            self.sent.pop_front();
        }
        self.sent.push_back(sent);
    }

    /// Notes that a request was answered, or that no answer comes any more.
    pub fn settle(&mut self, now: Mono, asked: &Asked) {
        if let Some(sent) = self.sent.iter_mut().find(|it| it.is_open && it.asked == *asked) {
            (sent.is_open, sent.at) = (false, now);
        }
    }

    /// Returns how long a request of Gatehouse must wait; `None` when it may go out now.
    #[must_use]
    pub fn wait(&self, now: Mono, asked: &Asked) -> Option<Duration> {
        let left = |sent: &Sent, within: Duration| within.saturating_sub(sent.age(now));
        let same = self.sent.iter().filter(|sent| sent.asked.whole == asked.whole);
        let same = same.map(|sent| left(sent, SAME_WITHIN)).max();
        let of_kind = self.sent.iter().filter(|sent| sent.asked.kind == asked.kind);
        let mut of_kind: Vec<Duration> = of_kind.map(|sent| left(sent, BURST_WITHIN)).collect();
        of_kind.sort_unstable();
        let burst = of_kind.len().checked_sub(BURST_MAX).map(|nth| of_kind[nth]);
        let window = self.until_room(now, asked.weight);
        [same, burst, window].into_iter().flatten().max().filter(|wait| !wait.is_zero())
    }

    /// Returns when the weight fits into the ten minutes.
    fn until_room(&self, now: Mono, weight: u32) -> Option<Duration> {
        let mut over = (self.used(now) + weight).checked_sub(WEIGHT_MAX - LEFT_TO_BOTS)?;
        if weight == 0 || over == 0 {
            return None;
        }
        for sent in self.lately(now) {
            over = over.saturating_sub(sent.asked.weight);
            if over == 0 {
                return Some(WINDOW.saturating_sub(sent.age(now)));
            }
        }
        Some(WINDOW)
    }

    /// Returns the weight of the last ten minutes, of 60.
    #[must_use]
    pub fn used(&self, now: Mono) -> u32 {
        self.lately(now).map(|sent| sent.asked.weight).sum()
    }

    fn lately(&self, now: Mono) -> impl Iterator<Item = &Sent> {
        self.sent.iter().filter(move |sent| sent.age(now) < WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(millis: u64) -> Mono {
        Mono::new(Duration::from_millis(millis))
    }

    fn asked(whole: &str, kind: &str, weight: u32) -> Asked {
        Asked { whole: whole.to_owned(), kind: kind.to_owned(), weight }
    }

    #[test]
    fn the_same_question_waits_and_another_one_does_not() {
        let mut pace = Pace::default();
        pace.note(at(0), asked("a", "k", 1));
        assert_eq!(pace.wait(at(1_000), &asked("a", "k", 1)), Some(Duration::from_secs(15)));
        assert_eq!(pace.wait(at(1_000), &asked("b", "k", 1)), None);
        assert_eq!(pace.wait(at(16_000), &asked("a", "k", 1)), None);
    }

    #[test]
    fn bots_find_ten_of_sixty_free_whatever_gatehouse_wants() {
        let mut pace = Pace::default();
        for n in 0..50 {
            let one = asked(&n.to_string(), &n.to_string(), 1);
            assert_eq!(pace.wait(at(n), &one), None, "{n}");
            pace.note(at(n), one);
        }
        let wait = pace.wait(at(1_000), &asked("x", "x", 1));
        assert_eq!(wait, Some(Duration::from_secs(600)));
        assert_eq!(pace.wait(at(1_000), &asked("x", "x", 0)), None);
        assert_eq!(pace.used(at(1_000)), 50);
    }

    #[test]
    fn what_went_out_in_an_earlier_run_still_counts() {
        let (mut pace, now) = (Pace::default(), at(3_000));
        for n in 0..50 {
            let ago = Duration::from_secs(500 - n);
            pace.remember(now, ago, asked(&n.to_string(), &n.to_string(), 1));
        }
        assert_eq!(pace.used(now), 50);
        let wait = pace.wait(now, &asked("x", "x", 1));
        // Ten minutes, and five seconds that it may have come in later.
        assert_eq!(wait, Some(Duration::from_secs(106)));
        assert_eq!(pace.wait(at(109_000), &asked("x", "x", 1)), None);
        pace.remember(now, Duration::from_secs(6), asked("same", "y", 0));
        assert_eq!(pace.wait(now, &asked("same", "y", 0)), Some(Duration::from_secs(15)));
    }

    #[test]
    fn a_request_that_was_not_answered_may_reach_the_broker_at_any_time() {
        let mut pace = Pace::default();
        let of_kind = |n: u64| asked(&n.to_string(), "k", 1);
        (0..5).for_each(|n| pace.ask(at(n), of_kind(n)));
        assert_eq!(pace.wait(at(60_000), &of_kind(9)), Some(BURST_WITHIN));
        assert_eq!(pace.wait(at(60_000), &of_kind(0)), Some(SAME_WITHIN));
        // One answer makes room, a while after it.
        pace.settle(at(60_000), &of_kind(3));
        assert_eq!(pace.wait(at(61_500), &of_kind(9)), Some(Duration::from_secs(1)));
        assert_eq!(pace.wait(at(62_500), &of_kind(9)), None);
        assert_eq!(pace.wait(at(62_500), &of_kind(3)), Some(Duration::from_millis(13_500)));
        assert_eq!(pace.wait(at(62_500), &of_kind(4)), Some(SAME_WITHIN));
    }

    #[test]
    fn small_bars_and_beginnings_count_and_quotes_of_both_sides_twice() {
        let whose = Whose::Number(7);
        let bars = |what, secs| {
            let size = BarSize::of_secs(secs);
            Bars { whose, what, size, is_regular: true }
        };
        for (asked, weight) in [
            (Asked::bars(&bars("TRADES", 30), End::Now, "1 D"), 1),
            (Asked::bars(&bars("BID_ASK", 1), End::At(5), "2000 S"), 2),
            (Asked::bars(&bars("BID_ASK", 60), End::Now, "1 D"), 0),
            (Asked::bars(&bars("TRADES", 7), End::Now, "1 D"), 0),
            (Asked::growing(&bars("TRADES", 5)), 1),
            (Asked::growing(&bars("TRADES", 60)), 0),
            (Asked::head(whose, "TRADES", true), 1),
            (Asked::sessions(7, 5, 3), 0),
            (Asked::alone("momentum 3", ""), 1),
            (Asked::alone("momentum 4", "BID_ASK"), 2),
        ] {
            assert_eq!(asked.weight, weight, "{}", asked.whole);
        }
    }

    /// The broker's rules, written down once more and checked over a whole record.
    fn violations(sent: &[(u64, Asked)]) -> Vec<String> {
        let mut found = Vec::new();
        for (idx, (now, one)) in sent.iter().enumerate() {
            let before = &sent[..idx];
            let within = |ms: u64| before.iter().filter(move |(at, _)| now - at < ms);
            if within(15_000).any(|(_, other)| other.whole == one.whole) {
                found.push(format!("twice at {now}"));
            }
            if within(2_000).filter(|(_, other)| other.kind == one.kind).count() >= 5 {
                found.push(format!("six at {now}"));
            }
            let weight: u32 = within(600_000).map(|(_, other)| other.weight).sum();
            if one.weight > 0 && weight + one.weight > 60 {
                found.push(format!("weight {weight} at {now}"));
            }
        }
        found
    }

    proptest! {
        #[test]
        fn whoever_waits_as_told_never_breaks_a_rule(
            wishes in prop::collection::vec((0_u8..12, 0_u8..3, 0_u32..3, 0_u64..4_000), 1..400),
        ) {
            let (mut pace, mut now, mut sent) = (Pace::default(), 0_u64, Vec::new());
            for (whole, kind, weight, later) in wishes {
                now += later;
                let one = asked(&format!("{kind} {whole}"), &kind.to_string(), weight);
                while let Some(wait) = pace.wait(at(now), &one) {
                    now += u64::try_from(wait.as_millis()).expect("is short").max(1);
                }
                pace.note(at(now), one.clone());
                sent.push((now, one));
            }
            prop_assert_eq!(violations(&sent), Vec::<String>::new());
        }
    }
}
