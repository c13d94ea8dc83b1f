//! What a helper says, in the words of the session.
//!
//! IBC prints lines such as `2026-11-21 14:53:47:142 IBC: Login failed`; the fork `ibc2` adds events
//! as lines of JSON. The two tell most things both: what was said once is not said again. The lines
//! were captured from ibc2's IBC 3.25.0.

use serde_json::Value;

use crate::session::HelperEvent;

/// Understands lines in the order in which they were printed.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// `Login failed` was printed, and why may follow.
    is_refusal_open: bool,
    is_logged_in: bool,
    last: Option<HelperEvent>,
}

impl Words {
    /// Returns whether a login is complete.
    pub(super) const fn is_logged_in(&self) -> bool {
        self.is_logged_in
    }

    /// Returns what a line means: mostly nothing.
    pub(super) fn hear(&mut self, line: &str) -> Vec<HelperEvent> {
        let mut heard = Vec::new();
        let meaning = if line.starts_with('{') { self.event(line) } else { self.printed(line) };
        let is_refusal = matches!(
            meaning,
            Some(HelperEvent::LoginRefused { .. } | HelperEvent::TooManyAttempts { .. })
        );
        if self.is_refusal_open && !is_refusal && !is_login_failed(line) {
            self.is_refusal_open = false;
            let why = "it gave no reason".to_owned();
            self.tell(HelperEvent::LoginRefused { why }, &mut heard);
        }
        self.is_refusal_open &= !is_refusal;
        if let Some(event) = meaning {
            self.tell(event, &mut heard);
        }
        heard
    }

    fn tell(&mut self, event: HelperEvent, heard: &mut Vec<HelperEvent>) {
        if self.last.as_ref() == Some(&event) {
            return;
        }
        self.is_logged_in |= event == HelperEvent::LoggedIn;
        self.last = Some(event.clone());
        heard.push(event);
    }

    fn printed(&mut self, line: &str) -> Option<HelperEvent> {
        let said = said(line)?;
        let plain = match said {
            "Starting Gateway" => Some(HelperEvent::Started),
            "Click button: Log In" | "Click button: Paper Log In" | "Click button: Login" => {
                Some(HelperEvent::LoginStarted)
            }
            "Second Factor Authentication initiated" => Some(HelperEvent::SecondFactorAsked),
            "Login has completed" => Some(HelperEvent::LoggedIn),
            "Configuration tasks completed" => Some(HelperEvent::Configured),
            "CommandServer received command: STOP" => Some(HelperEvent::Stopping),
            "Cold restart in progress" => {
                self.is_logged_in.then_some(HelperEvent::Restarting { needs_login: true })
            }
            "Login failed" => {
                self.is_refusal_open = true;
                None
            }
            _ => None,
        };
        plain.or_else(|| beginning(said))
    }

    /// A line of the event log, which says more of windows and refusals than what is printed.
    fn event(&self, line: &str) -> Option<HelperEvent> {
        let event: Value = serde_json::from_str(line).ok()?;
        let detail = event["detail"].as_str().unwrap_or_default().to_owned();
        match event["type"].as_str()? {
            "LOGIN_STARTED" => Some(HelperEvent::LoginStarted),
            "TWO_FA_REQUIRED" => Some(HelperEvent::SecondFactorAsked),
            "LOGGED_IN" => Some(HelperEvent::LoggedIn),
            "LOGIN_FAILED" => Some(refusal(detail)),
            "UNKNOWN_WINDOW" if demands_update(&detail) => {
                Some(HelperEvent::UpdateDemanded { title: detail })
            }
            "UNKNOWN_WINDOW" => Some(HelperEvent::UnknownWindow { title: detail }),
            _ => None,
        }
    }
}

/// Returns what IBC says in a line that bears its stamp.
fn said(line: &str) -> Option<&str> {
    let (stamp, said) = line.split_once(" IBC: ")?;
    let is_stamp = stamp.len() == "2026-11-21 14:53:47:142".len()
        && stamp.bytes().all(|b| b.is_ascii_digit() || b"-: ".contains(&b));
    is_stamp.then_some(said.trim_end())
}

