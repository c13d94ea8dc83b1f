//! Requests about the Gateway's own settings, and cancels that exist in protobuf only.

use super::{RequestId, request_codec};
use crate::config::{self, ConfigWarning, GatewayConfig};
use crate::layout::{Layout, Pass, Passed, ReqId};

/// Server version from which the cancels of details and of past ticks exist.
const CANCELS: i32 = 215;
/// Server version from which settings can be read.
const CONFIG: i32 = 219;
/// Server version from which settings can be changed.
const UPDATE: i32 = 221;

/// A message of one id that only newer versions have.
macro_rules! by_id_since {
    ($(#[$doc:meta])* $type:ident = $id:ident, $since:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $type {
            pub req_id: ReqId,
        }

        request_codec!($type = $id);

        impl Layout for $type {
            fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
                config::known_since($since, pass)?;
                pass.req_id(1, &mut self.req_id)
            }
        }
    };
}

by_id_since!(
    /// cancelContractData: the details are not wanted any more.
    CancelContractData = CancelContractData, CANCELS
);
by_id_since!(
    /// cancelHistoricalTicks: the ticks are not wanted any more.
    CancelHistoricalTicks = CancelHistoricalTicks, CANCELS
);
by_id_since!(
    /// reqConfig: the Gateway's settings.
    ConfigRequest = Config, CONFIG
);

/// updateConfig: other settings for the Gateway.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateConfigRequest {
    pub req_id: ReqId,
    /// What shall change; what is absent stays.
    pub config: GatewayConfig,
    /// Warnings that the client has read and accepts.
    pub accepted_warnings: Vec<ConfigWarning>,
    pub reset_order_ids: bool,
}

request_codec!(UpdateConfigRequest = UpdateConfig);

impl Layout for UpdateConfigRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        config::known_since(UPDATE, pass)?;
        pass.req_id(1, &mut self.req_id)?;
        self.config.lay_parts(pass)?;
        pass.list(6, "acceptedWarnings", &mut self.accepted_warnings)?;
        pass.flag(7, "resetAPIOrderSequence", &mut self.reset_order_ids)
    }
}
