//! What a scanner knows, as the XML that programs look through: instruments, places, rankings and
//! filters, in the elements and the nesting of the real one and far fewer of them.

use std::fmt::Write as _;

use crate::world::scan::{CODES, COMBO_CODES};

const INSTRUMENTS: &[(&str, &str, &str)] = &[
    ("US Stocks", "STK", "STK"),
    ("US Equity ETFs", "ETF.EQ.US", "STK"),
    ("Native Combos", "NATCOMB", "BAG"),
];

/// A place, and what is below it.
struct Place {
    instrument: &'static str,
    name: &'static str,
    code: &'static str,
    below: &'static [(&'static str, &'static str)],
}

const PLACES: &[Place] = &[
    Place {
        instrument: "STK",
        name: "US Stocks",
        code: "STK.US",
        below: &[
            ("Listed/NASDAQ", "STK.US.MAJOR"),
            ("NYSE", "STK.NYSE"),
            ("ARCA", "STK.ARCA"),
            ("NASDAQ", "STK.NASDAQ"),
        ],
    },
    Place {
        instrument: "ETF.EQ.US",
        name: "US Equity ETFs",
        code: "ETF.EQ.US",
        below: &[("Listed/NASDAQ", "ETF.EQ.US.MAJOR"), ("ARCA", "ETF.EQ.ARCA")],
    },
    Place { instrument: "NATCOMB", name: "US Option Combos", code: "NATCOMB.OPT.US", below: &[] },
];

/// Ranges by their name, and the codes of their two ends.
const FILTERS: &[(&str, &str, &str)] =
    &[("PRICE", "priceAbove", "priceBelow"), ("VOLUME", "volumeAbove", "volumeBelow")];

/// Returns the whole document.
pub(super) fn xml() -> String {
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ScanParameterResponse>\n");
    xml.push_str("<InstrumentList varName=\"instrumentList\">\n");
    for (name, kind, sec_type) in INSTRUMENTS {
        line(
            &mut xml,
            &format!(
                "<Instrument><name>{name}</name><type>{kind}</type><secType>{sec_type}</secType><filters>PRICE,VOLUME</filters><group>STK.GLOBAL</group><shortName>US</shortName></Instrument>"
            ),
        );
    }
    xml.push_str("</InstrumentList>\n<LocationTree varName=\"locationTree\">\n");
    for Place { instrument, name, code, below } in PLACES {
        line(
            &mut xml,
            &format!(
                "<Location><displayName>{name}</displayName><locationCode>{code}</locationCode><instruments>{instrument}</instruments><routeExchange>SMART</routeExchange><access>unrestricted</access><LocationTree varName=\"locationTree\">"
            ),
        );
        for (name, code) in *below {
            line(
                &mut xml,
                &format!(
                    "<Location><displayName>{name}</displayName><locationCode>{code}</locationCode><instruments>{instrument}</instruments><routeExchange>SMART</routeExchange><access>unrestricted</access></Location>"
                ),
            );
        }
        xml.push_str("</LocationTree></Location>\n");
    }
    xml.push_str("</LocationTree>\n<ScanTypeList varName=\"scanTypeList\">\n");
    let of_stocks = CODES.iter().map(|(code, name, _)| (code, name, "STK,ETF.EQ.US"));
    let of_combos = COMBO_CODES.iter().map(|(code, name)| (code, name, "NATCOMB"));
    for (code, name, instruments) in of_stocks.chain(of_combos) {
        line(
            &mut xml,
            &format!(
                "<ScanType><displayName>{name}</displayName><scanCode>{code}</scanCode><instruments>{instruments}</instruments><absoluteColumns>false</absoluteColumns><supportsSorting>true</supportsSorting><respSizeLimit>2147483647</respSizeLimit><searchName>scanSearch</searchName><access>unrestricted</access></ScanType>"
            ),
        );
    }
    xml.push_str("</ScanTypeList>\n<FilterList varName=\"filterList\">\n");
    for (id, above, below) in FILTERS {
        line(
            &mut xml,
            &format!(
                "<RangeFilter><id>{id}</id><category>General</category><access>unrestricted</access><AbstractField type=\"scanner.filter.DoubleField\" varName=\"min\"><code>{above}</code><displayName>Above</displayName></AbstractField><AbstractField type=\"scanner.filter.DoubleField\" varName=\"max\"><code>{below}</code><displayName>Below</displayName></AbstractField></RangeFilter>"
            ),
        );
    }
    xml.push_str("</FilterList>\n</ScanParameterResponse>\n");
    xml
}

fn line(xml: &mut String, text: &str) {
    writeln!(xml, "{text}").expect("a string takes every text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_that_is_opened_is_closed_and_every_code_is_there() {
        let xml = xml();
        let (_, body) = xml.split_once("?>").expect("has a head");
        let mut open: Vec<&str> = Vec::new();
        for piece in body.split('<').skip(1) {
            let (tag, _) = piece.split_once('>').expect("ends");
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name)),
                None => open.push(tag.split(' ').next().expect("has a name")),
            }
        }
        assert_eq!(open, Vec::<&str>::new());
        let codes = CODES.iter().map(|(code, _, _)| code);
        for code in codes.chain(COMBO_CODES.iter().map(|(code, _)| code)) {
            assert!(xml.contains(&format!("<scanCode>{code}</scanCode>")), "{code}");
        }
    }
}
