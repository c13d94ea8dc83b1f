//! Option chains (75, 76), the letters of exchanges (82), and how much traded at which price (89).

use gatehouse_types::Decimal;

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId};

/// securityDefinitionOptionParameter: the chain of one exchange and trading class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecDefOptParameter {
    pub req_id: ReqId,
    pub exchange: String,
    pub underlying_con_id: i32,
    pub trading_class: String,
    pub multiplier: String,
    /// `yyyymmdd`.
    pub expirations: Vec<String>,
    pub strikes: Vec<Decimal>,
}

answer_codec!(SecDefOptParameter = SecDefOptParameter);

impl Layout for SecDefOptParameter {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "exchange", &mut self.exchange)?;
        pass.int(3, "underlyingConId", &mut self.underlying_con_id)?;
        pass.text(4, "tradingClass", &mut self.trading_class)?;
        pass.text(5, "multiplier", &mut self.multiplier)?;
        pass.words(6, "expirations", &mut self.expirations)?;
        pass.doubles(7, "strikes", &mut self.strikes)
    }
}

/// securityDefinitionOptionParameterEnd: no more chains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SecDefOptParameterEnd {
    pub req_id: ReqId,
}

answer_codec!(SecDefOptParameterEnd = SecDefOptParameterEnd);

impl Layout for SecDefOptParameterEnd {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)
    }
}

/// smartComponents: the exchanges behind the letters of a consolidated quote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SmartComponents {
    pub req_id: ReqId,
    pub components: Vec<SmartComponent>,
}

answer_codec!(SmartComponents = SmartComponents);

impl Layout for SmartComponents {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.list(2, "smartComponents", &mut self.components)
    }
}

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SmartComponent {
    pub bit_number: i32,
    pub exchange: String,
    pub letter: String,
}

impl Layout for SmartComponent {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "bitNumber", &mut self.bit_number)?;
        pass.text(2, "exchange", &mut self.exchange)?;
        pass.text(3, "exchangeLetter", &mut self.letter)
    }
}

/// histogramData: how much traded at each price.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistogramData {
    pub req_id: ReqId,
    pub entries: Vec<HistogramEntry>,
}

answer_codec!(HistogramData = HistogramData);

impl Layout for HistogramData {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.list(2, "histogramDataEntries", &mut self.entries)
    }
}

/// One price, and how much traded at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HistogramEntry {
    pub price: Decimal,
    pub size: Decimal,
}

impl Layout for HistogramEntry {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.double(1, "price", &mut self.price)?;
        pass.amount(2, "size", &mut self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;
    use crate::request::{
        CancelHistogramData, HistogramDataRequest, Request, SecDefOptParamsRequest,
        SmartComponentsRequest,
    };

    fn decimals(values: &[&str]) -> Vec<Decimal> {
        values.iter().map(|text| text.parse().expect("is a decimal")).collect()
    }

    fn chain() -> SecDefOptParameter {
        SecDefOptParameter {
            req_id: ReqId::new(7),
            exchange: "SMART".to_owned(),
            underlying_con_id: 265_598,
            trading_class: "AAPL".to_owned(),
            multiplier: "100".to_owned(),
            expirations: vec!["20260116".to_owned(), "20260220".to_owned()],
            strikes: decimals(&["267.5", "270"]),
        }
    }

    #[test]
    fn answers_read_back_at_every_version() {
        let req_id = ReqId::new(7);
        let component =
            SmartComponent { bit_number: 1, exchange: "ARCA".into(), letter: "P".into() };
        let smart = SmartComponents { req_id, components: vec![component] };
        let entries = decimals(&["684.25", "684.5"])
            .into_iter()
            .map(|price| HistogramEntry { price, size: Decimal::from(300) })
            .collect();
        let histogram = HistogramData { req_id, entries };
        let end = SecDefOptParameterEnd { req_id };
        for version in (157..=226).map(ServerVersion::new) {
            let body = chain().encode(version).expect("encodes");
            assert_eq!(SecDefOptParameter::decode(version, &body), Ok(chain()));
            let body = end.encode(version).expect("encodes");
            assert_eq!(SecDefOptParameterEnd::decode(version, &body), Ok(end));
            let body = smart.encode(version).expect("encodes");
            assert_eq!(SmartComponents::decode(version, &body).as_ref(), Ok(&smart));
            let body = histogram.encode(version).expect("encodes");
            assert_eq!(HistogramData::decode(version, &body).as_ref(), Ok(&histogram));
        }
    }

    #[test]
    fn a_chain_is_written_as_the_official_client_reads_it() {
        let text = chain().encode(ServerVersion::new(178)).expect("encodes");
        let expected = "75\u{0}7\u{0}SMART\u{0}265598\u{0}AAPL\u{0}100\u{0}2\u{0}20260116\u{0}20260220\u{0}2\u{0}267.5\u{0}270\u{0}";
        assert_eq!(String::from_utf8_lossy(&text), expected);
    }

    #[test]
    fn packed_strikes_are_read_too() {
        let version = ServerVersion::new(226);
        let mut body = (200_i32 + 75).to_be_bytes().to_vec();
        body.extend([0x3A, 16]);
        body.extend(267.5_f64.to_le_bytes());
        body.extend(270_f64.to_le_bytes());
        let read = SecDefOptParameter::decode(version, &body).expect("is a chain");
        assert_eq!(read.strikes, decimals(&["267.5", "270"]));
        body.pop();
        if let Some(length) = body.get_mut(5) {
            *length = 15;
        }
        assert!(SecDefOptParameter::decode(version, &body).is_err());
    }

    #[test]
    fn requests_read_back_at_every_version() {
        let req_id = ReqId::new(9);
        let asked = [
            Request::SecDefOptParams(SecDefOptParamsRequest {
                req_id,
                underlying_symbol: "SPY".to_owned(),
                underlying_sec_type: "STK".to_owned(),
                underlying_con_id: 756_733,
                ..SecDefOptParamsRequest::default()
            }),
            Request::SmartComponents(SmartComponentsRequest {
                req_id,
                bbo_exchange: "9c0001".to_owned(),
            }),
            Request::HistogramData(HistogramDataRequest {
                req_id,
                use_rth: true,
                time_period: "3 days".to_owned(),
                ..HistogramDataRequest::default()
            }),
            Request::CancelHistogramData(CancelHistogramData { req_id }),
        ];
        for version in (157..=226).map(ServerVersion::new) {
            for request in &asked {
                let body = request.encode(version).expect("encodes");
                let read = Request::decode(version, &body).expect("is a request");
                assert_eq!(read, *request, "{version}");
            }
        }
    }
}
