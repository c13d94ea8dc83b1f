//! What a person asks about alarms and alerts.

use std::cmp::Reverse;

use gatehouse_alerts::telling::{Alert, Channel, Channels, Setting, Telling, What};
use gatehouse_alerts::webhook::Address;
use gatehouse_engine::{Command, OpenAlarm};
use gatehouse_ipc::{
    AlarmRow, AlertChannel, AlertOverview, AlertSettings, Failure, Hidden, Reply, Update,
    WebhookEdit,
};
use gatehouse_types::Severity;

use super::address::SETTING;
use super::{locked, words};
use crate::app::App;
use crate::failure::{self, bad_input};

const NOT_CHANGED: &str = "The settings of alerts were not changed.";

impl App {
    /// Answers with the alarms that are not over, what needs a person first.
    pub(crate) fn alarms(&self) -> Result<Reply, Failure> {
        let open = self.proxy.inspect(|engine, _| engine.alarms().clone());
        let open = open.ok_or_else(failure::stopping)?;
        let teller = locked(&self.alerts.shared.teller);
        let row = |(name, open): (String, OpenAlarm)| {
            let count = teller.count(&name);
            words::alarm(name, open, count)
        };
        let mut rows: Vec<AlarmRow> = open.into_iter().map(row).collect();
        rows.sort_by_key(|row| {
            (row.is_acknowledged, Reverse(row.severity), Reverse(row.since.clone()))
        });
        Ok(Reply::Alarms { rows })
    }

    /// Answers with the settings of alerts.
    pub(crate) fn alert_settings(&self) -> Result<Reply, Failure> {
        let settings = words::settings(locked(&self.alerts.shared.teller).settings());
        Ok(self.overview(settings, None))
    }

    /// Changes the settings of alerts; each that is another is an entry.
    pub(crate) fn set_alert_settings(
        &self,
        chosen: AlertSettings,
        webhook: WebhookEdit,
    ) -> Result<Reply, Failure> {
        let settings = words::read(&chosen).map_err(|error| {
            bad_input(NOT_CHANGED, format!("{error}."), "Choose another value.")
        })?;
        let note = match webhook {
            WebhookEdit::Keep => None,
            WebhookEdit::Set(Hidden(address)) => self.set_webhook(&address)?,
            WebhookEdit::Remove => self.remove_webhook()?,
        };
        let chosen = Setting::ALL.map(|it| (it.name().to_owned(), settings.stored(it)));
        for (setting, value) in chosen {
            self.command(Command::ChangeSetting { setting, value })?;
        }
        Ok(self.overview(words::settings(&settings), note))
    }

    /// Returns what the person should know.
    fn set_webhook(&self, address: &str) -> Result<Option<String>, Failure> {
        let address = Address::parse(address).map_err(|error| {
            let next = "Copy the address from the service that is to be told.";
            bad_input(NOT_CHANGED, format!("{error}."), next)
        })?;
        let shown = address.shown().to_owned();
        let kept = self.alerts.shared.webhook.set(address);
        // The ledger names what a restart will find.
        let value = kept.is_ok().then_some(shown);
        self.command(Command::ChangeSetting { setting: SETTING.to_owned(), value })?;
        Ok(kept.err().map(|error| {
            format!("The address is used until Gatehouse ends and kept nowhere: {error}.")
        }))
    }

    fn remove_webhook(&self) -> Result<Option<String>, Failure> {
        let removed = self.alerts.shared.webhook.remove();
        let setting = SETTING.to_owned();
        self.command(Command::ChangeSetting { setting, value: None })?;
        Ok(removed.err().map(|error| {
            format!("The address is not used, but it is still in the keychain: {error}.")
        }))
    }

    fn overview(&self, settings: AlertSettings, note: Option<String>) -> Reply {
        let shared = &self.alerts.shared;
        let to = shared.webhook.shown();
        let has_window = !shared.listeners.is_empty();
        let troubles = locked(&shared.troubles).clone();
        let row =
            |channel| words::row(channel, to.as_ref(), has_window, troubles.get(&channel).cloned());
        let channels = Channel::ALL.into_iter().map(row).collect();
        let webhook_to = to.as_ref().map(|to| to.address.clone());
        Reply::AlertSettings(Box::new(AlertOverview { settings, channels, webhook_to, note }))
    }

    /// Tells something of no worth on one channel, and answers whether it went out.
    pub(crate) fn test_alert(&self, channel: AlertChannel) -> Result<Reply, Failure> {
        let shared = &self.alerts.shared;
        let telling = Telling {
            alert: Alert {
                alarm: "test".to_owned(),
                severity: Severity::Info,
                sentence: "This is a test of Gatehouse's alerts; nothing happened".to_owned(),
                at: self.clock.now().utc,
            },
            what: What::Test,
            count: 1,
            channels: Channels::from([words::channel(channel)]),
        };
        let (went_out, sentence) = match channel {
            AlertChannel::Desktop => {
                said(self.alerts.outlets.desktop.test(telling), "The desktop took the note.")
            }
            AlertChannel::Sound if shared.listeners.is_empty() => {
                (false, "Nothing sounds: no window is open, and only a window plays.".to_owned())
            }
            AlertChannel::Sound => {
                shared.listeners.tell(&Update::Alert(words::alert(&telling)));
                let heard = "The window was asked to play two tones; if you hear nothing, look at \
                             the volume of this computer.";
                (true, heard.to_owned())
            }
            AlertChannel::Webhook if shared.webhook.shown().is_none() => {
                (false, "Nothing was sent: there is no address.".to_owned())
            }
            AlertChannel::Webhook => {
                said(self.alerts.outlets.webhook.test(telling), "The webhook took it.")
            }
        };
        Ok(Reply::AlertTested { channel, went_out, sentence })
    }
}

fn said(came: Result<(), String>, well: &str) -> (bool, String) {
    came.map_or_else(
        |why| (false, format!("It did not go out: {why}.")),
        |()| (true, well.to_owned()),
    )
}
