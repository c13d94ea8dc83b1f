//! All of the broker's truth: open orders of every client, orders that ended, executions and
//! positions. Partial truth is an error: it would let an order look gone.

use std::future::Future;
use std::time::Duration;

use gatehouse_engine::{BrokerOrder, BrokerSnapshot};
use gatehouse_types::{
    ClientId, ConId, Decimal, ExecId, Execution, OrderId, PermId, Qty, Side, SignedQty, Utc,
};
use ibapi::Client;
use ibapi::accounts::PositionUpdate;
use ibapi::orders::{ExecutionData, ExecutionFilter, ExecutionSide, Executions, OrderData, Orders};
use ibapi::prelude::StreamExt as _;
use ibapi::subscriptions::{FilterDataStream, Subscription, SubscriptionItemStreamExt as _};
use tokio::time::timeout;

use crate::{DeskError, convert};

const WITHIN: Duration = Duration::from_secs(4);

/// Average cost per unit.
type Costs = Vec<(ConId, Decimal)>;

/// Asks for everything, one after the other.
///
/// # Errors
/// When any part is missing or cannot be read exactly.
pub(crate) async fn take(client: &Client) -> Result<(BrokerSnapshot, Costs), DeskError> {
    let (orders, completed) =
        (within(open_orders(client)).await?, within(completed_orders(client)).await?);
    let executions = within(executions(client)).await?;
    let (positions, costs) = within(positions(client)).await?;
    Ok((BrokerSnapshot { orders, completed, executions, positions }, costs))
}

async fn within<T>(work: impl Future<Output = Result<T, DeskError>>) -> Result<T, DeskError> {
    timeout(WITHIN, work).await.unwrap_or(Err(DeskError::TimedOut))
}

async fn open_orders(client: &Client) -> Result<Vec<BrokerOrder>, DeskError> {
    let what = "open orders";
    let asking = |source| DeskError::Asking { what, source };
    collect(client.all_open_orders().await.map_err(asking)?.filter_data(), what).await
}

async fn completed_orders(client: &Client) -> Result<Vec<BrokerOrder>, DeskError> {
    let what = "completed orders";
    let asking = |source| DeskError::Asking { what, source };
    collect(client.completed_orders(false).await.map_err(asking)?.filter_data(), what).await
}

async fn collect(
    mut answers: FilterDataStream<Subscription<Orders>>,
    what: &'static str,
) -> Result<Vec<BrokerOrder>, DeskError> {
    let mut orders: Vec<BrokerOrder> = Vec::new();
    while let Some(answer) = answers.next().await {
        match answer.map_err(|source| DeskError::Asking { what, source })? {
            Orders::OrderData(data) => orders.push(broker_order(&data)?),
            Orders::OrderStatus(status) => {
                let filled = convert::qty("filled", status.filled)?;
                let listed = orders.iter_mut().rev().find(|order| {
                    order.perm_id.get() == status.perm_id && order.order_id.get() == status.order_id
                });
                if let Some(order) = listed {
                    order.filled = filled;
                    order.status = convert::status(&status.status);
                }
            }
        }
    }
    Ok(orders)
}

fn broker_order(data: &OrderData) -> Result<BrokerOrder, DeskError> {
    Ok(BrokerOrder {
        client_id: ClientId::new(data.order.client_id),
        order_id: OrderId::new(data.order_id),
        perm_id: PermId::new(data.order.perm_id),
        con_id: ConId::new(data.contract.contract_id),
        symbol: data.contract.symbol.to_string(),
        side: convert::side(data.order.action),
        total: convert::qty("quantity", data.order.total_quantity)?,
        filled: Qty::ZERO,
        kind: convert::kind(&data.order)?,
        status: convert::status(&data.order_state.status),
    })
}

async fn executions(client: &Client) -> Result<Vec<(ClientId, OrderId, Execution)>, DeskError> {
    let what = "executions";
    let asking = |source| DeskError::Asking { what, source };
    let subscription = client.executions(ExecutionFilter::default()).await.map_err(asking)?;
    let mut answers = subscription.filter_data();
    let mut executions = Vec::new();
    while let Some(answer) = answers.next().await {
        match answer.map_err(asking)? {
            Executions::ExecutionData(data) => executions.push(execution(&data)?),
            Executions::CommissionReport(_) => {}
        }
    }
    Ok(executions)
}

fn execution(data: &ExecutionData) -> Result<(ClientId, OrderId, Execution), DeskError> {
    let said = &data.execution;
    let inexact =
        || DeskError::Inexact { what: "currency", text: data.contract.currency.to_string() };
    let execution = Execution {
        exec_id: ExecId::new(said.execution_id.clone()),
        order: None,
        perm_id: PermId::new(said.perm_id),
        con_id: ConId::new(data.contract.contract_id),
        symbol: data.contract.symbol.to_string(),
        currency: data.contract.currency.to_string().parse().map_err(|_| inexact())?,
        side: match said.side {
            ExecutionSide::Bought => Side::Buy,
            ExecutionSide::Sold => Side::Sell,
        },
        quantity: convert::qty("shares", said.shares)?,
        price: convert::price("price", said.price)?,
        at: execution_time(&said.time),
    };
    Ok((ClientId::new(said.client_id), OrderId::new(said.order_id), execution))
}

/// Reads `20260105 09:31:00 US/Eastern` or `20260105-14:31:00` (UTC).
fn execution_time(text: &str) -> Option<Utc> {
    use jiff::civil::DateTime;
    use jiff::tz::TimeZone;
    let (zone, text) = match text.splitn(3, ' ').collect::<Vec<_>>().as_slice() {
        [utc] => (TimeZone::UTC, (*utc).to_owned()),
        [date, time, zone] => (TimeZone::get(zone).ok()?, format!("{date}-{time}")),
        _ => return None,
    };
    let at = DateTime::strptime("%Y%m%d-%H:%M:%S", text).ok()?.to_zoned(zone).ok()?;
    i64::try_from(at.timestamp().as_nanosecond()).ok().map(Utc::from_nanos)
}

async fn positions(client: &Client) -> Result<(Vec<(ConId, SignedQty)>, Costs), DeskError> {
    let asking = |source| DeskError::Asking { what: "positions", source };
    let mut answers = client.positions().await.map_err(asking)?.filter_data();
    let (mut positions, mut costs) = (Vec::new(), Vec::new());
    while let Some(answer) = answers.next().await {
        match answer.map_err(asking)? {
            PositionUpdate::Position(position) => {
                let held = convert::decimal("position", position.position)?;
                let con_id = ConId::new(position.contract.contract_id);
                positions.push((con_id, SignedQty::new(held)));
                // Only shown, so an average that cannot be held exactly is left out.
                if let Ok(cost) = convert::decimal("average cost", position.average_cost) {
                    costs.push((con_id, cost));
                }
            }
            PositionUpdate::PositionEnd => return Ok((positions, costs)),
        }
    }
    Err(DeskError::NotConnected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_time_of_an_execution_in_its_zone() {
        let utc = execution_time("20260105-14:31:00");
        assert_eq!(utc.map(Utc::secs), Some(1_767_623_460));
        assert_eq!(execution_time("20260105 09:31:00 US/Eastern"), utc);
        assert_eq!(execution_time("yesterday"), None);
    }
}
