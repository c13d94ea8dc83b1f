//! What belongs to advisors and to accounts of one family: 16, 103, 77, 78.

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId};
use crate::order::SoftDollarTier;

/// receiveFA: the advisor's groups or aliases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaData {
    /// 1 groups, 2 profiles (gone since 177), 3 aliases.
    pub data_type: i32,
    pub xml: String,
}

answer_codec!(FaData = ReceiveFa);

impl Layout for FaData {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.int(1, "faDataType", &mut self.data_type)?;
        pass.text(2, "xml", &mut self.xml)
    }
}

/// replaceFAEnd: the advisor's data was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FaReplaced {
    pub req_id: ReqId,
    pub text: String,
}

answer_codec!(FaReplaced = ReplaceFaEnd);

impl Layout for FaReplaced {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "text", &mut self.text)
    }
}

/// softDollarTiers: the tiers an advisor may pay research with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SoftDollarTiers {
    pub req_id: ReqId,
    pub tiers: Vec<SoftDollarTier>,
}

answer_codec!(SoftDollarTiers = SoftDollarTiers);

impl Layout for SoftDollarTiers {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.list(2, "softDollarTiers", &mut self.tiers)
    }
}

/// familyCodes: which accounts belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FamilyCodes {
    pub codes: Vec<FamilyCode>,
}

answer_codec!(FamilyCodes = FamilyCodes);

impl Layout for FamilyCodes {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.list(1, "familyCodes", &mut self.codes)
    }
}

/// The family of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FamilyCode {
    pub account: String,
    /// Empty for an account without a family.
    pub code: String,
}

impl Layout for FamilyCode {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "accountId", &mut self.account)?;
        pass.text(2, "familyCode", &mut self.code)
    }
}
