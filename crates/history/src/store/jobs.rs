//! What is still to be fetched, and what the broker said about an instrument's days.

use jiff::tz::TimeZone;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::rows::described;
use super::{Store, StoreError};
use crate::plan::{Calendar, JobId, Session, Urgency};
use crate::series::{Described, SeriesId};
use crate::shelf::{day_number, numbered_day};

/// A job as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredJob {
    pub id: JobId,
    pub series: Described,
    /// From inclusive to exclusive, in seconds since 1970.
    pub from: i64,
    pub to: i64,
    pub urgency: Urgency,
    /// Seconds since 1970.
    pub asked_at: i64,
}

/// Sessions of an instrument, and the span that the broker was asked about, in seconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownSessions {
    pub sessions: Vec<Session>,
    pub asked: Option<(i64, i64)>,
}

impl KnownSessions {
    /// Returns them as a calendar of an exchange's zone.
    #[must_use]
    pub fn calendar(&self, zone: TimeZone) -> Calendar {
        let mut calendar = Calendar::new(zone);
        if let Some((from, to)) = self.asked {
            calendar.learn(&self.sessions, from, to);
        }
        calendar
    }
}

impl Store {
    /// Keeps a job, and returns its id.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn add_job(
        &mut self,
        series: SeriesId,
        (from, to): (i64, i64),
        urgency: Urgency,
        asked_at: i64,
    ) -> Result<JobId, StoreError> {
        let add = sqlx::query(
            "INSERT INTO job (series_id, from_at, to_at, urgency, asked_at) VALUES (?, ?, ?, ?, ?)
             RETURNING job_id",
        )
        .bind(series.0)
        .bind(from)
        .bind(to)
        .bind(urgency.name())
        .bind(asked_at);
        let row = self.database.run(|connection| add.fetch_one(connection));
        Ok(JobId(row?.try_get(0)?))
    }

    /// Forgets a job; what it fetched stays.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn remove_job(&mut self, id: JobId) -> Result<(), StoreError> {
        let remove = sqlx::query("DELETE FROM job WHERE job_id = ?").bind(id.0);
        let removed = self.database.run(|connection| remove.execute(connection));
        removed.map(drop).map_err(StoreError::Query)
    }

    /// Returns every job, oldest first.
    ///
    /// # Errors
    /// `Query`.
    pub fn jobs(&mut self) -> Result<Vec<StoredJob>, StoreError> {
        let all = sqlx::query(
            "SELECT job_id, from_at, to_at, urgency, asked_at, series.* FROM job
             JOIN series USING (series_id) ORDER BY job_id",
        );
        let rows = self.database.run(|connection| all.fetch_all(connection));
        let job = |row: &SqliteRow| {
            Ok(StoredJob {
                id: JobId(row.try_get("job_id")?),
                series: described(row)?,
                from: row.try_get("from_at")?,
                to: row.try_get("to_at")?,
                urgency: Urgency::from_name(row.try_get("urgency")?),
                asked_at: row.try_get("asked_at")?,
            })
        };
        rows?.iter().map(job).collect()
    }

    /// Keeps the sessions that the broker named for `[from, to)`, in seconds since 1970, in place of
    /// those that were known of it. An empty span is nothing.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn keep_sessions(
        &mut self,
        con_id: i32,
        sessions: &[Session],
        (from, to): (i64, i64),
    ) -> Result<(), StoreError> {
        if from >= to {
            return Ok(());
        }
        self.database.write(async move |script| {
            script
                .add("DELETE FROM session WHERE con_id = ? AND open_at >= ? AND close_at <= ?")
                .bind(con_id)
                .bind(from)
                .bind(to);
            for session in sessions.iter().filter(|session| session.close > from) {
                script
                    .add(
                        "INSERT OR REPLACE INTO session (con_id, day, open_at, close_at)
                         VALUES (?, ?, ?, ?)",
                    )
                    .bind(con_id)
                    .bind(day_number(session.date))
                    .bind(session.open)
                    .bind(session.close);
                script.send_much().await?;
            }
            // What does not touch takes the place: the planner does the same.
            script
                .add(
                    "INSERT INTO calendar (con_id, from_at, to_at) VALUES (?, ?, ?)
                     ON CONFLICT (con_id) DO UPDATE SET
                         from_at = iif(excluded.from_at <= to_at AND excluded.to_at >= from_at,
                             min(from_at, excluded.from_at), excluded.from_at),
                         to_at = iif(excluded.from_at <= to_at AND excluded.to_at >= from_at,
                             max(to_at, excluded.to_at), excluded.to_at)",
                )
                .bind(con_id)
                .bind(from)
                .bind(to);
            Ok(())
        })
    }

    /// Returns the sessions within the span that the broker was asked about.
    ///
    /// # Errors
    /// `Query`.
    pub fn sessions(&mut self, con_id: i32) -> Result<KnownSessions, StoreError> {
        let span = sqlx::query("SELECT from_at, to_at FROM calendar WHERE con_id = ?").bind(con_id);
        let row = self.database.run(|connection| span.fetch_optional(connection));
        let Some(row) = row.map_err(StoreError::Query)? else {
            return Ok(KnownSessions::default());
        };
        let asked: (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        if asked.0 >= asked.1 {
            return Ok(KnownSessions::default());
        }
        let all = sqlx::query(
            "SELECT day, open_at, close_at FROM session
             WHERE con_id = ? AND close_at > ? AND open_at < ? ORDER BY day",
        )
        .bind(con_id)
        .bind(asked.0)
        .bind(asked.1);
        let rows = self.database.run(|connection| all.fetch_all(connection));
        let session = |row: &SqliteRow| {
            Ok(Session {
                date: numbered_day(row.try_get("day")?),
                open: row.try_get("open_at")?,
                close: row.try_get("close_at")?,
            })
        };
        let sessions: Result<Vec<_>, StoreError> = rows?.iter().map(session).collect();
        Ok(KnownSessions { sessions: sessions?, asked: Some(asked) })
    }

    /// Keeps where the history of a series begins, seconds since 1970.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn keep_head(&mut self, series: SeriesId, head: i64) -> Result<(), StoreError> {
        let keep = sqlx::query("INSERT OR REPLACE INTO head (series_id, head_at) VALUES (?, ?)")
            .bind(series.0)
            .bind(head);
        let kept = self.database.run(|connection| keep.execute(connection));
        kept.map(drop).map_err(StoreError::Query)
    }

    /// Returns where the history of a series begins, seconds since 1970; `None` when the broker did
    /// not say.
    ///
    /// # Errors
    /// `Query`.
    pub fn head(&mut self, series: SeriesId) -> Result<Option<i64>, StoreError> {
        let head = sqlx::query("SELECT head_at FROM head WHERE series_id = ?").bind(series.0);
        let row = self.database.run(|connection| head.fetch_optional(connection));
        Ok(row?.map(|row| row.try_get(0)).transpose()?)
    }
}

