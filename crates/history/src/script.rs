//! Statements that cross to SQLite's thread together.
//!
//! A crossing and the way back wake a thread each, which takes longer than most statements when they
//! are on different cores. So statements wait here until an answer is needed, and a transaction begins
//! and ends with those that stand beside its ends.

use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, Encode, Sqlite, Type};

/// Values from which on a script is sent, five chunks: SQLite keeps each text that it read once, and
/// of longer ones there would be as many as there are numbers of days.
const VALUES_MAX: usize = 100;

/// The statements of one transaction.
#[derive(Debug)]
pub(crate) struct Script<'c> {
    connection: &'c mut SqliteConnection,
    text: String,
    values: Result<SqliteArguments, BoxDynError>,
}

impl<'c> Script<'c> {
    /// Begins a transaction that nobody else writes beside.
    pub(crate) fn begin(connection: &'c mut SqliteConnection) -> Self {
        let values = Ok(SqliteArguments::default());
        Self { connection, text: "BEGIN IMMEDIATE".to_owned(), values }
    }

    /// Adds one statement or more, which return nothing unless [`Self::rows`] comes next. Each `?`
    /// takes the value that is bound next; one with a number would take that of another statement.
    pub(crate) fn add(&mut self, statements: &str) -> &mut Self {
        self.text.push_str(";\n");
        self.text.push_str(statements);
        self
    }

    pub(crate) fn bind<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> &mut Self {
        if let Ok(values) = &mut self.values
            && let Err(error) = values.add(value)
        {
            self.values = Err(error);
        }
        self
    }

    /// Sends what was added, and returns the rows of the last statement.
    ///
    /// # Errors
    /// A statement failed; those behind it were not tried.
    pub(crate) async fn rows(&mut self) -> Result<Vec<SqliteRow>, sqlx::Error> {
        let text = std::mem::take(&mut self.text);
        let values = std::mem::replace(&mut self.values, Ok(SqliteArguments::default()));
        let all = sqlx::query_with(AssertSqlSafe(text), values.map_err(sqlx::Error::Encode)?);
        all.fetch_all(&mut *self.connection).await
    }

    /// Sends what was added when it is much.
    ///
    /// # Errors
    /// As `rows`.
    pub(crate) async fn send_much(&mut self) -> Result<(), sqlx::Error> {
        match &self.values {
            Ok(values) if values.len() < VALUES_MAX => Ok(()),
            _ => self.rows().await.map(drop),
        }
    }

    /// Ends the transaction with what was added.
    ///
    /// # Errors
    /// A statement failed; the transaction may be open still.
    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.add("COMMIT").rows().await.map(drop)
    }
}
