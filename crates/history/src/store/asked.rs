//! What was asked of the broker lately: a restart forgets nothing that the broker still counts.

use std::time::Duration;

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Store, StoreError};
use crate::pace::{self, Asked};

impl Store {
    /// Notes a question before it goes out, with the time of this machine in milliseconds since
    /// 1970, and forgets those that no rule looks at any more.
    ///
    /// # Errors
    /// `Query`; nothing is noted then.
    pub fn note_asked(&mut self, now_ms: i64, asked: &Asked) -> Result<(), StoreError> {
        let window_ms = i64::try_from(pace::WINDOW.as_millis()).unwrap_or(i64::MAX);
        let note = sqlx::query(
            "DELETE FROM asked WHERE asked_at NOT BETWEEN ?1 - ?2 AND ?1 + ?2;
             INSERT INTO asked (asked_at, whole, kind, weight) VALUES (?3, ?4, ?5, ?6)",
        )
        .bind(now_ms)
        .bind(window_ms)
        .bind(now_ms)
        .bind(&asked.whole)
        .bind(&asked.kind)
        .bind(asked.weight);
        let noted = self.database.run(|connection| note.execute(connection));
        noted.map(drop).map_err(StoreError::Query)
    }

    /// Returns the questions of the last ten minutes before `now_ms` (milliseconds since 1970), with
    /// how long ago each went out, oldest first. A clock that was set back makes none younger than
    /// now.
    ///
    /// # Errors
    /// `Query`.
    pub fn asked_lately(&mut self, now_ms: i64) -> Result<Vec<(Duration, Asked)>, StoreError> {
        let all = sqlx::query("SELECT asked_at, whole, kind, weight FROM asked ORDER BY asked_at");
        let rows = self.database.run(|connection| all.fetch_all(connection));
        let question = |row: &SqliteRow| {
            let ago = u64::try_from(now_ms - row.get::<i64, _>("asked_at")).unwrap_or_default();
            let asked =
                Asked { whole: row.get("whole"), kind: row.get("kind"), weight: row.get("weight") };
            (Duration::from_millis(ago), asked)
        };
        let all = rows.map_err(StoreError::Query)?;
        let lately = all.iter().map(question).filter(|(ago, _)| *ago < pace::WINDOW);
        Ok(lately.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_in_the_last_ten_minutes_is_known_after_a_restart() {
        let folder = tempfile::tempdir().expect("makes a folder");
        let path = folder.path().join("history.sqlite");
        let asked = |n: u32| Asked { whole: format!("q{n}"), kind: "k".to_owned(), weight: n };
        let mut store = Store::open(&path).expect("opens");
        for (at, n) in [(1_000, 1), (500_000, 2), (620_000, 3)] {
            store.note_asked(at, &asked(n)).expect("is noted");
        }
        store.close().expect("closes");
        let mut store = Store::open(&path).expect("opens again");
        let ago = Duration::from_millis;
        let lately = store.asked_lately(620_500).expect("is read");
        assert_eq!(lately, [(ago(120_500), asked(2)), (ago(500), asked(3))]);
        // A clock that was set back.
        let lately = store.asked_lately(600_000).expect("is read");
        assert_eq!(lately, [(ago(100_000), asked(2)), (ago(0), asked(3))]);
        assert_eq!(store.asked_lately(9_000_000).expect("is read"), []);
    }
}
