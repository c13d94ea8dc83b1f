//! The list of generic ticks in a request: which are known, which an instrument may have, and the
//! words for a list that is wrong.
//!
//! It must never know what the ticks say. Called by the market-data lines.

/// Instruments for which a tick may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Legal {
    Any,
    Of(&'static [&'static str]),
}

const DIVIDENDS: Legal = Legal::Of(&["STK", "CFD", "OPT", "FOP", "FUT", "IND", "SLB"]);
const SHORT_VOLUME: Legal = Legal::Of(&[
    "STK", "CFD", "OPT", "FOP", "WAR", "FUT", "FWD", "BOND", "BILL", "SLB", "IOPT", "CRYPTO",
]);

/// Number, older number (0 for none), name, and for what. Source: the refusal that a Gateway of
/// 2026 gave for a stock, and which of them it refuses for other kinds.
#[rustfmt::skip]
const KNOWN: &[(i32, i32, &str, Legal)] = &[
    (100, 0, "Option Volume", Legal::Any),
    (101, 0, "Option Open Interest", Legal::Any),
    (105, 0, "Average Opt Volume", Legal::Any),
    (106, 0, "impvolat", Legal::Any),
    (162, 0, "Index Future Premium", Legal::Of(&["IND"])),
    (165, 0, "Misc. Stats", Legal::Any),
    (221, 220, "Creditman Mark Price", Legal::Any),
    (225, 0, "Auction", Legal::Any),
    (232, 221, "Pl Price", Legal::Any),
    (233, 0, "RTVolume", Legal::Any),
    (236, 0, "inventory", Legal::Any),
    (258, 47, "Fundamentals", Legal::Any),
    (292, 0, "Wide_news", Legal::Any),
    (293, 0, "TradeCount", Legal::Any),
    (294, 0, "TradeRate", Legal::Any),
    (295, 0, "VolumeRate", Legal::Any),
    (318, 0, "LastRTHTrade", Legal::Any),
    (375, 0, "RTTrdVolume", Legal::Any),
    (411, 0, "rthistvol", Legal::Any),
    (456, 59, "IBDividends", DIVIDENDS),
    (460, 0, "Bond Factor Multiplier", Legal::Any),
    (577, 0, "EtfNavLast(navlast)", Legal::Any),
    (586, 0, "IPOHLMPRC", Legal::Any),
    (587, 0, "Pl Price Delayed", Legal::Any),
    (588, 0, "Futures Open Interest", Legal::Any),
    (595, 0, "Short-Term Volume X Mins", SHORT_VOLUME),
    (614, 0, "EtfNavMisc(high/low)", Legal::Any),
    (619, 0, "Creditman Slow Mark Price", Legal::Any),
    (623, 0, "EtfFrozenNavLast(fznavlast)", Legal::Any),
];

/// Historical volatility: known, but not in the list of the refusal.
pub(super) const HISTORICAL_VOLATILITY: i32 = 104;
/// The word by which a request wants generic ticks only.
const NO_QUOTES: &str = "mdoff";

/// What a request asks for beside the quote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct GenericList {
    /// The broker's own number of each tick, in the order of the request.
    pub(super) ticks: Vec<i32>,
    /// No quote, generic ticks only.
    pub(super) is_bare: bool,
}

impl Legal {
    fn allows(self, sec_type: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Of(kinds) => kinds.contains(&sec_type),
        }
    }
}

impl GenericList {
    /// Reads a list such as `233,236` or `mdoff,292:BRFG+DJNL`; a list that is empty asks for
    /// nothing. One wrong entry makes the whole list wrong.
    ///
    /// # Errors
    /// The words for the client.
    pub(super) fn read(list: &str, sec_type: &str) -> Result<Self, String> {
        if list.is_empty() {
            return Ok(Self::default());
        }
        let mut read = Self::default();
        for entry in list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            if entry.eq_ignore_ascii_case(NO_QUOTES) {
                read.is_bare = true;
                continue;
            }
            let tick = number(entry, sec_type).ok_or_else(|| refusal(list, sec_type))?;
            if !read.ticks.contains(&tick) {
                read.ticks.push(tick);
            }
        }
        if read.ticks.is_empty() { Err(refusal(list, sec_type)) } else { Ok(read) }
    }
}

/// The broker's number of one entry. The older number 221 is the mark price by which profit is
/// counted, although another tick has this number now.
fn number(entry: &str, sec_type: &str) -> Option<i32> {
    let asked = match entry.split_once(':') {
        None => entry,
        Some((asked, suffix)) => Some(asked).filter(|_| !suffix.is_empty())?,
    };
    let asked: i32 = asked.parse().ok()?;
    if asked == HISTORICAL_VOLATILITY {
        return Some(asked);
    }
    let by_alias = KNOWN.iter().find(|known| known.1 == asked && asked != 0);
    let found = by_alias.or_else(|| KNOWN.iter().find(|known| known.0 == asked))?;
    found.3.allows(sec_type).then_some(found.0)
}

fn refusal(list: &str, sec_type: &str) -> String {
    let legal: Vec<String> = KNOWN
        .iter()
        .filter(|known| known.3.allows(sec_type))
        .map(|(number, alias, name, _)| match alias {
            0 => format!("{number}({name})"),
            alias => format!("{number}/{alias}({name})"),
        })
        .collect();
    format!(
        "Error validating request.-'bQ' : cause - Incorrect generic tick list of {list}.  Legal ones for ({sec_type}) are: {}",
        legal.join(",")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_lists_that_clients_send() {
        for (list, sec_type, ticks, is_bare) in [
            ("", "STK", vec![], false),
            ("233,236", "STK", vec![233, 236], false),
            ("100, 101 ,,104,106", "STK", vec![100, 101, 104, 106], false),
            ("mdoff,292:BRFG+DJNL", "STK", vec![292], true),
            ("221,220,47,59", "STK", vec![232, 221, 258, 456], false),
            ("233,233", "STK", vec![233], false),
            ("162", "IND", vec![162], false),
            ("456", "FUT", vec![456], false),
        ] {
            let expected = GenericList { ticks, is_bare };
            assert_eq!(GenericList::read(list, sec_type), Ok(expected), "{list} for {sec_type}");
        }
    }

    #[test]
    fn a_wrong_list_is_refused_with_the_legal_ones() {
        for (list, sec_type) in [
            ("999", "STK"),
            ("233,13", "STK"),
            ("256", "STK"),
            ("abc", "STK"),
            ("292:", "STK"),
            ("mdoff", "STK"),
            (",", "STK"),
            ("162", "STK"),
            ("456", "CASH"),
            ("595", "IND"),
        ] {
            let text = GenericList::read(list, sec_type).expect_err(list);
            let begins = format!(
                "Error validating request.-'bQ' : cause - Incorrect generic tick list of {list}.  Legal ones for ({sec_type}) are: 100(Option Volume),101("
            );
            assert!(text.starts_with(&begins), "{text}");
            assert!(text.contains("221/220(Creditman Mark Price),225(Auction),232/221(Pl Price)"));
            assert_eq!(text.contains("456/59"), sec_type != "CASH", "{text}");
            assert_eq!(text.contains("162("), sec_type == "IND", "{text}");
        }
    }
}
