//! Historical bars for the chart, as many as fill a screen.

use std::sync::Arc;
use std::time::Duration;

use gatehouse_types::{ConId, Price, Qty, Utc};
use ibapi::Client;
use ibapi::contracts::Contract;
use ibapi::market_data::TradingHours;
use ibapi::market_data::historical::{self, BarTimestamp, ToDuration as _, WhatToShow};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::session::TaskEnd;
use crate::{DeskError, convert};

const WITHIN: Duration = Duration::from_secs(20);

/// Length of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarSize {
    Minute,
    Minutes5,
    Minutes15,
    Hour,
    Day,
}

impl BarSize {
    /// Reads `1m`, `5m`, `15m`, `1h` or `1d`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "1m" => Self::Minute,
            "5m" => Self::Minutes5,
            "15m" => Self::Minutes15,
            "1h" => Self::Hour,
            "1d" => Self::Day,
            _ => return None,
        })
    }

    fn wire(self) -> (historical::BarSize, historical::Duration) {
        match self {
            Self::Minute => (historical::BarSize::Min, 2.days()),
            Self::Minutes5 => (historical::BarSize::Min5, 5.days()),
            Self::Minutes15 => (historical::BarSize::Min15, 10.days()),
            Self::Hour => (historical::BarSize::Hour, 20.days()),
            Self::Day => (historical::BarSize::Day, 1.years()),
        }
    }
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The bar's beginning; of a day, midnight UTC of its date.
    pub at: Utc,
    pub open: Price,
    pub high: Price,
    pub low: Price,
    pub close: Price,
    pub volume: Qty,
}

/// Fetches bars and answers.
pub(crate) async fn fetch(
    client: Arc<Client>,
    con_id: ConId,
    size: BarSize,
    reply: oneshot::Sender<Result<Vec<Bar>, DeskError>>,
) -> TaskEnd {
    let contract = Contract { contract_id: con_id.get(), ..Default::default() };
    let (bar_size, duration) = size.wire();
    let request = client
        .historical_data(&contract, bar_size)
        .what_to_show(WhatToShow::Trades)
        .trading_hours(TradingHours::Extended)
        .duration(duration)
        .fetch();
    let bars = match timeout(WITHIN, request).await {
        Err(_) => Err(DeskError::TimedOut),
        Ok(Err(source)) => Err(DeskError::Asking { what: "bars", source }),
        Ok(Ok(data)) => data.bars.iter().map(bar).collect(),
    };
    // Whoever asked may have gone away.
    reply.send(bars).ok();
    TaskEnd::Done
}

fn bar(bar: &historical::Bar) -> Result<Bar, DeskError> {
    let seconds = match bar.date {
        BarTimestamp::Date(date) => date.midnight().assume_utc().unix_timestamp(),
        BarTimestamp::DateTime(at) => at.unix_timestamp(),
    };
    Ok(Bar {
        at: Utc::from_nanos(seconds.saturating_mul(1_000_000_000)),
        open: convert::price("open", bar.open)?,
        high: convert::price("high", bar.high)?,
        low: convert::price("low", bar.low)?,
        close: convert::price("close", bar.close)?,
        // Volume of bars without trades is −1.
        volume: convert::qty("volume", bar.volume.max(0.0))?,
    })
}
