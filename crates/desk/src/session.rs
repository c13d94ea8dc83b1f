//! One life after another of the desk's connection: dial, announce, serve, report the loss.

use std::sync::Arc;
use std::time::Duration;

use gatehouse_engine::DeskNews;
use gatehouse_types::{AccountId, Utc};
use ibapi::Client;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::history::{self, Past};
use crate::lines::Lines;
use crate::{Aside, Ask, DeskConfig, DeskError, Ears, Target, account, details, place, snapshot};

/// The library waits for ever for a server that accepts and stays silent.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// A Gateway that has not said its time by then is gone. With the wait for the next question, a
/// connection that is dead without a word is found out within 10 s.
const ANSWERS_WITHIN: Duration = Duration::from_secs(4);

/// How often the broker's truth is asked for, so that manual and foreign orders count.
const SNAPSHOT_EVERY: Duration = Duration::from_secs(5);

/// Waits between attempts; the last one repeats. A local Gateway that restarts is back in seconds.
const RETRY_AFTER: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
];

/// Tells the engine what was learnt.
pub(crate) type News = Arc<dyn Fn(DeskNews) + Send + Sync>;

/// Tells what is only shown.
pub(crate) type Asides = Arc<dyn Fn(Aside) + Send + Sync>;

enum Ended {
    Asked,
    /// Nobody wants the connection any more.
    HungUp,
    Lost(String),
}

/// Connects and serves, as long as it is told to, until asked to stop.
pub(crate) async fn run(config: DeskConfig, mut asks: UnboundedReceiver<Ask>, ears: Ears) {
    let mut target = None;
    let mut n_failures = 0;
    loop {
        let Some(known) = target.clone() else {
            if !decline(&mut asks, &mut target, None).await {
                return;
            }
            n_failures = 0;
            continue;
        };
        let connected = timeout(CONNECT_WITHIN, connect(&config)).await;
        let why = match connected.unwrap_or(Err(DeskError::TimedOut)) {
            Ok(client) => {
                n_failures = 0;
                let desk = Served { config: &config, client: Arc::new(client), ears: &ears };
                match desk.serve(&known, &mut target, &mut asks).await {
                    Ended::Asked => return,
                    Ended::HungUp => "it was hung up".to_owned(),
                    Ended::Lost(why) => why,
                }
            }
            Err(error) => describe(&error),
        };
        (ears.news)(DeskNews::Lost { why });
        let wait = RETRY_AFTER.get(n_failures).copied().unwrap_or(RETRY_AFTER[3]);
        n_failures += 1;
        if target.is_some() && !decline(&mut asks, &mut target, Some(wait)).await {
            return;
        }
    }
}

async fn connect(config: &DeskConfig) -> Result<Client, DeskError> {
    Client::builder()
        .address(format!("127.0.0.1:{}", config.port))
        .client_id(config.client_id.get())
        .max_reconnect_attempts(0)
        .connect()
        .await
        .map_err(|source| DeskError::Asking { what: "a connection", source })
}

/// Answers every ask with "not connected" until `wait` is over, or until something changed about
/// where to connect. Returns false when told to stop.
async fn decline(
    asks: &mut UnboundedReceiver<Ask>,
    target: &mut Option<Target>,
    wait: Option<Duration>,
) -> bool {
    let until = wait.map(|wait| Instant::now() + wait);
    loop {
        let ask = match until {
            Some(until) => match tokio::time::timeout_at(until, asks.recv()).await {
                Err(_) => return true,
                Ok(ask) => ask,
            },
            None => asks.recv().await,
        };
        match ask {
            None | Some(Ask::Stop) => return false,
            Some(Ask::Dial(to)) => {
                *target = Some(to);
                return true;
            }
            Some(Ask::Hold | Ask::HangUp) => {
                *target = None;
                return true;
            }
            Some(Ask::Place { reply, .. }) => drop(reply.send(Err(DeskError::NotConnected))),
            Some(Ask::History { question, answers }) => {
                drop(answers.send((question.id, Err(DeskError::NotConnected))));
            }
            Some(Ask::Grow { id, key, growing }) => drop(history::Watch::new(id, key, growing)),
            Some(
                Ask::Instrument(_) | Ask::Quote(_) | Ask::Watch(_) | Ask::Snapshot | Ask::Settle(_),
            ) => {}
        }
    }
}

/// A connection that stands.
struct Served<'a> {
    config: &'a DeskConfig,
    client: Arc<Client>,
    ears: &'a Ears,
}