fn is_login_failed(line: &str) -> bool {
    said(line) == Some("Login failed")
}

/// Understands lines that go on with something that varies.
fn beginning(said: &str) -> Option<HelperEvent> {
    let starts = |with: &str| said.starts_with(with);
    if starts("Login dialog WINDOW_OPENED") {
        Some(HelperEvent::LoginShown)
    } else if starts("Re-login after second factor authentication timeout")
        || starts("IBC closing because login has not completed after Second Factor")
    {
        Some(HelperEvent::SecondFactorTimedOut)
    } else if starts("Too many failed login attempts") {
        Some(HelperEvent::TooManyAttempts { why: sentence(said) })
    } else if starts("could not dismiss Newer Version") {
        Some(HelperEvent::UpdateDemanded { title: "a newer version".to_owned() })
    } else if let Some(why) = said.strip_prefix("Login error message:") {
        Some(refusal(why.to_owned()))
    } else if said.contains("(scenario ") || starts("Trading Login Handoff dialog") {
        let why = said.split(" (scenario ").next().unwrap_or(said);
        Some(HelperEvent::ExistingSession { why: sentence(why) })
    } else if starts("Login has not completed: exiting") || starts("Login has completed: exiting") {
        Some(HelperEvent::Stopping)
    } else {
        None
    }
}

fn refusal(why: String) -> HelperEvent {
    let why = sentence(&why);
    if why.contains("Too many failed login attempts") {
        HelperEvent::TooManyAttempts { why }
    } else {
        HelperEvent::LoginRefused { why }
    }
}

/// Returns a sentence without its full stop, on one line.
fn sentence(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches('.').to_owned()
}

