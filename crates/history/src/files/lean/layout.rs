//! What a file's place in the folder says about it.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::series::{Instrument, SeriesKey};

/// Kinds of instruments that have folders of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Equity,
    Forex,
    Crypto,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Trade,
    Quote,
}

/// What the rows of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) class: Class,
    /// `usa`, `oanda`.
    pub(super) market: String,
    pub(super) bar_secs: u32,
    /// In lower case, as folders have it: `spy`, `eurusd`.
    pub(super) symbol: String,
    /// Of files of one day.
    pub(super) date: Option<Date>,
    pub(super) kind: Kind,
}

/// Says why a file is none of bars.
pub(super) type NoBars = String;

const RESOLUTIONS: [(&str, u32); 4] =
    [("minute", 60), ("second", 1), ("hour", 3_600), ("daily", 86_400)];
const OTHERS: [&str; 8] = [
    "option",
    "future",
    "futureoption",
    "index",
    "indexoption",
    "cfd",
    "cryptofuture",
    "alternative",
];

impl Layout {
    /// Reads the place of a file.
    pub(super) fn of(path: &Path) -> Result<Self, NoBars> {
        let parts: Vec<String> =
            path.iter().map(|part| part.to_string_lossy().to_ascii_lowercase()).collect();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_ascii_lowercase());
        let stem = stem.unwrap_or_default();
        let place = parts
            .iter()
            .rposition(|part| OTHERS.contains(&part.as_str()) || Class::of(part).is_some());
        let no_place = || {
            "its folder is none of equity/usa, forex/NAME or crypto/NAME with minute, second, hour or daily"
                .to_owned()
        };
        let place = place.ok_or_else(no_place)?;
        let class = parts.get(place).map(String::as_str).unwrap_or_default();
        let class =
            Class::of(class).ok_or_else(|| format!("prices of the kind {class} are not kept"))?;
        let [market, resolution, rest @ ..] = parts.get(place + 1..).unwrap_or_default() else {
            return Err(no_place());
        };
        if resolution == "tick" {
            return Err("ticks are not kept, only bars".to_owned());
        }
        let known = RESOLUTIONS.iter().find(|(name, _)| name == resolution);
        let (_, bar_secs) = known.ok_or_else(|| format!("{resolution} is no length of a bar"))?;
        let layout = |symbol: &str, date, kind| Self {
            class,
            market: market.clone(),
            bar_secs: *bar_secs,
            symbol: symbol.to_owned(),
            date,
            kind,
        };
        let (name, kind) = kind_of(&stem, class);
        match rest {
            [_] if *bar_secs >= 3_600 => Ok(layout(name, None, kind)),
            [symbol, _] if *bar_secs < 3_600 => {
                let date = Date::strptime("%Y%m%d", name);
                let date = date.map_err(|_| format!("{name} is no date, such as 20131007"))?;
                Ok(layout(symbol, Some(date), kind))
            }
            _ => Err(no_place()),
        }
    }

    /// Returns where the file is below the folder of data.
    pub(super) fn path(&self) -> PathBuf {
        let resolution = RESOLUTIONS.iter().find(|(_, secs)| *secs == self.bar_secs);
        let resolution = resolution.map_or("minute", |(name, _)| name);
        let dir = Path::new(self.class.name()).join(&self.market).join(resolution);
        match self.date {
            Some(date) => {
                let name = format!("{}_{}.zip", date.strftime("%Y%m%d"), self.kind.name());
                dir.join(&self.symbol).join(name)
            }
            None if self.kind == self.class.usual() => dir.join(format!("{}.zip", self.symbol)),
            None => dir.join(format!("{}_{}.zip", self.symbol, self.kind.name())),
        }
    }

    /// Returns the name of the table within the file.
    pub(super) fn table(&self) -> String {
        let resolution = if self.bar_secs == 1 { "second" } else { "minute" };
        match self.date {
            Some(date) => {
                let day = date.strftime("%Y%m%d");
                format!("{day}_{}_{resolution}_{}.csv", self.symbol, self.kind.name())
            }
            None => format!("{}.csv", self.symbol),
        }
    }

    /// Returns the instrument that is meant; the zone is that in which its rows are written.
    pub(super) fn instrument(&self) -> Instrument {
        let upper = self.symbol.to_ascii_uppercase();
        // The last three letters of a pair are what it is paid in; of coins also four.
        let n_paid = if upper.ends_with("USDT") || upper.ends_with("USDC") { 4 } else { 3 };
        let split = upper.len().saturating_sub(n_paid);
        let (symbol, currency) = match self.class {
            Class::Equity => (upper.as_str(), "USD"),
            Class::Forex | Class::Crypto => upper.split_at_checked(split).unwrap_or((&upper, "")),
        };
        let exchange = match self.class {
            Class::Equity => "SMART".to_owned(),
            Class::Forex | Class::Crypto => self.market.to_ascii_uppercase(),
        };
        Instrument {
            symbol: symbol.to_owned(),
            sec_type: self.class.sec_type().to_owned(),
            currency: currency.to_owned(),
            exchange,
            zone: self.class.zone().to_owned(),
        }
    }

    /// Returns where a series belongs.
    ///
    /// # Errors
    /// LEAN has no place for it.
    pub(super) fn for_series(
        key: &SeriesKey,
        instrument: &Instrument,
        kind: Kind,
    ) -> Result<Self, String> {
        let Instrument { symbol, sec_type, currency, exchange, .. } = instrument;
        let class = [Class::Equity, Class::Forex, Class::Crypto];
        let class = class.into_iter().find(|class| class.sec_type() == sec_type);
        let class =
            class.ok_or_else(|| format!("LEAN's folders have no place for {sec_type} here"))?;
        if !RESOLUTIONS.iter().any(|(_, secs)| *secs == key.bar_secs) {
            return Err("LEAN has bars of a second, a minute, an hour and a day only".to_owned());
        }
        let (symbol, market) = match class {
            Class::Equity if currency != "USD" => {
                return Err(format!("LEAN's folder equity/usa has no prices in {currency}"));
            }
            Class::Equity => (symbol.clone(), "usa".to_owned()),
            Class::Forex | Class::Crypto => (format!("{symbol}{currency}"), exchange.clone()),
        };
        Ok(Self {
            class,
            market: market.to_ascii_lowercase(),
            bar_secs: key.bar_secs,
            symbol: symbol.to_ascii_lowercase(),
            date: None,
            kind,
        })
    }
}

