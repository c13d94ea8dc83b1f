//! Requests about the session itself, and lists that need few words.

use super::{RequestId, bare, by_id, request_codec};
use crate::layout::{FieldError, Layout, Pass, Passed};
use crate::text::TextError;

/// Server version from which the time in milliseconds may be asked for.
const MILLIS: i32 = 197;

bare!(
    /// reqManagedAccts: say managedAccounts again.
    ManagedAccountsRequest = ManagedAccounts, version 1
);
bare!(
    /// reqCurrentTime: the Gateway's time in seconds.
    CurrentTimeRequest = CurrentTime, version 1
);
by_id!(
    /// reqUserInfo: the white-branding id of this login.
    UserInfoRequest = UserInfo
);

/// reqCurrentTimeInMillis: the Gateway's time in milliseconds; newer than the text versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CurrentTimeInMillisRequest;

request_codec!(CurrentTimeInMillisRequest = CurrentTimeInMillis);

impl Layout for CurrentTimeInMillisRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if pass.version().has(MILLIS) {
            return Ok(());
        }
        Err(FieldError::Text(TextError::Missing { name: "server version 197" }))
    }
}

/// reqAutoOpenOrders: bind the person's orders to client 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AutoOpenOrdersRequest {
    pub auto_bind: bool,
}

request_codec!(AutoOpenOrdersRequest = AutoOpenOrders);

impl Layout for AutoOpenOrdersRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.flag(1, "autoBind", &mut self.auto_bind)
    }
}

/// reqCompletedOrders: the orders of today that are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CompletedOrdersRequest {
    /// Without those that a person placed.
    pub api_only: bool,
}

request_codec!(CompletedOrdersRequest = CompletedOrders);

impl Layout for CompletedOrdersRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.flag(1, "apiOnly", &mut self.api_only)
    }
}

/// setServerLogLevel: how much the Gateway writes to its own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SetServerLogLevel {
    /// 1 system to 5 detail.
    pub level: i32,
}

request_codec!(SetServerLogLevel = SetServerLogLevel);

impl Layout for SetServerLogLevel {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.int(1, "logLevel", &mut self.level)
    }
}
