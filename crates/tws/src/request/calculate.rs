//! Questions to the option model: the volatility behind a price (54, 56), the price of a volatility
//! (55, 57).

use gatehouse_types::Decimal;

use super::{RequestId, by_id, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId, TagValue, WireContract};
use crate::text::TextError;

/// calculateImpliedVolatility: which volatility explains a price of an option.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CalculateImpliedVolatility {
    pub req_id: ReqId,
    pub contract: WireContract,
    pub option_price: Decimal,
    pub under_price: Decimal,
    /// Reserved by the broker.
    pub options: Vec<TagValue>,
}

request_codec!(CalculateImpliedVolatility = CalculateImpliedVolatility);

impl Layout for CalculateImpliedVolatility {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(3)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        pass.double(3, "optionPrice", &mut self.option_price)?;
        pass.double(4, "underPrice", &mut self.under_price)?;
        lay_options("impliedVolatilityOptions", &mut self.options, pass)
    }
}

by_id!(
    /// cancelCalculateImpliedVolatility: the answer is not wanted any more.
    CancelCalculateImpliedVolatility = CancelCalculateImpliedVolatility, version 1
);

/// calculateOptionPrice: what an option is worth at a volatility.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CalculateOptionPrice {
    pub req_id: ReqId,
    pub contract: WireContract,
    /// Of a year, as a fraction: 0.25 is a quarter.
    pub volatility: Decimal,
    pub under_price: Decimal,
    /// Reserved by the broker.
    pub options: Vec<TagValue>,
}

request_codec!(CalculateOptionPrice = CalculateOptionPrice);

impl Layout for CalculateOptionPrice {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(3)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        pass.double(3, "volatility", &mut self.volatility)?;
        pass.double(4, "underPrice", &mut self.under_price)?;
        lay_options("optionPriceOptions", &mut self.options, pass)
    }
}

by_id!(
    /// cancelCalculateOptionPrice: the answer is not wanted any more.
    CancelCalculateOptionPrice = CancelCalculateOptionPrice, version 1
);

/// The official client of today and `@stoqey/ib` write the options in one field; the one of 9.81,
/// `ib_insync` and `ib_async` write their number in front.
fn lay_options<P: Pass>(name: &'static str, options: &mut Vec<TagValue>, pass: &mut P) -> Passed {
    if !pass.is_text() || pass.is_writing() {
        return pass.options(5, name, options);
    }
    let mut first = String::new();
    pass.text(0, name, &mut first)?;
    if !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit()) {
        return pass.options(0, name, options);
    }
    *options = first
        .split_terminator(';')
        .map(|pair| match pair.split_once('=') {
            Some((tag, value)) => Ok(TagValue { tag: tag.to_owned(), value: value.to_owned() }),
            None => Err(TextError::NotText { name }),
        })
        .collect::<Result<_, _>>()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;
    use crate::request::Request;
    use gatehouse_types::ConId;

    fn volatility() -> CalculateImpliedVolatility {
        CalculateImpliedVolatility {
            req_id: ReqId::new(9),
            contract: WireContract { con_id: Some(ConId::new(7)), ..WireContract::default() },
            option_price: Decimal::new(525, 2),
            under_price: Decimal::from(270),
            options: Vec::new(),
        }
    }

    #[test]
    fn both_spellings_of_the_options_are_read() {
        let version = ServerVersion::new(178);
        let start = b"54\x003\x009\x007\0\0\0\x000\0\0\0\0\0\0\0\x005.25\x00270\0".to_vec();
        for end in [&b"\0"[..], b"0\0\0"] {
            let body = [&start[..], end].concat();
            let read = CalculateImpliedVolatility::decode(version, &body).expect("is a question");
            let read = CalculateImpliedVolatility {
                contract: WireContract { strike: None, ..read.contract },
                ..read
            };
            assert_eq!(read, volatility());
        }
        let body = [&start[..], b"1\0a=b;\0"].concat();
        let read = CalculateImpliedVolatility::decode(version, &body).expect("is a question");
        assert_eq!(read.options, [TagValue { tag: "a".into(), value: "b".into() }]);
        assert!(CalculateImpliedVolatility::decode(version, &start).is_err());
    }

    #[test]
    fn protobuf_has_the_tags_of_the_official_client() {
        let mut body = 254_i32.to_be_bytes().to_vec();
        body.extend([0x08, 9, 0x12, 2, 0x08, 7, 0x19]);
        body.extend(5.25_f64.to_le_bytes());
        body.push(0x21);
        body.extend(270_f64.to_le_bytes());
        let version = ServerVersion::new(226);
        assert_eq!(CalculateImpliedVolatility::decode(version, &body), Ok(volatility()));
        if let Some(id) = body.get_mut(3) {
            *id = 255;
        }
        let priced = CalculateOptionPrice::decode(version, &body).expect("is a question");
        assert_eq!((priced.volatility, priced.under_price), (Decimal::new(525, 2), 270.into()));
    }

    #[test]
    fn requests_read_back_at_every_version() {
        let req_id = ReqId::new(9);
        let options = vec![TagValue { tag: "a".into(), value: "b".into() }];
        let asked = [
            Request::CalculateImpliedVolatility(CalculateImpliedVolatility {
                options,
                ..volatility()
            }),
            Request::CalculateOptionPrice(CalculateOptionPrice {
                req_id,
                volatility: Decimal::new(25, 2),
                under_price: Decimal::from(270),
                ..CalculateOptionPrice::default()
            }),
            Request::CancelCalculateImpliedVolatility(CancelCalculateImpliedVolatility { req_id }),
            Request::CancelCalculateOptionPrice(CancelCalculateOptionPrice { req_id }),
        ];
        for version in (157..=226).map(ServerVersion::new) {
            for request in &asked {
                let body = request.encode(version).expect("encodes");
                assert_eq!(Request::decode(version, &body).as_ref(), Ok(request), "{version}");
            }
        }
    }
}
