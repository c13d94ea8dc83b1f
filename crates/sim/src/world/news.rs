//! Headlines, articles and the broker's bulletins: invented, and a pure function of the seed.
//!
//! A headline says nothing that moves the market, and the market moves no headline. It must never
//! know clients. Called by the server's answers about news.

use gatehouse_types::ConId;
use jiff::civil::Date;

use super::calendar::{Session, new_york_secs, tomorrow, yesterday};
use super::catalog::{self, Listing};
use super::market::hash;

/// Who sells news, as a paper account without subscriptions was told: code and name.
pub const PROVIDERS: &[(&str, &str)] = &[
    ("BRFG", "Briefing.com General Market Columns"),
    ("BRFUPDN", "Briefing.com Analyst Actions"),
    ("DJ-N", "Dow Jones Global Equity Trader"),
    ("DJ-RT", "Dow Jones Trader News"),
    ("DJ-RTA", "Dow Jones Top Stories Asia Pacific"),
    ("DJ-RTE", "Dow Jones Top Stories Europe"),
    ("DJ-RTG", "Dow Jones Top Stories Global"),
    ("DJNL", "Dow Jones Newsletters"),
];

/// Headlines about one instrument on one weekday.
const PER_DAY: i64 = 3;
/// News begins at six in the morning and ends at six in the evening.
const FIRST_HOUR: i8 = 6;
const SPAN_SECS: u64 = 12 * 3_600;

/// What happened, without a number that the market would have to agree with.
const STORIES: &[&str] = &[
    "sees demand in line with last quarter",
    "to present at an investor conference",
    "coverage reiterated with Neutral",
    "names new head of operations",
    "in focus as traders await data",
    "upgraded to Outperform",
    "extends agreement with a supplier",
    "downgraded to Hold",
];

/// One headline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// When it came, in seconds.
    pub secs: i64,
    pub provider: &'static str,
    /// Names the article, as `BRFG$000b8bfd24cd1`.
    pub article_id: String,
    /// With the tags that real headlines begin with.
    pub text: String,
}

/// A message of the broker to its clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    pub secs: i64,
    pub id: i32,
    pub exchange: &'static str,
    pub text: String,
}

/// News of one seed.
#[derive(Debug, Clone, Copy)]
pub struct News {
    seed: u64,
}

impl News {
    /// Makes the news of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Returns the headlines about an instrument after `from` and up to `to`, in seconds, the newest
    /// first, of sellers that `wanted` names, at most `n_max`.
    #[must_use]
    pub fn headlines(
        &self,
        listing: &Listing,
        (from, to): (i64, i64),
        wanted: impl Fn(&str) -> bool,
        n_max: usize,
    ) -> Vec<Headline> {
        let mut found = Vec::new();
        let mut day = Session::at_or_before(to).date;
        while found.len() < n_max && new_york_secs(tomorrow(day), 0, 0) > from {
            let of_day = (0..PER_DAY).filter_map(|index| self.headline(listing, day, index));
            let mut of_day: Vec<Headline> =
                of_day.filter(|one| from < one.secs && one.secs <= to).collect();
            of_day.sort_by_key(|one| std::cmp::Reverse(one.secs));
            found.extend(of_day.into_iter().filter(|one| wanted(one.provider)));
            day = yesterday(day);
        }
        found.truncate(n_max);
        found
    }

    /// Returns the headlines of one seller about every stock, as [`Self::headlines`] does of one
    /// instrument.
    #[must_use]
    pub fn broad_tape(&self, span: (i64, i64), provider: &str, n_max: usize) -> Vec<Headline> {
        let stocks = catalog::standing().iter().filter(|listing| listing.is_us_stock());
        let mut found: Vec<Headline> = stocks
            .flat_map(|listing| self.headlines(listing, span, |code| code == provider, n_max))
            .collect();
        found.sort_by(|one, other| {
            (other.secs, &other.article_id).cmp(&(one.secs, &one.article_id))
        });
        found.truncate(n_max);
        found
    }

    fn headline(&self, listing: &Listing, day: Date, index: i64) -> Option<Headline> {
        Session::on(day)?;
        let con_id = listing.con_id().get();
        let n_day = day_number(day);
        let key = hash(self.seed ^ 0x6E65_7773, i64::from(con_id));
        let mixed = hash(key, n_day * PER_DAY + index);
        let secs = i64::try_from(mixed % SPAN_SECS).ok()?;
        let (provider, _) = pick(PROVIDERS, mixed >> 20)?;
        let story = pick(STORIES, mixed >> 40)?;
        Some(Headline {
            secs: new_york_secs(day, FIRST_HOUR, 0) + secs,
            provider,
            article_id: format!("{provider}${con_id:08x}{n_day:04x}{index:x}"),
            text: format!("{{A:800015:L:en}}{} {story}", title_case(listing.name)),
        })
    }

    /// Returns the article of an id in HTML, or `None` for an id that no headline has.
    #[must_use]
    pub fn article(&self, provider: &str, article_id: &str) -> Option<String> {
        let digits = article_id.strip_prefix(provider)?.strip_prefix('$')?;
        if digits.len() != 13 || !digits.is_ascii() {
            return None;
        }
        let number = |from: usize, to: usize| i64::from_str_radix(digits.get(from..to)?, 16).ok();
        let listing = catalog::by_con_id(ConId::new(i32::try_from(number(0, 8)?).ok()?))?;
        let day = day_of(number(8, 12)?)?;
        let headline = self.headline(listing, day, number(12, 13)?)?;
        if headline.article_id != article_id {
            return None;
        }
        let (_, text) = headline.text.split_once('}')?;
        Some(format!(
            "<html><body><p><strong>{text}.</strong></p><p>This article about {} is invented by the simulated Gateway.</p></body></html>",
            listing.symbol
        ))
    }

