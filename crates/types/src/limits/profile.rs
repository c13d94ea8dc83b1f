//! The three profiles: what a scope starts with.

use rust_decimal::Decimal;

use super::{LimitId, LimitValue, Names};

/// A set of values for every limit.
///
/// Lists of symbols belong to no profile: they say what a bot trades, not how carefully.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// What a first bot gets. Source: default column of the reference list of controls.
    Careful,
    /// For a bot that has run some days as meant; see the table for the reasons.
    Standard,
    /// Whatever a person changed.
    Custom,
}

/// A value of the table.
#[derive(Clone, Copy)]
enum Preset {
    /// Mantissa and number of places.
    Number(i64, u32),
    On,
    Off,
    Names(&'static [&'static str]),
}

impl Profile {
    /// Returns the name used on the command line and in the ledger.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Careful => "careful",
            Self::Standard => "standard",
            Self::Custom => "custom",
        }
    }

    /// Reads the name of a profile that can be chosen; Custom comes about by changes.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Careful, Self::Standard].into_iter().find(|profile| profile.name() == name)
    }

    /// Returns whether profiles have a say in a limit.
    #[must_use]
    pub const fn covers(id: LimitId) -> bool {
        !matches!(id, LimitId::Symbols | LimitId::RestrictedSymbols | LimitId::Exchanges)
    }

    /// Returns the value of a limit; `None` is off. Custom has no values of its own and gives
    /// Careful's.
    #[must_use]
    pub fn value(self, id: LimitId) -> Option<LimitValue> {
        let (careful, standard) = table(id);
        let preset = match self {
            Self::Careful | Self::Custom => careful,
            Self::Standard => standard,
        };
        match preset {
            Preset::Number(mantissa, places) => Some(Decimal::new(mantissa, places).into()),
            Preset::On => Some(LimitValue::On),
            Preset::Off => None,
            Preset::Names(names) => {
                Names::try_new(names.iter().copied()).ok().map(LimitValue::Names)
            }
        }
    }
}

/// Careful and Standard, limit by limit.
///
/// Standard is looser where size and pace are a matter of taste: four times the quantity, two and
/// a half times the value, twice the pace, extended hours. It is as strict where looseness has no
/// use for a bot that works as meant: prices, data, short sales, repeats of the same order.
fn table(id: LimitId) -> (Preset, Preset) {
    use Preset::{Names, Number, Off, On};
    let same = |preset| (preset, preset);
    match id {
        LimitId::OrderQty => (Number(500, 0), Number(2000, 0)),
        LimitId::OrderValue => (Number(10_000, 0), Number(25_000, 0)),
        LimitId::OrderValueShare => (Number(5, 0), Number(10, 0)),
        // Twice the limits of an ordinary order: an algo sends it in slices.
        LimitId::AlgoValue => (Number(20_000, 0), Number(50_000, 0)),
        LimitId::AlgoValueShare => (Number(10, 0), Number(20, 0)),
        LimitId::PriceCollar => same(Number(3, 0)),
        LimitId::PriceCollarWarn => same(Number(1, 0)),
        LimitId::OptionCollar => same(Number(20, 0)),
        LimitId::OptionCollarLeast => same(Number(2, 1)),
        LimitId::MarketRthOnly => same(On),
        LimitId::MarketSpread => same(Number(5, 1)),
        LimitId::MinPrice => same(Number(1, 0)),
        LimitId::PennyValue => (Number(500, 0), Number(2000, 0)),
        // A less liquid stock is quoted less often; a minute old is the reference's "other".
        LimitId::QuoteAge => (Number(5, 0), Number(15, 0)),
        LimitId::LiveDataOnly => same(On),
        LimitId::PriceJump => same(Number(10, 0)),
        LimitId::Spread => (Number(1, 0), Number(2, 0)),
        LimitId::SpreadExtended => (Number(5, 1), Number(1, 0)),
        LimitId::RthOnly => (On, Off),
        LimitId::Symbols | LimitId::RestrictedSymbols | LimitId::Exchanges => same(Off),
        LimitId::SecurityTypes => same(Names(&["STK"])),
        LimitId::Currencies => same(Names(&["BASE"])),
        LimitId::OrderTypes => same(Names(&["LMT", "MKT", "STP", "STP LMT"])),
        // An intraday bot wants it on; a bot that holds over night needs its stops to outlive the
        // day, and so it is a person's choice.
        LimitId::NoGtc => same(Off),
        LimitId::NoAlgos => (On, Off),
        LimitId::NoShortSale => same(On),
        LimitId::DuplicateWindow => (Number(10, 0), Number(5, 0)),
        LimitId::OrdersPerSecond => (Number(5, 0), Number(10, 0)),
        LimitId::OrdersPerMinute => (Number(30, 0), Number(60, 0)),
        LimitId::ChangesPerSecond => (Number(10, 0), Number(20, 0)),
        LimitId::ChangesPerOrder => (Number(20, 0), Number(100, 0)),
        LimitId::OrdersPerDay => (Number(100, 0), Number(500, 0)),
        LimitId::WorkingOrders => (Number(20, 0), Number(50, 0)),
        // The broker ends at 20.
        LimitId::WorkingPerSide => same(Number(15, 0)),
        LimitId::UnexecutedShare => (Number(25, 0), Number(50, 0)),
        // No profile borrows.
        LimitId::GrossExposure | LimitId::NetExposure => same(Number(100, 0)),
        LimitId::BatchValue => (Number(25_000, 0), Number(100_000, 0)),
        LimitId::DayValue => (Number(50_000, 0), Number(250_000, 0)),
        LimitId::BotDayLoss => (Number(1, 0), Number(2, 0)),
        LimitId::AccountDayLoss => (Number(2, 0), Number(4, 0)),
        LimitId::RefusalsInARow => (Number(5, 0), Number(10, 0)),
        LimitId::RefusalsPerFiveMinutes => (Number(10, 0), Number(20, 0)),
        LimitId::PositionShare => (Number(10, 0), Number(20, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_the_form_of_its_limit_and_careful_is_the_stricter() {
        for id in LimitId::ALL {
            let [careful, standard] =
                [Profile::Careful, Profile::Standard].map(|profile| profile.value(*id));
            for value in [&careful, &standard].into_iter().flatten() {
                assert_eq!(id.check(value.clone()).as_ref(), Ok(value), "{id}");
            }
            assert!(id.is_tighter(standard.as_ref(), careful.as_ref()), "{id}");
        }
    }
}
