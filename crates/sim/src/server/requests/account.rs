//! Who takes requests about the account.

use gatehouse_tws::request::{
    AccountDataRequest, AccountSummaryRequest, AccountUpdatesMultiRequest, CancelAccountSummary,
    CancelAccountUpdatesMulti, CancelPnL, CancelPnLSingle, CancelPositions, CancelPositionsMulti,
    ManagedAccountsRequest, PnLRequest, PnLSingleRequest, PositionsMultiRequest, PositionsRequest,
};

use super::answers;

answers! {
    ManagedAccountsRequest => |hub, call, _| hub.say_accounts(call.session);
    AccountDataRequest => |hub, call, asked| hub.account_data(call.session, &asked);
    AccountSummaryRequest => |hub, call, asked| hub.account_summary(call.session, &asked);
    CancelAccountSummary => |hub, call, asked| {
        hub.with(call.session, |client| client.wants.summaries.remove(&asked.req_id));
    };
    AccountUpdatesMultiRequest => |hub, call, asked| {
        hub.account_updates_multi(call.session, &asked);
    };
    CancelAccountUpdatesMulti => |hub, call, asked| {
        hub.with(call.session, |client| client.wants.updates_multi.remove(&asked.req_id));
    };
    PositionsRequest => |hub, call, _| hub.positions(call.session);
    CancelPositions => |hub, call, _| {
        hub.with(call.session, |client| client.wants.positions = false);
    };
    PositionsMultiRequest => |hub, call, asked| hub.positions_multi(call.session, &asked);
    CancelPositionsMulti => |hub, call, asked| {
        hub.with(call.session, |client| client.wants.positions_multi.remove(&asked.req_id));
    };
    PnLRequest => |hub, call, asked| hub.pnl(call.session, &asked);
    CancelPnL => |hub, call, asked| {
        hub.with(call.session, |client| client.wants.pnl.remove(&asked.req_id));
    };
    PnLSingleRequest => |hub, call, asked| hub.pnl_single(call.session, &asked);
    CancelPnLSingle => |hub, call, asked| {
        hub.with(call.session, |client| client.wants.pnl_single.remove(&asked.req_id));
    };
}
