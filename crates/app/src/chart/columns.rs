//! Windows of a series for a chart: columns out of the store, studies beside them, as raw bytes.

use gatehouse_history::plan::Session;
use gatehouse_history::{
    Columns, Described, Instrument, SeriesKey, Start, Store, StoreError, Window,
};
use gatehouse_ipc::{ColumnsHead, ColumnsRequest, Failure, SessionSpan, WindowStart};
use gatehouse_studies::Kind;
use gatehouse_types::Utc;
use jiff::civil::Date;

use super::study::{Studied, Study};
use super::trading::TradingDays;
use crate::app::App;
use crate::failure::{bad_input, broken};
use crate::history::{Word, bar_names, bar_secs};
use crate::view::session;

/// More than any screen is wide.
const COLUMNS_MAX: u32 = 5_000;
/// Windows that are longer have no sessions.
const SESSIONS_WITHIN: i64 = 60 * 86_400;
const DAY_SECS: u32 = 86_400;
/// The zone whose stocks trade before and behind their regular hours as `session::spans` says.
const ZONE: &str = "America/New_York";
/// After the close, of a half day too, trading goes on for so long. Source: NYSE Arca, "Holidays &
/// Trading Hours".
const AFTER_HOURS: i64 = 4 * 3600;
/// Places of a price that are shown at least.
const DIGITS_MIN: u32 = 2;

impl App {
    /// Answers a chart: a head and columns, in the form that `ColumnsHead` states. What is not in
    /// the store yet is fetched meanwhile.
    ///
    /// # Errors
    /// The request is none, the instrument is not known, or the store cannot be read.
    pub fn columns(&self, asked: &ColumnsRequest) -> Result<Vec<u8>, Failure> {
        let bar_secs = check(asked)?;
        let wished = (asked.what.as_str(), bar_secs, asked.is_regular);
        let (key, instrument) = self.series_of(&asked.symbol, wished)?;
        let read = self.history.read(|store| read(store, &key, asked)).map_err(|error| {
            broken("No chart is shown.", &error, "Look at the log; the rest of Gatehouse goes on.")
        })?;
        let Drawn { window, studies, has_older, schedule } = read.flatten().unwrap_or_default();
        let has_sessions = bar_secs < DAY_SECS && has_usual_hours(&instrument);
        let stretch = i64::from(asked.n_columns) * i64::from(asked.bars_per_column);
        let is_at_start = has_older && window.n_bars > 0 && window.first < stretch / 2;
        self.history.tell(Word::Look {
            key: key.clone(),
            instrument: instrument.clone(),
            is_at_start,
        });
        let head = ColumnsHead {
            symbol: asked.symbol.clone(),
            bar: asked.bar.clone(),
            what: asked.what.clone(),
            is_regular: asked.is_regular,
            n_bars: window.n_bars,
            first: window.first,
            bars_per_column: window.bars_per_column.max(1),
            n_columns: u32::try_from(window.columns.at.len()).unwrap_or(u32::MAX),
            digits: window.columns.px_scale.max(DIGITS_MIN),
            zone: instrument.zone.clone(),
            studies: studies.iter().map(|(lines, _)| lines.clone()).collect(),
            sessions: if has_sessions { sessions(&window.columns, &schedule) } else { Vec::new() },
            has_older,
            note: self.history.note(&asked.symbol, &asked.bar),
        };
        bytes(&head, &window.columns, studies.iter().flat_map(|(_, lines)| lines)).map_err(
            |error| {
                broken("No chart is shown.", &error, "Try again; if it stays, restart Gatehouse.")
            },
        )
    }
}

/// What was read for a chart.
#[derive(Debug, Default)]
struct Drawn {
    window: Window,
    studies: Vec<Study>,
    has_older: bool,
    /// Regular hours as the broker named them, in order.
    schedule: Vec<Session>,
}

/// Returns the seconds of a bar when the request can be answered.
fn check(asked: &ColumnsRequest) -> Result<u32, Failure> {
    let wrong = |why: String, next: String| Err(bad_input("No chart is shown.", why, next));
    let Some(bar_secs) = bar_secs(&asked.bar) else {
        let next = format!("Use one of: {}.", bar_names());
        return wrong(format!("{:?} is not a bar size.", asked.bar), next);
    };
    if !(1..=COLUMNS_MAX).contains(&asked.n_columns) || asked.bars_per_column == 0 {
        return wrong(
            format!("{} columns of {} bars.", asked.n_columns, asked.bars_per_column),
            format!("Ask for 1 to {COLUMNS_MAX} columns of at least one bar."),
        );
    }
    for study in &asked.studies {
        let checked = Kind::from_name(&study.kind)
            .and_then(|kind| gatehouse_studies::warm_up(kind, &study.params));
        if let Err(error) = checked {
            return Err(bad_input(error.what(), error.why(), error.next()));
        }
    }
    Ok(bar_secs)
}

