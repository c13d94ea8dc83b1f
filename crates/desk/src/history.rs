//! Questions about the past: where it begins, sessions, bars, and bars that grow.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gatehouse_history::plan::{Answer, Question, Reach, Session, Wanted};
use gatehouse_history::{Bar, SeriesKey};
use gatehouse_types::Decimal;
use ibapi::Client;
use ibapi::contracts::{Contract, Exchange};
use ibapi::market_data::TradingHours;
use ibapi::market_data::historical::{
    self, BarSize, BarTimestamp, HistoricalBarUpdate, ToDuration as _, WhatToShow,
};
use ibapi::prelude::{StreamExt as _, SubscriptionItemStreamExt as _};
use jiff::civil::Date;
use time::OffsetDateTime;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;

use crate::session::TaskEnd;
use crate::{DeskError, convert};

/// The broker takes seconds for a few thousand bars, and says nothing when it forgets a request.
const WITHIN: Duration = Duration::from_secs(60);

/// Everything that the library can ask for: it reads no words, and writes those of the broker.
const SIZES: [BarSize; 22] = [
    BarSize::Sec,
    BarSize::Sec5,
    BarSize::Sec10,
    BarSize::Sec15,
    BarSize::Sec30,
    BarSize::Min,
    BarSize::Min2,
    BarSize::Min3,
    BarSize::Min4,
    BarSize::Min5,
    BarSize::Min10,
    BarSize::Min15,
    BarSize::Min20,
    BarSize::Min30,
    BarSize::Hour,
    BarSize::Hour2,
    BarSize::Hour3,
    BarSize::Hour4,
    BarSize::Hour8,
    BarSize::Day,
    BarSize::Week,
    BarSize::Month,
];

/// Who waits for answers to questions, with the id of each.
pub type Answers = crossbeam_channel::Sender<(u64, Result<Answer, DeskError>)>;

/// Who hears of bars that grow, with the number of the watch. Its end is an error, told once: also
/// when the connection is gone, and when it was settled.
pub type Growing = crossbeam_channel::Sender<(u64, Result<Bar, DeskError>)>;

/// The answer that is owed to whoever asked: none is left without one, not even when the
/// connection takes the task with it.
pub(crate) struct Owed {
    id: u64,
    answers: Option<Answers>,
}

impl Owed {
    fn new(id: u64, answers: Answers) -> Self {
        Self { id, answers: Some(answers) }
    }

    fn pay(mut self, answer: Result<Answer, DeskError>) {
        self.send(answer);
    }

    fn send(&mut self, answer: Result<Answer, DeskError>) {
        if let Some(answers) = self.answers.take() {
            // Whoever asked may have gone away.
            drop(answers.send((self.id, answer)));
        }
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        self.send(Err(DeskError::NotConnected));
    }
}

/// The end that is owed to whoever watches bars grow.
pub(crate) struct Watch {
    id: u64,
    key: SeriesKey,
    growing: Growing,
    end: Option<DeskError>,
}

impl Watch {
    pub(crate) fn new(id: u64, key: SeriesKey, growing: Growing) -> Self {
        Self { id, key, growing, end: None }
    }

    /// Returns whether somebody listens.
    fn tell(&self, bar: Bar) -> bool {
        self.growing.send((self.id, Ok(bar))).is_ok()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let end = self.end.take().unwrap_or(DeskError::NotConnected);
        // Whoever watched may have gone away.
        drop(self.growing.send((self.id, Err(end))));
    }
}

/// Questions about the past over one connection.
pub(crate) struct Past {
    client: Arc<Client>,
    grown: BTreeMap<SeriesKey, AbortHandle>,
}

impl Past {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client, grown: BTreeMap::new() }
    }

    /// Asks, without waiting for the answer.
    pub(crate) fn ask(&self, tasks: &mut JoinSet<TaskEnd>, question: Question, answers: Answers) {
        let owed = Owed::new(question.id, answers);
        drop(tasks.spawn(ask(Arc::clone(&self.client), question, owed)));
    }

    /// Lets the last bar of a series be told of as it grows.
    pub(crate) fn grow(&mut self, tasks: &mut JoinSet<TaskEnd>, watch: Watch) {
        let key = watch.key.clone();
        let task = tasks.spawn(grow(Arc::clone(&self.client), watch));
        if let Some(before) = self.grown.insert(key, task) {
            before.abort();
        }
    }

    /// Ends that.
    pub(crate) fn settle(&mut self, key: &SeriesKey) {
        if let Some(task) = self.grown.remove(key) {
            task.abort();
        }
    }
}

