//! What is said of what is missing.

use super::*;

/// Returns the bounds of what is missing, of days from 1 January 2026 on.
fn missing(lacks: Vec<Lack>) -> Missing {
    Missing { found: Lacks { n_days: 9, lacks }, span: (0, 86_400) }
}

fn lack(day: i8, why: Why, n_day: u32) -> Lack {
    Lack { date: Some(jiff::civil::date(2026, 1, day)), from: 0, to: 600, why, n_day }
}

#[test]
fn what_is_missing_is_said_by_trading_days() {
    let lacks = vec![
        lack(2, Why::NeverFetched, 1),
        lack(5, Why::NeverFetched, 2),
        lack(7, Why::NeverFetched, 4),
        lack(8, Why::KnownEmpty, 5),
        lack(9, Why::OnlyFromFiles, 6),
        lack(12, Why::Hole, 7),
        lack(13, Why::NotAsked, 8),
        Lack { date: None, ..lack(1, Why::NoSchedule, 0) },
    ];
    let times = "from 1970-01-01T00:00:00Z to 1970-01-01T00:10:00Z";
    assert_eq!(
        missing(lacks).lines(),
        [
            "2026-01-02 to 2026-01-05, 2 trading days, were never fetched".to_owned(),
            "2026-01-07 was never fetched".to_owned(),
            "2026-01-08 is empty: the broker was asked and had nothing".to_owned(),
            "2026-01-09 has bars of files only: the broker was not asked".to_owned(),
            format!("2026-01-12 has no bars {times}"),
            format!("the broker was not asked {times}"),
            format!(
                "{times} no trading days are known, so holes cannot be told from days without trading"
            ),
        ]
    );
}

#[test]
fn the_window_is_given_the_newest_lines_and_how_many_more_there_are() {
    let holes = |n: u32| {
        let hole = |n_day| Lack { from: i64::from(n_day), ..lack(2, Why::Hole, n_day) };
        (1..=n).map(hole).collect()
    };
    for (n, n_lines, n_more) in [(0, 0, 0), (1, 1, 0), (50, 50, 0), (51, 50, 1), (120, 50, 70)] {
        let missing = missing(holes(n));
        let shown = missing.newest();
        assert_eq!((shown.lines.len(), shown.n_more), (n_lines, n_more), "{n}");
        assert_eq!(shown.lines.last(), missing.lines().last());
        assert_eq!(shown.summary, missing.summary());
    }
}
