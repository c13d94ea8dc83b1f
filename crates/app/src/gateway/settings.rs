//! The settings of the Gateway: one value each in the ledger, so that the audit shows what was
//! changed.

use std::collections::BTreeMap;

use gatehouse_gateway::launch::ClockTime;
use gatehouse_ipc::{Failure, GatewaySettings, GatewaySource, LoginBy, OtherSession, TradingMode};

use crate::failure::bad_input;

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

/// Returns each setting with its value; `None` is the default.
pub(crate) fn values(settings: &GatewaySettings) -> Vec<(&'static str, Option<String>)> {
    let before = defaults();
    let some = |is_other: bool, value: String| is_other.then_some(value);
    let remind: Vec<String> = settings.remind_h.iter().map(u32::to_string).collect();
    vec![
        (SOURCE, some(settings.source != before.source, settings.source.word().to_owned())),
        (MODE, some(settings.mode != before.mode, settings.mode.word().to_owned())),
        (ADDRESS, settings.address.clone()),
        (INSTALLATION, settings.installation.clone()),
        (LOGIN, some(settings.login != before.login, settings.login.word().to_owned())),
        (HELPER, settings.helper.clone()),
        (COMMAND, settings.command.clone()),
        (
            OTHER_SESSION,
            some(
                settings.other_session != before.other_session,
                settings.other_session.word().to_owned(),
            ),
        ),
        (
            SECOND_FACTOR,
            some(
                settings.second_factor_s != before.second_factor_s,
                settings.second_factor_s.to_string(),
            ),
        ),
        (RESTART_AT, settings.restart_at.clone()),
        (QUIET, some(settings.quiet_min != before.quiet_min, settings.quiet_min.to_string())),
        (REMIND, some(settings.remind_h != before.remind_h, remind.join(" "))),
        (KEEP_AWAKE, settings.keep_awake.then(|| "on".to_owned())),
    ]
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
