//! Tells people of alarms: hears each that is durable, asks who is told of it, and carries it out.
//!
//! Whoever has something to say raises an alarm through the engine, so that it is recorded; nobody
//! calls this directly. Each channel that may not answer has a thread of its own.

mod address;
mod outlet;
mod requests;
mod words;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use gatehouse_alerts::desktop::{Desktop, Note};
use gatehouse_alerts::telling::{Alert, Channel, Event, Settings, Teller, Telling};
use gatehouse_alerts::webhook::{Webhook, body};
use gatehouse_engine::Input;
use gatehouse_ipc::Update;
use gatehouse_ledger::StoredEntry;
use gatehouse_proxy::{Clock, Proxy};
use gatehouse_types::{EntryKind, Severity};

use self::address::WebhookAddress;
use self::outlet::Outlet;
use crate::listeners::Listeners;

/// The clock of the calendar may be set, and the machine may sleep: quiet hours are looked at
/// again after this long at the latest.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// One try of the webhook, and one note of the desktop, may take this long.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);

/// Settings of alerts have names that begin so.
const PREFIX: &str = "alerts.";

/// What the thread of alerts hears.
enum Heard {
    Event(Event),
    Setting { name: String, new: Option<String> },
    Ended,
}

/// Hears of entries that are durable.
pub(crate) struct Ear(Sender<Heard>);

/// What was heard before anybody listened.
pub(crate) struct Mail {
    say: Sender<Heard>,
    heard: Receiver<Heard>,
}

/// Returns an ear for the ledger, and the mail that it fills. The ear never waits.
pub(crate) fn ear() -> (Ear, Mail) {
    let (say, heard) = unbounded();
    (Ear(say.clone()), Mail { say, heard })
}

impl Ear {
    /// Takes entries of the ledger.
    pub(crate) fn learn(&self, entries: &[StoredEntry]) {
        for stored in entries {
            if let Some(heard) = heard(stored) {
                // Nobody is told after the end.
                self.0.send(heard).ok();
            }
        }
    }
}

fn heard(stored: &StoredEntry) -> Option<Heard> {
    let entry = &stored.entry;
    if let EntryKind::AlarmRaised { alarm, severity, sentence } = &entry.kind {
        let (alarm, sentence) = (alarm.clone(), sentence.clone());
        let alert = Alert { alarm, severity: *severity, sentence, at: entry.stamp.utc };
        return Some(Heard::Event(Event::Raised(alert)));
    }
    if let EntryKind::AlarmEnded { alarm } = &entry.kind {
        return Some(Heard::Event(Event::Ended { alarm: alarm.clone() }));
    }
    if let EntryKind::AlarmAcknowledged { alarm } = &entry.kind {
        return Some(Heard::Event(Event::Acknowledged { alarm: alarm.clone() }));
    }
    if let EntryKind::SettingChanged { setting, new, .. } = &entry.kind
        && setting.starts_with(PREFIX)
    {
        return Some(Heard::Setting { name: setting.clone(), new: new.clone() });
    }
    None
}

/// What the threads of alerts share.
struct Shared {
    teller: Mutex<Teller>,
    listeners: Arc<Listeners>,
    clock: Arc<dyn Clock>,
    proxy: Arc<Proxy>,
    webhook: WebhookAddress,
    /// Why the last alert of a channel did not go out.
    troubles: Mutex<BTreeMap<Channel, String>>,
}

/// The alerts of the running program.
pub(crate) struct Alerts {
    shared: Arc<Shared>,
    say: Sender<Heard>,
    outlets: Outlets,
    /// Ends what an outlet waits for, when it is dropped.
    stop: Mutex<Option<Sender<()>>>,
}

#[derive(Clone)]
struct Outlets {
    desktop: Outlet,
    webhook: Outlet,
}

/// What alerts are made of.
pub(crate) struct Parts {
    pub(crate) mail: Mail,
    pub(crate) listeners: Arc<Listeners>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) proxy: Arc<Proxy>,
    /// The settings of the ledger.
    pub(crate) stored: BTreeMap<String, String>,
}

