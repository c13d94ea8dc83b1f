//! Alerts and their settings, as the window and the command line say them.

use gatehouse_alerts::telling::{
    Channel, QuietHours, Setting, SettingError, Settings, Telling, What,
};
use gatehouse_engine::OpenAlarm;
use gatehouse_ipc::{
    AlarmRow, Alert, AlertChannel, AlertChannelRow, AlertSettings, AlertSeverity, AlertState,
};
use gatehouse_types::Severity;

use super::address::Shown;
use crate::view::words::iso;

pub(super) const fn severity(severity: Severity) -> AlertSeverity {
    match severity {
        Severity::Info => AlertSeverity::Info,
        Severity::Warning => AlertSeverity::Warning,
        Severity::Critical => AlertSeverity::Critical,
    }
}

const fn threshold(severity: Option<AlertSeverity>) -> &'static str {
    match severity {
        None => "off",
        Some(AlertSeverity::Info) => Severity::Info.name(),
        Some(AlertSeverity::Warning) => Severity::Warning.name(),
        Some(AlertSeverity::Critical) => Severity::Critical.name(),
    }
}

pub(super) const fn channel(channel: AlertChannel) -> Channel {
    match channel {
        AlertChannel::Desktop => Channel::Desktop,
        AlertChannel::Sound => Channel::Sound,
        AlertChannel::Webhook => Channel::Webhook,
    }
}

const fn shown(channel: Channel) -> AlertChannel {
    match channel {
        Channel::Desktop => AlertChannel::Desktop,
        Channel::Sound => AlertChannel::Sound,
        Channel::Webhook => AlertChannel::Webhook,
    }
}

/// Returns what the window is told.
pub(super) fn alert(telling: &Telling) -> Alert {
    Alert {
        alarm: telling.alert.alarm.clone(),
        severity: severity(telling.alert.severity),
        text: telling.text(),
        state: match telling.what {
            What::Began => AlertState::Began,
            What::StillOpen => AlertState::StillOpen,
            What::Ended => AlertState::Ended,
            What::Test => AlertState::Test,
        },
        has_sound: telling.channels.contains(&Channel::Sound),
    }
}

/// Returns an open alarm as a row. `count` is how often it began lately, if that is known.
pub(super) fn alarm(name: String, open: OpenAlarm, count: u32) -> AlarmRow {
    AlarmRow {
        alarm: name,
        severity: severity(open.severity),
        sentence: open.sentence,
        since: iso(open.since.utc),
        is_acknowledged: open.is_acknowledged,
        count: count.max(1),
    }
}

/// Returns settings as the window shows them.
pub(super) fn settings(settings: &Settings) -> AlertSettings {
    let threshold = |channel| settings.threshold(channel).map(severity);
    let minutes = |time: std::time::Duration| u32::try_from(time.as_secs() / 60).unwrap_or(0);
    AlertSettings {
        desktop: threshold(Channel::Desktop),
        sound: threshold(Channel::Sound),
        webhook: threshold(Channel::Webhook),
        quiet_hours: settings.quiet_hours.as_ref().map(|quiet| gatehouse_ipc::QuietHours {
            from: quiet.from(),
            to: quiet.to(),
            zone: quiet.zone().to_owned(),
        }),
        quiet_critical: settings.quiet_critical,
        repeat_minutes: minutes(settings.repeat_after.unwrap_or_default()),
        same_minutes: minutes(settings.same_within),
    }
}

/// Reads settings as the window says them.
pub(super) fn read(chosen: &AlertSettings) -> Result<Settings, SettingError> {
    let mut settings = Settings::default();
    settings.set(Setting::Desktop, threshold(chosen.desktop))?;
    settings.set(Setting::Sound, threshold(chosen.sound))?;
    settings.set(Setting::Webhook, threshold(chosen.webhook))?;
    settings.set(Setting::QuietCritical, if chosen.quiet_critical { "on" } else { "off" })?;
    settings.set(Setting::RepeatMinutes, &chosen.repeat_minutes.to_string())?;
    settings.set(Setting::SameMinutes, &chosen.same_minutes.to_string())?;
    let quiet = chosen.quiet_hours.as_ref();
    settings.quiet_hours =
        quiet.map(|it| QuietHours::new(&it.from, &it.to, &it.zone)).transpose()?;
    Ok(settings)
}

/// Returns a channel as the settings show it.
pub(super) fn row(
    channel: Channel,
    to: Option<&Shown>,
    has_window: bool,
    trouble: Option<String>,
) -> AlertChannelRow {
    let sentence = match (channel, to) {
        (Channel::Desktop, _) => "Shown by the notification service of this desktop.".to_owned(),
        (Channel::Sound, _) => {
            "Two tones, played by the window; without an open window nothing sounds.".to_owned()
        }
        (Channel::Webhook, None) => "There is no address, so nothing is sent.".to_owned(),
        (Channel::Webhook, Some(Shown { address, is_kept: true })) => {
            format!("A POST of JSON to {address}. The whole address is in the keychain only.")
        }
        (Channel::Webhook, Some(Shown { address, is_kept: false })) => format!(
            "A POST of JSON to {address}. The keychain did not take the address, so it is forgotten \
             when Gatehouse ends."
        ),
    };
    let is_unheard = channel == Channel::Sound && !has_window;
    let trouble = trouble.or_else(|| is_unheard.then(|| "No window is open now.".to_owned()));
    AlertChannelRow { channel: shown(channel), sentence, trouble }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_go_to_the_window_and_back() {
        let mut chosen = settings(&Settings::default());
        assert_eq!(chosen.desktop, Some(AlertSeverity::Warning));
        chosen.sound = None;
        chosen.quiet_critical = false;
        chosen.repeat_minutes = 0;
        chosen.same_minutes = 30;
        let (from, to, zone) = ("22:00".to_owned(), "07:00".to_owned(), "Europe/Berlin".to_owned());
        chosen.quiet_hours = Some(gatehouse_ipc::QuietHours { from, to, zone });
        let read = read(&chosen).expect("is taken");
        assert_eq!(settings(&read), chosen);
        assert_eq!(read.stored(Setting::Sound).as_deref(), Some("off"));
    }

    #[test]
    fn what_cannot_be_is_refused_in_words() {
        let chosen = AlertSettings { same_minutes: 0, ..settings(&Settings::default()) };
        let error = read(&chosen).expect_err("is refused").to_string();
        assert!(error.contains("a whole number of minutes from 1 to 1440"), "{error}");
    }

    #[test]
    fn the_sound_says_that_it_needs_a_window() {
        let row = row(Channel::Sound, None, false, None);
        assert_eq!(row.trouble.as_deref(), Some("No window is open now."));
        assert!(row.sentence.contains("without an open window nothing sounds"), "{}", row.sentence);
    }
}
