//! The studies by name.

use crate::param::Param;
use crate::spec::{Memory, Place, Spec};
use crate::study;
use crate::wrong::Wrong;

/// A study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Sma,
    Ema,
    Vwap,
    Bollinger,
    Rsi,
    Macd,
    Atr,
    Stochastic,
    Obv,
    Donchian,
    Ichimoku,
    Supertrend,
    HeikinAshi,
}

impl Kind {
    /// Every study, in the order of a menu.
    pub const ALL: &[Self] = &[
        Self::Sma,
        Self::Ema,
        Self::Vwap,
        Self::Bollinger,
        Self::Donchian,
        Self::Ichimoku,
        Self::Supertrend,
        Self::HeikinAshi,
        Self::Rsi,
        Self::Macd,
        Self::Stochastic,
        Self::Atr,
        Self::Obv,
    ];

    /// Returns the study of this name, such as `heikin-ashi`.
    ///
    /// # Errors
    /// There is none; the error lists the names.
    pub fn from_name(name: &str) -> Result<Self, Wrong> {
        let found = Self::ALL.iter().find(|kind| kind.name() == name);
        found.copied().ok_or_else(|| Wrong::Name { given: name.to_owned() })
    }

    /// Returns the name that stays, in lower case and with hyphens.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.spec().name
    }

    /// Returns the name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.spec().title
    }

    /// Returns the names of the lines, in the order in which they are computed.
    #[must_use]
    pub fn lines(self) -> &'static [&'static str] {
        self.spec().lines
    }

    /// Returns the numbers that a person may choose, in the order in which they are given.
    #[must_use]
    pub fn params(self) -> &'static [Param] {
        self.spec().params
    }

    /// Returns the usual params.
    #[must_use]
    pub fn defaults(self) -> Vec<f64> {
        self.params().iter().map(|param| param.usual).collect()
    }

    /// Returns where the study is drawn.
    #[must_use]
    pub fn place(self) -> Place {
        self.spec().place
    }

    /// Returns how far back a value reaches.
    #[must_use]
    pub fn memory(self) -> Memory {
        self.spec().memory
    }

    pub(crate) fn spec(self) -> &'static Spec {
        match self {
            Self::Sma => &study::sma::SPEC,
            Self::Ema => &study::ema::SPEC,
            Self::Vwap => &study::vwap::SPEC,
            Self::Bollinger => &study::bollinger::SPEC,
            Self::Rsi => &study::rsi::SPEC,
            Self::Macd => &study::macd::SPEC,
            Self::Atr => &study::atr::SPEC,
            Self::Stochastic => &study::stochastic::SPEC,
            Self::Obv => &study::obv::SPEC,
            Self::Donchian => &study::donchian::SPEC,
            Self::Ichimoku => &study::ichimoku::SPEC,
            Self::Supertrend => &study::supertrend::SPEC,
            Self::HeikinAshi => &study::heikin_ashi::SPEC,
        }
    }
}
