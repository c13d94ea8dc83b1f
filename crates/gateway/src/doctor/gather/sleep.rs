//! Whether this machine falls asleep by itself.

use std::path::Path;

use super::super::SleepFact;
use super::tool::prints;

/// What systemd-logind waits before its idle action, unless told otherwise.
const IDLE_MIN: u32 = 30;

pub(super) fn look() -> SleepFact {
    if !cfg!(target_os = "linux") {
        return SleepFact::Unknown("When this system falls asleep cannot be read here");
    }
    if !Path::new("/run/systemd/system").is_dir() {
        return SleepFact::Unknown(
            "Nothing here says when this machine falls asleep: it runs without systemd",
        );
    }
    if is_masked(Path::new("/etc/systemd/system")) {
        return SleepFact::Prevented("A masked sleep.target".to_owned());
    }
    let list = prints("systemd-inhibit", &["--list", "--mode=block", "--no-legend", "--no-pager"]);
    if let Some(who) = list.as_deref().and_then(inhibitor) {
        return SleepFact::Prevented(who);
    }
    let logind = logind(Path::new("/etc/systemd")).as_deref().and_then(idle);
    let desktop = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    let gnome = || {
        let read = |key| prints("gsettings", &["get", GNOME, key]);
        gnome(&read("sleep-inactive-ac-type")?, &read("sleep-inactive-ac-timeout")?)
    };
    match (logind, desktop.to_ascii_uppercase()) {
        (Some(minutes), _) => SleepFact::After(minutes),
        (None, desktop) if desktop.is_empty() => SleepFact::Never,
        (None, desktop) if desktop.contains("GNOME") => {
            gnome().unwrap_or(SleepFact::Unknown("The settings of the desktop cannot be read"))
        }
        (None, _) => SleepFact::Unknown("The settings of this desktop cannot be read here"),
    }
}

const GNOME: &str = "org.gnome.settings-daemon.plugins.power";

/// Returns whether an administrator has switched sleep off.
fn is_masked(units: &Path) -> bool {
    let is_null = |name: &str| {
        std::fs::read_link(units.join(name)).is_ok_and(|to| to == Path::new("/dev/null"))
    };
    is_null("sleep.target") || is_null("suspend.target")
}

/// Returns who blocks sleep, from lines of `WHO UID USER PID COMM WHAT WHY MODE`.
fn inhibitor(list: &str) -> Option<String> {
    let blocks = |line: &&str| {
        line.split_whitespace().any(|word| word.split(':').any(|it| it == "sleep" || it == "idle"))
    };
    let line = list.lines().find(blocks)?;
    let who: Vec<_> =
        line.split_whitespace().take_while(|word| word.parse::<u32>().is_err()).collect();
    Some(who.join(" "))
}

/// Returns the settings of logind: the file, then those beside it in the order of their names.
fn logind(folder: &Path) -> Option<String> {
    let mut text = std::fs::read_to_string(folder.join("logind.conf")).unwrap_or_default();
    let mut more: Vec<_> = match folder.join("logind.conf.d").read_dir() {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(_) => Vec::new(),
    };
    more.sort();
    for path in more {
        text.push('\n');
        text.push_str(&std::fs::read_to_string(path).unwrap_or_default());
    }
    (!text.is_empty()).then_some(text)
}

/// Returns after how many minutes logind sends the machine to sleep.
fn idle(text: &str) -> Option<u32> {
    let last = |key: &str| {
        let mut lines =
            text.lines().filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='));
        lines.next_back().map(str::trim)
    };
    let action = last("IdleAction")?;
    if !["suspend", "hibernate", "hybrid-sleep", "suspend-then-hibernate", "poweroff", "halt"]
        .contains(&action)
    {
        return None;
    }
    let minutes = last("IdleActionSec").and_then(|text| {
        let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        let n: u32 = digits.parse().ok()?;
        match text.get(digits.len()..).map(str::trim) {
            Some("min" | "m") => Some(n),
            Some("h") => n.checked_mul(60),
            Some("" | "s") => Some(n.div_ceil(60)),
            Some(_) | None => None,
        }
    });
    Some(minutes.unwrap_or(IDLE_MIN))
}

/// Reads what gsettings prints of the power settings on the mains.
fn gnome(kind: &str, timeout: &str) -> Option<SleepFact> {
    let seconds: u32 = timeout.trim().parse().ok()?;
    let does = kind.trim().trim_matches('\'');
    Some(if does == "nothing" || seconds == 0 {
        SleepFact::Never
    } else {
        SleepFact::After(seconds.div_ceil(60))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_blocks_sleep_is_named() {
        let list = "Chromium App 1000 ann 42 chrome idle Playing audio block\n";
        assert_eq!(inhibitor(list).as_deref(), Some("Chromium App"));
        let list = "UPower 0 root 7 upowerd handle-lid-switch Pause block\n\
                    Backup 0 root 9 rsync shutdown:sleep Copies block\n";
        assert_eq!(inhibitor(list).as_deref(), Some("Backup"));
        assert_eq!(inhibitor("UPower 0 root 7 upowerd handle-lid-switch Pause block\n"), None);
    }

    #[test]
    fn the_idle_action_of_the_system_is_read() {
        for (text, minutes) in [
            ("[Login]\n#IdleAction=suspend\n", None),
            ("IdleAction=lock\n", None),
            ("IdleAction=suspend\n", Some(30)),
            ("IdleAction=suspend\nIdleActionSec=20min\n", Some(20)),
            ("IdleAction=suspend\nIdleActionSec=90\n", Some(2)),
            ("IdleAction=hibernate\nIdleActionSec=2h\n", Some(120)),
            ("IdleAction=suspend\nIdleAction=ignore\n", None),
        ] {
            assert_eq!(idle(text), minutes, "{text}");
        }
    }

    #[test]
    fn the_power_settings_of_gnome_are_read() {
        assert_eq!(gnome("'suspend'\n", "1800\n"), Some(SleepFact::After(30)));
        assert_eq!(gnome("'nothing'\n", "1800\n"), Some(SleepFact::Never));
        assert_eq!(gnome("'suspend'\n", "0\n"), Some(SleepFact::Never));
        assert_eq!(gnome("", "No such key\n"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_masked_target_keeps_the_machine_awake() {
        let units = tempfile::tempdir().expect("a folder");
        assert!(!is_masked(units.path()));
        std::os::unix::fs::symlink("/dev/null", units.path().join("sleep.target"))
            .expect("is made");
        assert!(is_masked(units.path()));
    }
}
