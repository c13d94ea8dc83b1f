//! Requests of financial advisors, and of accounts that belong together.

use super::{RequestId, bare, by_id, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId};

/// requestFA: the advisor's groups or aliases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaRequest {
    /// 1 groups, 2 profiles (gone since 177), 3 aliases.
    pub data_type: i32,
}

request_codec!(FaRequest = RequestFa);

impl Layout for FaRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.int(1, "faDataType", &mut self.data_type)
    }
}

/// replaceFA: new groups or aliases for the advisor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaReplace {
    pub req_id: ReqId,
    /// 1 groups, 2 profiles (gone since 177), 3 aliases.
    pub data_type: i32,
    pub xml: String,
}

request_codec!(FaReplace = ReplaceFa);

impl Layout for FaReplace {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.int(2, "faDataType", &mut self.data_type)?;
        pass.text(3, "xml", &mut self.xml)?;
        pass.req_id(1, &mut self.req_id)
    }
}

by_id!(
    /// reqSoftDollarTiers: the tiers an advisor may pay research with.
    SoftDollarTiersRequest = SoftDollarTiers
);
bare!(
    /// reqFamilyCodes: which accounts belong together.
    FamilyCodesRequest = FamilyCodes
);
