//! Names of bars, and how much of each a chart wants at first.

/// Names, seconds, and days that a chart wants before anybody scrolls back.
const BARS: &[(&str, u32, i64)] = &[
    ("1s", 1, 1),
    ("5s", 5, 1),
    ("10s", 10, 1),
    ("15s", 15, 2),
    ("30s", 30, 2),
    ("1m", 60, 7),
    ("2m", 120, 14),
    ("3m", 180, 14),
    ("5m", 300, 30),
    ("10m", 600, 60),
    ("15m", 900, 90),
    ("20m", 1_200, 90),
    ("30m", 1_800, 180),
    ("1h", 3_600, 365),
    ("2h", 7_200, 365),
    ("3h", 10_800, 365),
    ("4h", 14_400, 730),
    ("8h", 28_800, 730),
    ("1d", 86_400, 1_826),
    ("1w", 604_800, 3_652),
    ("1mo", 2_592_000, 7_305),
];

/// Returns the seconds of a bar by its name, such as `5m`.
pub(crate) fn bar_secs(name: &str) -> Option<u32> {
    BARS.iter().find(|(known, _, _)| *known == name).map(|(_, secs, _)| *secs)
}

/// Returns the name of a bar.
pub(crate) fn bar_name(secs: u32) -> String {
    let known = BARS.iter().find(|(_, known, _)| *known == secs);
    known.map_or_else(|| format!("{secs}s"), |(name, _, _)| (*name).to_owned())
}

/// Returns every name, in order.
pub(crate) fn bar_names() -> String {
    BARS.iter().map(|(name, _, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Returns how many days of such bars a chart wants at once.
pub(crate) fn days_at_once(secs: u32) -> i64 {
    BARS.iter().find(|(_, known, _)| *known == secs).map_or(7, |(_, _, days)| *days)
}
