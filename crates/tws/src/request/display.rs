//! Requests about windows of the workstation that show the same contract, and the two ways by
//! which programs of the broker's partners prove who they are.

use super::{RequestId, by_id, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId};

by_id!(
    /// queryDisplayGroups: which groups of windows there are.
    QueryDisplayGroups = QueryDisplayGroups, version 1
);

/// subscribeToGroupEvents: the contract of a group, now and whenever it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SubscribeToGroupEvents {
    pub req_id: ReqId,
    pub group_id: i32,
}

request_codec!(SubscribeToGroupEvents = SubscribeToGroupEvents);

impl Layout for SubscribeToGroupEvents {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.int(2, "groupId", &mut self.group_id)
    }
}

/// updateDisplayGroup: another contract for the group of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateDisplayGroup {
    pub req_id: ReqId,
    /// `none`, `conId@exchange` or `combo`.
    pub contract_info: String,
}

request_codec!(UpdateDisplayGroup = UpdateDisplayGroup);

impl Layout for UpdateDisplayGroup {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "contractInfo", &mut self.contract_info)
    }
}

by_id!(
    /// unsubscribeFromGroupEvents: no more news of the group.
    UnsubscribeFromGroupEvents = UnsubscribeFromGroupEvents, version 1
);

/// A message of two or three texts that begins with the version of its layout.
macro_rules! texts {
    ($(#[$doc:meta])* $type:ident = $id:ident { $($tag:literal $name:literal $field:ident),+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $type {
            $(pub $field: String,)+
        }

        request_codec!($type = $id);

        impl Layout for $type {
            fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
                pass.layout_version(1)?;
                $(pass.text($tag, $name, &mut self.$field)?;)+
                Ok(())
            }
        }
    };
}

texts!(
    /// verifyRequest: a partner's program says which one it is.
    VerifyRequest = VerifyRequest { 1 "apiName" api_name, 2 "apiVersion" api_version }
);
texts!(
    /// verifyMessage: the answer to the Gateway's challenge.
    VerifyMessage = VerifyMessage { 1 "apiData" api_data }
);
texts!(
    /// verifyAndAuthRequest: the same with the partner's key; it never got a protobuf form.
    VerifyAndAuthRequest = VerifyAndAuthRequest {
        1 "apiName" api_name, 2 "apiVersion" api_version, 3 "opaqueIsvKey" opaque_isv_key
    }
);
texts!(
    /// verifyAndAuthMessage: the answer to that challenge; it never got a protobuf form.
    VerifyAndAuthMessage = VerifyAndAuthMessage {
        1 "apiData" api_data, 2 "xyzResponse" xyz_response
    }
);
