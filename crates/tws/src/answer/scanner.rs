//! What can be scanned (19), and a ranking of instruments (20).

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId, WireContract};

/// scannerParameters: the instruments, places and rankings that a scanner knows, as XML.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScannerParameters {
    pub xml: String,
}

answer_codec!(ScannerParameters = ScannerParameters);

impl Layout for ScannerParameters {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.text(1, "xml", &mut self.xml)
    }
}

/// scannerData: a whole ranking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScannerData {
    pub req_id: ReqId,
    pub rows: Vec<ScannerRow>,
}

answer_codec!(ScannerData = ScannerData);

impl Layout for ScannerData {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(3)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.list(2, "scannerDataElement", &mut self.rows)
    }
}

/// One instrument of a ranking.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScannerRow {
    /// From 0 on.
    pub rank: i32,
    pub contract: WireContract,
    pub market_name: String,
    pub distance: String,
    pub benchmark: String,
    pub projection: String,
    pub combo_legs: String,
}

impl Layout for ScannerRow {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "rank", &mut self.rank)?;
        if pass.is_text() {
            self.contract.lay_scanned(&mut self.market_name, pass)?;
        } else {
            pass.nested(2, "contract", &mut self.contract)?;
            pass.text(3, "marketName", &mut self.market_name)?;
        }
        pass.text(4, "distance", &mut self.distance)?;
        pass.text(5, "benchmark", &mut self.benchmark)?;
        pass.text(6, "projection", &mut self.projection)?;
        pass.text(7, "comboKey", &mut self.combo_legs)
    }
}
