//! A pattern in words: one sentence with its numbers, and what would end it.

use std::time::Duration;

use gatehouse_types::{BotName, Utc};

use crate::{Severity, meaning};

use super::track::Track;
use super::{Key, Pattern, Region, RequestKind};

/// Something that keeps coming back, and what would end it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub pattern: Pattern,
    pub severity: Severity,
    /// The bot that it is about; `None` when it is the Gateway itself.
    pub bot: Option<BotName>,
    /// The latest of the codes that make it up.
    pub code: i32,
    /// Events within the pattern's window, at most 128.
    pub n_seen: usize,
    pub first: Utc,
    pub last: Utc,
    /// One sentence, with the numbers.
    pub sentence: String,
    /// One sentence: what to change.
    pub proposal: String,
}

/// Numbers of a pattern at one moment.
pub(super) struct Numbers {
    pub(super) n_seen: usize,
    /// Older ones were dropped, so there were more.
    pub(super) is_full: bool,
    pub(super) first: Utc,
    pub(super) last: Utc,
    /// What the messages named: symbols mostly.
    pub(super) subjects: Vec<String>,
}

impl Numbers {
    /// Returns how often, as `5 times within 2 min`.
    fn often(&self) -> String {
        if self.n_seen == 1 {
            return "once".to_owned();
        }
        let least = if self.is_full { "at least " } else { "" };
        format!("{least}{} times within {}", self.n_seen, long(gap(self.first, self.last)))
    }

    /// Returns ` for AAPL, MSFT and 3 more`, or nothing.
    fn named(&self) -> String {
        match self.subjects.as_slice() {
            [] => String::new(),
            [one] => format!(" for {one}"),
            [one, two] => format!(" for {one} and {two}"),
            [one, two, rest @ ..] => format!(" for {one}, {two} and {} more", rest.len()),
        }
    }
}

/// Returns the time between two instants, whichever is first.
pub(super) const fn gap(one: Utc, other: Utc) -> Duration {
    Duration::from_nanos(one.nanos().abs_diff(other.nanos()))
}

/// Returns a length of time, rounded up to a whole unit.
fn long(time: Duration) -> String {
    match time.as_secs() + u64::from(time.subsec_nanos() > 0) {
        secs @ 0..=119 => format!("{} s", secs.max(1)),
        secs @ 120..=7199 => format!("{} min", secs.div_ceil(60)),
        secs => format!("{} h", secs.div_ceil(3600)),
    }
}

const fn asked(request: Option<RequestKind>) -> &'static str {
    match request {
        Some(RequestKind::Order) => " to orders",
        Some(RequestKind::MarketData) => " to subscriptions of market data",
        Some(RequestKind::Depth) => " to subscriptions of order books",
        Some(RequestKind::TickByTick) => " to tick-by-tick subscriptions",
        Some(RequestKind::History) => " to requests for past data",
        Some(RequestKind::Contract) => " to look-ups of contracts",
        Some(RequestKind::Account) => " to requests about the account",
        Some(RequestKind::Other) | None => "",
    }
}

pub(super) fn write(key: &Key, track: &Track, numbers: Numbers, region: Region) -> Finding {
    let who = key.bot.as_ref().map_or_else(|| "A client".to_owned(), |bot| format!("Bot {bot}"));
    let (sentence, proposal) = match key.pattern {
        Pattern::LinkDrops
        | Pattern::NightlyReset
        | Pattern::FarmFlapping
        | Pattern::CompetingSession => of_gateway(key, &numbers, region),
        Pattern::ClientIdInUse
        | Pattern::ConnectLoop
        | Pattern::BrokenConnections
        | Pattern::MessageRate
        | Pattern::HistoryPacing
        | Pattern::LinesUsedUp => of_connection(key, &who, track, &numbers),
        Pattern::NoData
        | Pattern::Rejections
        | Pattern::Refusals
        | Pattern::LateCancels
        | Pattern::UnknownCode
        | Pattern::Repeats => of_requests(key, &who, track, &numbers),
    };
    Finding {
        pattern: key.pattern,
        severity: key.pattern.severity(),
        bot: key.bot.clone(),
        code: track.code,
        n_seen: numbers.n_seen,
        first: numbers.first,
        last: numbers.last,
        sentence,
        proposal,
    }
}

