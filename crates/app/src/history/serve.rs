//! Bots' requests for bars, answered out of the store where it holds exactly what is asked for.
//!
//! What is not known for sure goes to the Gateway: a span whose meaning the broker alone knows, a
//! day that is not over, a hole, a contract in other words. Times and numbers are written as the
//! Gateway writes them; that it names the first bar and the end asked for around them is an
//! assumption of the simulator, too.

use gatehouse_history::plan::{Session, Trading};
use gatehouse_history::{Bar, BarSize, Dated, Described, Store, StoreError};
use gatehouse_tws::ServerVersion;
use gatehouse_tws::answer::{Bar as WireBar, HistoricalData};
use gatehouse_tws::request::HistoricalDataRequest;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const DAY_SECS: u32 = 86_400;
/// Days of one request; more must be named in years.
const DAYS_MAX: usize = 365;
/// Bars of one answer: what a request of Gatehouse brings, and less than a bot that does not read at
/// once is cut off for.
const BARS_MAX: i64 = 8_000;
/// Prices that take later dividends and splits into account are given up to the present only.
const UP_TO_NOW: &str = "ADJUSTED_LAST";
/// Bars from elsewhere are none of the Gateway's.
const GATEWAY: &str = super::clerk::SOURCE;
/// From here on sizes with a fraction are sent as they are.
const FRACTIONAL_SIZES: i32 = 163;

/// The bodies that answer a request, and out of what.
#[derive(Debug)]
pub(super) struct Served {
    pub(super) bodies: Vec<Vec<u8>>,
    pub(super) series: Described,
    /// When the bar was fetched that was fetched first, and the trading day that it is of; in seconds
    /// since 1970.
    pub(super) fetched_at: i64,
    pub(super) day: (i64, i64),
}

/// Returns the answer to a request; `None` when the Gateway must be asked.
pub(super) fn answer(
    store: &mut Store,
    version: ServerVersion,
    asked: &HistoricalDataRequest,
) -> Result<Option<Served>, StoreError> {
    let Some(question) = question(asked) else { return Ok(None) };
    let Some(series) = store.all_series()?.into_iter().find(|it| is_meant(it, asked, &question))
    else {
        return Ok(None);
    };
    let Ok(zone) = TimeZone::get(&series.instrument.zone) else { return Ok(None) };
    let Some(name) = wire_zone(&series.instrument.zone) else { return Ok(None) };
    let calendar = store.sessions(series.key.con_id.get())?.calendar(zone.clone());
    let Some(days) = calendar.last_days(question.end, question.n_days) else { return Ok(None) };
    let Some(Dated { bars, fetched }) = bars(store, &series, &question, &days)? else {
        return Ok(None);
    };
    let oldest = bars.at.iter().zip(fetched).min_by_key(|(_, fetched_at)| *fetched_at);
    let Some((oldest, fetched_at)) = oldest else { return Ok(None) };
    let is_daily = series.key.bar_secs >= DAY_SECS;
    let is_of = |day: &&Trading| {
        if is_daily { midnight(day) == *oldest } else { (day.from..day.to).contains(oldest) }
    };
    let Some(day) = days.iter().find(is_of).map(|day| (day.from, day.to)) else {
        return Ok(None);
    };
    let bars: Vec<Bar> = bars.rows().collect();
    let is_whole = bars.iter().all(|bar| bar.volume.is_integer());
    if !is_whole && !version.has(FRACTIONAL_SIZES) {
        return Ok(None);
    }
    let at = |secs: i64| {
        let at = Timestamp::from_second(secs).unwrap_or(Timestamp::UNIX_EPOCH);
        format!("{} {name}", zone.to_datetime(at).strftime("%Y%m%d %H:%M:%S"))
    };
    let wire = |bar: &Bar| WireBar {
        date: match asked.format_date {
            _ if is_daily => date(bar.at),
            2 => bar.at.to_string(),
            _ => at(bar.at),
        },
        open: bar.open,
        high: bar.high,
        low: bar.low,
        close: bar.close,
        volume: bar.volume,
        wap: bar.average,
        count: bar.n_trades,
    };
    let first = if is_daily { days.first().map(|day| day.session.open) } else { None };
    let first = first.or_else(|| bars.first().map(|bar| bar.at)).unwrap_or(question.end);
    let answer = HistoricalData {
        req_id: asked.req_id,
        start: at(first),
        end: at(question.end),
        bars: bars.iter().map(wire).collect(),
    };
    let bodies = answer.bodies(version).ok();
    Ok(bodies.map(|bodies| Served { bodies, series, fetched_at, day }))
}

/// What is asked for, in our words.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    bar_secs: u32,
    /// Seconds since 1970.
    end: i64,
    n_days: usize,
}

