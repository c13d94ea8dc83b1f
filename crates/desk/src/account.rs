//! Net liquidation, as the account summary pushes it.

use std::sync::{Arc, OnceLock};

use gatehouse_engine::DeskNews;
use gatehouse_types::{AccountId, Currency, Decimal, Money};
use ibapi::Client;
use ibapi::accounts::types::AccountGroup;
use ibapi::accounts::{AccountSummaryResult, AccountSummaryTags};
use ibapi::prelude::{StreamExt as _, SubscriptionItemStreamExt as _};

use crate::session::{News, TaskEnd};
use crate::{Aside, Ears, convert};

/// The account's base currency, once its worth was said: amounts of the day come without one.
pub(crate) type Base = Arc<OnceLock<Currency>>;

/// Reports net liquidation until the connection ends.
pub(crate) async fn watch(
    client: Arc<Client>,
    account: AccountId,
    base: Base,
    news: News,
) -> TaskEnd {
    let group = AccountGroup("All".to_owned());
    let subscription =
        match client.account_summary(&group, &[AccountSummaryTags::NET_LIQUIDATION]).await {
            Ok(subscription) => subscription,
            Err(error) => return TaskEnd::ConnectionLost(error.to_string()),
        };
    let mut rows = subscription.filter_data();
    while let Some(row) = rows.next().await {
        match row {
            Ok(AccountSummaryResult::Summary(row)) if row.account == account.as_str() => {
                match money(&row.value, &row.currency) {
                    Some(value) => {
                        base.get_or_init(|| value.currency());
                        news(DeskNews::NetLiquidation { value });
                    }
                    None => tracing::warn!(tag = row.tag, "An account value could not be read"),
                }
            }
            Ok(AccountSummaryResult::Summary(_) | AccountSummaryResult::End) => {}
            Err(error) => tracing::warn!(%error, "The account summary failed"),
        }
    }
    TaskEnd::Done
}

/// Reports the profit and loss of the day until the connection ends. Only shown: without it the
/// window says that it is not known.
pub(crate) async fn watch_day(
    client: Arc<Client>,
    account: AccountId,
    base: Base,
    ears: Ears,
) -> TaskEnd {
    let account = ibapi::accounts::types::AccountId(account.as_str().to_owned());
    let subscription = match client.pnl(&account, None).await {
        Ok(subscription) => subscription,
        Err(error) => {
            tracing::warn!(%error, "No profit and loss of the day");
            return TaskEnd::Done;
        }
    };
    let mut rows = subscription.filter_data();
    while let Some(row) = rows.next().await {
        match row {
            Ok(row) => {
                // A broker that does not know a number says the largest double.
                let known =
                    |value: f64| Some(value).filter(|it| it.abs() < f64::MAX / 2.0).and_then(exact);
                let daily = known(row.daily_pnl);
                if let Some((amount, base)) = daily.zip(base.get().copied()) {
                    (ears.news)(DeskNews::DayResult { value: Money::new(amount, base) });
                }
                (ears.aside)(Aside::DayPnl {
                    realised: row.realized_pnl.and_then(known),
                    open: row.unrealized_pnl.and_then(known),
                });
            }
            Err(error) => {
                tracing::warn!(%error, "The profit and loss of the day failed");
                return TaskEnd::Done;
            }
        }
    }
    TaskEnd::Done
}

fn exact(value: f64) -> Option<Decimal> {
    convert::decimal("profit and loss", value).ok()
}

fn money(value: &str, currency: &str) -> Option<Money> {
    let amount = Decimal::from_str_exact(value).ok()?;
    let currency: Currency = currency.parse().ok()?;
    Some(Money::new(amount, currency))
}
