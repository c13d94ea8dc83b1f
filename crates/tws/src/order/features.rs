//! Names what an order asks for beyond a plain one.
//!
//! A field counts when it changes the exposure, the moment or the protection of an order, or when
//! nobody here knows what it does. Fields that only restrain an order or describe it do not:
//! `hidden`, `displaySize`, `allOrNone`, `minQty`, `blockOrder`, `sweepToFill`, `triggerMethod`,
//! `ocaType`, `goodTillDate`, `orderRef`, the MiFID names, `extOperator`, `manualOrderIndicator`,
//! the soft-dollar tier, `usePriceMgmtAlgo` (two clients send 0 for every order), `postOnly`, and
//! those that only take effect beside another field that counts.
//!
//! A client that changes an order sends back what the Gateway filled in, so these are plain too:
//! `deltaNeutralOrderType` and `adjustedOrderType` of `None`, `rule80A` of `0`, `clearingIntent`
//! of `IB`, `dontUseAutoPriceForHedge`, `submitter`, `shareholder`, `filledQuantity`, the offsets
//! and sizes of pegged orders, and a `trailStopPrice` on an order that does not trail. Source: what
//! a paper Gateway sends for a market order at server version 225.

use gatehouse_types::{Decimal, Feature};

use super::{Order, WireContract};

/// Returns every feature of an order, in the order of the list of features, each once.
#[must_use]
pub fn features(contract: &WireContract, order: &Order) -> Vec<Feature> {
    let mut found = kinds(contract, order);
    let named = text_fields(contract, order)
        .into_iter()
        .filter(|(value, _)| !value.is_empty())
        .map(|(_, name)| name)
        .chain(flag_fields(order).into_iter().filter(|(value, _)| *value).map(|(_, name)| name))
        .chain(
            number_fields(contract, order)
                .into_iter()
                .filter(|(value, _)| is_set(*value))
                .map(|(_, name)| name),
        )
        .chain(
            int_fields(order)
                .into_iter()
                .filter(|(value, _)| value.is_some_and(|number| number != 0))
                .map(|(_, name)| name),
        )
        .chain(odd_values(contract, order));
    found.extend(named.map(Feature::Field));
    found
}

fn is_set(value: Option<Decimal>) -> bool {
    value.is_some_and(|number| !number.is_zero())
}

fn is_counted(value: Option<i32>) -> bool {
    value.is_some_and(|number| number != 0)
}

fn kinds(contract: &WireContract, order: &Order) -> Vec<Feature> {
    let is_delta_neutral = contract.delta_neutral.is_some()
        || !matches!(order.delta_neutral_order_type.as_str(), "" | "None" | "NONE");
    let is_adviser = [&order.fa_group, &order.fa_method, &order.fa_percentage, &order.fa_profile]
        .iter()
        .any(|text| !text.is_empty())
        || !order.shares_allocation.is_empty();
    let is_scale = is_counted(order.scale_init_level_size)
        || is_counted(order.scale_subs_level_size)
        || is_set(order.scale_price_increment)
        || !order.scale_table.is_empty()
        || !order.active_start_time.is_empty()
        || !order.active_stop_time.is_empty();
    let is_algo = !order.algo_strategy.is_empty()
        || !order.algo_id.is_empty()
        || !order.algo_params.is_empty();
    let is_combo = contract.sec_type == "BAG"
        || !contract.legs.is_empty()
        || !order.combo_routing_params.is_empty();
    let is_child = is_counted(order.parent_id);
    let is_adjusted = !matches!(order.adjusted_order_type.as_str(), "" | "None" | "NONE")
        || [
            order.trigger_price,
            order.lmt_price_offset,
            order.adjusted_stop_price,
            order.adjusted_stop_limit_price,
            order.adjusted_trailing_amount,
        ]
        .into_iter()
        .any(is_set);
    let is_hedge = !order.hedge_type.is_empty()
        || !order.hedge_param.is_empty()
        || is_counted(order.hedge_max_size);
    let is_trailing = order.order_type.starts_with("TRAIL") || is_set(order.trailing_percent);
    [
        (is_algo, Feature::Algo),
        (is_hedge, Feature::Hedge),
        (is_scale, Feature::Scale),
        (!order.conditions.is_empty(), Feature::Conditions),
        (is_combo, Feature::ComboLegs),
        (is_set(order.cash_qty), Feature::CashQuantity),
        (is_child, Feature::Parent),
        (!order.oca_group.is_empty(), Feature::OcaGroup),
        (!order.transmit, Feature::NotTransmitted),
        (is_adjusted, Feature::Adjusted),
        (is_trailing, Feature::Trailing),
        (is_delta_neutral, Feature::DeltaNeutral),
        (is_adviser, Feature::FinancialAdvisor),
    ]
    .into_iter()
    .filter_map(|(is_asked, feature)| is_asked.then_some(feature))
    .collect()
}

