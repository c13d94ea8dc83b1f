//! What a bot, or the whole account, may do.

use std::fmt;

use crate::BotName;

/// The five states, ordered from free to strict; the strictest of all scopes holds.
///
/// What each allows is in the comments of its variants and, for exits, in the control 55 of `risk`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TradingState {
    /// Entries and exits are judged.
    Active,
    /// New entries refused, exits judged, working entries kept.
    Paused,
    /// New entries refused, exits judged, working entries cancelled.
    ReduceOnly,
    /// Everything but cancels refused.
    Halted,
    /// As halted, and working entries are cancelled; ends by the guarded release only.
    Killed,
}

impl TradingState {
    /// Returns the name used on the command line and in the ledger.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::ReduceOnly => "reduce-only",
            Self::Halted => "halted",
            Self::Killed => "killed",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Paused, Self::ReduceOnly, Self::Halted, Self::Killed]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

impl fmt::Display for TradingState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a limit or a state applies to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Account,
    Bot(BotName),
    Symbol(String),
}

impl Scope {
    /// Reads `account`, `bot:NAME` or `symbol:SYM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "account" => Some(Self::Account),
            Some(("bot", name)) => name.parse().ok().map(Self::Bot),
            Some(("symbol", symbol)) if !symbol.is_empty() => Some(Self::Symbol(symbol.to_owned())),
            None | Some(_) => None,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account => f.write_str("account"),
            Self::Bot(name) => write!(f, "bot:{name}"),
            Self::Symbol(symbol) => write!(f, "symbol:{symbol}"),
        }
    }
}
