//! tickOptionComputation (21): what the option model makes of a price.

use gatehouse_types::Decimal;

use super::{TickType, answer_codec};
use crate::layout::{Layout, Pass, Passed, ReqId};

/// tickOptionComputation: volatility, greeks and prices of an option, on a market-data line or as
/// the answer to a calculation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OptionComputation {
    pub req_id: ReqId,
    /// 10 bid, 11 ask, 12 last, 13 model, 53 custom (the answer to a calculation), 80 to 83 the
    /// first four of delayed data.
    pub tick_type: TickType,
    /// 0 for a volatility by returns, 1 by prices.
    pub tick_attribute: i32,
    /// Of a year, as a fraction.
    pub implied_volatility: Option<Decimal>,
    pub delta: Option<Decimal>,
    pub option_price: Option<Decimal>,
    /// Present value of the dividends up to the expiry.
    pub pv_dividend: Option<Decimal>,
    pub gamma: Option<Decimal>,
    /// For one percentage point of volatility.
    pub vega: Option<Decimal>,
    /// For one day.
    pub theta: Option<Decimal>,
    pub under_price: Option<Decimal>,
}

answer_codec!(OptionComputation = TickOptionComputation);

/// Stands for a price or a volatility that is not computed, in both forms.
const NO_PRICE: Decimal = Decimal::NEGATIVE_ONE;
/// Stands for a greek that is not computed: −1 may be a real one.
const NO_GREEK: Decimal = Decimal::from_parts(2, 0, 0, true, 0);

impl Layout for OptionComputation {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        self.tick_type.lay(pass)?;
        pass.int(3, "tickAttrib", &mut self.tick_attribute)?;
        let figures = [
            ("impliedVol", &mut self.implied_volatility, NO_PRICE),
            ("delta", &mut self.delta, NO_GREEK),
            ("optPrice", &mut self.option_price, NO_PRICE),
            ("pvDividend", &mut self.pv_dividend, NO_PRICE),
            ("gamma", &mut self.gamma, NO_GREEK),
            ("vega", &mut self.vega, NO_GREEK),
            ("theta", &mut self.theta, NO_GREEK),
            ("undPrice", &mut self.under_price, NO_PRICE),
        ];
        for (tag, (name, value, unknown)) in (4..).zip(figures) {
            let mut number = value.unwrap_or(unknown);
            pass.double(tag, name, &mut number)?;
            *value = Some(number).filter(|number| *number != unknown);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;

    fn decimal(text: &str) -> Option<Decimal> {
        Some(text.parse().expect("is a decimal"))
    }

    fn model() -> OptionComputation {
        OptionComputation {
            req_id: ReqId::new(7),
            tick_type: TickType::new(13),
            tick_attribute: 0,
            implied_volatility: decimal("0.25"),
            delta: decimal("-1"),
            option_price: decimal("5.5"),
            pv_dividend: None,
            gamma: decimal("0.03"),
            vega: None,
            theta: decimal("-0.125"),
            under_price: decimal("270"),
        }
    }

    #[test]
    fn a_figure_that_is_unknown_has_the_number_that_clients_know() {
        let text = model().encode(ServerVersion::new(178)).expect("encodes");
        let expected = "21|7|13|0|0.25|-1|5.5|-1|0.03|-2|-0.125|270|";
        assert_eq!(String::from_utf8_lossy(&text).replace('\0', "|"), expected);
        let mut body = 221_i32.to_be_bytes().to_vec();
        body.extend([0x08, 7, 0x10, 13, 0x18, 0]);
        let figures = [0.25_f64, -1.0, 5.5, -1.0, 0.03, -2.0, -0.125, 270.0];
        for (tag, figure) in (4_u8..).zip(figures) {
            body.push(tag << 3 | 1);
            body.extend(figure.to_le_bytes());
        }
        assert_eq!(model().encode(ServerVersion::new(226)), Ok(body));
    }

    #[test]
    fn it_reads_back_at_every_version() {
        for version in (157..=226).map(ServerVersion::new) {
            for computed in [model(), OptionComputation::default()] {
                let body = computed.encode(version).expect("encodes");
                assert_eq!(OptionComputation::decode(version, &body), Ok(computed), "{version}");
            }
        }
    }
}
