//! Who takes requests about orders.

use gatehouse_tws::request::{
    AllOpenOrdersRequest, AutoOpenOrdersRequest, CancelOrder, CompletedOrdersRequest,
    ExecutionsRequest, ExerciseOptions, GlobalCancel, IdsRequest, OpenOrdersRequest, PlaceOrder,
};

use super::answers;

answers! {
    PlaceOrder => |hub, call, asked| hub.place_order(call.client_id, asked);
    CancelOrder => |hub, call, asked| {
        let events = hub.world.cancel(call.client_id, asked.order_id);
        hub.route(events);
    };
    GlobalCancel => |hub, _, _| {
        let events = hub.world.cancel_all();
        hub.route(events);
    };
    OpenOrdersRequest => |hub, call, _| hub.own_open_orders(call.session, call.client_id);
    AllOpenOrdersRequest => |hub, call, _| hub.open_orders(call.session, None);
    AutoOpenOrdersRequest => |hub, call, asked| {
        hub.auto_open_orders(call.session, call.client_id, asked.auto_bind);
    };
    CompletedOrdersRequest => |hub, call, _| hub.completed_orders(call.session);
    ExecutionsRequest => |hub, call, asked| hub.executions(call.session, &asked);
    ExerciseOptions => |hub, call, asked| {
        let events = hub.world.exercise(call.client_id, asked);
        hub.route(events);
    };
    IdsRequest => |hub, call, _| hub.say_next_id(call.session, call.client_id);
}