/// Reads a request that means the same at every broker's server: an instant, and trading days.
fn question(asked: &HistoricalDataRequest) -> Option<Wanted> {
    let is_plain = !asked.keep_up_to_date
        && asked.what_to_show != UP_TO_NOW
        && asked.options.is_empty()
        && matches!(asked.format_date, 1 | 2)
        && !asked.contract.include_expired;
    if !is_plain {
        return None;
    }
    let bar_secs = BarSize::of_word(&asked.bar_size)?.secs;
    is_within_a_day(bar_secs).then_some(())?;
    let n_days = asked.duration.trim().strip_suffix(" D")?.parse().ok()?;
    (1..=DAYS_MAX).contains(&n_days).then_some(())?;
    Some(Wanted { bar_secs, end: instant(asked.end.trim())?, n_days })
}

/// Returns whether bars begin and end within one trading day, and a day of them is one answer of the
/// broker's.
const fn is_within_a_day(bar_secs: u32) -> bool {
    matches!(bar_secs, 2..=14_400 | DAY_SECS)
}

/// Reads an instant that names its zone; the broker warns of others.
pub(super) fn instant(text: &str) -> Option<i64> {
    let (stamp, zone) = match text.split_once('-') {
        Some((date, time)) => (format!("{date} {time}"), TimeZone::UTC),
        None => {
            let (stamp, zone) = text.rsplit_once(' ').filter(|(stamp, _)| stamp.contains(' '))?;
            (stamp.to_owned(), TimeZone::get(zone).ok()?)
        }
    };
    let at = DateTime::strptime("%Y%m%d %H:%M:%S", stamp).ok()?;
    Some(at.to_zoned(zone).ok()?.timestamp().as_second())
}

/// Returns whether a series is what the request names: by its number, or as a stock in dollars by
/// the broker's own routing.
fn is_meant(series: &Described, asked: &HistoricalDataRequest, wanted: &Wanted) -> bool {
    let (key, contract) = (&series.key, &asked.contract);
    let is_same_kind = key.con_id.get() > 0
        && key.bar_secs == wanted.bar_secs
        && key.what == asked.what_to_show
        && key.is_regular == asked.use_rth
        // The first second of a day outside regular hours is not known here.
        && (key.is_regular || key.bar_secs < DAY_SECS);
    let instrument = &series.instrument;
    let is_named = contract.exchange == "SMART"
        && contract.symbol == instrument.symbol
        && contract.sec_type == "STK"
        && instrument.sec_type == "STK"
        && contract.currency == instrument.currency;
    let is_numbered = contract.con_id == Some(key.con_id)
        && contract.exchange == "SMART"
        && instrument.sec_type == "STK";
    is_same_kind && if contract.con_id.is_some() { is_numbered } else { is_named }
}

/// Returns the bars of whole days, when all of them are known and over before the end.
fn bars(
    store: &mut Store,
    series: &Described,
    wanted: &Wanted,
    days: &[Trading],
) -> Result<Option<Dated>, StoreError> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(None) };
    if !store.gaps(series.id, first.from, last.to)?.is_empty() {
        return Ok(None);
    }
    let (from, to) = if wanted.bar_secs >= DAY_SECS {
        (midnight(first), midnight(last).saturating_add(i64::from(DAY_SECS)))
    } else {
        (first.from, last.to)
    };
    let is_the_gateways = store.is_only_from(series.id, (from, to), GATEWAY)?;
    if n_bars(series, wanted, days) > BARS_MAX || !is_the_gateways {
        return Ok(None);
    }
    let (dated, damaged) = store.read_dated(series.id, from, to)?;
    if !damaged.is_empty() {
        return Ok(None);
    }
    let Some(latest) = dated.bars.at.last().copied() else { return Ok(None) };
    let over = if wanted.bar_secs >= DAY_SECS {
        last.session.close
    } else {
        latest + i64::from(wanted.bar_secs)
    };
    let is_of_last_day = latest >= last.from.min(midnight(last));
    Ok((over <= wanted.end && is_of_last_day).then_some(dated))
}

/// Returns how many bars days have at most.
fn n_bars(series: &Described, wanted: &Wanted, days: &[Trading]) -> i64 {
    let of_day = |day: &Trading| {
        let Session { open, close, .. } = day.session;
        let secs = if series.key.is_regular { close - open } else { day.to - day.from };
        secs / i64::from(wanted.bar_secs) + 1
    };
    days.iter().map(of_day).sum()
}

/// Bars of days bear the midnight in UTC of their date.
fn midnight(day: &Trading) -> i64 {
    let midnight = day.session.date.to_zoned(TimeZone::UTC);
    midnight.map_or(0, |at| at.timestamp().as_second())
}

fn date(at: i64) -> String {
    let at = Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::UTC.to_datetime(at).strftime("%Y%m%d").to_string()
}

/// Returns a zone as the Gateway writes it.
fn wire_zone(zone: &str) -> Option<&'static str> {
    (zone == "America/New_York").then_some("US/Eastern")
}

