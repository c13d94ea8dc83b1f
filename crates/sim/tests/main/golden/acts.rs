//! What a client says, in words.

use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{
    AccountDataRequest, AllOpenOrdersRequest, CancelHistoricalData, CancelMarketData, CancelOrder,
    CompletedOrdersRequest, ContractDataRequest, ExecutionsRequest, GlobalCancel,
    HistoricalDataRequest, MarketDataRequest, MarketDataTypeRequest, OpenOrdersRequest, PlaceOrder,
    PnLRequest, PositionsRequest, Request,
};
use gatehouse_types::{Decimal, OrderId};

/// Reads a line as a request.
pub(super) fn request(line: &str) -> Result<Request, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let word = |place: usize| words.get(place).copied().unwrap_or_default();
    let number = |place: usize| -> Result<i32, String> {
        word(place).parse().map_err(|_| format!("{:?} is no number", word(place)))
    };
    let req_id = || number(1).map(ReqId::new);
    Ok(match word(0) {
        "place" => Request::PlaceOrder(Box::new(place(&words)?)),
        "cancel" => Request::CancelOrder(CancelOrder::new(OrderId::new(number(1)?))),
        "global-cancel" => Request::GlobalCancel(GlobalCancel::default()),
        "open-orders" => Request::OpenOrders(OpenOrdersRequest),
        "all-open-orders" => Request::AllOpenOrders(AllOpenOrdersRequest),
        "completed-orders" => Request::CompletedOrders(CompletedOrdersRequest { api_only: false }),
        "executions" => Request::Executions(ExecutionsRequest {
            req_id: req_id()?,
            ..ExecutionsRequest::default()
        }),
        "account" => Request::AccountData(AccountDataRequest {
            subscribe: word(1) == "on",
            account: String::new(),
        }),
        "positions" => Request::Positions(PositionsRequest),
        "pnl" => Request::PnL(PnLRequest {
            req_id: req_id()?,
            account: "DU1234567".to_owned(),
            model_code: String::new(),
        }),
        "details" => {
            let contract = stock(word(2));
            Request::ContractData(ContractDataRequest { req_id: req_id()?, contract })
        }
        "data-type" => {
            Request::MarketDataType(MarketDataTypeRequest { market_data_type: number(1)? })
        }
        "quotes" => Request::MarketData(MarketDataRequest {
            req_id: req_id()?,
            contract: stock(word(2)),
            snapshot: word(3) == "snapshot",
            ..MarketDataRequest::default()
        }),
        "cancel-quotes" => Request::CancelMarketData(CancelMarketData { req_id: req_id()? }),
        "history" => Request::HistoricalData(HistoricalDataRequest {
            req_id: req_id()?,
            contract: stock(word(2)),
            duration: "1 D".to_owned(),
            bar_size: "5 mins".to_owned(),
            what_to_show: "TRADES".to_owned(),
            use_rth: true,
            format_date: 1,
            keep_up_to_date: word(3) == "growing",
            ..HistoricalDataRequest::default()
        }),
        "cancel-history" => {
            Request::CancelHistoricalData(CancelHistoricalData { req_id: req_id()? })
        }
        other => return Err(format!("{other:?} is not known")),
    })
}

fn stock(symbol: &str) -> WireContract {
    WireContract {
        symbol: symbol.to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

/// `place ID SIDE QUANTITY SYMBOL KIND` and any of `lmt=`, `aux=`, `tif=`, `parent=`,
/// `oca=GROUP`, `hold`, `what-if`, and `nowhere` for no exchange.
fn place(words: &[&str]) -> Result<PlaceOrder, String> {
    let [_, id, side, quantity, symbol, kind, more @ ..] = words else {
        return Err("place ID SIDE QUANTITY SYMBOL KIND".to_owned());
    };
    let decimal = |text: &str| Decimal::from_str_exact(text).map_err(|error| format!("{error}"));
    let whole = |text: &str| text.parse::<i32>().map_err(|error| format!("{error}"));
    let mut order = Order {
        action: (*side).to_owned(),
        total_quantity: decimal(quantity)?,
        order_type: (*kind).to_owned(),
        tif: "DAY".to_owned(),
        transmit: true,
        ..Order::default()
    };
    let mut contract = stock(symbol);
    for word in more {
        match word.split_once('=').unwrap_or((word, "")) {
            ("lmt", price) => order.lmt_price = Some(decimal(price)?),
            ("aux", price) => order.aux_price = Some(decimal(price)?),
            ("tif", tif) => tif.clone_into(&mut order.tif),
            ("parent", parent) => order.parent_id = Some(whole(parent)?),
            ("oca", group) => {
                group.clone_into(&mut order.oca_group);
                order.oca_type = Some(1);
            }
            ("hold", _) => order.transmit = false,
            ("what-if", _) => order.what_if = true,
            ("nowhere", _) => contract.exchange.clear(),
            (other, _) => return Err(format!("{other:?} is not known")),
        }
    }
    let order_id = OrderId::new(whole(id)?);
    Ok(PlaceOrder { order_id, contract, order, attached: None })
}