fn text_fields<'a>(contract: &'a WireContract, order: &'a Order) -> Vec<(&'a str, &'static str)> {
    vec![
        (&contract.sec_id, "secId"),
        (&contract.sec_id_type, "secIdType"),
        (&contract.issuer_id, "issuerId"),
        (&order.settling_firm, "settlingFirm"),
        (&order.clearing_account, "clearingAccount"),
        (&order.good_after_time, "goodAfterTime"),
        (&order.designated_location, "designatedLocation"),
        (&order.model_code, "modelCode"),
        (&order.auto_cancel_date, "autoCancelDate"),
        (&order.advanced_error_override, "advancedErrorOverride"),
        (&order.manual_order_time, "manualOrderTime"),
        (&order.customer_account, "customerAccount"),
        (&order.reference_exchange_id, "referenceExchangeId"),
        (&order.misc_options_text, "orderMiscOptions"),
    ]
}

fn flag_fields(order: &Order) -> Vec<(bool, &'static str)> {
    vec![
        (order.override_percentage_constraints, "overridePercentageConstraints"),
        (order.opt_out_smart_routing, "optOutSmartRouting"),
        (order.not_held, "notHeld"),
        (order.solicited, "solicited"),
        (order.randomize_size, "randomizeSize"),
        (order.randomize_price, "randomizePrice"),
        (order.is_pegged_change_amount_decrease, "isPeggedChangeAmountDecrease"),
        (order.is_oms_container, "isOmsContainer"),
        (order.discretionary_up_to_limit_price, "discretionaryUpToLimitPrice"),
        (order.auto_cancel_parent, "autoCancelParent"),
        (order.imbalance_only, "imbalanceOnly"),
        (order.professional_customer, "professionalCustomer"),
        (order.include_overnight, "includeOvernight"),
        (order.deactivate, "deactivate"),
        (order.allow_pre_open, "allowPreOpen"),
        (order.ignore_open_auction, "ignoreOpenAuction"),
        (!order.misc_options.is_empty(), "orderMiscOptions"),
    ]
}

fn number_fields(contract: &WireContract, order: &Order) -> Vec<(Option<Decimal>, &'static str)> {
    vec![
        (order.percent_offset, "percentOffset"),
        (order.volatility, "volatility"),
        (order.discretionary_amt, "discretionaryAmt"),
        (order.starting_price, "startingPrice"),
        (order.stock_ref_price, "stockRefPrice"),
        (order.delta, "delta"),
        (order.stock_range_lower, "stockRangeLower"),
        (order.stock_range_upper, "stockRangeUpper"),
        (order.pegged_change_amount, "peggedChangeAmount"),
        (order.reference_change_amount, "referenceChangeAmount"),
        (contract.strike.filter(|_| contract.sec_type == "STK"), "strike"),
    ]
}

fn int_fields(order: &Order) -> Vec<(Option<i32>, &'static str)> {
    vec![
        (order.origin, "origin"),
        (order.short_sale_slot, "shortSaleSlot"),
        (order.auction_strategy, "auctionStrategy"),
        (order.reference_contract_id, "referenceContractId"),
        (order.ref_futures_con_id, "refFuturesConId"),
        (order.route_marketable_to_bbo, "routeMarketableToBbo"),
        (order.duration, "duration"),
        (order.post_to_ats, "postToAts"),
        (order.seek_price_improvement, "seekPriceImprovement"),
        (order.what_if_type, "whatIfType"),
    ]
}

/// Fields whose plain value is not nothing.
fn odd_values(contract: &WireContract, order: &Order) -> Vec<&'static str> {
    let is_stock = contract.sec_type == "STK";
    let is_derivative_of_stock = is_stock
        && (!matches!(contract.right.as_str(), "" | "0" | "?")
            || contract.multiplier.is_some_and(|value| !value.is_zero() && value != Decimal::ONE)
            || !contract.expiry.is_empty());
    [
        (!matches!(order.open_close.as_str(), "" | "O"), "openClose"),
        (!matches!(order.clearing_intent.as_str(), "" | "IB"), "clearingIntent"),
        (!matches!(order.rule_80a.as_str(), "" | "0"), "rule80A"),
        (order.exempt_code.is_some_and(|code| code != 0 && code != -1), "exemptCode"),
        (is_derivative_of_stock, "contract"),
        // Beside a parent id it is what the Gateway filled in; alone it names an order that the
        // book cannot find.
        (
            !is_counted(order.parent_id) && order.parent_perm_id.is_some_and(|id| id != 0),
            "parentPermId",
        ),
    ]
    .into_iter()
    .filter_map(|(is_odd, name)| is_odd.then_some(name))
    .collect()
}