impl Class {
    fn of(name: &str) -> Option<Self> {
        [Self::Equity, Self::Forex, Self::Crypto].into_iter().find(|class| class.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Equity => "equity",
            Self::Forex => "forex",
            Self::Crypto => "crypto",
        }
    }

    fn sec_type(self) -> &'static str {
        match self {
            Self::Equity => "STK",
            Self::Forex => "CASH",
            Self::Crypto => "CRYPTO",
        }
    }

    fn zone(self) -> &'static str {
        match self {
            Self::Equity => "America/New_York",
            Self::Forex | Self::Crypto => "UTC",
        }
    }

    /// Returns what a file of hours or days holds whose name does not say it.
    fn usual(self) -> Kind {
        match self {
            Self::Equity => Kind::Trade,
            Self::Forex => Kind::Quote,
            Self::Crypto => Kind::Trade,
        }
    }

    /// Returns by how many digits prices are shifted.
    pub(super) fn shift(self) -> u32 {
        match self {
            Self::Equity => 4,
            Self::Forex | Self::Crypto => 0,
        }
    }
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Trade => "trade",
            Self::Quote => "quote",
        }
    }
}

fn kind_of(stem: &str, class: Class) -> (&str, Kind) {
    for kind in [Kind::Trade, Kind::Quote] {
        if let Some(name) = stem.strip_suffix(kind.name()).and_then(|name| name.strip_suffix('_')) {
            return (name, kind);
        }
    }
    (stem, class.usual())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_says_what_is_in_a_file() {
        for (path, symbol, exchange, bar_secs, kind) in [
            ("/x/equity/usa/minute/spy/20131007_quote.zip", "SPY", "SMART", 60, Kind::Quote),
            ("equity/usa/second/spy/20131007_trade.zip", "SPY", "SMART", 1, Kind::Trade),
            ("equity/usa/daily/brk.b.zip", "BRK.B", "SMART", 86_400, Kind::Trade),
            ("equity/usa/hour/spy_quote.zip", "SPY", "SMART", 3_600, Kind::Quote),
            ("forex/oanda/daily/eurusd.zip", "EUR", "OANDA", 86_400, Kind::Quote),
            (
                "crypto/coinbase/minute/btcusdt/20200101_trade.zip",
                "BTC",
                "COINBASE",
                60,
                Kind::Trade,
            ),
        ] {
            let layout = Layout::of(Path::new(path)).expect("is a place");
            let instrument = layout.instrument();
            assert_eq!(
                (instrument.symbol.as_str(), instrument.exchange.as_str()),
                (symbol, exchange)
            );
            assert_eq!((layout.bar_secs, layout.kind), (bar_secs, kind), "{path}");
            assert!(Path::new(path).ends_with(layout.path()), "{path}");
        }
    }

    #[test]
    fn other_places_say_why_they_are_left_out() {
        for (path, expected) in [
            ("equity/usa/tick/ibm/20131007_trade.zip", "ticks are not kept"),
            ("option/usa/minute/aapl/20131007_trade.zip", "prices of the kind option"),
            ("equity/usa/minute/ibm/yesterday_trade.zip", "yesterday is no date"),
            ("equity/usa/factor_files/ibm.zip", "factor_files is no length of a bar"),
            ("somewhere/ibm.zip", "its folder is none of"),
        ] {
            let why = Layout::of(Path::new(path)).expect_err("is no place");
            assert!(why.starts_with(expected), "{path}: {why}");
        }
    }
}
