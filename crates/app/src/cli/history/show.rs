//! `gatehouse history stats`, `quota` and `check`.

use std::path::Path;

use gatehouse_history::Kept;
use gatehouse_history::plan::Urgency;
use gatehouse_ipc::Failure;
use gatehouse_types::Decimal;
use serde_json::json;

use super::{IsFine, look, name_of, open, store_failure};
use crate::failure::bad_input;
use crate::history::missing::instant;

const WHAT: &str = "The history was not read.";

pub(super) fn stats(data_dir: &Path, is_json: bool) -> Result<IsFine, Failure> {
    let mut store = look(data_dir)?;
    let failed = |error| store_failure(WHAT, &error);
    let stats = store.stats().map_err(failed)?;
    let n_file = store.n_bytes().map_err(failed)?;
    let quota = store.quota().map_err(failed)?;
    if is_json {
        stats.iter().for_each(|one| say!("{}", json_of(one)));
        let n_bars: i64 = stats.iter().map(|one| one.n_bars).sum();
        say!(
            "{}",
            json!({ "series": stats.len(), "bars": n_bars, "bytes": n_file, "quota": quota })
        );
        return Ok(true);
    }
    if stats.is_empty() {
        say!("Nothing is kept.");
        return Ok(true);
    }
    say!(
        "{:<10} {:<22} {:>10} {:>12} {:>6}  {:<20} {:<20}",
        "symbol",
        "series",
        "bars",
        "bytes",
        "B/bar",
        "first",
        "last"
    );
    for one in &stats {
        let (first, last) = one
            .reach
            .map_or_else(Default::default, |(first, last)| (instant(first), instant(last)));
        say!(
            "{:<10} {:<22} {:>10} {:>12} {:>6}  {first:<20} {last:<20}",
            one.series.instrument.symbol,
            name_of(&one.series),
            one.n_bars,
            one.n_bytes,
            per_bar(one.n_bytes, one.n_bars)
        );
    }
    let n_bars: i64 = stats.iter().map(|one| one.n_bars).sum();
    let quota = quota.map_or_else(|| "no quota".to_owned(), |quota| format!("quota {quota} bytes"));
    let each = per_bar(i64::try_from(n_file).unwrap_or(0), n_bars);
    say!("{n_bars} bars in {n_file} bytes of the file, {each} bytes each; {quota}.");
    Ok(true)
}

pub(super) fn quota(size: Option<&str>, data_dir: &Path, is_json: bool) -> Result<IsFine, Failure> {
    let quota = size.map(bytes_of).transpose()?;
    let mut store = if quota.is_some() { open(data_dir)? } else { look(data_dir)? };
    let failed = |error| store_failure("The quota was not changed.", &error);
    let mut n_pruned = 0;
    if let Some(quota) = quota {
        store.set_quota(quota).map_err(failed)?;
        // The machine's clock is not the market's: the day of the newest bar may not be over.
        let newest =
            store.stats().map_err(failed)?.iter().filter_map(|one| one.reach).map(|it| it.1).max();
        let now = jiff::Timestamp::now().as_second();
        let market = newest.map_or(now, |newest| newest.min(now));
        n_pruned = store.prune(market).map_err(failed)?.n_bars;
    }
    let (quota, n_bytes) = (store.quota().map_err(failed)?, store.n_bytes().map_err(failed)?);
    if is_json {
        say!("{}", json!({ "quota": quota, "bytes": n_bytes, "pruned": n_pruned }));
        return Ok(true);
    }
    match quota {
        Some(quota) => say!("{n_bytes} of {quota} bytes used, {n_pruned} bars taken away now."),
        None => say!("{n_bytes} bytes used, no quota."),
    }
    Ok(true)
}

/// Reads a size: a number with k, M, G or T behind it; `None` for `off`.
pub(super) fn bytes_of(text: &str) -> Result<Option<u64>, Failure> {
    if text == "off" {
        return Ok(None);
    }
    let units = [('k', 1_000), ('M', 1_000_000), ('G', 1_000_000_000), ('T', 1_000_000_000_000)];
    let unit = units.iter().find(|(unit, _)| text.ends_with(*unit));
    let number = unit.map_or(text, |(unit, _)| text.trim_end_matches(*unit));
    let bytes = number.parse::<u64>().ok().and_then(|n| n.checked_mul(unit.map_or(1, |(_, n)| *n)));
    bytes.map(Some).ok_or_else(|| {
        bad_input(
            "The quota was not changed.",
            format!("{text:?} is no size."),
            "Write it as 500M, 20G or off.",
        )
    })
}

fn per_bar(n_bytes: i64, n_bars: i64) -> String {
    let each = Decimal::from(n_bytes).checked_div(Decimal::from(n_bars)).unwrap_or_default();
    each.round_dp(1).to_string()
}

fn json_of(one: &Kept) -> serde_json::Value {
    let covered: Vec<_> = one
        .covered
        .iter()
        .map(|span| json!({ "from": instant(span.from), "to": instant(span.to), "is_empty": span.is_empty }))
        .collect();
    let instrument = &one.series.instrument;
    json!({
        "symbol": instrument.symbol,
        "sec_type": instrument.sec_type,
        "currency": instrument.currency,
        "con_id": one.series.key.con_id.get(),
        "what": one.series.key.what,
        "bar": super::bar_name(one.series.key.bar_secs),
        "regular": one.series.key.is_regular,
        "bars": one.n_bars,
        "bytes": one.n_bytes,
        "first": one.reach.map(|(first, _)| instant(first)),
        "last": one.reach.map(|(_, last)| instant(last)),
        "used": one.used_at.map(instant),
        "covered": covered,
    })
}

pub(super) fn check(data_dir: &Path, is_json: bool) -> Result<IsFine, Failure> {
    let mut store = open(data_dir)?;
    let failed = |error| store_failure(WHAT, &error);
    let all = store.all_series().map_err(failed)?;
    let checked = store.check().map_err(failed)?;
    let now = jiff::Timestamp::now().as_second();
    for one in &checked.damaged {
        let series = all.iter().find(|series| series.id == one.series);
        // The broker does not know what was imported.
        let is_fetched = series.is_some_and(|series| series.key.con_id.get() > 0);
        if is_fetched {
            store.add_job(one.series, one.span, Urgency::Repair, now).map_err(failed)?;
        }
        let next = if is_fetched {
            "is fetched again when Gatehouse is started next, or shows it"
        } else {
            "is gone: import it again"
        };
        let name = series.map_or_else(String::new, |series| {
            format!("{} {}", series.instrument.symbol, name_of(series))
        });
        if is_json {
            say!(
                "{}",
                json!({ "series": name, "day": one.day.to_string(), "why": one.why.to_string(), "is_fetched": is_fetched })
            );
        } else {
            say!("{name}: what begins on {} is damaged, {}; it {next}", one.day, one.why);
        }
    }
    let (n_bars, n_damaged) = (checked.n_bars, checked.damaged.len());
    if is_json {
        say!("{}", json!({ "bars": n_bars, "damaged": n_damaged, "odd": checked.n_odd }));
    } else {
        say!("{n_bars} bars hold, {n_damaged} pieces were damaged.");
        if checked.n_odd > 0 {
            say!(
                "{} bars have a high or low that their other prices are beyond, as they came.",
                checked.n_odd
            );
        }
    }
    Ok(checked.damaged.is_empty())
}
