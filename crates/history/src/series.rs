//! What a series of bars is of.

use gatehouse_types::ConId;

/// Names a series within one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesId(pub(crate) i64);

/// What makes a series different from every other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    pub con_id: ConId,
    /// `TRADES`, `BID`, `ASK`, `MIDPOINT`, `ADJUSTED_LAST` and so on, as the broker names them.
    pub what: String,
    /// Seconds of a bar, above 0; a day is 86,400.
    pub bar_secs: u32,
    /// Whether it holds regular trading hours only.
    pub is_regular: bool,
}

/// The instrument for people and for exports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    pub symbol: String,
    /// `STK`, `FUT`, `CASH` and so on.
    pub sec_type: String,
    pub currency: String,
    pub exchange: String,
    /// IANA name of the exchange's zone, whose days the chunks are.
    pub zone: String,
}

impl Instrument {
    /// Returns whether symbol, kind and currency are enough to tell it: of futures and options they
    /// are not.
    #[must_use]
    pub fn is_told_by_symbol(&self) -> bool {
        ["STK", "CASH", "CRYPTO", "IND"].contains(&self.sec_type.as_str())
    }
}

/// A series as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    pub id: SeriesId,
    pub key: SeriesKey,
    pub instrument: Instrument,
}