/// Asks, and answers.
async fn ask(client: Arc<Client>, question: Question, owed: Owed) -> TaskEnd {
    let answer = match timeout(WITHIN, answer(&client, &question)).await {
        Err(_) => Err(DeskError::TimedOut),
        Ok(answer) => answer,
    };
    owed.pay(answer);
    TaskEnd::Done
}

async fn answer(client: &Client, question: &Question) -> Result<Answer, DeskError> {
    let key = &question.key;
    let contract = contract(key);
    let asking = |source| DeskError::Asking { what: "history", source };
    match &question.what {
        Wanted::Head => {
            let (what, hours) = (what(key)?, hours(key));
            let head = client.head_timestamp(&contract, what, hours).await.map_err(asking)?;
            Ok(Answer::Head(head.unix_timestamp()))
        }
        Wanted::Sessions { end, days } => {
            let days = i32::try_from(*days).unwrap_or(i32::MAX);
            let schedule = client
                .historical_schedules(&contract, days.days())
                .ending(instant(*end)?)
                .fetch()
                .await
                .map_err(asking)?;
            Ok(Answer::Sessions(schedule.sessions.iter().filter_map(session).collect()))
        }
        Wanted::Bars { end, reach } => {
            let request = client
                .historical_data(&contract, size(key)?)
                .what_to_show(what(key)?)
                .trading_hours(hours(key))
                .duration(duration(*reach));
            let request = match end {
                Some(end) => request.ending(instant(*end)?),
                None => request,
            };
            let data = request.fetch().await.map_err(asking)?;
            let bars: Result<Vec<Bar>, DeskError> = data.bars.iter().map(bar).collect();
            bars.map(Answer::Bars)
        }
    }
}

/// Tells of a series' last bar as it grows, until nobody listens or the connection ends.
async fn grow(client: Arc<Client>, mut watch: Watch) -> TaskEnd {
    if let Err(error) = told(&client, &watch).await {
        watch.end = Some(error);
    }
    TaskEnd::Done
}

async fn told(client: &Client, watch: &Watch) -> Result<(), DeskError> {
    let key = &watch.key;
    let contract = contract(key);
    let asking = |source| DeskError::Asking { what: "growing bars", source };
    // The shortest span that holds a bar of every size.
    let span = if key.bar_secs >= 86_400 { 1.months() } else { 1.days() };
    let mut updates = client
        .historical_data(&contract, size(key)?)
        .what_to_show(what(key)?)
        .trading_hours(hours(key))
        .duration(span)
        .stream()
        .await
        .map_err(asking)?
        .filter_data();
    while let Some(update) = updates.next().await {
        let bars = match update.map_err(asking)? {
            HistoricalBarUpdate::Historical(data) => data.bars,
            HistoricalBarUpdate::Update(bar) => vec![bar],
            HistoricalBarUpdate::End { .. } => continue,
        };
        for one in &bars {
            if !watch.tell(bar(one)?) {
                return Ok(());
            }
        }
    }
    Err(DeskError::Ended { what: "growing bars" })
}

fn contract(key: &SeriesKey) -> Contract {
    Contract {
        contract_id: key.con_id.get(),
        exchange: Exchange::from("SMART"),
        ..Contract::default()
    }
}

fn hours(key: &SeriesKey) -> TradingHours {
    if key.is_regular { TradingHours::Regular } else { TradingHours::Extended }
}

fn what(key: &SeriesKey) -> Result<WhatToShow, DeskError> {
    key.what.parse().map_err(|_| DeskError::NoSuchBars { what: key.what.clone() })
}

fn size(key: &SeriesKey) -> Result<BarSize, DeskError> {
    let word = gatehouse_history::BarSize::of_secs(key.bar_secs).map(|size| size.word);
    let is_meant = |size: &BarSize| word == Some(size.to_string().as_str());
    SIZES
        .into_iter()
        .find(is_meant)
        .ok_or_else(|| DeskError::NoSuchBars { what: format!("bars of {} seconds", key.bar_secs) })
}