#[cfg(test)]
mod tests {
    use gatehouse_types::ConId;
    use jiff::civil::date;

    use super::*;
    use crate::series::{Instrument, SeriesKey};

    #[test]
    fn jobs_sessions_and_heads_are_there_after_a_restart() {
        let folder = tempfile::tempdir().expect("makes a folder");
        let path = folder.path().join("history.sqlite");
        let key = SeriesKey {
            con_id: ConId::new(756_733),
            what: "TRADES".to_owned(),
            bar_secs: 60,
            is_regular: true,
        };
        let instrument = Instrument {
            symbol: "SPY".to_owned(),
            sec_type: "STK".to_owned(),
            currency: "USD".to_owned(),
            exchange: "ARCA".to_owned(),
            zone: "America/New_York".to_owned(),
        };
        let mut store = Store::open(&path).expect("opens");
        let series = store.series(&key, &instrument).expect("is made");
        let id = store.add_job(series, (10, 500_000), Urgency::Person, 7).expect("is kept");
        let other = store.add_job(series, (0, 10), Urgency::Repair, 8).expect("is kept");
        store.remove_job(other).expect("is forgotten");
        let day =
            |day: i8, open: i64| Session { date: date(1970, 1, day), open, close: open + 23_400 };
        let (second, third) = (day(2, 100_000), day(3, 200_000));
        store.keep_sessions(1, &[third], (150_000, 300_000)).expect("are kept");
        store.keep_sessions(1, &[second], (90_000, 150_000)).expect("are kept");
        store.keep_head(series, 42).expect("is kept");
        store.close().expect("closes");
        let mut store = Store::open(&path).expect("opens again");
        let jobs = store.jobs().expect("are read");
        let [job] = &jobs[..] else { panic!("one job: {jobs:?}") };
        assert_eq!((job.id, &job.series.key, job.from, job.to), (id, &key, 10, 500_000));
        assert_eq!((job.urgency, job.asked_at), (Urgency::Person, 7));
        let known = store.sessions(1).expect("are read");
        assert_eq!(known.asked, Some((90_000, 300_000)));
        assert_eq!(known.sessions, [second, third]);
        assert_eq!(store.sessions(2).expect("are read"), KnownSessions::default());
        assert_eq!(store.head(series).expect("is read"), Some(42));
        // What is named anew counts, and what is named no more is gone.
        let longer = Session { close: third.close + 60, ..third };
        store.keep_sessions(1, &[longer], (90_000, 300_000)).expect("are kept");
        assert_eq!(store.sessions(1).expect("are read").sessions, [longer]);
        store.keep_sessions(1, &[], (700_000, 600_000)).expect("is nothing");
        assert_eq!(store.sessions(1).expect("are read").asked, Some((90_000, 300_000)));
        // A span that does not touch takes the place.
        store.keep_sessions(1, &[], (900_000, 950_000)).expect("are kept");
        let known = store.sessions(1).expect("are read");
        assert_eq!((known.asked, known.sessions.len()), (Some((900_000, 950_000)), 0));
    }
}
