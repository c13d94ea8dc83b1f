//! When the prices of instruments were found to be restated.

use gatehouse_types::ConId;
use sqlx::Row as _;

use super::{Store, StoreError};

/// Name of the setting, before the instrument's number.
const RESTATED: &str = "restated-";

impl Store {
    /// Notes that prices of an instrument were restated before an instant, in seconds since 1970: its
    /// bars that were fetched earlier are compared with none that come.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn note_restated(&mut self, con_id: ConId, at: i64) -> Result<(), StoreError> {
        let name = format!("{RESTATED}{}", con_id.get());
        self.database.write(async move |script| {
            let put = script.add("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)");
            put.bind(name).bind(at.to_string());
            Ok(())
        })
    }

    /// Returns before which instant prices of an instrument were restated last; `None` when they never
    /// were.
    ///
    /// # Errors
    /// `Query`.
    pub fn restated_at(&mut self, con_id: ConId) -> Result<Option<i64>, StoreError> {
        let name = format!("{RESTATED}{}", con_id.get());
        let value = sqlx::query("SELECT value FROM setting WHERE name = ?").bind(name);
        let row = self.database.run(|connection| value.fetch_optional(connection))?;
        Ok(row.and_then(|row| row.try_get::<&str, _>(0).ok()?.parse().ok()))
    }
}
