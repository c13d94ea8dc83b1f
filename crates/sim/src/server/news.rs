//! News as messages: bulletins, sellers, articles, headlines of the past and on market-data lines.
//!
//! It must never invent a headline; the world's news does. Called by the hub.

use gatehouse_tws::answer::{
    HistoricalNews, HistoricalNewsEnd, NewsArticle, NewsBulletin, NewsProvider, NewsProviders,
    TickNews,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::{
    HistoricalNewsRequest, MarketDataRequest, NewsArticleRequest, NewsBulletinsRequest,
};
use gatehouse_types::ConId;

use super::client::Client;
use super::hub::{Hub, SessionId};
use crate::world::calendar::{Session, new_york_secs, utc_date_time};
use crate::world::catalog::{self, Listing};
use crate::world::news::{Headline, News, PROVIDERS};

/// The generic tick that asks for headlines.
const NEWS_TICK: &str = "292";
/// Most headlines of the past in one answer, as the API's page about news says.
const RESULTS_MAX: usize = 300;
/// How far a question without a beginning looks back.
const LOOK_BACK_SECS: i64 = 30 * 86_400;
/// Headlines that a new line begins with; an assumption: no page says how many.
const FIRST_HEADLINES: usize = 3;
/// The kind of a bulletin that concerns no exchange's closing or opening.
const ORDINARY: i32 = 1;

/// A market-data line that wants headlines.
#[derive(Debug, Clone)]
pub(super) struct NewsLine {
    about: About,
    /// Up to when headlines were said, in seconds.
    said_to: i64,
}

/// What headlines are wanted.
#[derive(Debug, Clone)]
enum About {
    /// Those about an instrument, of sellers with these codes; empty for every one.
    One { listing: &'static Listing, wanted: Vec<String> },
    /// Everything of one seller: a line on its feed (`NEWS`), which has no prices.
    Everything { provider: &'static str },
}

impl NewsLine {
    /// Returns the headlines of a span, the oldest first.
    fn headlines(&self, news: News, span: (i64, i64), n_max: usize) -> Vec<Headline> {
        let mut found = match &self.about {
            About::One { listing, wanted } => {
                let is_wanted =
                    |code: &str| wanted.is_empty() || wanted.iter().any(|one| one == code);
                news.headlines(listing, span, is_wanted, n_max)
            }
            About::Everything { provider } => news.broad_tape(span, provider, n_max),
        };
        found.reverse();
        found
    }

    /// Returns whether it is a line on a seller's feed, not one of an instrument.
    pub(super) fn is_broad_tape(&self) -> bool {
        match self.about {
            About::Everything { .. } => true,
            About::One { .. } => false,
        }
    }
}

impl Hub {
    pub(super) fn news_providers(&mut self, session: SessionId) {
        let providers = PROVIDERS
            .iter()
            .map(|(code, name)| NewsProvider { code: (*code).to_owned(), name: (*name).to_owned() })
            .collect();
        self.say(session, |version| NewsProviders { providers }.encode(version));
    }

    pub(super) fn news_article(&mut self, session: SessionId, asked: &NewsArticleRequest) {
        let req_id = asked.req_id;
        match self.world.news.article(&asked.provider_code, &asked.article_id) {
            Some(text) => {
                self.say(session, |version| NewsArticle { req_id, kind: 0, text }.encode(version));
            }
            None => {
                let text = "Failed to request news article:No data available";
                self.complain(session, req_id.get(), 10172, text);
            }
        }
    }

    pub(super) fn historical_news(&mut self, session: SessionId, asked: &HistoricalNewsRequest) {
        let req_id = asked.req_id;
        let fail = |hub: &Self, code, text: &str| hub.complain(session, req_id.get(), code, text);
        let Some(listing) = catalog::by_con_id(ConId::new(asked.con_id)) else {
            return fail(self, 200, "No security definition has been found for the request");
        };
        let wanted: Vec<&str> =
            asked.provider_codes.split(['+', ',']).filter(|code| !code.is_empty()).collect();
        let is_known = |code: &&str| PROVIDERS.iter().any(|(known, _)| known == code);
        if let Some(code) = wanted.iter().find(|code| !is_known(code)) {
            let text = format!(
                "Error validating request.-'bN' : cause - Incorrect or unknown news provider {code}"
            );
            return fail(self, 321, &text);
        }
        let Some((from, to)) = span(asked, self.world.now().secs()) else {
            let text = "Error validating request.-'bN' : cause - Invalid date and time";
            return fail(self, 321, text);
        };
        let n_max = usize::try_from(asked.n_results).unwrap_or(RESULTS_MAX).clamp(1, RESULTS_MAX);
        let is_wanted = |code: &str| wanted.is_empty() || wanted.contains(&code);
        let found = self.world.news.headlines(listing, (from, to), is_wanted, n_max + 1);
        for one in found.iter().take(n_max) {
            let line = HistoricalNews {
                req_id,
                time: utc_date_time(one.secs),
                provider_code: one.provider.to_owned(),
                article_id: one.article_id.clone(),
                headline: one.text.clone(),
            };
            self.say(session, |version| line.encode(version));
        }
        let end = HistoricalNewsEnd { req_id, has_more: found.len() > n_max };
        self.say(session, |version| end.encode(version));
    }

    pub(super) fn news_bulletins(&mut self, session: SessionId, asked: NewsBulletinsRequest) {
        let now = self.world.now().secs();
        let midnight = new_york_secs(Session::at_or_before(now).date, 0, 0);
        let from = if asked.all_messages { midnight } else { now };
        self.with(session, |client| client.wants.bulletins_from = Some(from));
        self.push_bulletins();
    }

    /// Notes that a market-data line that was just made wants headlines.
    pub(super) fn news_line(&mut self, session: SessionId, asked: &MarketDataRequest) {
        let ticks = asked.generic_ticks.split(',').map(str::trim);
        let Some(tick) = ticks.into_iter().find(|tick| tick.starts_with(NEWS_TICK)) else { return };
        let wanted = tick.split_once(':').map_or(Vec::new(), |(_, codes)| {
            codes.split('+').filter(|code| !code.is_empty()).map(str::to_owned).collect()
        });
        let Ok(listing) = self.world.listing(asked.req_id.get(), &asked.contract) else { return };
        let has_line = |client: &Client| client.wants.lines.contains_key(&asked.req_id);
        if self.clients.get(&session).is_some_and(has_line) {
            self.begin_news(session, asked.req_id, About::One { listing, wanted });
        }
    }

    /// Opens a line on everything that a seller of news says; the exchange of the contract is the
    /// seller.
    pub(super) fn broad_tape(&mut self, session: SessionId, asked: &MarketDataRequest) {
        let fail = |hub: &Self, code, text| hub.complain(session, asked.req_id.get(), code, text);
        let Some(client) = self.clients.get(&session) else { return };
        let is_taken = client.wants.lines.contains_key(&asked.req_id)
            || client.wants.news_lines.contains_key(&asked.req_id);
        let seller = PROVIDERS.iter().find(|(code, _)| *code == asked.contract.exchange);
        match seller {
            None => fail(self, 200, "No security definition has been found for the request"),
            Some(_) if is_taken => {
                fail(self, 322, "Error processing request.-'bQ' : cause - Duplicate ticker id");
            }
            Some((provider, _)) => {
                self.begin_news(session, asked.req_id, About::Everything { provider });
            }
        }
    }

    fn begin_news(&mut self, session: SessionId, req_id: ReqId, about: About) {
        let (now, news) = (self.world.now().secs(), self.world.news);
        let line = NewsLine { about, said_to: now };
        let first = line.headlines(news, (now - LOOK_BACK_SECS, now), FIRST_HEADLINES);
        let Some(client) = self.clients.get_mut(&session) else { return };
        for headline in &first {
            client.say(tick_news(req_id, headline).encode(client.version));
        }
        client.wants.news_lines.insert(req_id, line);
    }

    /// Ends the headlines of a market-data line, and returns whether they were all that it had.
    pub(super) fn end_news(&mut self, session: SessionId, req_id: ReqId) -> bool {
        let removed = self.with(session, |client| client.wants.news_lines.remove(&req_id));
        removed.flatten().is_some_and(|line| line.is_broad_tape())
    }

    /// Says the headlines and bulletins that came since the last time.
    pub(super) fn push_news(&mut self) {
        self.push_bulletins();
        let (now, news) = (self.world.now().secs(), self.world.news);
        for client in self.clients.values_mut() {
            let mut lines = std::mem::take(&mut client.wants.news_lines);
            for (req_id, line) in &mut lines {
                for headline in &line.headlines(news, (line.said_to, now), RESULTS_MAX) {
                    client.say(tick_news(*req_id, headline).encode(client.version));
                }
                line.said_to = now;
            }
            client.wants.news_lines = lines;
        }
    }

    fn push_bulletins(&mut self) {
        let (now, news) = (self.world.now().secs(), self.world.news);
        for client in self.clients.values_mut() {
            let Some(from) = client.wants.bulletins_from else { continue };
            for bulletin in news.bulletins((from, now)) {
                let said = NewsBulletin {
                    id: bulletin.id,
                    kind: ORDINARY,
                    message: bulletin.text,
                    exchange: bulletin.exchange.to_owned(),
                };
                client.say(said.encode(client.version));
            }
            client.wants.bulletins_from = Some(from.max(now));
        }
    }
}

fn tick_news(req_id: ReqId, headline: &Headline) -> TickNews {
    let (tags, text) = headline.text.split_once('}').unwrap_or(("", &headline.text));
    TickNews {
        req_id,
        time_ms: headline.secs.saturating_mul(1_000),
        provider_code: headline.provider.to_owned(),
        article_id: headline.article_id.clone(),
        headline: text.to_owned(),
        extra: tags.trim_start_matches('{').to_owned(),
    }
}

/// Returns from when to when headlines are asked for, in seconds; `None` for a time that cannot be
/// read.
fn span(asked: &HistoricalNewsRequest, now: i64) -> Option<(i64, i64)> {
    let to = if asked.end.is_empty() { now } else { secs_of(&asked.end)?.min(now) };
    let from = if asked.start.is_empty() { to - LOOK_BACK_SECS } else { secs_of(&asked.start)? };
    Some((from, to))
}

/// Reads `2026-01-05 14:30:00.0`, `20260105 14:30:00` or `20260105-14:30:00`, in UTC, which may be
/// named.
fn secs_of(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches(" UTC").split('.').next().unwrap_or_default();
    ["%Y-%m-%d %H:%M:%S", "%Y%m%d %H:%M:%S", "%Y%m%d-%H:%M:%S"].iter().find_map(|format| {
        let read = jiff::civil::DateTime::strptime(format, text).ok()?;
        Some(read.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_each_of_their_spellings() {
        for (text, secs) in [
            ("2026-01-05 14:30:00.0", Some(1_767_623_400)),
            ("2026-01-05 14:30:00", Some(1_767_623_400)),
            ("20260105-14:30:00", Some(1_767_623_400)),
            ("20260105 14:30:00", Some(1_767_623_400)),
            ("20260105 14:30:00 UTC", Some(1_767_623_400)),
            ("yesterday", None),
        ] {
            assert_eq!(secs_of(text), secs, "{text}");
        }
    }
}
