//! Studies beside a window of a series: computed with as many columns in front as they reach back,
//! so that a value is the same in every window.

use gatehouse_history::{SeriesId, Start, Store, StoreError, Window};
use gatehouse_ipc::{StudyLines, StudyWanted};
use gatehouse_studies::{Input, Kind, Memory};
use jiff::civil::Date;

use super::columns::floats;
use super::trading::TradingDays;

/// A study's words, and its lines.
pub(super) type Study = (StudyLines, Vec<Vec<f64>>);

/// A series as studies need it.
pub(super) struct Studied<'a> {
    pub(super) series: SeriesId,
    pub(super) window: &'a Window,
    pub(super) days: TradingDays,
    /// Bars shorter than a day.
    pub(super) is_intraday: bool,
}

impl Studied<'_> {
    /// Returns the lines of a study over the window; `None` when it is none.
    pub(super) fn study(
        &self,
        store: &mut Store,
        wanted: &StudyWanted,
    ) -> Result<Option<Study>, StoreError> {
        let Ok(kind) = Kind::from_name(&wanted.kind) else { return Ok(None) };
        let window = self.window;
        let n_columns = window.columns.at.len();
        let per_column = i64::from(window.bars_per_column.max(1));
        let n_before = match kind.memory() {
            Memory::Bars => gatehouse_studies::warm_up(kind, &wanted.params).unwrap_or(0),
            Memory::Session => self.n_of_session(store)?,
            // Where its line begins is no matter, and so it begins with the window.
            Memory::Beginning => 0,
        };
        let n_behind = gatehouse_studies::look_ahead(kind, &wanted.params).unwrap_or(0);
        let before = i64::try_from(n_before).unwrap_or(i64::MAX).saturating_mul(per_column);
        let first = window.first.saturating_sub(before).max(window.first.rem_euclid(per_column));
        let skipped = usize::try_from((window.first - first) / per_column).unwrap_or(0);
        let n_wanted = u32::try_from(skipped + n_columns + n_behind).unwrap_or(u32::MAX);
        let wide =
            store.window(self.series, Start::Index(first), n_wanted, window.bars_per_column)?;
        let all = &wide.columns;
        let session_start = match kind.memory() {
            Memory::Session => {
                let is_first = wide.first < per_column && self.begins_a_day(store, &all.at)?;
                self.starts(&all.at, is_first)
            }
            Memory::Bars | Memory::Beginning => vec![false; all.at.len()],
        };
        let (open, high) = (floats(&all.open, all.px_scale), floats(&all.high, all.px_scale));
        let (low, close) = (floats(&all.low, all.px_scale), floats(&all.close, all.px_scale));
        let volume = floats(&all.volume, all.volume_scale);
        let input = Input {
            open: &open,
            high: &high,
            low: &low,
            close: &close,
            volume: &volume,
            session_start: &session_start,
        };
        let Ok(mut lines) = gatehouse_studies::compute(kind, &wanted.params, &input) else {
            return Ok(None);
        };
        for line in &mut lines {
            line.drain(..skipped.min(line.len()));
            line.resize(n_columns, f64::NAN);
        }
        let params = if wanted.params.is_empty() { kind.defaults() } else { wanted.params.clone() };
        let names = kind.lines().iter().map(|name| (*name).to_owned()).collect();
        Ok(Some((StudyLines { kind: wanted.kind.clone(), params, lines: names }, lines)))
    }

    /// Returns how many columns in front of the window begin at or after the session that it begins
    /// in, and one of the session before, so that it is seen to begin.
    fn n_of_session(&self, store: &mut Store) -> Result<usize, StoreError> {
        let Some(at) = self.window.columns.at.first().filter(|_| self.is_intraday) else {
            return Ok(0);
        };
        let begin = self.days.date(*at).and_then(|date| self.days.begin(date));
        let Some(begin) = begin else { return Ok(0) };
        let before = store.index_at(self.series, begin - 1)?.unwrap_or(0);
        let per_column = i64::from(self.window.bars_per_column.max(1));
        let n_bars = (self.window.first - before).max(0);
        Ok(usize::try_from(n_bars.div_euclid(per_column) + 1).unwrap_or(0))
    }

    /// Returns whether the first bar of all is, as far as is known, its session's first.
    fn begins_a_day(&self, store: &mut Store, at: &[i64]) -> Result<bool, StoreError> {
        let Some(first) = at.first() else { return Ok(false) };
        let known = store.covered(self.series)?;
        let known = known.iter().find(|span| (span.from..span.to).contains(first));
        Ok(self.days.is_beginning(known.map_or(*first, |span| span.from.min(*first))))
    }

    /// Returns which columns begin a session, which every bar of a day and more does. Of the first
    /// it is told, as what came before it is not seen.
    fn starts(&self, at: &[i64], is_first: bool) -> Vec<bool> {
        if !self.is_intraday {
            return vec![true; at.len()];
        }
        let mut before: Option<Date> = None;
        let starts = at.iter().enumerate().map(|(i, at)| {
            let date = self.days.date(*at);
            let is_new = if i == 0 { is_first } else { date != before };
            before = date;
            is_new
        });
        starts.collect()
    }
}