impl Served<'_> {
    async fn serve(
        &self,
        known: &Target,
        target: &mut Option<Target>,
        asks: &mut UnboundedReceiver<Ask>,
    ) -> Ended {
        let Self { config, client, ears } = self;
        let news = &ears.news;
        let account = match client.handshake_managed_accounts() {
            [account] => AccountId::new(account.clone()),
            accounts => {
                let n_accounts = accounts.len();
                return Ended::Lost(describe(&DeskError::NotOneAccount { n_accounts }));
            }
        };
        news(DeskNews::Connected {
            address: known.address.clone(),
            kind: known.kind,
            account: account.clone(),
        });
        let mut tasks = self.watches(account);
        let mut lines = Lines::new(Arc::clone(client), Arc::clone(&config.clock), (*ears).clone());
        let mut past = Past::new(Arc::clone(client));
        let mut polls = interval(SNAPSHOT_EVERY);
        polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                ask = asks.recv() => match ask {
                    None | Some(Ask::Stop) => {
                        client.disconnect().await;
                        return Ended::Asked;
                    }
                    Some(Ask::HangUp) => {
                        *target = None;
                        client.disconnect().await;
                        return Ended::HungUp;
                    }
                    Some(Ask::Hold) => *target = None,
                    Some(Ask::Dial(to)) => *target = Some(to),
                    Some(Ask::Quote(con_id)) => lines.keep(con_id),
                    Some(Ask::Watch(con_ids)) => lines.watch(con_ids),
                    Some(Ask::Snapshot) => polls.reset_immediately(),
                    Some(Ask::Instrument(contract)) => {
                        let news = Arc::clone(news);
                        drop(tasks.spawn(details::find(Arc::clone(client), contract, news)));
                    }
                    Some(Ask::History { question, answers }) => {
                        past.ask(&mut tasks, question, answers);
                    }
                    Some(Ask::Grow { id, key, growing }) => {
                        past.grow(&mut tasks, history::Watch::new(id, key, growing));
                    }
                    Some(Ask::Settle(key)) => past.settle(&key),
                    Some(Ask::Place { orders, changes, reply }) => {
                        drop(tasks.spawn(place::send(Arc::clone(client), orders, changes, reply)));
                    }
                },
                _ = polls.tick() => {
                    if !client.is_connected() {
                        return Ended::Lost("the connection ended".to_owned());
                    }
                    if let Err(why) = poll(client, config, ears).await {
                        return Ended::Lost(why);
                    }
                }
                Some(ended) = tasks.join_next() => {
                    if let Ok(TaskEnd::ConnectionLost(why)) = ended {
                        return Ended::Lost(why);
                    }
                }
            }
        }
    }

    /// Starts what listens for as long as the connection stands.
    fn watches(&self, account: AccountId) -> JoinSet<TaskEnd> {
        let Self { client, ears, .. } = self;
        let mut tasks = JoinSet::new();
        let client = || Arc::clone(client);
        drop(tasks.spawn(watch_notices(client(), (*ears).clone())));
        let base = account::Base::default();
        drop(tasks.spawn(account::watch(
            client(),
            account.clone(),
            Arc::clone(&base),
            Arc::clone(&ears.news),
        )));
        drop(tasks.spawn(account::watch_day(client(), account, base, (*ears).clone())));
        tasks
    }
}

/// How a task of the session ended.
pub(crate) enum TaskEnd {
    Done,
    ConnectionLost(String),
}

async fn poll(client: &Client, config: &DeskConfig, ears: &Ears) -> Result<(), String> {
    let Ears { news, aside } = ears;
    let asked = (config.clock)();
    let time = timeout(ANSWERS_WITHIN, client.server_time_millis()).await;
    match time {
        Ok(Ok(time)) => {
            let nanos = i64::try_from(time.unix_timestamp_nanos()).unwrap_or(i64::MAX);
            let gateway = Utc::from_nanos(nanos);
            news(DeskNews::MarketTime { at: gateway });
            aside(Aside::Clock { gateway, asked, answered: (config.clock)() });
        }
        Ok(Err(error)) => tracing::warn!(%error, "The Gateway did not say its time"),
        Err(_) => return Err("the Gateway stopped answering".to_owned()),
    }
    match snapshot::take(client).await {
        Ok((snapshot, costs)) => {
            news(DeskNews::Snapshot(snapshot));
            aside(Aside::AverageCosts(costs));
        }
        Err(error) => tracing::warn!(error = describe(&error), "No snapshot of the account"),
    }
    Ok(())
}

async fn watch_notices(client: Arc<Client>, ears: Ears) -> TaskEnd {
    let mut notices = match client.notice_stream() {
        Ok(notices) => notices,
        Err(error) => return TaskEnd::ConnectionLost(error.to_string()),
    };
    while let Some(notice) = notices.next().await {
        match notice.code {
            1100 | 2110 => (ears.news)(DeskNews::BrokerLost),
            1101 | 1102 => (ears.news)(DeskNews::BrokerBack),
            _ => {}
        }
        (ears.aside)(Aside::Notice { code: notice.code, message: notice.message });
    }
    TaskEnd::ConnectionLost("the connection ended".to_owned())
}

/// Returns an error with everything that caused it.
pub(crate) fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
