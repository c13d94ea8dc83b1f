//! What the doctor says.

use super::Settings;

/// States each check once: its id and its name.
macro_rules! checks {
    ($($(#[$doc:meta])* $check:ident = $id:literal $name:literal,)+) => {
        /// What is checked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check {
            $($(#[$doc])* $check,)+
        }

        impl Check {
            /// Every check, from the outside to the inside.
            pub const ALL: &[Self] = &[$(Self::$check,)+];

            /// Returns its stable id.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$check => $id,)+
                }
            }

            /// Returns its name as a person reads it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$check => $name,)+
                }
            }
        }
    };
}

checks! {
    /// A Gateway, TWS or simulator runs on this machine.
    Process = "process" "Gateway process",
    /// Something listens on the port, and who it is.
    Port = "port" "Port",
    /// What listens speaks the Gateway's protocol.
    Handshake = "handshake" "API handshake",
    /// "Enable ActiveX and Socket Clients".
    SocketClients = "socket-clients" "Socket clients",
    /// This machine may connect, and others may not.
    TrustedAddresses = "trusted-addresses" "Trusted addresses",
    Firewall = "firewall" "Firewall",
    /// Port, account and what the person chose agree on paper or live.
    Mode = "mode" "Account matches mode",
    /// "Read-Only API".
    ReadOnly = "read-only" "Orders from programs",
    ClientId = "client-id" "Client id",
    /// The broker lets the account trade over the API.
    Permission = "permission" "API permission",
    /// Nobody else is logged in as the same user.
    SecondSession = "second-session" "Other session",
    MarketData = "market-data" "Market data",
    /// The Gateway's settings are those that were accepted.
    Settings = "settings" "Settings drift",
    Clock = "clock" "Clock",
    Version = "version" "Version",
    Java = "java" "Java",
    Vpn = "vpn" "VPN",
    Memory = "memory" "Memory",
    Processor = "processor" "Processor",
    /// Of the data directory.
    Disk = "disk" "Disk",
    /// The machine does not fall asleep under a bot.
    Sleep = "sleep" "Sleep",
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Fail,
    Warn,
    /// It cannot be told here; the sentence says why.
    NotCheckable,
    Pass,
}

/// What Gatehouse itself can do about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Look again: the person has to do something first.
    RunAgain,
    /// Start the Gateway.
    StartGateway,
    /// Use another address, at which a Gateway answers.
    UseAddress { address: String },
    /// Keep this machine from falling asleep.
    KeepAwake,
    /// Show the symbols that a warning is about.
    ShowSymbols { symbols: Vec<String> },
    /// Show the settings of Gatehouse that are about it.
    OpenSettings,
    /// Take the Gateway's settings as they are for the right ones.
    AcceptSettings,
}

/// One check and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub check: Check,
    pub outcome: Outcome,
    /// Why: one sentence.
    pub sentence: String,
    /// What to do, as one sentence; absent when there is nothing to do.
    pub next: Option<String>,
    pub remedy: Option<Remedy>,
}

impl Finding {
    pub(super) fn pass(check: Check, sentence: impl Into<String>) -> Self {
        Self { check, outcome: Outcome::Pass, sentence: sentence.into(), next: None, remedy: None }
    }

    /// It cannot be told here.
    pub(super) fn blind(check: Check, sentence: impl Into<String>) -> Self {
        Self { outcome: Outcome::NotCheckable, ..Self::pass(check, sentence) }
    }

    pub(super) fn warn(check: Check, sentence: impl Into<String>, next: impl Into<String>) -> Self {
        let next = Some(next.into());
        Self { outcome: Outcome::Warn, next, ..Self::pass(check, sentence) }
    }

    pub(super) fn fail(check: Check, sentence: impl Into<String>, next: impl Into<String>) -> Self {
        Self { outcome: Outcome::Fail, ..Self::warn(check, sentence, next) }
    }

    #[must_use]
    pub(super) fn with(self, remedy: Remedy) -> Self {
        Self { remedy: Some(remedy), ..self }
    }
}

/// Everything that the doctor says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The address that it is about; absent when nothing was found at any.
    pub address: Option<String>,
    /// One for each check: failed first, then warnings, then what cannot be checked here.
    pub findings: Vec<Finding>,
    /// The account whose settings were read, and the settings.
    pub settings: Option<(String, Settings)>,
}

impl Report {
    /// Returns how many findings ended so.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.findings.iter().filter(|finding| finding.outcome == outcome).count()
    }

    /// Returns what came of a check.
    #[must_use]
    pub fn of(&self, check: Check) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.check == check)
    }
}