fn read(
    store: &mut Store,
    key: &SeriesKey,
    asked: &ColumnsRequest,
) -> Result<Option<Drawn>, StoreError> {
    let all = store.all_series()?;
    // Imported bars have a number of their own until the keeper gives them the broker's.
    let is_imported = |it: &&Described| {
        let named = SeriesKey { con_id: key.con_id, ..it.key.clone() };
        it.key.con_id.get() < 0 && named == *key && it.instrument.symbol == asked.symbol
    };
    let kept = all.iter().find(|it| it.key == *key).or_else(|| all.iter().find(is_imported));
    let Some(series) = kept.cloned() else { return Ok(None) };
    let per_column = asked.bars_per_column;
    let start = match asked.start {
        WindowStart::Newest => Start::Newest,
        WindowStart::Index { first } => Start::Index(first),
        WindowStart::Time { at } => Start::Time(at),
    };
    let window = store.window(series.id, start, asked.n_columns, per_column)?;
    let head = store.head(series.id)?;
    let oldest = store.covered(series.id)?.first().map(|span| span.from);
    let has_older = oldest.is_none_or(|oldest| head.is_none_or(|head| head < oldest));
    let mut studies = Vec::new();
    let studied = Studied {
        series: series.id,
        window: &window,
        days: TradingDays::of(&series.instrument),
        is_intraday: key.bar_secs < DAY_SECS,
    };
    for wanted in &asked.studies {
        studies.extend(studied.study(store, wanted)?);
    }
    let schedule = store.sessions(key.con_id.get())?.sessions;
    Ok(Some(Drawn { window, studies, has_older, schedule }))
}

/// Returns whether an instrument trades by the hours of New York's stocks. Futures, currencies and
/// coins trade around the clock, and elsewhere the hours are others.
fn has_usual_hours(instrument: &Instrument) -> bool {
    let is_of_stocks = ["STK", "OPT", "WAR", "IND"].contains(&instrument.sec_type.as_str());
    is_of_stocks && instrument.zone == ZONE
}

/// Returns the sessions of the days in a window that is not too long: by the broker's schedule, which
/// knows half days, and by the usual hours where that is not known.
fn sessions(columns: &Columns, schedule: &[Session]) -> Vec<SessionSpan> {
    let (Some(first), Some(last)) = (columns.at.first(), columns.at.last()) else {
        return Vec::new();
    };
    if last - first > SESSIONS_WITHIN {
        return Vec::new();
    }
    let instant = |secs: &i64| Utc::from_nanos(secs.saturating_mul(1_000_000_000));
    let mut dates: Vec<Date> =
        columns.at.iter().filter_map(|at| session::date(instant(at))).collect();
    dates.dedup();
    let known = |date: Date| schedule.iter().find(|it| it.date == date);
    dates.into_iter().flat_map(|date| scheduled(session::spans(date), known(date))).collect()
}

/// Moves the usual hours of a day to those that it has.
fn scheduled(mut spans: Vec<SessionSpan>, known: Option<&Session>) -> Vec<SessionSpan> {
    let Some(Session { open, close, .. }) = known else { return spans };
    for span in &mut spans {
        match span.name.as_str() {
            "pre-market" => span.to = *open,
            "regular" => (span.from, span.to) = (*open, *close),
            _ => (span.from, span.to) = (*close, close + AFTER_HOURS),
        }
    }
    spans
}

/// Prices leave their exact form here: what is drawn is no amount.
pub(super) fn floats(column: &[i64], scale: u32) -> Vec<f64> {
    let places = i32::try_from(scale).unwrap_or(i32::MAX);
    let unit = 10_f64.powi(places);
    column.iter().map(|mantissa| float(*mantissa) / unit).collect()
}

#[allow(clippy::as_conversions, reason = "beyond 2^53 a price is rounded, which no eye sees")]
const fn float(mantissa: i64) -> f64 {
    mantissa as f64
}

