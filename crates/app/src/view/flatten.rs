//! The review of a flatten, as it is shown.

use gatehouse_engine::Close;
use gatehouse_ipc::{FlattenCancel, FlattenReview, FlattenRow};
use gatehouse_types::{Decimal, Price, Side, TradingState};

use crate::flatten::COLLAR_PERCENT;

/// Returns the row of one position.
pub(crate) fn row(close: &Close, limit: Option<Price>, reference: Option<Price>) -> FlattenRow {
    let side = match close.side {
        Side::Buy => "ask",
        Side::Sell => "bid",
    };
    let obstacle = close.obstacle.or(match limit {
        Some(_) => None,
        None => Some("there is no fresh price to hold the order"),
    });
    let value = reference.and_then(|price| price.value().checked_mul(close.quantity.value()));
    FlattenRow {
        symbol: close.symbol.clone(),
        held: close.held.to_string(),
        held_by_account: close.held_by_account.to_string(),
        side: close.side.to_string(),
        quantity: close.quantity.to_string(),
        terms: limit.map_or_else(|| "LMT, IOC".to_owned(), |limit| format!("LMT {limit}, IOC")),
        limit: limit.map(|price| price.to_string()),
        reference: reference.map(|price| format!("{price} {side}")),
        value: value.map(|value| value.round_dp(2).to_string()),
        can_close: obstacle.is_none(),
        sentence: match obstacle {
            Some(why) => format!("Cannot be closed now: {why}."),
            None => format!(
                "{} {} {}, at most {COLLAR_PERCENT} % through the {side}.",
                close.side, close.quantity, close.symbol
            ),
        },
    }
}

/// Returns the whole review.
pub(crate) fn review(
    token: String,
    scope: &str,
    rows: Vec<FlattenRow>,
    cancels: Vec<FlattenCancel>,
    state: TradingState,
) -> FlattenReview {
    let possible: Vec<&FlattenRow> = rows.iter().filter(|row| row.can_close).collect();
    let total = possible.iter().try_fold(Decimal::ZERO, |sum, row| {
        sum.checked_add(Decimal::from_str_exact(row.value.as_deref()?).ok()?)
    });
    let n_possible = possible.len();
    let positions = if n_possible == 1 { "position" } else { "positions" };
    let orders = if cancels.len() == 1 { "order" } else { "orders" };
    let first = match cancels.len() {
        0 => String::new(),
        n => format!(", cancels {n} {orders} first"),
    };
    let mut notes = vec![
        "Each order is a limit that fills at once or ends; what is left can be reviewed again."
            .to_owned(),
    ];
    match state {
        TradingState::Killed => notes.push("The kill switch stays on.".to_owned()),
        TradingState::Halted => notes.push("The account stays halted.".to_owned()),
        TradingState::Active | TradingState::Paused | TradingState::ReduceOnly => {}
    }
    FlattenReview {
        token,
        scope: scope.to_owned(),
        sentence: if n_possible == 0 {
            "Nothing can be closed now".to_owned()
        } else {
            format!("Closes {n_possible} {positions}{first}")
        },
        total_value: total.map(|total| total.to_string()),
        currency: None,
        rows,
        cancels,
        notes,
    }
}