#[cfg(test)]
mod tests {
    use gatehouse_history::{Bar, Bars, Fetched, Instrument, SeriesKey, Span};
    use gatehouse_types::{ConId, Decimal};

    use super::*;

    /// 4 January 2026, 00:00 in New York.
    const DAY: i64 = 1_767_502_800;

    /// A store of bars at these instants; the close of bar n goes up and down around n.
    fn store(
        at: impl Iterator<Item = i64>,
        covers: Option<Span>,
    ) -> (tempfile::TempDir, Store, SeriesId, TradingDays) {
        let bars: Vec<Bar> = (0..).zip(at).map(|(n, at)| bar(n, at)).collect();
        store_of(&bars, covers)
    }

    fn store_of(
        bars: &[Bar],
        covers: Option<Span>,
    ) -> (tempfile::TempDir, Store, SeriesId, TradingDays) {
        let folder = tempfile::tempdir().expect("makes a folder");
        let mut store = Store::open(&folder.path().join("history.db")).expect("opens");
        let key = SeriesKey {
            con_id: ConId::new(756_733),
            what: "TRADES".to_owned(),
            bar_secs: 60,
            is_regular: false,
        };
        let instrument = Instrument {
            symbol: "SPY".to_owned(),
            sec_type: "STK".to_owned(),
            currency: "USD".to_owned(),
            exchange: "SMART".to_owned(),
            zone: "America/New_York".to_owned(),
        };
        let series = store.series(&key, &instrument).expect("is named");
        let bars = Bars::from_rows(bars).expect("are held");
        let covers = covers.as_slice();
        let fetched = Fetched { series, bars: &bars, source: "gateway", fetched_at: 0, covers };
        store.put(&fetched).expect("are kept");
        (folder, store, series, TradingDays::of(&instrument))
    }

    fn bar(n: i64, at: i64) -> Bar {
        let close = Decimal::from(1_000 + n % 700 * 3 + n % 13);
        Bar {
            at,
            open: close,
            high: close + Decimal::ONE,
            low: close - Decimal::ONE,
            close,
            volume: Decimal::from(100 + n % 7),
            average: Decimal::NEGATIVE_ONE,
            n_trades: -1,
        }
    }

    /// Returns the first line of a study over a window of columns of a bar each.
    fn line(
        of: (&mut Store, SeriesId, &TradingDays),
        kind: &str,
        params: &[f64],
        (first, n): (i64, u32),
    ) -> Vec<f64> {
        lines(of, kind, params, (first, n, 1)).into_iter().next().expect("has a line")
    }

    /// Returns every line over a window of `n` columns of so many bars each.
    fn lines(
        (store, series, days): (&mut Store, SeriesId, &TradingDays),
        kind: &str,
        params: &[f64],
        (first, n, per_column): (i64, u32, u32),
    ) -> Vec<Vec<f64>> {
        let window = store.window(series, Start::Index(first), n, per_column).expect("reads");
        let days = days.clone();
        let studied = Studied { series, window: &window, days, is_intraday: true };
        let wanted = StudyWanted { kind: kind.to_owned(), params: params.to_vec() };
        studied.study(store, &wanted).expect("reads").expect("is a study").1
    }

