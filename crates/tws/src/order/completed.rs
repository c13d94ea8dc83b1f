//! The text layout of completedOrder, from server version 157 on.

use super::open::say_zero;
use super::place::{self, in_turn, lay_algo_params, lay_leg_lists, lay_scale};
use super::{Order, WireContract};
use crate::answer::OrderState;
use crate::layout::{Pass, Passed};

/// Lays contract, order and state in the order of the text fields.
pub(super) fn lay_text<P: Pass>(
    contract: &mut WireContract,
    order: &mut Order,
    state: &mut OrderState,
    pass: &mut P,
) -> Passed {
    say_zero(order);
    contract.lay_held(1, pass)?;
    lay_main(order, pass)?;
    lay_terms(order, pass)?;
    in_turn!(order, pass:
        trigger_method, volatility, volatility_type, delta_neutral_order_type,
        delta_neutral_aux_price,
    );
    if !order.delta_neutral_order_type.is_empty() {
        in_turn!(order, pass:
            delta_neutral_con_id, delta_neutral_short_sale, delta_neutral_short_sale_slot,
            delta_neutral_designated_location,
        );
    }
    in_turn!(order, pass:
        continuous_update, reference_price_type, trail_stop_price, trailing_percent,
    );
    pass.text(0, "comboLegsDescrip", &mut contract.combo_legs_description)?;
    lay_leg_lists(contract, order, pass)?;
    lay_scale(order, pass)?;
    order.hedge_type(pass)?;
    if !order.hedge_type.is_empty() {
        order.hedge_param(pass)?;
    }
    in_turn!(order, pass: clearing_account, clearing_intent, not_held);
    super::contract::lay_delta_neutral(contract, pass)?;
    lay_algo_params(order, pass)?;
    order.solicited(pass)?;
    state.lay_status(pass)?;
    in_turn!(order, pass: randomize_size, randomize_price);
    place::lay_conditions(order, pass)?;
    lay_end(order, state, pass)?;
    say_zero(order);
    Ok(())
}

fn lay_main<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    in_turn!(order, pass:
        action, total_quantity, order_type, lmt_price, aux_price, tif, oca_group, account,
        open_close, origin, order_ref, perm_id, outside_rth, hidden, discretionary_amt,
        good_after_time, fa_group, fa_method, fa_percentage,
    );
    if !pass.version().has(177) {
        order.fa_profile(pass)?;
    }
    Ok(())
}

fn lay_terms<P: Pass>(order: &mut Order, pass: &mut P) -> Passed {
    in_turn!(order, pass:
        model_code, good_till_date, rule_80a, percent_offset, settling_firm, short_sale_slot,
        designated_location, exempt_code, starting_price, stock_ref_price, delta,
        stock_range_lower, stock_range_upper, display_size, sweep_to_fill, all_or_none, min_qty,
        oca_type,
    );
    Ok(())
}

fn lay_end<P: Pass>(order: &mut Order, state: &mut OrderState, pass: &mut P) -> Passed {
    in_turn!(order, pass:
        trail_stop_price, lmt_price_offset, cash_qty, dont_use_auto_price_for_hedge,
        is_oms_container, auto_cancel_date, filled_quantity, ref_futures_con_id,
        auto_cancel_parent, shareholder, imbalance_only, route_marketable_to_bbo, parent_perm_id,
    );
    pass.text(0, "completedTime", &mut state.completed_time)?;
    pass.text(0, "completedStatus", &mut state.completed_status)?;
    if pass.version().has(170) {
        in_turn!(order, pass:
            min_trade_qty, min_compete_size, compete_against_best_offset, mid_offset_at_whole,
            mid_offset_at_half,
        );
    }
    if pass.version().has(183) {
        order.customer_account(pass)?;
    }
    if pass.version().has(184) {
        order.professional_customer(pass)?;
    }
    if pass.version().has(198) {
        order.submitter(pass)?;
    }
    Ok(())
}
