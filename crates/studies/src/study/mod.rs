//! The studies, one in each file, with the definition that it follows.

pub(crate) mod atr;
pub(crate) mod bollinger;
pub(crate) mod donchian;
pub(crate) mod ema;
pub(crate) mod heikin_ashi;
pub(crate) mod ichimoku;
pub(crate) mod macd;
pub(crate) mod obv;
pub(crate) mod rsi;
pub(crate) mod sma;
pub(crate) mod stochastic;
pub(crate) mod supertrend;
pub(crate) mod vwap;