    /// Bars of ten sessions of 16 hours in which the price walks, and stands still for an hour and a
    /// half of each third one.
    fn walked() -> Vec<Bar> {
        let (mut die, mut close) = (7_i64, 60_000_i64);
        let mut bars = Vec::new();
        for n in 0..9_600_i64 {
            let at = DAY + n / 960 * 86_400 + 14_400 + n % 960 * 60;
            let is_still = n / 960 % 3 == 1 && (300..390).contains(&(n % 960));
            die = die * 48_271 % 2_147_483_647;
            let open = close;
            close += if is_still { 0 } else { die % 81 - 40 };
            let reach = if is_still { 0 } else { die / 81 % 20 };
            let px = |cents: i64| Decimal::new(cents, 2);
            bars.push(Bar {
                at,
                open: px(open),
                high: px(open.max(close) + reach),
                low: px(open.min(close) - reach),
                close: px(close),
                volume: Decimal::from(die / 2_000 % 1_000),
                average: Decimal::NEGATIVE_ONE,
                n_trades: -1,
            });
        }
        bars
    }

    #[test]
    fn lines_join_when_a_chart_is_panned() {
        let (_folder, mut store, series, days) = store_of(&walked(), None);
        // Both windows have columns at the same places, and the last ends with the series.
        for (per_column, early, late, n) in [
            (1, 0, 40, 700),
            (1, 3_000, 3_333, 500),
            (1, 8_700, 9_200, 900),
            (4, 6_402, 6_802, 400),
        ] {
            let skipped = usize::try_from((late - early) / i64::from(per_column)).expect("fits");
            for kind in Kind::ALL {
                let mut of = |first| {
                    let window = (first, n, per_column);
                    lines((&mut store, series, &days), kind.name(), &[], window)
                };
                for (one, other) in of(early).iter().zip(&of(late)) {
                    let one = &one[skipped..];
                    // Where the line begins is no matter to it: only its changes are.
                    let is_level = kind.memory() == Memory::Beginning;
                    let level = if is_level { one[0] - other[0] } else { 0.0 };
                    for (i, (a, b)) in one.iter().zip(other).enumerate() {
                        let is_same = a.is_nan() && b.is_nan();
                        let name = kind.name();
                        assert!(
                            is_same || (a - b - level).abs() <= 1e-6,
                            "{name} at {i} of {late}: {a}, {b}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_value_is_the_same_in_every_window() {
        let days =
            (0..24).flat_map(|day| (0..960).map(move |n| DAY + day * 86_400 + 14_400 + n * 60));
        let (_folder, mut store, series, days) = store(days, None);
        for (kind, params) in [
            ("sma", &[5_000.0][..]),
            ("donchian", &[5_000.0]),
            ("ema", &[1_000.0]),
            ("rsi", &[400.0]),
            ("vwap", &[]),
        ] {
            let mut of = |window| line((&mut store, series, &days), kind, params, window);
            let wide = of((20_000, 2_000));
            let narrow = of((21_500, 500));
            for (i, (one, other)) in wide[1_500..].iter().zip(&narrow).enumerate() {
                assert!(one.is_finite(), "{kind}: no value {i}");
                assert!((one - other).abs() <= 1e-6, "{kind}: {one} is not {other} at {i}");
            }
        }
    }

    #[test]
    fn an_average_of_the_session_is_there_in_every_bar_of_a_long_one() {
        // 16 hours of bars of 4 s are more than any window has columns.
        let bars = (0..14_400).map(|n| DAY + 86_400 + 14_400 + n * 4);
        let (_folder, mut store, series, days) = store(bars, None);
        let all = line((&mut store, series, &days), "vwap", &[], (0, 14_400));
        let last = line((&mut store, series, &days), "vwap", &[], (14_000, 400));
        assert!(all[0].is_finite());
        assert_eq!(all[14_000..], last);
    }

    #[test]
    fn a_series_that_begins_at_noon_has_no_average_of_that_day() {
        let noon = DAY + 12 * 3600;
        let bars = || (0..200).chain(1_440..1_640).map(move |n| noon + n * 60);
        let (_folder, mut kept, series, days) = store(bars(), None);
        let values = line((&mut kept, series, &days), "vwap", &[], (0, 400));
        assert!(values[..200].iter().all(|value| value.is_nan()));
        assert!(values[200..].iter().all(|value| value.is_finite()));
        // Nothing was traded in the morning: that is known.
        let all = Span { from: DAY, to: DAY + 3 * 86_400, is_empty: false };
        let (_folder, mut kept, series, days) = store(bars(), Some(all));
        let values = line((&mut kept, series, &days), "vwap", &[], (0, 400));
        assert!(values.iter().all(|value| value.is_finite()));
    }
}