    /// Returns the bulletins after `from` and up to `to`, in seconds, the oldest first: one before
    /// each session.
    #[must_use]
    pub fn bulletins(&self, (from, to): (i64, i64)) -> Vec<Bulletin> {
        let mut found = Vec::new();
        let mut day = Session::at_or_before(from).date;
        while new_york_secs(day, 0, 0) <= to {
            let secs = new_york_secs(day, 8, 0);
            if Session::on(day).is_some()
                && from < secs
                && secs <= to
                && let Ok(id) = i32::try_from(day_number(day))
            {
                let text =
                    format!("Trading on {} follows the usual hours.", day.strftime("%d %B %Y"));
                found.push(Bulletin { secs, id, exchange: "NYSE", text });
            }
            day = tomorrow(day);
        }
        found
    }
}

/// Days since the last day of 1999.
fn day_number(day: Date) -> i64 {
    let since = day.since(jiff::civil::date(1999, 12, 31));
    since.map_or(0, |span| i64::from(span.get_days()))
}

fn day_of(number: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(number).ok()?;
    jiff::civil::date(1999, 12, 31).checked_add(span).ok()
}

fn pick<T: Copy>(from: &[T], mixed: u64) -> Option<T> {
    let n = u64::try_from(from.len()).ok()?;
    from.get(usize::try_from(mixed % n.max(1)).ok()?).copied()
}

/// `APPLE INC` as a headline writes it.
fn title_case(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        format!("{first}{}", rest.to_lowercase())
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noon of Wednesday, 7 January 2026.
    fn noon() -> i64 {
        new_york_secs(jiff::civil::date(2026, 1, 7), 12, 0)
    }

    fn spy() -> &'static Listing {
        catalog::by_symbol("SPY").expect("is listed")
    }

    #[test]
    fn headlines_are_the_same_whatever_span_they_are_asked_in() {
        let news = News::new(1);
        let week = news.headlines(spy(), (noon() - 7 * 86_400, noon()), |_| true, 100);
        assert!(week.len() >= 9, "{}", week.len());
        assert!(week.is_sorted_by_key(|one| std::cmp::Reverse(one.secs)));
        let cut = noon() - 2 * 86_400;
        let mut halves = news.headlines(spy(), (cut, noon()), |_| true, 100);
        halves.extend(news.headlines(spy(), (noon() - 7 * 86_400, cut), |_| true, 100));
        assert_eq!(halves, week);
        assert_ne!(News::new(2).headlines(spy(), (cut, noon()), |_| true, 1), week[..1]);
    }

    #[test]
    fn headlines_are_of_the_wanted_sellers_and_no_more_than_wanted() {
        let news = News::new(1);
        let year = (noon() - 365 * 86_400, noon());
        let one_seller = news.headlines(spy(), year, |code| code == "DJNL", 20);
        assert_eq!(one_seller.len(), 20);
        assert!(one_seller.iter().all(|one| one.article_id.starts_with("DJNL$")));
    }

    #[test]
    fn the_broad_tape_holds_what_a_seller_says_of_every_stock() {
        let news = News::new(1);
        let week = (noon() - 7 * 86_400, noon());
        let tape = news.broad_tape(week, "BRFG", 1_000);
        assert!(tape.iter().all(|one| one.provider == "BRFG"));
        assert!(tape.is_sorted_by_key(|one| std::cmp::Reverse(one.secs)));
        for one in news.headlines(spy(), week, |code| code == "BRFG", 100) {
            assert!(tape.contains(&one), "{one:?}");
        }
        assert_eq!(news.broad_tape(week, "BRFG", 3), tape[..3]);
        assert!(tape.len() > 20, "{}", tape.len());
    }

    #[test]
    fn every_headline_has_its_article_and_nothing_else_has_one() {
        let news = News::new(1);
        let found = news.headlines(spy(), (noon() - 10 * 86_400, noon()), |_| true, 100);
        for one in &found {
            let article = news.article(one.provider, &one.article_id).expect("is there");
            assert!(article.contains("SPY"), "{article}");
        }
        let right = &found[0].article_id;
        for (provider, id) in [
            ("BRFG", "BRFG$1"),
            ("BRFG", "BRFG$zzzzzzzzzzzzz"),
            ("XX", right.as_str()),
            ("BRFG", "BRFG$fffffffff0000"),
        ] {
            assert_eq!(news.article(provider, id), None, "{id}");
        }
    }

    #[test]
    fn a_bulletin_comes_before_each_session() {
        let of_week = News::new(1).bulletins((noon() - 7 * 86_400, noon()));
        // 2, 5, 6 and 7 January; on the first nobody trades.
        assert_eq!(of_week.len(), 4);
        assert!(of_week.is_sorted_by_key(|one| one.id));
        assert!(News::new(1).bulletins((noon(), noon() + 3_600)).is_empty());
    }
}
