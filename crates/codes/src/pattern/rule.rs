//! Which pattern a message is part of, and when a pattern is worth a sentence.

use std::time::Duration;

use crate::{Category, EndsOrder, Meaning, Severity, Source};

use super::{Region, RequestKind, Seen};

/// What keeps coming back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// 1100 or 2110 outside the nightly reset.
    LinkDrops,
    /// 1100 or 2110 within it.
    NightlyReset,
    /// A farm that goes and comes, 2103 and 2104 for example.
    FarmFlapping,
    /// 326 over and over.
    ClientIdInUse,
    /// 502, 504, 520: a bot that finds no Gateway.
    ConnectLoop,
    /// 507 and its kin: connections that end while they are read.
    BrokenConnections,
    /// 100.
    MessageRate,
    /// 162 or 420 because of pacing.
    HistoryPacing,
    /// 101, 309, 10190: no line left.
    LinesUsedUp,
    /// 10197.
    CompetingSession,
    /// 354, 10089, 10167, 10168 and so on.
    NoData,
    /// Orders refused by the broker for one and the same cause.
    Rejections,
    /// Orders refused by Gatehouse under one and the same rule.
    Refusals,
    /// Cancels of orders that are gone.
    LateCancels,
    /// A code that the book does not have.
    UnknownCode,
    /// Any other code that one bot hears again and again.
    Repeats,
}

/// The longest window of any pattern.
pub(super) const LONGEST: Duration = minutes(24 * 60);

const fn minutes(n_minutes: u64) -> Duration {
    Duration::from_secs(n_minutes * 60)
}

impl Pattern {
    /// Returns how far back messages count, and how many of them make a finding.
    pub(super) const fn rule(self) -> (Duration, usize) {
        match self {
            Self::LinkDrops => (LONGEST, 2),
            Self::NightlyReset => (minutes(120), 1),
            Self::FarmFlapping => (minutes(30), 3),
            Self::ClientIdInUse | Self::HistoryPacing | Self::BrokenConnections => (minutes(10), 3),
            Self::ConnectLoop | Self::LateCancels => (minutes(10), 5),
            Self::MessageRate => (minutes(60), 1),
            Self::LinesUsedUp => (minutes(10), 2),
            Self::CompetingSession => (minutes(60), 2),
            Self::NoData => (minutes(60), 3),
            Self::Rejections | Self::Refusals => (minutes(10), 3),
            Self::UnknownCode => (LONGEST, 1),
            Self::Repeats => (minutes(10), 20),
        }
    }

    /// Returns the word that alarms and rows are named by; it never changes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LinkDrops => "link-drops",
            Self::NightlyReset => "nightly-reset",
            Self::FarmFlapping => "farm-flapping",
            Self::ClientIdInUse => "client-id-in-use",
            Self::ConnectLoop => "connect-loop",
            Self::BrokenConnections => "broken-connections",
            Self::MessageRate => "message-rate",
            Self::HistoryPacing => "history-pacing",
            Self::LinesUsedUp => "lines-used-up",
            Self::CompetingSession => "competing-session",
            Self::NoData => "no-data",
            Self::Rejections => "rejections",
            Self::Refusals => "refusals",
            Self::LateCancels => "late-cancels",
            Self::UnknownCode => "unknown-code",
            Self::Repeats => "repeats",
        }
    }

    /// Returns how close two messages of it are still one event: every connection hears of it, and
    /// the Gateway may say it in two ways.
    pub(super) const fn echo(self) -> Duration {
        match self {
            Self::LinkDrops | Self::NightlyReset => Duration::from_secs(30),
            Self::FarmFlapping => Duration::from_secs(2),
            Self::ClientIdInUse
            | Self::ConnectLoop
            | Self::BrokenConnections
            | Self::MessageRate
            | Self::HistoryPacing
            | Self::LinesUsedUp
            | Self::CompetingSession
            | Self::NoData
            | Self::Rejections
            | Self::Refusals
            | Self::LateCancels
            | Self::UnknownCode
            | Self::Repeats => Duration::ZERO,
        }
    }

    /// Returns whether the pattern is about the Gateway, whoever heard the message.
    pub(super) const fn is_global(self) -> bool {
        matches!(
            self,
            Self::LinkDrops | Self::NightlyReset | Self::FarmFlapping | Self::CompetingSession
        )
    }

    pub(super) const fn severity(self) -> Severity {
        match self {
            Self::NightlyReset | Self::UnknownCode => Severity::Low,
            Self::LinesUsedUp
            | Self::NoData
            | Self::LateCancels
            | Self::Refusals
            | Self::FarmFlapping
            | Self::HistoryPacing
            | Self::Repeats => Severity::Medium,
            Self::ClientIdInUse
            | Self::BrokenConnections
            | Self::MessageRate
            | Self::CompetingSession
            | Self::Rejections
            | Self::LinkDrops => Severity::High,
            Self::ConnectLoop => Severity::Critical,
        }
    }
}

/// What a message is part of: the pattern, and what it is about within that pattern.
pub(super) fn sort(
    seen: &Seen<'_>,
    meaning: &Meaning,
    region: Region,
) -> Option<(Pattern, String)> {
    let about = |text: &str| text.to_owned();
    let code = || seen.code.to_string();
    let is_order = seen.request == Some(RequestKind::Order);
    Some(match seen.code {
        _ if meaning.source == Source::Unknown => (Pattern::UnknownCode, code()),
        1100 | 2110 if region.is_reset(seen.at) => (Pattern::NightlyReset, String::new()),
        1100 | 2110 => (Pattern::LinkDrops, String::new()),
        326 => (Pattern::ClientIdInUse, String::new()),
        502 | 504 | 520 => (Pattern::ConnectLoop, String::new()),
        505..=509 => (Pattern::BrokenConnections, String::new()),
        100 => (Pattern::MessageRate, String::new()),
        101 | 309 | 10190 => (Pattern::LinesUsedUp, code()),
        162 | 420 if meaning.category == Category::Pacing => {
            (Pattern::HistoryPacing, String::new())
        }
        10197 => (Pattern::CompetingSession, String::new()),
        161 | 135 | 136 | 10147 | 10148 => (Pattern::LateCancels, String::new()),
        201 if meaning.source == Source::Gatehouse => (Pattern::Refusals, rule_named(seen.text)),
        202 => return None,
        _ if meaning.category == Category::OrderReject
            || (is_order && meaning.ends_order != EndsOrder::Never) =>
        {
            (Pattern::Rejections, about(meaning.title))
        }
        // Below 2999 are remarks: what was asked for still comes.
        code if meaning.category == Category::DataPermission && !(2100..=2999).contains(&code) => {
            (Pattern::NoData, about(meaning.title))
        }
        // What a farm or a session says of itself has patterns of its own.
        1101 | 1102 | 2103..=2108 | 2119 | 2157 | 2158 => return None,
        _ if meaning.severity == Severity::Info => return None,
        _ => (Pattern::Repeats, code()),
    })
}

/// Returns the rule that a refusal of Gatehouse names: `GH-04` of `... - Gatehouse GH-04: ...`.
fn rule_named(text: &str) -> String {
    let named = text.split_once("Gatehouse ").map(|(_, rest)| rest);
    let rule = named.and_then(|rest| rest.split_once(':')).map(|(rule, _)| rule);
    rule.unwrap_or("a limit").chars().take(48).collect()
}
