//! Name, sentence and heading of each limit.

use gatehouse_types::LimitId;

/// Returns the name of a limit in the words of the window.
pub(crate) const fn limit_title(id: LimitId) -> &'static str {
    match id {
        LimitId::OrderQty => "Quantity per order",
        LimitId::OrderValue => "Value per order",
        LimitId::OrderValueShare => "Value per order, share of account",
        LimitId::AlgoValue => "Value per algo order",
        LimitId::AlgoValueShare => "Value per algo order, share of account",
        LimitId::PriceCollar => "Price collar, stocks",
        LimitId::PriceCollarWarn => "Price collar, warning",
        LimitId::OptionCollar => "Price collar, options",
        LimitId::OptionCollarLeast => "Price collar, options, at least",
        LimitId::MarketRthOnly => "Market orders in regular hours only",
        LimitId::MarketSpread => "Spread for market orders",
        LimitId::MinPrice => "Lowest price",
        LimitId::PennyValue => "Value per order below it",
        LimitId::QuoteAge => "Age of the quote",
        LimitId::LiveDataOnly => "Live prices only",
        LimitId::PriceJump => "Price jump",
        LimitId::Spread => "Spread",
        LimitId::SpreadExtended => "Spread outside regular hours",
        LimitId::RthOnly => "Regular hours only",
        LimitId::Symbols => "Allowed symbols",
        LimitId::RestrictedSymbols => "Restricted symbols",
        LimitId::SecurityTypes => "Kinds of security",
        LimitId::Currencies => "Currencies",
        LimitId::Exchanges => "Exchanges",
        LimitId::OrderTypes => "Order types",
        LimitId::NoGtc => "No orders beyond the day",
        LimitId::NoAlgos => "No algo orders",
        LimitId::NoShortSale => "No short sales",
        LimitId::DuplicateWindow => "Same order again",
        LimitId::OrdersPerSecond => "Orders per second",
        LimitId::OrdersPerMinute => "Orders per minute",
        LimitId::ChangesPerSecond => "Changes and cancels per second",
        LimitId::ChangesPerOrder => "Changes per order",
        LimitId::OrdersPerDay => "Orders per day",
        LimitId::WorkingOrders => "Working orders",
        LimitId::WorkingPerSide => "Working orders per side of a contract",
        LimitId::UnexecutedShare => "Value of unexecuted orders",
        LimitId::PositionShare => "Position value per symbol",
        LimitId::GrossExposure => "Gross exposure",
        LimitId::NetExposure => "Net exposure",
        LimitId::BatchValue => "Value of orders in a minute",
        LimitId::DayValue => "Value traded per day",
        LimitId::BotDayLoss => "Loss per day, bot",
        LimitId::AccountDayLoss => "Loss per day, account",
        LimitId::RefusalsInARow => "Refusals in a row",
        LimitId::RefusalsPerFiveMinutes => "Refusals in five minutes",
    }
}

