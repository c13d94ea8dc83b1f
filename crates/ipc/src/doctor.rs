//! What the doctor found between this machine and the Gateway.

use serde::{Deserialize, Serialize};
use specta::Type;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum DoctorOutcome {
    Fail,
    Warn,
    /// It cannot be told on this machine; the sentence says why.
    NotCheckable,
    Pass,
}

/// What a button beside a finding does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum DoctorRemedy {
    /// Looks again, once the person did what `next` says.
    RunAgain,
    StartGateway,
    /// A Gateway answers at this address.
    UseAddress {
        address: String,
    },
    KeepAwake,
    ShowSymbols {
        symbols: Vec<String>,
    },
    OpenSettings,
    /// Asks the doctor again with `accept_settings`.
    AcceptSettings,
}

/// One check and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DoctorFinding {
    /// Stable, such as `client-id`.
    pub id: String,
    pub name: String,
    pub outcome: DoctorOutcome,
    pub sentence: String,
    /// One act of the person; absent when there is nothing to do.
    pub next: Option<String>,
    pub remedy: Option<DoctorRemedy>,
}

/// All of them: failed first, then warnings, then what cannot be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DoctorReport {
    /// What it is about; absent when nothing was found on the usual ports.
    pub address: Option<String>,
    /// ISO, the machine's calendar.
    pub at: String,
    pub findings: Vec<DoctorFinding>,
    pub n_failed: u32,
    pub n_warned: u32,
    pub n_not_checkable: u32,
    pub n_passed: u32,
}
