//! The verbs on a file of their own.

use clap::Parser as _;
use gatehouse_history::plan::Why;

use super::super::args::{Cli, Command};
use super::*;

const TABLE: &str = "time,open,high,low,close,volume\n2026-01-05T14:30:00Z,1.5,2,1.25,1.75,100\n2026-01-05T14:31:00Z,1.75,2,1.5,2,\n";

/// Carries out what is typed after `gatehouse history`.
fn typed(dir: &Path, words: &str) -> Result<IsFine, Failure> {
    let words = ["gatehouse", "history"].into_iter().chain(words.split(' '));
    let cli = Cli::try_parse_from(words).expect("is understood");
    let Command::History { act: Some(History::Kept(command)) } = cli.command else {
        panic!("{:?}", cli.command)
    };
    perform(&command, dir, true)
}

#[test]
fn a_table_comes_out_as_it_went_in() {
    let dir = tempfile::tempdir().expect("is made");
    let (source, out) = (dir.path().join("in.csv"), dir.path().join("out.csv"));
    std::fs::write(&source, TABLE).expect("writes");
    let import = format!("import {} --symbol spy", source.display());
    assert_eq!(typed(dir.path(), &import), Ok(true));
    assert_eq!(typed(dir.path(), &import), Ok(true));
    let export = format!("export --symbol SPY --out {}", out.display());
    assert_eq!(typed(dir.path(), &export), Ok(true));
    assert_eq!(std::fs::read_to_string(&out).expect("reads"), TABLE);
    assert_eq!(typed(dir.path(), &format!("{export} --from 2026-01-06")), Ok(true));
    assert_eq!(std::fs::read_to_string(&out).expect("reads").lines().count(), 1);
    for words in ["stats", "check", "gaps --symbol SPY", "quota 1G", "quota"] {
        assert_eq!(typed(dir.path(), words), Ok(true), "{words}");
    }
}

#[test]
fn a_look_makes_no_file_and_moves_none() {
    let dir = tempfile::tempdir().expect("is made");
    let looks = ["stats", "quota", "gaps --symbol SPY", "export --symbol SPY --out out.csv"];
    for words in looks {
        let failure = typed(dir.path(), words).expect_err(words);
        assert!(failure.why.starts_with("Nothing is kept yet"), "{words}: {failure:?}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).expect("reads").count(), 0);
    std::fs::write(dir.path().join(FILE_NAME), "no database at all, but 32 bytes of it")
        .expect("writes");
    for words in looks {
        typed(dir.path(), words).expect_err(words);
    }
    assert_eq!(std::fs::read_dir(dir.path()).expect("reads").count(), 1, "it is not put aside");
}

#[test]
fn what_cannot_be_read_is_a_no() {
    let dir = tempfile::tempdir().expect("is made");
    let source = dir.path().join("in.csv");
    std::fs::write(&source, format!("{TABLE}tomorrow,1,1,1,1,1\n")).expect("writes");
    let import = format!("import {} --symbol spy", source.display());
    assert_eq!(typed(dir.path(), &import), Ok(false));
}

#[test]
fn what_is_not_kept_is_said_with_what_is() {
    let dir = tempfile::tempdir().expect("is made");
    let source = dir.path().join("in.csv");
    std::fs::write(&source, TABLE).expect("writes");
    typed(dir.path(), &format!("import {} --symbol SPY", source.display())).expect("reads");
    for (words, why) in [
        ("gaps --symbol IBM", "Of IBM nothing is kept, but no TRADES in bars of 1m."),
        ("gaps --symbol SPY --bar 1h", "Of SPY TRADES 1m is kept, but no TRADES in bars of 1h."),
        ("gaps --symbol SPY --bar 7m", "\"7m\" is no bar."),
        ("gaps --symbol SPY --from monday", "\"monday\" is no day."),
        ("import somewhere", "somewhere does not say what it is."),
        ("import table.csv", "A table does not say what it is of."),
        ("quota much", "\"much\" is no size."),
    ] {
        let failure = typed(dir.path(), words).expect_err("is refused");
        assert_eq!((failure.why.as_str(), failure.code.as_str()), (why, "bad-input"), "{words}");
    }
}

#[test]
fn what_is_missing_is_said_by_trading_days() {
    let lack = |day: i8, why, n_day| {
        let date = Some(jiff::civil::date(2026, 1, day));
        gatehouse_history::plan::Lack { date, from: 0, to: 600, why, n_day }
    };
    let lacks = vec![
        lack(2, Why::NeverFetched, 1),
        lack(5, Why::NeverFetched, 2),
        lack(7, Why::NeverFetched, 4),
        lack(8, Why::KnownEmpty, 5),
        lack(9, Why::OnlyFromFiles, 6),
        lack(12, Why::Hole, 7),
        lack(13, Why::NotAsked, 8),
        gatehouse_history::plan::Lack { date: None, ..lack(1, Why::NoSchedule, 0) },
    ];
    let found = gatehouse_history::plan::Lacks { n_days: 9, lacks };
    let times = "from 1970-01-01T00:00:00Z to 1970-01-01T00:10:00Z";
    assert_eq!(
        gaps::lines(&found),
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