/// Returns whether a window that the helper does not know wants a newer program. An assumption: no
/// page has the words; these are those of the broker's release notes.
fn demands_update(detail: &str) -> bool {
    let detail = detail.to_lowercase();
    ["upgrade", "newer version", "no longer supported", "must be updated"]
        .iter()
        .any(|words| detail.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], events: &[HelperEvent]) {
        let mut words = Words::default();
        let heard: Vec<_> = lines.iter().flat_map(|line| words.hear(line)).collect();
        assert_eq!(heard, events, "{lines:#?}");
    }

    #[test]
    fn a_login_is_told_once_though_it_is_said_twice() {
        check(
            &[
                "sun.java.command = ibcalpha.ibc.IbcGateway /proc/1/fd/9 paper",
                "2026-11-21 14:53:34:158 IBC: CommandServer started and is ready to accept commands",
                "2026-11-21 14:53:34:333 IBC: Starting session: will exit if login dialog is not displayed within 60 seconds",
                "2026-11-21 14:53:34:351 IBC: Starting Gateway",
                "2026-11-21 14:53:34:809 IBC: detected frame entitled: IBKR Gateway; event=Opened",
                "2026-11-21 14:53:34:810 IBC: Login dialog WINDOW_OPENED: LoginState is LOGGED_OUT",
                "2026-11-21 14:53:34:880 IBC: Setting Trading mode = paper",
                "2026-11-21 14:53:34:960 IBC: Login attempt: 1",
                "2026-11-21 14:53:35:028 IBC: Click button: Paper Log In",
                "2026-11-21 14:53:35:465 IBC: detected frame entitled: Starting application...; event=Closed",
                "2026-11-21 14:53:35:465 IBC: Login has completed",
                r#"{"time":"2026-11-21T14:53:35.465839285Z","type":"LOGGED_IN","detail":"Login has completed"}"#,
                "2026-11-21 14:54:32:319 IBC: Configuration tasks completed",
            ],
            &[
                HelperEvent::Started,
                HelperEvent::LoginShown,
                HelperEvent::LoginStarted,
                HelperEvent::LoggedIn,
                HelperEvent::Configured,
            ],
        );
    }

    #[test]
    fn a_refusal_has_the_gateways_words_where_the_helper_tells_them() {
        let why = |why: &str| HelperEvent::LoginRefused { why: why.to_owned() };
        let failed = "2026-11-21 14:55:34:659 IBC: Login failed";
        let told = r#"{"time":"2026-11-21T14:55:34.664382171Z","type":"LOGIN_FAILED","detail":"Unrecognized username or password."}"#;
        let cold = "2026-11-21 14:55:34:666 IBC: Cold restart in progress";
        let exits = "2026-11-21 14:55:34:668 IBC: Login has not completed: exiting immediately";
        let known = why("Unrecognized username or password");
        check(&[failed, told, cold, exits], &[known.clone(), HelperEvent::Stopping]);
        check(&[failed, cold, exits], &[why("it gave no reason"), HelperEvent::Stopping]);
        let error =
            "2026-11-21 14:55:34:659 IBC: Login error message:Unrecognized username or password.";
        check(&[error, cold, told], &[known]);
    }

    #[test]
    fn a_second_factor_is_asked_for_and_may_time_out() {
        check(
            &[
                "2026-11-21 14:53:46:643 IBC: Second Factor Authentication initiated",
                r#"{"time":"2026-11-21T14:53:46.651Z","type":"TWO_FA_REQUIRED","detail":"Second Factor Authentication initiated"}"#,
                "2026-11-21 14:53:48:815 IBC: Duration since login: 2 seconds",
                "2026-11-21 14:53:48:815 IBC: Re-login after second factor authentication timeout not required",
            ],
            &[HelperEvent::SecondFactorAsked, HelperEvent::SecondFactorTimedOut],
        );
    }

    #[test]
    fn a_pause_that_the_broker_wants_is_no_wrong_password() {
        let why = "Too many failed login attempts. Please wait 53 seconds before attempting to re-login again";
        check(
            &[&format!("2026-11-21 14:54:32:034 IBC: {why}.")],
            &[HelperEvent::TooManyAttempts { why: why.to_owned() }],
        );
        check(
            &[
                "2026-11-21 14:53:46:252 IBC: Login failed",
                &format!(r#"{{"time":"","type":"LOGIN_FAILED","detail":"{why}."}}"#),
            ],
            &[HelperEvent::TooManyAttempts { why: why.to_owned() }],
        );
    }

    #[test]
    fn another_session_and_an_unknown_window_are_told_with_their_words() {
        check(
            &[
                "2026-11-21 14:53:47:089 IBC: Don't know the type of the other session, so continue this one (scenario 3)",
                r#"{"time":"2026-11-21T14:54:31.597283748Z","type":"UNKNOWN_WINDOW","detail":"A notice of the year 2026: Nobody has ever seen this window."}"#,
                r#"{"time":"","type":"UNKNOWN_WINDOW","detail":"Login: Your version is no longer supported."}"#,
                "2026-11-21 21:01:36:768 IBC: could not dismiss Newer Version because we could not find one of the controls.",
            ],
            &[
                HelperEvent::ExistingSession {
                    why: "Don't know the type of the other session, so continue this one"
                        .to_owned(),
                },
                HelperEvent::UnknownWindow {
                    title: "A notice of the year 2026: Nobody has ever seen this window."
                        .to_owned(),
                },
                HelperEvent::UpdateDemanded {
                    title: "Login: Your version is no longer supported.".to_owned(),
                },
                HelperEvent::UpdateDemanded { title: "a newer version".to_owned() },
            ],
        );
    }

    #[test]
    fn a_cold_restart_after_a_login_is_a_restart_and_before_it_is_none() {
        let cold = "2026-11-21 14:53:48:245 IBC: Cold restart in progress";
        check(&[cold], &[]);
        check(
            &[
                "2026-11-21 14:53:47:224 IBC: Login has completed",
                cold,
                "2026-11-21 14:53:48:247 IBC: Login has completed: exiting via [File, Close] menu",
            ],
            &[
                HelperEvent::LoggedIn,
                HelperEvent::Restarting { needs_login: true },
                HelperEvent::Stopping,
            ],
        );
    }

    #[test]
    fn what_others_print_means_nothing() {
        check(&["Login has completed", "x IBC: Login has completed", "{", "{}", "", "[]"], &[]);
    }
}
