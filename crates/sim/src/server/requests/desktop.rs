//! Who takes requests about scanners, groups of windows and settings.

use gatehouse_tws::request::{
    CancelScannerSubscription, ConfigRequest, QueryDisplayGroups, ScannerParametersRequest,
    ScannerSubscriptionRequest, SubscribeToGroupEvents, UnsubscribeFromGroupEvents,
    UpdateConfigRequest, UpdateDisplayGroup,
};

use super::answers;

answers! {
    ScannerParametersRequest => |hub, call, _| hub.scanner_parameters(call.session);
    ScannerSubscriptionRequest => |hub, call, asked| {
        hub.scanner_subscription(call.session, &asked);
    };
    CancelScannerSubscription => |hub, call, asked| hub.cancel_scanner(call.session, asked.req_id);
    QueryDisplayGroups => |hub, call, asked| hub.display_groups(call.session, asked.req_id);
    SubscribeToGroupEvents => |hub, call, asked| hub.watch_group(call.session, asked);
    UpdateDisplayGroup => |hub, call, asked| hub.update_group(call.session, &asked);
    UnsubscribeFromGroupEvents => |hub, call, asked| {
        hub.with(call.session, |client| client.wants.groups.remove(&asked.req_id));
    };
    ConfigRequest => |hub, call, asked| hub.say_config(call.session, asked);
    UpdateConfigRequest => |hub, call, asked| hub.update_config(call.session, &asked);
}