fn bytes<'a>(
    head: &ColumnsHead,
    columns: &Columns,
    studies: impl Iterator<Item = &'a Vec<f64>>,
) -> Result<Vec<u8>, serde_json::Error> {
    let json = serde_json::to_vec(head)?;
    let mut bytes = Vec::with_capacity(json.len() + columns.at.len() * 80);
    bytes.extend(u32::try_from(json.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(json);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    let mut put = |values: &[f64]| {
        for value in values {
            bytes.extend(value.to_le_bytes());
        }
    };
    put(&floats(&columns.at, 0));
    for column in [&columns.open, &columns.high, &columns.low, &columns.close] {
        put(&floats(column, columns.px_scale));
    }
    put(&floats(&columns.volume, columns.volume_scale));
    for line in studies {
        put(line);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().expect("is an instant").as_second()
    }

    #[test]
    fn a_half_day_ends_when_the_schedule_says_and_any_other_at_the_usual_hour() {
        let half = Session {
            date: jiff::civil::date(2025, 12, 24),
            open: at("2025-12-24T14:30:00Z"),
            close: at("2025-12-24T18:00:00Z"),
        };
        let days = vec![at("2025-12-23T15:00:00Z"), at("2025-12-24T15:00:00Z")];
        let columns = Columns { at: days, ..Columns::default() };
        let spans = sessions(&columns, &[half]);
        let spans: Vec<_> = spans.iter().map(|it| (it.name.as_str(), it.from, it.to)).collect();
        let expected = [
            ("pre-market", at("2025-12-23T09:00:00Z"), at("2025-12-23T14:30:00Z")),
            ("regular", at("2025-12-23T14:30:00Z"), at("2025-12-23T21:00:00Z")),
            ("after-hours", at("2025-12-23T21:00:00Z"), at("2025-12-24T01:00:00Z")),
            ("pre-market", at("2025-12-24T09:00:00Z"), at("2025-12-24T14:30:00Z")),
            ("regular", at("2025-12-24T14:30:00Z"), at("2025-12-24T18:00:00Z")),
            ("after-hours", at("2025-12-24T18:00:00Z"), at("2025-12-24T22:00:00Z")),
        ];
        assert_eq!(spans, expected);
    }

    #[test]
    fn who_does_not_trade_by_new_yorks_hours_has_no_sessions() {
        for (sec_type, zone, has) in [
            ("STK", "America/New_York", true),
            ("OPT", "America/New_York", true),
            ("STK", "Europe/Berlin", false),
            ("FUT", "America/Chicago", false),
            ("CASH", "America/New_York", false),
            ("CRYPTO", "America/New_York", false),
        ] {
            let instrument = Instrument {
                symbol: "X".to_owned(),
                sec_type: sec_type.to_owned(),
                currency: "USD".to_owned(),
                exchange: "SMART".to_owned(),
                zone: zone.to_owned(),
            };
            assert_eq!(has_usual_hours(&instrument), has, "{sec_type} {zone}");
        }
    }

    #[test]
    fn an_answer_is_a_head_and_columns_at_multiples_of_eight_bytes() {
        let head = ColumnsHead {
            symbol: "SPY".to_owned(),
            bar: "1m".to_owned(),
            what: "TRADES".to_owned(),
            is_regular: true,
            n_bars: 2,
            first: 0,
            bars_per_column: 1,
            n_columns: 2,
            digits: 2,
            zone: "America/New_York".to_owned(),
            studies: Vec::new(),
            sessions: Vec::new(),
            has_older: false,
            note: None,
        };
        let columns = Columns {
            px_scale: 2,
            volume_scale: 0,
            at: vec![60, 120],
            open: vec![-3763, 0],
            high: vec![1, 2],
            low: vec![-4032, 0],
            close: vec![66214, 2],
            volume: vec![100, -1],
        };
        let line = vec![f64::NAN, 1.5];
        let bytes = bytes(&head, &columns, [&line].into_iter()).expect("is written");
        let n_json = usize::try_from(u32::from_le_bytes(bytes[..4].try_into().expect("four")))
            .expect("is small");
        let read: ColumnsHead = serde_json::from_slice(&bytes[4..4 + n_json]).expect("is JSON");
        assert_eq!(read, head);
        let (floats, rest) = bytes[(4 + n_json).next_multiple_of(8)..].as_chunks::<8>();
        let floats: Vec<f64> = floats.iter().map(|eight| f64::from_le_bytes(*eight)).collect();
        assert!(rest.is_empty());
        assert_eq!(floats[..6], [60.0, 120.0, -37.63, 0.0, 0.01, 0.02]);
        assert_eq!(floats[6..12], [-40.32, 0.0, 662.14, 0.02, 100.0, -1.0]);
        assert!(floats[12].is_nan() && floats[13] == 1.5 && floats.len() == 14);
    }
}
