//! What goes wrong with the answer to a request for past bars.
//!
//! It must never know where bars come from. Called by the server's history.

use std::collections::BTreeMap;

use gatehouse_tws::answer::Bar;

use crate::world::drill::HistoryFault;

const SERVICE: &str = "Historical Market Data Service error message:";

/// Returns the error that stands in the place of the answer, or `None` where there is one.
///
/// The sentence about the farm is an assumption: no page says what a request gets while the farm is
/// down, and TWS says this one (165) when it gives up connecting.
#[must_use]
pub fn history_refusal(fault: HistoryFault, subject: &str) -> Option<(i32, String)> {
    match fault {
        HistoryFault::Pacing => {
            Some((162, format!("{SERVICE}Historical data request pacing violation")))
        }
        HistoryFault::NoData => {
            Some((162, format!("{SERVICE}HMDS query returned no data: {subject}")))
        }
        HistoryFault::Unknown => {
            Some((366, "No historical data query found for ticker id".to_owned()))
        }
        HistoryFault::Unreachable => {
            let text =
                "HMDS connection attempt failed.  Connection will be re-attempted on demand.";
            Some((162, format!("{SERVICE}{text}")))
        }
        HistoryFault::NotSubscribed => {
            Some((162, format!("{SERVICE}No market data permissions for {subject}")))
        }
        HistoryFault::Partial
        | HistoryFault::Holes
        | HistoryFault::Doubled
        | HistoryFault::Shuffled
        | HistoryFault::Silent => None,
    }
}

/// Bends the bars of an answer.
#[must_use]
pub fn bend_bars(fault: HistoryFault, bars: Vec<Bar>) -> Vec<Bar> {
    match fault {
        HistoryFault::Partial => partial(bars),
        HistoryFault::Holes => holes(bars),
        HistoryFault::Doubled => {
            let twice = |(nth, bar): (usize, Bar)| {
                let again = nth.is_multiple_of(10).then(|| bar.clone());
                std::iter::once(bar).chain(again)
            };
            bars.into_iter().enumerate().flat_map(twice).collect()
        }
        HistoryFault::Shuffled => {
            let mut bars = bars;
            let half = bars.len() / 2;
            bars.rotate_left(half);
            bars
        }
        HistoryFault::Pacing
        | HistoryFault::NoData
        | HistoryFault::Unknown
        | HistoryFault::Unreachable
        | HistoryFault::NotSubscribed
        | HistoryFault::Silent => bars,
    }
}

/// The first half of each day's bars; of bars of whole days, every second one.
fn partial(bars: Vec<Bar>) -> Vec<Bar> {
    kept(bars, |place| {
        if place.is_daily {
            place.nth.is_multiple_of(2)
        } else {
            place.nth < place.n_bars.div_ceil(2)
        }
    })
}

/// Each day without the middle third of its bars; of bars of whole days, the answer without it.
fn holes(bars: Vec<Bar>) -> Vec<Bar> {
    kept(bars, |place| {
        let third = place.n_bars.div_ceil(3);
        place.nth < third || place.nth >= place.n_bars - third
    })
}

/// Where a bar stands in its day, or in the whole answer of bars of whole days.
struct Place {
    is_daily: bool,
    /// From 0.
    nth: usize,
    n_bars: usize,
}

fn kept(bars: Vec<Bar>, is_kept: fn(&Place) -> bool) -> Vec<Bar> {
    let mut n_of_day: BTreeMap<String, usize> = BTreeMap::new();
    for bar in &bars {
        *n_of_day.entry(day_of(bar)).or_insert(0) += 1;
    }
    let is_daily = n_of_day.values().all(|n| *n == 1);
    let n_all = bars.len();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for (of_all, bar) in bars.into_iter().enumerate() {
        let day = day_of(&bar);
        let n_bars = n_of_day.get(&day).copied().unwrap_or(0);
        let so_far = seen.entry(day).or_insert(0);
        let (nth, n_bars) = if is_daily { (of_all, n_all) } else { (*so_far, n_bars) };
        if is_kept(&Place { is_daily, nth, n_bars }) {
            kept.push(bar);
        }
        *so_far += 1;
    }
    kept
}

/// The date that a bar's time begins with, or the day of its seconds since 1970.
fn day_of(bar: &Bar) -> String {
    let is_date = bar.date.len() == 8 || bar.date.contains([' ', '-']);
    match bar.date.parse::<i64>() {
        Ok(secs) if !is_date => (secs / 86_400).to_string(),
        Ok(_) | Err(_) => bar.date.chars().take(8).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_types::Decimal;

    fn bars(dates: &[&str]) -> Vec<Bar> {
        let bar = |date: &&str| Bar {
            date: (*date).to_owned(),
            open: Decimal::ONE,
            high: Decimal::ONE,
            low: Decimal::ONE,
            close: Decimal::ONE,
            volume: Decimal::ONE,
            wap: Decimal::ONE,
            count: 1,
        };
        dates.iter().map(bar).collect()
    }

    #[test]
    fn bends_bars_as_it_says() {
        let minutes = [
            "20260105 09:30:00 US/Eastern",
            "20260105 09:31:00 US/Eastern",
            "20260105 09:32:00 US/Eastern",
            "20260106 09:30:00 US/Eastern",
        ];
        let [a, b, c, d] = minutes;
        let days = ["20260105", "20260106", "20260107"];
        let epochs = ["1767623400", "1767623460", "1767709800", "1767709860"];
        let whole = ["1767623400", "1767623460", "1767623520", "1767623580", "1767623640"];
        for (fault, given, expected) in [
            (HistoryFault::Partial, &minutes[..], &[a, b, d][..]),
            (HistoryFault::Partial, &days, &["20260105", "20260107"]),
            (HistoryFault::Partial, &epochs, &["1767623400", "1767709800"]),
            (HistoryFault::Holes, &whole, &[whole[0], whole[1], whole[3], whole[4]]),
            (HistoryFault::Holes, &minutes, &[a, c, d]),
            (HistoryFault::Holes, &days, &["20260105", "20260107"]),
            (HistoryFault::Holes, &epochs, &epochs),
            (HistoryFault::Holes, &[], &[]),
            (HistoryFault::Doubled, &minutes, &[a, a, b, c, d]),
            (HistoryFault::Shuffled, &minutes, &[c, d, a, b]),
            (HistoryFault::Shuffled, &[], &[]),
            (HistoryFault::Silent, &minutes, &minutes),
        ] {
            let bent = bend_bars(fault, bars(given));
            let dates: Vec<&str> = bent.iter().map(|bar| bar.date.as_str()).collect();
            assert_eq!(dates, expected, "{fault:?}");
        }
    }

    #[test]
    fn refuses_as_it_says() {
        for (fault, code, text) in [
            (HistoryFault::Pacing, 162, "pacing violation"),
            (HistoryFault::NoData, 162, "HMDS query returned no data: SPY@SMART Trades"),
            (HistoryFault::Unknown, 366, "No historical data query found"),
            (HistoryFault::Unreachable, 162, "HMDS connection attempt failed"),
            (HistoryFault::NotSubscribed, 162, "No market data permissions for"),
        ] {
            let (said, sentence) = history_refusal(fault, "SPY@SMART Trades").expect("refuses");
            assert_eq!(said, code);
            assert!(sentence.contains(text), "{sentence}");
        }
        assert_eq!(history_refusal(HistoryFault::Silent, ""), None);
    }
}
