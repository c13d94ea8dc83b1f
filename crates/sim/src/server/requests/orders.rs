//! Who takes requests about orders.

use gatehouse_tws::request::{
    AllOpenOrdersRequest, AutoOpenOrdersRequest, CancelOrder, CompletedOrdersRequest,
    ExecutionsRequest, ExerciseOptions, GlobalCancel, IdsRequest, OpenOrdersRequest, PlaceOrder,
};

use super::answers;
use crate::server::held::Held;

answers! {
    PlaceOrder => |hub, call, asked| hub.place_order(call.client_id, asked);
    CancelOrder => |hub, call, asked| {
        hub.transmit(call.client_id, Held::Cancel(asked.order_id));
    };
    GlobalCancel => |hub, call, _| {
        hub.transmit(call.client_id, Held::CancelAll);
    };
    OpenOrdersRequest => |hub, call, _| hub.own_open_orders(call.session, call.client_id);
    AllOpenOrdersRequest => |hub, call, _| hub.open_orders(call.session, None);
    AutoOpenOrdersRequest => |hub, call, asked| {
        hub.auto_open_orders(call.session, call.client_id, asked.auto_bind);
    };
    CompletedOrdersRequest => |hub, call, _| hub.completed_orders(call.session);
    ExecutionsRequest => |hub, call, asked| hub.executions(call.session, &asked);
    ExerciseOptions => |hub, call, asked| {
        hub.transmit(call.client_id, Held::Exercise(Box::new(asked)));
    };
    IdsRequest => |hub, call, _| hub.say_next_id(call.session, call.client_id);
}
