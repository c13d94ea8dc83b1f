//! The settings of the Gateway: one value each in the ledger, so that the audit shows what was
//! changed.

use std::collections::BTreeMap;

use gatehouse_gateway::launch::ClockTime;
use gatehouse_ipc::{Failure, GatewaySettings, GatewaySource, LoginBy, OtherSession, TradingMode};

use crate::failure::bad_input;

/// Names in the ledger begin so.
const PREFIX: &str = "gateway.";

const SOURCE: &str = "gateway.source";
const MODE: &str = "gateway.mode";
const ADDRESS: &str = "gateway.address";
const INSTALLATION: &str = "gateway.installation";
const LOGIN: &str = "gateway.login";
const HELPER: &str = "gateway.helper";
const COMMAND: &str = "gateway.command";
const OTHER_SESSION: &str = "gateway.other-session";
const SECOND_FACTOR: &str = "gateway.second-factor-s";
const RESTART_AT: &str = "gateway.restart-at";
const QUIET: &str = "gateway.quiet-min";
const REMIND: &str = "gateway.remind-h";
const KEEP_AWAKE: &str = "gateway.keep-awake";

/// Longest wait for the phone, in seconds; the Gateway itself gives up at some time.
const SECOND_FACTOR_S: std::ops::RangeInclusive<u32> = 30..=900;

/// Longest quiet period, in minutes.
const QUIET_MIN_MAX: u32 = 60;

/// A week, in hours.
const REMIND_H_MAX: u32 = 168;

/// Words of a closed list, as they are stored.
trait Word: Copy + PartialEq + 'static {
    const ALL: &'static [(&'static str, Self)];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, it)| *it == self).map_or("", |(word, _)| word)
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(it, _)| *it == word).map(|(_, value)| *value)
    }
}

impl Word for GatewaySource {
    const ALL: &'static [(&'static str, Self)] =
        &[("simulator", Self::Simulator), ("running", Self::Running), ("launched", Self::Launched)];
}

impl Word for TradingMode {
    const ALL: &'static [(&'static str, Self)] = &[("paper", Self::Paper), ("live", Self::Live)];
}

impl Word for LoginBy {
    const ALL: &'static [(&'static str, Self)] =
        &[("keychain", Self::Keychain), ("person", Self::Person)];
}

impl Word for OtherSession {
    const ALL: &'static [(&'static str, Self)] =
        &[("ask", Self::Ask), ("take-over", Self::TakeOver), ("yield", Self::Yield)];
}

/// Returns what is set before anybody changed anything. Nothing is stored, nobody is logged in.
pub(crate) fn defaults() -> GatewaySettings {
    GatewaySettings {
        source: GatewaySource::Simulator,
        mode: TradingMode::Paper,
        address: None,
        installation: None,
        login: LoginBy::Person,
        helper: None,
        command: None,
        other_session: OtherSession::Ask,
        second_factor_s: 180,
        restart_at: None,
        quiet_min: 2,
        remind_h: vec![12, 1],
        keep_awake: false,
    }
}