impl Alerts {
    /// Starts to tell people.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub(crate) fn start(parts: Parts) -> std::io::Result<Self> {
        let Parts { mail, listeners, clock, proxy, mut stored } = parts;
        stored.retain(|name, _| name.starts_with(PREFIX));
        let webhook = WebhookAddress::of_stored(&stored);
        let teller = Mutex::new(Teller::new(read(&stored)));
        let troubles = Mutex::default();
        let shared = Arc::new(Shared { teller, listeners, clock, proxy, webhook, troubles });
        let (stop, stopped) = bounded(0);
        let outlets = Outlets {
            desktop: desktop(&shared, &stopped)?,
            webhook: webhook_outlet(&shared, &stopped)?,
        };
        let Mail { say, heard } = mail;
        let (told, telling) = (Arc::clone(&shared), outlets.clone());
        std::thread::Builder::new()
            .name("alerts".to_owned())
            .spawn(move || told.run(&heard, &telling, stored))?;
        Ok(Self { shared, say, outlets, stop: Mutex::new(Some(stop)) })
    }

    /// Tells nobody anything more. What a channel still does is left to it: neither the desktop
    /// nor a web address holds up the end.
    pub(crate) fn stop(&self) {
        self.say.send(Heard::Ended).ok();
        drop(locked(&self.stop).take());
    }
}

fn desktop(shared: &Arc<Shared>, stopped: &Receiver<()>) -> std::io::Result<Outlet> {
    let mut desktop = Desktop::new(ANSWER_WITHIN);
    let send = move |telling: &Telling| {
        let note = Note {
            alarm: telling.alert.alarm.clone(),
            severity: telling.alert.severity,
            title: telling.title().to_owned(),
            text: telling.text(),
        };
        desktop.show(&note).map_err(|error| error.to_string())
    };
    let note = Arc::clone(shared);
    Outlet::start(Channel::Desktop, stopped.clone(), send, move |came| {
        note.note(Channel::Desktop, came);
    })
}

fn webhook_outlet(shared: &Arc<Shared>, stopped: &Receiver<()>) -> std::io::Result<Outlet> {
    let (asked, ending) = (Arc::clone(shared), stopped.clone());
    let webhook = Webhook::new(ANSWER_WITHIN);
    let send = move |telling: &Telling| {
        // Nobody chose an address: nothing is missing.
        let Some(address) = asked.webhook.get()? else { return Ok(()) };
        let pause = |pause| ending.recv_timeout(pause) == Err(RecvTimeoutError::Timeout);
        webhook.tell(&address, &body(telling), pause).map_err(|error| error.to_string())
    };
    let note = Arc::clone(shared);
    Outlet::start(Channel::Webhook, stopped.clone(), send, move |came| {
        note.note(Channel::Webhook, came);
    })
}

impl Shared {
    fn run(&self, heard: &Receiver<Heard>, to: &Outlets, mut stored: BTreeMap<String, String>) {
        loop {
            for telling in locked(&self.teller).due(self.clock.now()) {
                self.tell(telling, to);
            }
            let wait = locked(&self.teller).wait(self.clock.now());
            match heard.recv_timeout(wait.unwrap_or(LOOK_EVERY).min(LOOK_EVERY)) {
                Ok(Heard::Event(event)) => {
                    let telling = locked(&self.teller).hear(self.clock.now(), event);
                    telling.into_iter().for_each(|telling| self.tell(telling, to));
                }
                Ok(Heard::Setting { name, new }) => {
                    match new {
                        Some(new) => stored.insert(name, new),
                        None => stored.remove(&name),
                    };
                    locked(&self.teller).change(read(&stored));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Heard::Ended) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn tell(&self, telling: Telling, to: &Outlets) {
        self.listeners.tell(&Update::Alert(words::alert(&telling)));
        if telling.channels.contains(&Channel::Desktop) {
            to.desktop.tell(telling.clone());
        }
        if telling.channels.contains(&Channel::Webhook) {
            to.webhook.tell(telling);
        }
    }

    /// Takes how an alert fared. A channel that does not work is an alarm of its own.
    fn note(&self, channel: Channel, came: &Result<(), String>) {
        let alarm = channel.alarm().to_owned();
        let mut troubles = locked(&self.troubles);
        match came {
            Ok(()) => {
                if troubles.remove(&channel).is_some() {
                    self.proxy.send(Input::AlarmEnded { alarm });
                }
            }
            Err(why) => {
                troubles.insert(channel, why.clone());
                tracing::warn!(%channel, why, "An alert did not go out");
                // Who chose no address of its own may have no desktop either.
                let is_chosen = channel == Channel::Webhook;
                let severity = if is_chosen { Severity::Warning } else { Severity::Info };
                let sentence = format!("Alerts do not go out by {channel}: {why}");
                self.proxy.send(Input::AlarmRaised { alarm, severity, sentence });
            }
        }
    }
}

/// Returns the settings that are stored; what cannot be read is at its default.
fn read(stored: &BTreeMap<String, String>) -> Settings {
    let (settings, errors) = Settings::of_stored(stored);
    for error in errors {
        tracing::warn!(%error, "A setting of alerts cannot be read");
    }
    settings
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
