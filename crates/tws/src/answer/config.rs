//! The Gateway's settings (110) and what became of a change (111).

use super::answer_codec;
use crate::config::{self, ConfigWarning, GatewayConfig};
use crate::layout::{Layout, Pass, Passed, ReqId};

/// Server version from which settings can be read.
const CONFIG: i32 = 219;
/// Server version from which settings can be changed.
const UPDATE: i32 = 221;

/// configResponse: the Gateway's settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConfigResponse {
    pub req_id: ReqId,
    pub config: GatewayConfig,
}

answer_codec!(ConfigResponse = ConfigResponse);

impl Layout for ConfigResponse {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        config::known_since(CONFIG, pass)?;
        pass.req_id(1, &mut self.req_id)?;
        self.config.lay_parts(pass)
    }
}

/// updateConfigResponse: what became of a change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateConfigResponse {
    pub req_id: ReqId,
    pub status: String,
    pub message: String,
    pub changed_fields: Vec<String>,
    pub errors: Vec<String>,
    /// What the client has to accept before the change is made.
    pub warnings: Vec<ConfigWarning>,
}

answer_codec!(UpdateConfigResponse = UpdateConfigResponse);

impl Layout for UpdateConfigResponse {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        config::known_since(UPDATE, pass)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "status", &mut self.status)?;
        pass.text(3, "message", &mut self.message)?;
        pass.words(4, "changedFields", &mut self.changed_fields)?;
        pass.words(5, "errors", &mut self.errors)?;
        pass.list(6, "warnings", &mut self.warnings)
    }
}