fn of_gateway(key: &Key, numbers: &Numbers, region: Region) -> (String, String) {
    let (often, named) = (numbers.often(), numbers.named());
    if key.pattern == Pattern::NightlyReset {
        let at = region.clock(numbers.last);
        return (
            format!("The Gateway lost the broker at {at}, inside the broker's reset."),
            "Nothing to do; it comes back by itself, and bots should not trade in that time."
                .to_owned(),
        );
    }
    if key.pattern == Pattern::LinkDrops {
        return (
            format!("The Gateway lost the broker {often}, outside the broker's nightly reset."),
            "Look at the internet connection, a VPN and other logins of this user.".to_owned(),
        );
    }
    if key.pattern == Pattern::FarmFlapping {
        return (
            format!("The farm {} broke and came back {often}.", key.about),
            "Do not price orders off its quotes for now, and look at the internet connection."
                .to_owned(),
        );
    }
    (
        format!("Market data went to another session {often}{named}."),
        "Log the other session out, or give the Gateway a user name of its own.".to_owned(),
    )
}

fn of_connection(key: &Key, who: &str, track: &Track, numbers: &Numbers) -> (String, String) {
    let often = numbers.often();
    if key.pattern == Pattern::ClientIdInUse {
        return (
            format!("{who} was turned away {often}, since its client id is in use."),
            "Give this bot another client id, or stop the program that holds it.".to_owned(),
        );
    }
    if key.pattern == Pattern::ConnectLoop {
        return (
            format!("{who} found no Gateway {often}."),
            "Run the doctor: is the Gateway up, on that port, with socket clients enabled?"
                .to_owned(),
        );
    }
    if key.pattern == Pattern::BrokenConnections {
        return (
            format!("{who} lost its connection while reading {often}."),
            "Check whether another program uses the client id, and let the bot wait longer before it connects again."
                .to_owned(),
        );
    }
    if key.pattern == Pattern::MessageRate {
        return (
            format!("{who} sent more messages a second than allowed {often}."),
            "Let it send less often; at the third time the Gateway may close the connection."
                .to_owned(),
        );
    }
    if key.pattern == Pattern::HistoryPacing {
        return (
            format!("{who} asked for past data too often {often}{}.", numbers.named()),
            "Space its requests: at most 60 in ten minutes, and the same bars not again within 15 s."
                .to_owned(),
        );
    }
    let title = meaning(track.code, "").title.to_lowercase();
    (
        format!("{who} met \"{title}\" ({}) {often}{}.", track.code, numbers.named()),
        "Ask for fewer lines, cancel what nobody reads, or buy a booster pack.".to_owned(),
    )
}

fn of_requests(key: &Key, who: &str, track: &Track, numbers: &Numbers) -> (String, String) {
    let (often, named, code) = (numbers.often(), numbers.named(), track.code);
    let whose = key.bot.as_ref().map_or_else(|| "a client".to_owned(), |bot| format!("bot {bot}"));
    if key.pattern == Pattern::NoData {
        return (
            format!("{who} heard \"{}\" ({code}) {often}{named}.", track.title),
            track.action.to_owned(),
        );
    }
    if key.pattern == Pattern::Rejections {
        return (
            format!("Orders of {whose} were rejected {often}{named}: {} ({code}).", track.title),
            format!("Pause the bot until the cause is gone. {}", track.action),
        );
    }
    if key.pattern == Pattern::Refusals {
        return (
            format!("Gatehouse refused orders of {whose} {often}{named} under {}.", key.about),
            "Let the bot ask for less, or review that limit in Risk.".to_owned(),
        );
    }
    if key.pattern == Pattern::LateCancels {
        return (
            format!("{who} cancelled orders that were gone or past cancelling {often}."),
            "Let the bot follow the status of its orders before it cancels.".to_owned(),
        );
    }
    if key.pattern == Pattern::UnknownCode {
        return (
            format!("{who} heard code {code}, which is not in the error book, {often}."),
            "Read the broker's text; no order was taken to have ended by it.".to_owned(),
        );
    }
    let to = asked(track.request);
    (
        format!("{who} heard \"{}\" ({code}) {often}{to}{named}.", track.title),
        track.action.to_owned(),
    )
}