/// Returns one sentence on what a limit does.
pub(crate) const fn limit_sentence(id: LimitId) -> &'static str {
    match id {
        LimitId::OrderQty => "Catches an extra zero.",
        LimitId::OrderValue => "Larger orders are refused.",
        LimitId::OrderValueShare => "The stricter of this and the value above holds.",
        LimitId::AlgoValue => "In the place of the value per order, for orders sent in slices.",
        LimitId::AlgoValueShare => "The stricter of this and the value above holds.",
        LimitId::PriceCollar => "Distance from the best price.",
        LimitId::PriceCollarWarn => "From here on an order is allowed and marked.",
        LimitId::OptionCollar => "Distance from the best price.",
        LimitId::OptionCollarLeast => "Allowed however cheap the option is.",
        LimitId::MarketRthOnly => "At other hours an order needs a limit price.",
        LimitId::MarketSpread => "Wider: a market order is refused.",
        LimitId::MinPrice => "Below it a stock counts as a penny stock.",
        LimitId::PennyValue => "How much may go into a penny stock at once.",
        LimitId::QuoteAge => "Too old: exits only.",
        LimitId::LiveDataOnly => "Delayed or frozen prices: exits only.",
        LimitId::PriceJump => "Within a second: exits only until it is over.",
        LimitId::Spread => "Wider: exits only.",
        LimitId::SpreadExtended => "Wider: exits only, before the open and after the close.",
        LimitId::RthOnly => "Outside regular hours: exits only.",
        LimitId::Symbols => "Nothing else is opened. Off: any symbol, in SIM and PAPER.",
        LimitId::RestrictedSymbols => "Nothing is opened in these; what is held may be closed.",
        LimitId::SecurityTypes => "Others are refused.",
        LimitId::Currencies => "Others are refused. BASE is the account's own.",
        LimitId::Exchanges => "Orders to others are refused. Off: any.",
        LimitId::OrderTypes => "Others are refused.",
        LimitId::NoGtc => "Every order ends with the day.",
        LimitId::NoAlgos => "No strategy of the broker works an order.",
        LimitId::NoShortSale => "Nothing is sold that is not held.",
        LimitId::DuplicateWindow => "How long a repeat is refused.",
        LimitId::OrdersPerSecond => "In any second.",
        LimitId::OrdersPerMinute => "In any minute.",
        LimitId::ChangesPerSecond => "In any second. Cancels count, and always pass.",
        LimitId::ChangesPerOrder => "After that: cancel it and send a new one.",
        LimitId::OrdersPerDay => "After that: exits only, until the next trading day.",
        LimitId::WorkingOrders => "Of one bot, at the same time.",
        LimitId::WorkingPerSide => "Of the account, at the same time. The broker ends at 20.",
        LimitId::UnexecutedShare => "All orders that would open something and have not filled.",
        LimitId::PositionShare => "Held plus working, at the worse price.",
        LimitId::GrossExposure => "Long and short added up, working orders included.",
        LimitId::NetExposure => "Long less short, working orders included.",
        LimitId::BatchValue => "Of one bot, in any minute.",
        LimitId::DayValue => "What filled and what still may, on one trading day.",
        LimitId::BotDayLoss => "Realised and open. Reached: exits only, until the next session.",
        LimitId::AccountDayLoss => {
            "Realised and open. Reached: exits only, until the next session."
        }
        LimitId::RefusalsInARow => "Reached: the bot is paused until you resume it.",
        LimitId::RefusalsPerFiveMinutes => "Reached: the bot is paused until you resume it.",
    }
}

/// Returns the heading under which a limit stands.
pub(crate) const fn limit_group(id: LimitId) -> &'static str {
    match id {
        LimitId::OrderQty
        | LimitId::OrderValue
        | LimitId::OrderValueShare
        | LimitId::AlgoValue
        | LimitId::AlgoValueShare
        | LimitId::UnexecutedShare
        | LimitId::PositionShare
        | LimitId::GrossExposure
        | LimitId::NetExposure
        | LimitId::BatchValue
        | LimitId::DayValue => "Size and value",
        LimitId::BotDayLoss | LimitId::AccountDayLoss => "Loss",
        LimitId::PriceCollar
        | LimitId::PriceCollarWarn
        | LimitId::OptionCollar
        | LimitId::OptionCollarLeast
        | LimitId::MarketSpread
        | LimitId::MinPrice
        | LimitId::PennyValue
        | LimitId::QuoteAge
        | LimitId::LiveDataOnly
        | LimitId::PriceJump
        | LimitId::Spread
        | LimitId::SpreadExtended => "Price and market data",
        LimitId::Symbols
        | LimitId::RestrictedSymbols
        | LimitId::SecurityTypes
        | LimitId::Currencies
        | LimitId::Exchanges
        | LimitId::OrderTypes
        | LimitId::MarketRthOnly
        | LimitId::RthOnly
        | LimitId::NoGtc
        | LimitId::NoAlgos
        | LimitId::NoShortSale => "What and when",
        LimitId::DuplicateWindow
        | LimitId::OrdersPerSecond
        | LimitId::OrdersPerMinute
        | LimitId::ChangesPerSecond
        | LimitId::ChangesPerOrder
        | LimitId::OrdersPerDay
        | LimitId::WorkingOrders
        | LimitId::WorkingPerSide
        | LimitId::RefusalsInARow
        | LimitId::RefusalsPerFiveMinutes => "Pace",
    }
}
