//! Groups of windows that show the same contract (67, 68), and the answers to programs that prove
//! who they are (65, 66, 69, 70).

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId};

/// displayGroupList: which groups there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DisplayGroupList {
    pub req_id: ReqId,
    /// `|` between two, the most used first.
    pub groups: String,
}

answer_codec!(DisplayGroupList = DisplayGroupList);

impl Layout for DisplayGroupList {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "groups", &mut self.groups)
    }
}

/// displayGroupUpdated: the contract that a group shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DisplayGroupUpdated {
    pub req_id: ReqId,
    /// `none`, `conId@exchange` or `combo`.
    pub contract_info: String,
}

answer_codec!(DisplayGroupUpdated = DisplayGroupUpdated);

impl Layout for DisplayGroupUpdated {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "contractInfo", &mut self.contract_info)
    }
}

/// verifyMessageAPI: a challenge to a partner's program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyMessageApi {
    pub api_data: String,
}

answer_codec!(VerifyMessageApi = VerifyMessageApi);

impl Layout for VerifyMessageApi {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.text(1, "apiData", &mut self.api_data)
    }
}

/// verifyCompleted: whether the program is who it says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyCompleted {
    pub is_successful: bool,
    pub error: String,
}

answer_codec!(VerifyCompleted = VerifyCompleted);

impl Layout for VerifyCompleted {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        spelled_flag(pass, &mut self.is_successful)?;
        pass.text(2, "errorText", &mut self.error)
    }
}

/// verifyAndAuthMessageAPI: a challenge; it never got a protobuf form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyAndAuthMessageApi {
    pub api_data: String,
    pub xyz_challenge: String,
}

answer_codec!(VerifyAndAuthMessageApi = VerifyAndAuthMessageApi);

impl Layout for VerifyAndAuthMessageApi {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.text(1, "apiData", &mut self.api_data)?;
        pass.text(2, "xyzChallenge", &mut self.xyz_challenge)
    }
}

/// verifyAndAuthCompleted: whether the program is who it says; it never got a protobuf form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerifyAndAuthCompleted {
    pub is_successful: bool,
    pub error: String,
}

answer_codec!(VerifyAndAuthCompleted = VerifyAndAuthCompleted);

impl Layout for VerifyAndAuthCompleted {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        spelled_flag(pass, &mut self.is_successful)?;
        pass.text(2, "errorText", &mut self.error)
    }
}

/// A yes or no that text spells out: clients compare it with `true`.
fn spelled_flag<P: Pass>(pass: &mut P, value: &mut bool) -> Passed {
    if !pass.is_text() {
        return pass.flag(1, "isSuccessful", value);
    }
    let mut word = value.to_string();
    pass.text(1, "isSuccessful", &mut word)?;
    *value = word.eq_ignore_ascii_case("true");
    Ok(())
}
