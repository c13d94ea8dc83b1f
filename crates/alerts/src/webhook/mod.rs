//! A web address of the person's choice, which is told by a POST of JSON.
//!
//! Blocks the calling thread for as long as the tries take.

mod address;

use std::time::Duration;

use gatehouse_types::Utc;
use serde_json::json;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use crate::telling::Telling;

pub use address::{Address, AddressError};

/// Pauses between the tries, of which there is one more.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// Why the address does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    #[error("the webhook answered {status}, {}", meaning(*status))]
    Answered { status: u16 },
    #[error("the webhook did not answer within {} s", within.as_secs())]
    NoAnswer { within: Duration },
    #[error("the webhook could not be reached: {why}")]
    NotReached { why: String },
    #[error("Gatehouse ended before the webhook answered")]
    Ending,
}

impl WebhookError {
    /// Returns whether another try may fare better: what the other end refuses for good, it
    /// refuses again.
    const fn may_pass(&self) -> bool {
        match self {
            Self::Answered { status } => *status >= 500 || *status == 429 || *status == 408,
            Self::NoAnswer { .. } | Self::NotReached { .. } => true,
            Self::Ending => false,
        }
    }
}

const fn meaning(status: u16) -> &'static str {
    match status {
        300..=399 => "which points elsewhere: give the address it moved to",
        401 | 403 => "which lets nobody in: look at the token in the address",
        404 | 410 => "which means that there is nothing at this address",
        429 => "which means that it was told too much",
        500..=599 => "which is a trouble of its own",
        _ => "which is no success",
    }
}

/// Tells addresses.
#[derive(Debug)]
pub struct Webhook {
    agent: Agent,
    within: Duration,
}

impl Webhook {
    /// Makes one whose tries may take `within` each.
    #[must_use]
    pub fn new(within: Duration) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // An address that points elsewhere could point anywhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(within))
            .user_agent(concat!("Gatehouse/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls);
        Self { agent: config.build().new_agent(), within }
    }

    /// Tells an address, with up to three tries. `pause` waits between them, and returns false
    /// when the program ends.
    ///
    /// # Errors
    /// Why the last try failed. No text of an error holds the address.
    pub fn tell(
        &self,
        address: &Address,
        body: &str,
        mut pause: impl FnMut(Duration) -> bool,
    ) -> Result<(), WebhookError> {
        let mut told = self.post(address, body);
        for wait in PAUSES {
            if told.as_ref().err().is_none_or(|error| !error.may_pass()) {
                return told;
            }
            if !pause(wait) {
                return Err(WebhookError::Ending);
            }
            told = self.post(address, body);
        }
        told
    }

    fn post(&self, address: &Address, body: &str) -> Result<(), WebhookError> {
        let request = self.agent.post(address.reveal()).content_type("application/json");
        let request = if address.is_loopback() {
            // A proxy of the environment is another machine.
            request.config().proxy(None).build()
        } else {
            request
        };
        match request.send(body) {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(WebhookError::Answered { status: answer.status().as_u16() }),
            Err(ureq::Error::Timeout(_)) => Err(WebhookError::NoAnswer { within: self.within }),
            Err(error) => Err(WebhookError::NotReached { why: address.redact(&error.to_string()) }),
        }
    }
}

/// Returns what an address is told.
#[must_use]
pub fn body(telling: &Telling) -> String {
    let alert = &telling.alert;
    json!({
        "app": "Gatehouse",
        "severity": alert.severity.name(),
        "alarm": alert.alarm,
        "sentence": alert.sentence,
        "at": iso(alert.at),
        "state": telling.what.name(),
        "count": telling.count,
        // Chats show the field of this name.
        "text": format!("{}. {}", telling.title(), telling.text()),
    })
    .to_string()
}

fn iso(at: Utc) -> String {
    let at = jiff::Timestamp::from_nanosecond(i128::from(at.nanos()));
    format!("{:.3}", at.unwrap_or(jiff::Timestamp::MAX))
}