/// Returns the settings of a ledger. What it does not know counts as its default.
pub(crate) fn read(stored: &BTreeMap<String, String>) -> GatewaySettings {
    let before = defaults();
    let text = |name: &str| stored.get(name).cloned();
    let number = |name: &str, default| {
        stored.get(name).and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    GatewaySettings {
        source: word(stored, SOURCE, before.source),
        mode: word(stored, MODE, before.mode),
        address: text(ADDRESS),
        installation: text(INSTALLATION),
        login: word(stored, LOGIN, before.login),
        helper: text(HELPER),
        command: text(COMMAND),
        other_session: word(stored, OTHER_SESSION, before.other_session),
        second_factor_s: number(SECOND_FACTOR, before.second_factor_s),
        restart_at: text(RESTART_AT),
        quiet_min: number(QUIET, before.quiet_min),
        remind_h: stored.get(REMIND).map_or(before.remind_h, |value| {
            value.split(' ').filter_map(|hours| hours.parse().ok()).collect()
        }),
        keep_awake: stored.get(KEEP_AWAKE).is_some_and(|value| value == "on"),
    }
}

fn word<T: Word>(stored: &BTreeMap<String, String>, name: &str, default: T) -> T {
    stored.get(name).and_then(|value| T::of(value)).unwrap_or(default)
}

/// A setting's name and value.
type Setting = (&'static str, Option<String>);

/// Returns what a setting may be, in words.
pub(crate) fn may_be(name: &str) -> String {
    let any = |words: Vec<&str>| words.join(" or ");
    match name {
        "source" => any(words::<GatewaySource>()),
        "mode" => any(words::<TradingMode>()),
        "login" => any(words::<LoginBy>()),
        "other-session" => any(words::<OtherSession>()),
        "address" => "HOST:PORT".to_owned(),
        "installation" => "a folder".to_owned(),
        "helper" => "the path of a jar".to_owned(),
        "command" => "the words of a command".to_owned(),
        "second-factor-s" => "30 to 900 seconds".to_owned(),
        "restart-at" => "a time of day as 23:45".to_owned(),
        "quiet-min" => "0 to 60 minutes".to_owned(),
        "remind-h" => "hours such as \"12 1\"".to_owned(),
        "keep-awake" => "on or off".to_owned(),
        _ => "another value".to_owned(),
    }
}

fn words<T: Word>() -> Vec<&'static str> {
    T::ALL.iter().map(|(word, _)| *word).collect()
}

/// Returns each setting with its value; `None` where nothing is said.
fn spelt(settings: &GatewaySettings) -> Vec<Setting> {
    let remind: Vec<String> = settings.remind_h.iter().map(u32::to_string).collect();
    let on_off = if settings.keep_awake { "on" } else { "off" };
    vec![
        (SOURCE, Some(settings.source.word().to_owned())),
        (MODE, Some(settings.mode.word().to_owned())),
        (ADDRESS, settings.address.clone()),
        (INSTALLATION, settings.installation.clone()),
        (LOGIN, Some(settings.login.word().to_owned())),
        (HELPER, settings.helper.clone()),
        (COMMAND, settings.command.clone()),
        (OTHER_SESSION, Some(settings.other_session.word().to_owned())),
        (SECOND_FACTOR, Some(settings.second_factor_s.to_string())),
        (RESTART_AT, settings.restart_at.clone()),
        (QUIET, Some(settings.quiet_min.to_string())),
        (REMIND, Some(remind.join(" "))),
        (KEEP_AWAKE, Some(on_off.to_owned())),
    ]
}

/// Returns each setting with its value; `None` is the default.
pub(crate) fn values(settings: &GatewaySettings) -> Vec<(&'static str, Option<String>)> {
    let both = spelt(settings).into_iter().zip(spelt(&defaults()));
    let differing = |((name, value), (_, default)): (Setting, Setting)| {
        let differs = value != default;
        (name, value.filter(|_| differs))
    };
    both.map(differing).collect()
}

/// Returns each setting by the name that a person types, with its value; `None` where nothing is
/// said.
pub(crate) fn by_name(settings: &GatewaySettings) -> Vec<(&'static str, Option<String>)> {
    let typed = |name: &'static str| name.strip_prefix(PREFIX).unwrap_or(name);
    spelt(settings).into_iter().map(|(name, value)| (typed(name), value)).collect()
}

/// Returns the settings with one of them changed, in the words that a person types; `default` is
/// its own default.
///
/// # Errors
/// When there is no such setting, or it cannot have the value.
pub(crate) fn with(
    settings: &GatewaySettings,
    name: &str,
    value: &str,
) -> Result<GatewaySettings, Failure> {
    let full = format!("{PREFIX}{name}");
    let Some((_, default)) = spelt(&defaults()).into_iter().find(|(it, _)| *it == full) else {
        let names: Vec<&str> = by_name(settings).into_iter().map(|(name, _)| name).collect();
        return refused(
            format!("{name:?} is no setting."),
            &format!("Name one of {}.", names.join(", ")),
        );
    };
    let wanted = if value == "default" { default } else { Some(value.to_owned()) };
    let others = spelt(settings).into_iter().filter(|(it, _)| *it != full);
    let mut stored: BTreeMap<String, String> =
        others.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    stored.extend(wanted.clone().map(|value| (full.clone(), value)));
    let read = read(&stored);
    // What is not understood reads as something else.
    let understood = spelt(&read).into_iter().find(|(it, _)| *it == full);
    if understood.is_none_or(|(_, value)| value != wanted) {
        return refused(format!("{name} cannot be {value:?}."), &format!("Give {}.", may_be(name)));
    }
    Ok(read)
}

/// Returns the settings as they are stored: blanks around are dropped, an empty text is none.
///
/// # Errors
/// What cannot be used, and what to give instead.
pub(crate) fn checked(mut settings: GatewaySettings) -> Result<GatewaySettings, Failure> {
    for text in [
        &mut settings.address,
        &mut settings.installation,
        &mut settings.helper,
        &mut settings.command,
        &mut settings.restart_at,
    ] {
        *text = text.take().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    }
    if let Some(address) = &settings.address {
        settings.address = Some(checked_address(address)?);
    }
    if settings.source == GatewaySource::Running && settings.address.is_none() {
        return refused(
            "No address is given.",
            "Name the Gateway's address, such as 127.0.0.1:4002.",
        );
    }
    if let Some(time) = &settings.restart_at
        && clock_time(time).is_none()
    {
        return refused(format!("{time:?} is no time of day."), "Write it as 23:45.");
    }
    if !SECOND_FACTOR_S.contains(&settings.second_factor_s) {
        return refused(
            format!("{} s is no time to wait for a phone.", settings.second_factor_s),
            "Choose 30 to 900 seconds.",
        );
    }
    if settings.quiet_min > QUIET_MIN_MAX {
        return refused("The quiet period is too long.", "Choose 0 to 60 minutes.");
    }
    if settings.remind_h.iter().any(|&hours| hours == 0 || hours > REMIND_H_MAX) {
        return refused("A reminder is not within the week.", "Choose 1 to 168 hours.");
    }
    settings.remind_h.sort_unstable_by(|a, b| b.cmp(a));
    settings.remind_h.dedup();
    Ok(settings)
}

fn refused<T>(why: impl Into<String>, next: &str) -> Result<T, Failure> {
    Err(bad_input("The Gateway's settings were not changed.", why, next))
}

fn checked_address(address: &str) -> Result<String, Failure> {
    let (host, port) = address.rsplit_once(':').unwrap_or(("127.0.0.1", address));
    let is_port = port.parse::<u16>().is_ok_and(|port| port != 0);
    if !is_port || host.is_empty() || host.contains(char::is_whitespace) {
        return refused(
            format!("{address:?} is no address of a Gateway."),
            "Write it as HOST:PORT, such as 127.0.0.1:4002.",
        );
    }
    Ok(format!("{host}:{port}"))
}

/// Reads `HH:MM`.
pub(crate) fn clock_time(text: &str) -> Option<ClockTime> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    ClockTime::try_new(hour.parse().ok()?, minute.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(settings: &GatewaySettings) -> BTreeMap<String, String> {
        let set = |(name, value): (&str, Option<String>)| Some((name.to_owned(), value?));
        values(settings).into_iter().filter_map(set).collect()
    }

    #[test]
    fn settings_are_read_as_they_were_stored_and_defaults_are_not_stored() {
        assert_eq!(stored(&defaults()), BTreeMap::new());
        assert_eq!(read(&BTreeMap::new()), defaults());
        let settings = GatewaySettings {
            source: GatewaySource::Launched,
            mode: TradingMode::Live,
            address: Some("127.0.0.1:4001".to_owned()),
            installation: Some("/opt/ibgateway/1037".to_owned()),
            login: LoginBy::Keychain,
            helper: Some("/opt/IBC.jar".to_owned()),
            command: Some("run {config}".to_owned()),
            other_session: OtherSession::TakeOver,
            second_factor_s: 300,
            restart_at: Some("23:45".to_owned()),
            quiet_min: 5,
            remind_h: vec![24],
            keep_awake: true,
        };
        assert_eq!(stored(&settings).len(), 13, "each has a name of its own");
        assert_eq!(read(&stored(&settings)), settings);
    }

    #[test]
    fn one_setting_is_changed_by_the_words_that_a_person_types() {
        let before = GatewaySettings { quiet_min: 9, ..defaults() };
        for (name, value, kept) in [
            ("source", "launched", Some("launched")),
            ("source", "simulator", Some("simulator")),
            ("quiet-min", "default", Some("2")),
            ("restart-at", "23:45", Some("23:45")),
            ("restart-at", "default", None),
            ("remind-h", "24 2", Some("24 2")),
            ("keep-awake", "on", Some("on")),
        ] {
            let after = with(&before, name, value).expect("can be changed");
            let found = by_name(&after).into_iter().find(|(it, _)| *it == name);
            assert_eq!(found.expect("is listed").1.as_deref(), kept, "{name} {value}");
            assert_eq!(after.quiet_min == 9, name != "quiet-min");
        }
        for (name, value, next) in [
            ("colour", "red", "source, mode"),
            ("mode", "demo", "paper or live"),
            ("keep-awake", "yes", "on or off"),
            ("quiet-min", "two", "0 to 60"),
            ("remind-h", "12 soon", "hours"),
        ] {
            let failure = with(&before, name, value).expect_err("is refused");
            assert!(failure.next.contains(next), "{failure:?}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_what_to_write() {
        let running = GatewaySettings { source: GatewaySource::Running, ..defaults() };
        let with = |change: fn(&mut GatewaySettings)| {
            let mut settings = defaults();
            change(&mut settings);
            settings
        };
        for (settings, next) in [
            (running, "127.0.0.1:4002"),
            (with(|it| it.address = Some("4002x".to_owned())), "HOST:PORT"),
            (with(|it| it.address = Some("a b:4002".to_owned())), "HOST:PORT"),
            (with(|it| it.restart_at = Some("24:00".to_owned())), "23:45"),
            (with(|it| it.restart_at = Some("1:5".to_owned())), "23:45"),
            (with(|it| it.second_factor_s = 5), "30 to 900"),
            (with(|it| it.quiet_min = 61), "0 to 60"),
            (with(|it| it.remind_h = vec![0]), "1 to 168"),
        ] {
            let failure = checked(settings).expect_err("is refused");
            assert!(failure.next.contains(next), "{failure:?}");
        }
    }

    #[test]
    fn a_port_alone_is_one_of_this_machine_and_empty_texts_are_none() {
        let settings = GatewaySettings {
            address: Some(" 4002 ".to_owned()),
            helper: Some("  ".to_owned()),
            remind_h: vec![1, 12, 1],
            ..defaults()
        };
        let settings = checked(settings).expect("can be used");
        assert_eq!(settings.address.as_deref(), Some("127.0.0.1:4002"));
        assert_eq!((settings.helper, settings.remind_h), (None, vec![12, 1]));
    }
}
