//! Net liquidation, as the account summary pushes it.

use std::sync::Arc;

use gatehouse_engine::DeskNews;
use gatehouse_types::{AccountId, Currency, Decimal, Money};
use ibapi::Client;
use ibapi::accounts::types::AccountGroup;
use ibapi::accounts::{AccountSummaryResult, AccountSummaryTags};
use ibapi::prelude::{StreamExt as _, SubscriptionItemStreamExt as _};

use crate::session::{News, TaskEnd};

/// Reports net liquidation until the connection ends.
pub(crate) async fn watch(client: Arc<Client>, account: AccountId, news: News) -> TaskEnd {
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
                    Some(value) => news(DeskNews::NetLiquidation { value }),
                    None => tracing::warn!(tag = row.tag, "An account value could not be read"),
                }
            }
            Ok(AccountSummaryResult::Summary(_) | AccountSummaryResult::End) => {}
            Err(error) => tracing::warn!(%error, "The account summary failed"),
        }
    }
    TaskEnd::Done
}

fn money(value: &str, currency: &str) -> Option<Money> {
    let amount = Decimal::from_str_exact(value).ok()?;
    let currency: Currency = currency.parse().ok()?;
    Some(Money::new(amount, currency))
}
