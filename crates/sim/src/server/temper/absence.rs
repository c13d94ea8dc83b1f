//! When the Gateway is away by its schedule, and when it is back.
//!
//! It must never know a socket. Asked by the hub as time passes.

use gatehouse_types::Utc;

use super::{Closing, Temper};
use crate::world::calendar::utc;

/// The next times at which the Gateway goes and comes.
#[derive(Debug)]
pub(crate) struct Absence {
    restarts: Option<i64>,
    logs_out: Option<i64>,
    back: Option<i64>,
}

/// What the Gateway does by its schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Departure {
    /// It says 1100, closes every connection, and nothing listens.
    Leaves,
    /// It listens again, with everything that it knew.
    Returns,
}

impl Absence {
    /// Plans from an instant, in seconds.
    pub(crate) fn planned(temper: &Temper, secs: i64) -> Self {
        let next = |closing: Option<Closing>| closing.map(|closing| closing.after(secs));
        Self { restarts: next(temper.restart_at), logs_out: next(temper.logout_at), back: None }
    }

    /// Returns when it goes or comes next.
    pub(crate) fn next_turn(&self) -> Option<Utc> {
        self.back.or_else(|| self.restarts.into_iter().chain(self.logs_out).min()).map(utc)
    }

    /// Returns what is due at a time, in seconds, and plans the next.
    pub(crate) fn take_due(&mut self, temper: &Temper, secs: i64) -> Option<Departure> {
        if let Some(back) = self.back {
            if back > secs {
                return None;
            }
            *self = Self::planned(temper, secs);
            return Some(Departure::Returns);
        }
        let at = self.restarts.into_iter().chain(self.logs_out).min().filter(|at| *at <= secs)?;
        let away = i64::try_from(temper.away.as_secs()).unwrap_or(i64::MAX);
        self.back = Some(at.saturating_add(away.max(1)));
        Some(Departure::Leaves)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::calendar::new_york_secs;
    use jiff::civil::date;

    #[test]
    fn leaves_at_its_hour_and_returns_after_a_while() {
        let at = |day, hour, minute| new_york_secs(date(2026, 1, day), hour, minute);
        let temper = Temper {
            restart_at: Some("23:45".parse().expect("is a time")),
            logout_at: Some("Sun 01:00".parse().expect("is a time")),
            ..Temper::default()
        };
        let mut absence = Absence::planned(&temper, at(9, 12, 0));
        for (secs, expected, next) in [
            (at(9, 23, 44), None, at(9, 23, 45)),
            (at(9, 23, 45), Some(Departure::Leaves), at(9, 23, 47)),
            (at(9, 23, 46), None, at(9, 23, 47)),
            (at(9, 23, 47), Some(Departure::Returns), at(10, 23, 45)),
            (at(10, 23, 45), Some(Departure::Leaves), at(10, 23, 47)),
            (at(10, 23, 50), Some(Departure::Returns), at(11, 1, 0)),
            (at(11, 1, 0), Some(Departure::Leaves), at(11, 1, 2)),
        ] {
            assert_eq!(absence.take_due(&temper, secs), expected);
            assert_eq!(absence.next_turn().map(Utc::secs), Some(next));
        }
    }
}
