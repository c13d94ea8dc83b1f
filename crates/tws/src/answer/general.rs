//! The Gateway's time (49, 109) and the login's brand (107).

use super::answer_codec;
use crate::layout::{FieldError, Layout, Pass, Passed, ReqId};
use crate::text::TextError;

/// Server version from which the time is also told in milliseconds.
const MILLIS: i32 = 197;

/// currentTime: the Gateway's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CurrentTime {
    /// Seconds since 1970.
    pub time: i64,
}

answer_codec!(CurrentTime = CurrentTime);

impl Layout for CurrentTime {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.long(1, "currentTime", &mut self.time)
    }
}

/// currentTimeInMillis: the Gateway's time; newer than the text versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CurrentTimeInMillis {
    /// Milliseconds since 1970.
    pub time: i64,
}

answer_codec!(CurrentTimeInMillis = CurrentTimeInMillis);

impl Layout for CurrentTimeInMillis {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.version().has(MILLIS) {
            return Err(FieldError::Text(TextError::Missing { name: "server version 197" }));
        }
        pass.long(1, "currentTimeInMillis", &mut self.time)
    }
}

/// userInfo: under which brand the login stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserInfo {
    pub req_id: ReqId,
    /// Empty for the broker's own.
    pub white_branding_id: String,
}

answer_codec!(UserInfo = UserInfo);

impl Layout for UserInfo {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "whiteBrandingId", &mut self.white_branding_id)
    }
}