fn duration(reach: Reach) -> historical::Duration {
    let count = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    match reach {
        Reach::Seconds(n) => count(n).seconds(),
        Reach::Days(n) => count(n).days(),
        Reach::Years(n) => count(n).years(),
    }
}

fn instant(secs: i64) -> Result<OffsetDateTime, DeskError> {
    OffsetDateTime::from_unix_timestamp(secs)
        .map_err(|_| DeskError::Inexact { what: "an instant", text: secs.to_string() })
}

/// A session whose date cannot be read is left out: it counts as a day without trading.
fn session(session: &historical::Session) -> Option<Session> {
    let reference = session.reference;
    let date = Date::new(
        i16::try_from(reference.year()).ok()?,
        i8::try_from(u8::from(reference.month())).ok()?,
        i8::try_from(reference.day()).ok()?,
    );
    Some(Session {
        date: date.ok()?,
        open: session.start.unix_timestamp(),
        close: session.end.unix_timestamp(),
    })
}

fn bar(bar: &historical::Bar) -> Result<Bar, DeskError> {
    let at = match bar.date {
        BarTimestamp::Date(date) => date.midnight().assume_utc().unix_timestamp(),
        BarTimestamp::DateTime(at) => at.unix_timestamp(),
    };
    // Gateways say that there is none by a number below zero, not always the same.
    let or_none = |value: f64| if value < 0.0 { -1.0 } else { value };
    let amount =
        |what, value: f64| -> Result<Decimal, DeskError> { convert::decimal(what, or_none(value)) };
    Ok(Bar {
        at,
        open: convert::decimal("open", bar.open)?,
        high: convert::decimal("high", bar.high)?,
        low: convert::decimal("low", bar.low)?,
        close: convert::decimal("close", bar.close)?,
        volume: amount("volume", bar.volume)?,
        average: average(bar)?,
        n_trades: bar.count,
    })
}

/// Prices of spreads and of oil may be below zero: only a bar without trades has no average.
fn average(bar: &historical::Bar) -> Result<Decimal, DeskError> {
    if bar.volume < 0.0 { Ok(Decimal::NEGATIVE_ONE) } else { convert::decimal("average", bar.wap) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SeriesKey {
        SeriesKey {
            con_id: gatehouse_types::ConId::new(756_733),
            what: "TRADES".to_owned(),
            bar_secs: 60,
            is_regular: true,
        }
    }

    #[tokio::test]
    async fn questions_on_a_connection_that_ends_are_answered_and_watches_ended() {
        let (answers, answered) = crossbeam_channel::unbounded();
        let (growing, grown) = crossbeam_channel::unbounded();
        let (owed, watch) = (Owed::new(7, answers), Watch::new(8, key(), growing));
        let mut tasks = JoinSet::new();
        drop(tasks.spawn(async move {
            std::future::pending::<()>().await;
            owed.pay(Ok(Answer::Head(0)));
        }));
        drop(tasks.spawn(async move {
            std::future::pending::<()>().await;
            drop(watch);
        }));
        tokio::task::yield_now().await;
        tasks.shutdown().await;
        assert!(matches!(answered.try_recv(), Ok((7, Err(DeskError::NotConnected)))));
        assert!(matches!(grown.try_recv(), Ok((8, Err(DeskError::NotConnected)))));
    }

    #[test]
    fn every_size_of_bars_is_asked_for_by_the_brokers_word() {
        for known in gatehouse_history::BAR_SIZES {
            let size = size(&SeriesKey { bar_secs: known.secs, ..key() }).expect("is one");
            assert_eq!(size.to_string(), known.word);
        }
        assert!(size(&SeriesKey { bar_secs: 240, ..key() }).is_err());
    }

    #[test]
    fn an_answer_is_given_once() {
        let (answers, answered) = crossbeam_channel::unbounded();
        Owed::new(7, answers).pay(Ok(Answer::Head(5)));
        assert!(matches!(answered.try_recv(), Ok((7, Ok(Answer::Head(5))))));
        assert!(answered.try_recv().is_err());
    }
}