#[cfg(test)]
mod tests {
    use gatehouse_history::{Bars, FILE_NAME, Fetched, Instrument, SeriesKey, Span};
    use gatehouse_tws::layout::{ReqId, WireContract};
    use gatehouse_types::{ConId, Decimal};

    use super::*;

    /// Midnight of Monday, 5 January 2026, in New York.
    const MONDAY: i64 = 1_767_589_200;

    fn request(bar_size: &str, duration: &str, what: &str) -> HistoricalDataRequest {
        HistoricalDataRequest {
            req_id: ReqId::new(7),
            contract: WireContract {
                symbol: "SPY".to_owned(),
                sec_type: "STK".to_owned(),
                exchange: "SMART".to_owned(),
                currency: "USD".to_owned(),
                ..WireContract::default()
            },
            end: "20260105 20:00:00 US/Eastern".to_owned(),
            duration: duration.to_owned(),
            bar_size: bar_size.to_owned(),
            what_to_show: what.to_owned(),
            use_rth: true,
            format_date: 2,
            ..HistoricalDataRequest::default()
        }
    }

    fn key(con_id: i32, what: &str, bar_secs: u32) -> SeriesKey {
        let con_id = ConId::new(con_id);
        SeriesKey { con_id, what: what.to_owned(), bar_secs, is_regular: true }
    }

    fn put(store: &mut Store, key: &SeriesKey, source: &str, at: i64) {
        let instrument = Instrument {
            symbol: "SPY".to_owned(),
            sec_type: "STK".to_owned(),
            currency: "USD".to_owned(),
            exchange: "SMART".to_owned(),
            zone: "America/New_York".to_owned(),
        };
        let series = store.series(key, &instrument).expect("is made");
        let px = Decimal::from(600);
        let volume = Decimal::from(1_000);
        let bar =
            Bar { at, open: px, high: px, low: px, close: px, volume, average: px, n_trades: 10 };
        let bars = Bars::from_rows(&[bar]).expect("are held");
        let covers = &[Span { from: MONDAY, to: MONDAY + 86_400, is_empty: false }];
        let fetched = Fetched { series, bars: &bars, source, fetched_at: at, covers };
        store.put(&fetched).expect("is kept");
        let date = jiff::civil::date(2026, 1, 5);
        let session = Session { date, open: MONDAY + 34_200, close: MONDAY + 57_600 };
        let asked = (MONDAY - 86_400, MONDAY + 86_400);
        store.keep_sessions(key.con_id.get(), &[session], asked).expect("are kept");
    }

    #[test]
    fn only_what_the_gateway_itself_said_is_answered() {
        let dir = tempfile::tempdir().expect("makes a folder");
        let mut store = Store::open(&dir.path().join(FILE_NAME)).expect("opens");
        let asks = |store: &mut Store, asked: &HistoricalDataRequest| {
            answer(store, ServerVersion::new(178), asked).expect("is read").is_some()
        };
        let minutes = request("1 min", "1 D", "TRADES");
        // What was imported before the broker's number was known.
        put(&mut store, &key(-9, "TRADES", 60), "lean", MONDAY + 57_540);
        assert!(!asks(&mut store, &minutes));
        put(&mut store, &key(756_733, "MIDPOINT", 60), "gateway", MONDAY + 57_540);
        let middles = request("1 min", "1 D", "MIDPOINT");
        assert!(asks(&mut store, &middles));
        put(&mut store, &key(756_733, "MIDPOINT", 60), "lean", MONDAY + 57_480);
        assert!(!asks(&mut store, &middles), "a bar of the day is not the Gateway's");
        put(&mut store, &key(756_733, "ADJUSTED_LAST", 60), "gateway", MONDAY + 57_540);
        assert!(!asks(&mut store, &request("1 min", "1 D", "ADJUSTED_LAST")), "it refuses an end");
        // A day of regular hours has 4,680 bars of five seconds; all of it is too much from 1.7 days.
        put(&mut store, &key(756_733, "BID", 5), "gateway", MONDAY + 57_595);
        assert!(asks(&mut store, &request("5 secs", "1 D", "BID")));
    }

    #[test]
    fn an_answer_is_not_larger_than_one_of_the_brokers() {
        let series = Described { key: key(756_733, "TRADES", 5), ..described() };
        let session = Session { date: jiff::civil::date(2026, 1, 5), open: 0, close: 23_400 };
        let day = Trading { session, from: 0, to: 86_400 };
        let wanted = Wanted { bar_secs: 5, end: 0, n_days: 2 };
        assert!(n_bars(&series, &wanted, &[day]) <= BARS_MAX);
        assert!(n_bars(&series, &wanted, &[day, day]) > BARS_MAX);
    }

    fn described() -> Described {
        let dir = tempfile::tempdir().expect("makes a folder");
        let mut store = Store::open(&dir.path().join(FILE_NAME)).expect("opens");
        put(&mut store, &key(756_733, "TRADES", 5), "gateway", MONDAY);
        store.all_series().expect("is read").remove(0)
    }
}
