//! Settings by name, as the ledger holds them.

use std::collections::BTreeMap;
use std::time::Duration;

use gatehouse_alerts::telling::{Channel, Setting, Settings};
use gatehouse_types::Severity;

#[test]
fn what_nobody_chose_is_at_its_default_and_not_stored() {
    let (settings, errors) = Settings::of_stored(&BTreeMap::new());
    assert_eq!((&settings, errors.len()), (&Settings::default(), 0));
    assert_eq!(settings.threshold(Channel::Desktop), Some(Severity::Warning));
    assert_eq!(settings.threshold(Channel::Sound), Some(Severity::Critical));
    assert_eq!(settings.threshold(Channel::Webhook), Some(Severity::Critical));
    assert!(settings.quiet_critical, "critical passes");
    for setting in Setting::ALL {
        assert_eq!(settings.stored(setting), None, "{}", setting.name());
    }
}

#[test]
fn every_setting_comes_back_as_it_was_stored() {
    for (setting, value) in [
        (Setting::Desktop, "off"),
        (Setting::Sound, "warning"),
        (Setting::Webhook, "info"),
        (Setting::QuietHours, "22:00-07:30 America/New_York"),
        (Setting::QuietCritical, "off"),
        (Setting::RepeatMinutes, "0"),
        (Setting::SameMinutes, "30"),
    ] {
        let mut settings = Settings::default();
        settings.set(setting, value).expect("is taken");
        assert_eq!(settings.stored(setting).as_deref(), Some(value));
        let stored = BTreeMap::from([(setting.name().to_owned(), value.to_owned())]);
        assert_eq!(Settings::of_stored(&stored), (settings, Vec::new()));
    }
}

#[test]
fn minutes_are_minutes_and_zero_is_never() {
    let mut settings = Settings::default();
    settings.set(Setting::RepeatMinutes, "2").expect("is taken");
    assert_eq!(settings.repeat_after, Some(Duration::from_secs(120)));
    settings.set(Setting::RepeatMinutes, "0").expect("is taken");
    assert_eq!(settings.repeat_after, None);
}

#[track_caller]
fn refused(setting: Setting, value: &str, words: &str) {
    let mut settings = Settings::default();
    let error = settings.set(setting, value).expect_err("is refused").to_string();
    assert!(error.contains(words), "{error}");
    assert_eq!(settings, Settings::default(), "nothing is changed");
}

#[test]
fn bad_values_are_refused_in_words() {
    refused(Setting::Desktop, "loud", "it is off, info, warning or critical");
    refused(Setting::QuietCritical, "yes", "it is on or off");
    refused(Setting::RepeatMinutes, "-1", "from 0 to 1440");
    refused(Setting::RepeatMinutes, "1441", "from 0 to 1440");
    refused(Setting::SameMinutes, "0", "from 1 to 1440");
    refused(Setting::QuietHours, "at night", "22:00-07:00 Europe/Berlin");
    refused(Setting::QuietHours, "22:00-07:00 Nowhere", "there is no time zone");
    refused(Setting::QuietHours, "07:00-07:00 UTC", "cannot begin and end at 07:00");
}

#[test]
fn a_stored_value_that_cannot_be_read_is_named_and_the_others_hold() {
    let stored = [("alerts.desktop", "loud"), ("alerts.sound", "off"), ("gateway.kind", "x")];
    let stored = stored.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let (settings, errors) = Settings::of_stored(&BTreeMap::from(stored));
    assert_eq!(settings.threshold(Channel::Sound), None);
    assert_eq!(settings.threshold(Channel::Desktop), Some(Severity::Warning));
    assert_eq!(errors.len(), 1);
}
