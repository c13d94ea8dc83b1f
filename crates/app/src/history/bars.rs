//! Names of bars, and how much of each a chart wants at first.

use gatehouse_history::{BAR_SIZES, BarSize};

/// Returns the seconds of a bar by its name, such as `5m`.
pub(crate) fn bar_secs(name: &str) -> Option<u32> {
    BarSize::of_name(name).map(|size| size.secs)
}

/// Returns the name of a bar.
pub(crate) fn bar_name(secs: u32) -> String {
    BarSize::of_secs(secs).map_or_else(|| format!("{secs}s"), |size| size.name.to_owned())
}

/// Returns every name, in order.
pub(crate) fn bar_names() -> String {
    BAR_SIZES.iter().map(|size| size.name).collect::<Vec<_>>().join(", ")
}

/// Returns how many days of such bars a chart wants at once, before anybody scrolls back.
pub(crate) const fn days_at_once(secs: u32) -> i64 {
    match secs {
        0..=10 => 1,
        11..=30 => 2,
        31..=60 => 7,
        61..=180 => 14,
        181..=300 => 30,
        301..=600 => 60,
        601..=1_200 => 90,
        1_201..=1_800 => 180,
        1_801..=10_800 => 365,
        10_801..=28_800 => 730,
        28_801..=86_400 => 1_826,
        86_401..=604_800 => 3_652,
        _ => 7_305,
    }
}
