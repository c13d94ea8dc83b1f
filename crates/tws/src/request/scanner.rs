//! Requests for market scanners: what can be scanned, and a ranking that is kept up to date.

use gatehouse_types::Decimal;

use super::{RequestId, bare, by_id, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId, TagValue};

bare!(
    /// reqScannerParameters: which instruments, places and rankings a scanner knows.
    ScannerParametersRequest = ScannerParameters, version 1
);

/// reqScannerSubscription: a ranking of instruments, again whenever it changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScannerSubscriptionRequest {
    pub req_id: ReqId,
    pub subscription: ScannerSubscription,
}

request_codec!(ScannerSubscriptionRequest = ScannerSubscription);

impl Layout for ScannerSubscriptionRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "scannerSubscription", &mut self.subscription)
    }
}

/// What is ranked, and what it must have to be ranked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScannerSubscription {
    /// −1 or absent for as many as there may be.
    pub n_rows: Option<i32>,
    /// `STK`, `STOCK.EU`, `FUT.US`, ….
    pub instrument: String,
    /// `STK.US.MAJOR`, ….
    pub location_code: String,
    /// `TOP_PERC_GAIN`, `MOST_ACTIVE`, ….
    pub scan_code: String,
    pub above_price: Option<Decimal>,
    pub below_price: Option<Decimal>,
    pub above_volume: Option<i32>,
    pub market_cap_above: Option<Decimal>,
    pub market_cap_below: Option<Decimal>,
    pub moody_rating_above: String,
    pub moody_rating_below: String,
    pub sp_rating_above: String,
    pub sp_rating_below: String,
    pub maturity_date_above: String,
    pub maturity_date_below: String,
    pub coupon_rate_above: Option<Decimal>,
    pub coupon_rate_below: Option<Decimal>,
    pub exclude_convertible: bool,
    pub average_option_volume_above: Option<i32>,
    pub setting_pairs: String,
    /// `ALL`, `STOCK`, `ETF`, ….
    pub stock_type_filter: String,
    /// Filters by the names that the scanner's parameters give them: `priceAbove`, ….
    pub filters: Vec<TagValue>,
    pub options: Vec<TagValue>,
}

impl Layout for ScannerSubscription {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int_or_unset(1, "numberOfRows", &mut self.n_rows)?;
        pass.text(2, "instrument", &mut self.instrument)?;
        pass.text(3, "locationCode", &mut self.location_code)?;
        pass.text(4, "scanCode", &mut self.scan_code)?;
        pass.double_or_unset(5, "abovePrice", &mut self.above_price)?;
        pass.double_or_unset(6, "belowPrice", &mut self.below_price)?;
        pass.int_or_unset(7, "aboveVolume", &mut self.above_volume)?;
        pass.double_or_unset(8, "marketCapAbove", &mut self.market_cap_above)?;
        pass.double_or_unset(9, "marketCapBelow", &mut self.market_cap_below)?;
        pass.text(10, "moodyRatingAbove", &mut self.moody_rating_above)?;
        pass.text(11, "moodyRatingBelow", &mut self.moody_rating_below)?;
        pass.text(12, "spRatingAbove", &mut self.sp_rating_above)?;
        pass.text(13, "spRatingBelow", &mut self.sp_rating_below)?;
        pass.text(14, "maturityDateAbove", &mut self.maturity_date_above)?;
        pass.text(15, "maturityDateBelow", &mut self.maturity_date_below)?;
        pass.double_or_unset(16, "couponRateAbove", &mut self.coupon_rate_above)?;
        pass.double_or_unset(17, "couponRateBelow", &mut self.coupon_rate_below)?;
        pass.flag(18, "excludeConvertible", &mut self.exclude_convertible)?;
        let volume = &mut self.average_option_volume_above;
        pass.int_or_unset(19, "averageOptionVolumeAbove", volume)?;
        pass.text(20, "scannerSettingPairs", &mut self.setting_pairs)?;
        pass.text(21, "stockTypeFilter", &mut self.stock_type_filter)?;
        pass.options(22, "scannerSubscriptionFilterOptions", &mut self.filters)?;
        pass.options(23, "scannerSubscriptionOptions", &mut self.options)
    }
}

by_id!(
    /// cancelScannerSubscription: no more rankings for this request.
    CancelScannerSubscription = CancelScannerSubscription, version 1
);
