//! Notifications of the desktop.
//!
//! A desktop may not answer; so each notification has its time, and while one is not answered no
//! other is begun. Blocks the calling thread, which is no worker of an async runtime.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};
use std::time::Duration;

use gatehouse_types::Severity;
use notify_rust::Notification;

/// The name under which the desktop lists the notifications.
const APP: &str = "Gatehouse";

/// What the desktop shall show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// A later note of the same alarm takes the place of an earlier one.
    pub alarm: String,
    pub severity: Severity,
    pub title: String,
    pub text: String,
}

/// Why the desktop did not show it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DesktopError {
    #[error("no notification service of this desktop took it: {why}")]
    NotShown { why: String },
    #[error("the notification service did not answer within {} s", within.as_secs())]
    NoAnswer { within: Duration },
}

type Answer = Result<Option<u32>, String>;

/// The desktop of the person.
#[derive(Debug)]
pub struct Desktop {
    within: Duration,
    /// The desktop's own number of the note of each alarm.
    shown: BTreeMap<String, u32>,
    /// A note that was not answered in time.
    stuck: Option<Receiver<Answer>>,
}

impl Desktop {
    /// Makes a desktop that is asked with patience.
    #[must_use]
    pub const fn new(within: Duration) -> Self {
        Self { within, shown: BTreeMap::new(), stuck: None }
    }

    /// Shows a note, in the place of the last one of the same alarm.
    ///
    /// # Errors
    /// Why it is not shown, as far as the desktop says.
    pub fn show(&mut self, note: &Note) -> Result<(), DesktopError> {
        let stuck = self.stuck.take();
        if let Some(stuck) = stuck.filter(|it| it.try_recv() == Err(TryRecvError::Empty)) {
            self.stuck = Some(stuck);
            return Err(DesktopError::NoAnswer { within: self.within });
        }
        let (say, answers) = sync_channel(1);
        let (shown, replaces) = (note.clone(), self.shown.get(&note.alarm).copied());
        let asking = std::thread::Builder::new().name("alert-note".to_owned()).spawn(move || {
            // Nobody waits for an answer that comes too late.
            say.send(ask(&shown, replaces)).ok();
        });
        asking.map_err(|error| DesktopError::NotShown { why: error.to_string() })?;
        match answers.recv_timeout(self.within) {
            Ok(Ok(id)) => {
                self.shown.extend(id.map(|id| (note.alarm.clone(), id)));
                Ok(())
            }
            Ok(Err(why)) => Err(DesktopError::NotShown { why }),
            Err(RecvTimeoutError::Timeout) => {
                self.stuck = Some(answers);
                Err(DesktopError::NoAnswer { within: self.within })
            }
            Err(RecvTimeoutError::Disconnected) => {
                Err(DesktopError::NotShown { why: "its thread ended".to_owned() })
            }
        }
    }
}

/// Asks the notification service of the session bus, and returns its number of the note.
#[cfg(all(unix, not(target_os = "macos")))]
fn ask(note: &Note, replaces: Option<u32>) -> Answer {
    use notify_rust::{Timeout, Urgency};

    // Some services read the text as markup, others show it as it is.
    let has_markup = notify_rust::get_capabilities().map_err(|error| error.to_string())?;
    let has_markup = has_markup.iter().any(|it| it == "body-markup");
    let text = if has_markup { escaped(&note.text) } else { note.text.clone() };
    let (urgency, timeout) = match note.severity {
        Severity::Info => (Urgency::Low, Timeout::Default),
        Severity::Warning => (Urgency::Normal, Timeout::Default),
        Severity::Critical => (Urgency::Critical, Timeout::Never),
    };
    let mut notification = Notification::new();
    notification.appname(APP).summary(&note.title).body(&text).urgency(urgency).timeout(timeout);
    if let Some(id) = replaces {
        notification.id(id);
    }
    notification.show().map(|shown| Some(shown.id())).map_err(|error| error.to_string())
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn ask(note: &Note, _replaces: Option<u32>) -> Answer {
    let mut notification = Notification::new();
    notification.appname(APP).summary(&note.title).body(&note.text);
    notification.show().map(|_| None).map_err(|error| error.to_string())
}

#[cfg(all(unix, not(target_os = "macos")))]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
