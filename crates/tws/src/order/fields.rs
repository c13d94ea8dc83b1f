//! Every field of an order, each stated once: its name, its kind, its protobuf tag and the server
//! version that brought it. Two text layouts (placeOrder, openOrder) and one protobuf message are
//! put together from these statements.

use gatehouse_types::Decimal;

use super::condition::Condition;
use super::lay::{self, Gate};
use crate::layout::{Pass, Passed, TagValue};

macro_rules! order_fields {
    ($($(#[$doc:meta])* $field:ident : $kind:ident = $tag:literal $name:literal $(since $since:literal)?;)+) => {
        /// An order as it stands on the wire, with every field that either form can carry.
        ///
        /// A number that was not set is `None`. Prices, sizes and amounts are exact.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Order {
            $($(#[$doc])* pub $field: order_fields!(@type $kind),)+
            pub conditions: Vec<Condition>,
            pub algo_params: Vec<TagValue>,
            pub combo_routing_params: Vec<TagValue>,
            pub misc_options: Vec<TagValue>,
            pub soft_dollar_tier: SoftDollarTier,
        }

        impl Default for Order {
            /// An order without any field, which therefore does not transmit. Source: the official
            /// and the Rust client leave `transmit` out when it is false, and a paper Gateway at
            /// server version 225 then holds the order without an answer.
            fn default() -> Self {
                Self {
                    $($field: Default::default(),)+
                    conditions: Vec::new(),
                    algo_params: Vec::new(),
                    combo_routing_params: Vec::new(),
                    misc_options: Vec::new(),
                    soft_dollar_tier: SoftDollarTier::default(),
                }
            }
        }

        impl Order {
            $(
                pub(super) fn $field<P: Pass>(&mut self, pass: &mut P) -> Passed {
                    lay::$kind(pass, Gate { tag: $tag, since: 0 $(+ $since)? }, $name, &mut self.$field)
                }
            )+

            /// Every field that protobuf carries as a scalar.
            pub(super) fn lay_scalars<P: Pass>(&mut self, pass: &mut P) -> Passed {
                $(
                    if $tag != 0 {
                        self.$field(pass)?;
                    }
                )+
                Ok(())
            }
        }
    };
    (@type text) => { String };
    (@type flag) => { bool };
    (@type int) => { Option<i32> };
    (@type long) => { Option<i64> };
    (@type number) => { Option<Decimal> };
    (@type offset) => { BestOffset };
    (@type quantity) => { Decimal };
}

order_fields! {
    client_id: int = 1 "clientId";
    /// The broker's copy of the id; the id that counts is the one beside the order.
    order_id: int = 2 "orderId";
    perm_id: long = 3 "permId";
    parent_id: int = 4 "parentId";
    /// `BUY` or `SELL`; institutions know more.
    action: text = 5 "action";
    total_quantity: quantity = 6 "totalQuantity";
    display_size: int = 7 "displaySize";
    order_type: text = 8 "orderType";
    lmt_price: number = 9 "lmtPrice";
    aux_price: number = 10 "auxPrice";
    tif: text = 11 "tif";
    account: text = 12 "account";
    settling_firm: text = 13 "settlingFirm";
    clearing_account: text = 14 "clearingAccount";
    clearing_intent: text = 15 "clearingIntent";
    all_or_none: flag = 16 "allOrNone";
    block_order: flag = 17 "blockOrder";
    hidden: flag = 18 "hidden";
    outside_rth: flag = 19 "outsideRth";
    sweep_to_fill: flag = 20 "sweepToFill";
    percent_offset: number = 21 "percentOffset";
    trailing_percent: number = 22 "trailingPercent";
    trail_stop_price: number = 23 "trailStopPrice";
    min_qty: int = 24 "minQty";
    good_after_time: text = 25 "goodAfterTime";
    good_till_date: text = 26 "goodTillDate";
    oca_group: text = 27 "ocaGroup";
    order_ref: text = 28 "orderRef";
    rule_80a: text = 29 "rule80A";
    oca_type: int = 30 "ocaType";
    trigger_method: int = 31 "triggerMethod";
    active_start_time: text = 32 "activeStartTime";
    active_stop_time: text = 33 "activeStopTime";
    fa_group: text = 34 "faGroup";
    fa_method: text = 35 "faMethod";
    fa_percentage: text = 36 "faPercentage";
    volatility: number = 37 "volatility";
    volatility_type: int = 38 "volatilityType";
    continuous_update: flag = 39 "continuousUpdate";
    reference_price_type: int = 40 "referencePriceType";
    delta_neutral_order_type: text = 41 "deltaNeutralOrderType";
    delta_neutral_aux_price: number = 42 "deltaNeutralAuxPrice";
    delta_neutral_con_id: int = 43 "deltaNeutralConId";
    delta_neutral_open_close: text = 44 "deltaNeutralOpenClose";
    delta_neutral_short_sale: flag = 45 "deltaNeutralShortSale";
    delta_neutral_short_sale_slot: int = 46 "deltaNeutralShortSaleSlot";
    delta_neutral_designated_location: text = 47 "deltaNeutralDesignatedLocation";
    scale_init_level_size: int = 48 "scaleInitLevelSize";
    scale_subs_level_size: int = 49 "scaleSubsLevelSize";
    scale_price_increment: number = 50 "scalePriceIncrement";
    scale_price_adjust_value: number = 51 "scalePriceAdjustValue";
    scale_price_adjust_interval: int = 52 "scalePriceAdjustInterval";
    scale_profit_offset: number = 53 "scaleProfitOffset";
    scale_auto_reset: flag = 54 "scaleAutoReset";
    scale_init_position: int = 55 "scaleInitPosition";
    scale_init_fill_qty: int = 56 "scaleInitFillQty";
    scale_random_percent: flag = 57 "scaleRandomPercent";
    scale_table: text = 58 "scaleTable";
    hedge_type: text = 59 "hedgeType";
    hedge_param: text = 60 "hedgeParam";
    algo_strategy: text = 61 "algoStrategy";
    algo_id: text = 63 "algoId";
    what_if: flag = 65 "whatIf";
    /// Whether the broker works the order at once. Absent is false, see `Order::default`; such an
    /// order still counts in full, because a person can transmit it at the Gateway.
    transmit: flag = 66 "transmit";
    override_percentage_constraints: flag = 67 "overridePercentageConstraints";
    open_close: text = 68 "openClose";
    origin: int = 69 "origin";
    short_sale_slot: int = 70 "shortSaleSlot";
    designated_location: text = 71 "designatedLocation";
    exempt_code: int = 72 "exemptCode";
    delta_neutral_settling_firm: text = 73 "deltaNeutralSettlingFirm";
    delta_neutral_clearing_account: text = 74 "deltaNeutralClearingAccount";
    delta_neutral_clearing_intent: text = 75 "deltaNeutralClearingIntent";
    discretionary_amt: number = 76 "discretionaryAmt";
    opt_out_smart_routing: flag = 77 "optOutSmartRouting";
    starting_price: number = 78 "startingPrice";
    stock_ref_price: number = 79 "stockRefPrice";
    delta: number = 80 "delta";
    stock_range_lower: number = 81 "stockRangeLower";
    stock_range_upper: number = 82 "stockRangeUpper";
    not_held: flag = 83 "notHeld";
    solicited: flag = 85 "solicited";
    randomize_size: flag = 86 "randomizeSize";
    randomize_price: flag = 87 "randomizePrice";
    reference_contract_id: int = 88 "referenceContractId";
    pegged_change_amount: number = 89 "peggedChangeAmount";
    is_pegged_change_amount_decrease: flag = 90 "isPeggedChangeAmountDecrease";
    reference_change_amount: number = 91 "referenceChangeAmount";
    reference_exchange_id: text = 92 "referenceExchangeId";
    adjusted_order_type: text = 93 "adjustedOrderType";
    trigger_price: number = 94 "triggerPrice";
    adjusted_stop_price: number = 95 "adjustedStopPrice";
    adjusted_stop_limit_price: number = 96 "adjustedStopLimitPrice";
    adjusted_trailing_amount: number = 97 "adjustedTrailingAmount";
    adjustable_trailing_unit: int = 98 "adjustableTrailingUnit";
    lmt_price_offset: number = 99 "lmtPriceOffset";
    conditions_cancel_order: flag = 101 "conditionsCancelOrder";
    conditions_ignore_rth: flag = 102 "conditionsIgnoreRth";
    model_code: text = 103 "modelCode";
    ext_operator: text = 104 "extOperator";
    cash_qty: number = 106 "cashQty";
    mifid_decision_maker: text = 107 "mifid2DecisionMaker";
    mifid_decision_algo: text = 108 "mifid2DecisionAlgo";
    mifid_execution_trader: text = 109 "mifid2ExecutionTrader";
    mifid_execution_algo: text = 110 "mifid2ExecutionAlgo";
    dont_use_auto_price_for_hedge: flag = 111 "dontUseAutoPriceForHedge";
    is_oms_container: flag = 112 "isOmsContainer";
    discretionary_up_to_limit_price: flag = 113 "discretionaryUpToLimitPrice";
    auto_cancel_date: text = 114 "autoCancelDate";
    filled_quantity: text = 115 "filledQuantity";
    ref_futures_con_id: int = 116 "refFuturesConId";
    auto_cancel_parent: flag = 117 "autoCancelParent";
    shareholder: text = 118 "shareholder";
    imbalance_only: flag = 119 "imbalanceOnly";
    route_marketable_to_bbo: int = 120 "routeMarketableToBbo";
    parent_perm_id: long = 121 "parentPermId";
    use_price_mgmt_algo: int = 122 "usePriceMgmtAlgo";
    duration: int = 123 "duration";
    post_to_ats: int = 124 "postToAts";
    advanced_error_override: text = 125 "advancedErrorOverride";
    manual_order_time: text = 126 "manualOrderTime";
    min_trade_qty: int = 127 "minTradeQty";
    min_compete_size: int = 128 "minCompeteSize";
    compete_against_best_offset: offset = 129 "competeAgainstBestOffset";
    mid_offset_at_whole: number = 130 "midOffsetAtWhole";
    mid_offset_at_half: number = 131 "midOffsetAtHalf";
    customer_account: text = 132 "customerAccount";
    professional_customer: flag = 133 "professionalCustomer";
    bond_accrued_interest: text = 134 "bondAccruedInterest";
    include_overnight: flag = 135 "includeOvernight";
    manual_order_indicator: int = 136 "manualOrderIndicator";
    submitter: text = 137 "submitter";
    deactivate: flag = 138 "deactivate" since 216;
    post_only: flag = 139 "postOnly" since 216;
    allow_pre_open: flag = 140 "allowPreOpen" since 216;
    ignore_open_auction: flag = 141 "ignoreOpenAuction" since 216;
    seek_price_improvement: int = 142 "seekPriceImprovement" since 217;
    what_if_type: int = 143 "whatIfType" since 217;
    hedge_max_size: int = 144 "hedgeMaxSize" since 223;
    conditions_include_overnight: flag = 145 "conditionsIncludeOvernight" since 226;

    fa_profile: text = 0 "faProfile";
    shares_allocation: text = 0 "sharesAllocation";
    e_trade_only: flag = 0 "eTradeOnly";
    firm_quote_only: flag = 0 "firmQuoteOnly";
    nbbo_price_cap: number = 0 "nbboPriceCap";
    auction_strategy: int = 0 "auctionStrategy";
    basis_points: number = 0 "basisPoints";
    basis_points_type: int = 0 "basisPointsType";
    misc_options_text: text = 0 "orderMiscOptions";
}

/// How far a pegged-to-best order stays from the best price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BestOffset {
    #[default]
    Unset,
    By(Decimal),
    /// Against the best, up to the mid; the two mid offsets say where. The wire's word is infinity.
    UpToMid,
}

/// The soft-dollar tier of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SoftDollarTier {
    pub name: String,
    pub value: String,
    pub display_name: String,
}
