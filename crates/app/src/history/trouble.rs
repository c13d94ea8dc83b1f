//! What an error of the broker means for a question about the past, by the error book.

use gatehouse_codes::{Category, Severity, meaning};
use gatehouse_desk::DeskError;
use gatehouse_history::plan::Trouble;

use crate::failure::chain;

/// Returns what to do about an error.
pub(super) fn trouble(error: &DeskError) -> Trouble {
    let Some((code, text)) = error.notice() else {
        return match error {
            DeskError::NoSuchBars { .. } | DeskError::Inexact { .. } => {
                Trouble::Blocked(format!("{error}."))
            }
            DeskError::Start(_)
            | DeskError::NotConnected
            | DeskError::TimedOut
            | DeskError::Ended { .. }
            | DeskError::Asking { .. }
            | DeskError::NotOneAccount { .. } => Trouble::Later(format!("{}.", chain(error))),
        };
    };
    of_code(code, text)
}

fn of_code(code: i32, text: &str) -> Trouble {
    let meaning = meaning(code, text);
    let text = text.trim_end_matches('.');
    let said = || format!("{} ({code}): {text}. {}", meaning.title, meaning.action);
    match meaning.category {
        Category::NoData => Trouble::NoData,
        Category::Pacing => Trouble::Pacing,
        Category::Connectivity | Category::Info | Category::Warning | Category::System => {
            Trouble::Later(said())
        }
        // A request that the broker does not know any more is asked again.
        Category::RequestError if meaning.severity == Severity::Info => Trouble::Later(said()),
        Category::DataPermission
        | Category::RequestError
        | Category::Client
        | Category::OrderReject
        | Category::OrderWarning => Trouble::Blocked(said()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_leads_to_what_it_asks_for() {
        let service = "Historical Market Data Service error message:";
        for (code, text, expected) in [
            (162, "Historical data request pacing violation", Trouble::Pacing),
            (162, "HMDS query returned no data: SPY@SMART Trades", Trouble::NoData),
            (166, "HMDS Expired Contract Violation", Trouble::NoData),
        ] {
            assert_eq!(of_code(code, &format!("{service}{text}")), expected, "{code} {text}");
        }
        for (code, text) in [
            (162, "API historical data query cancelled: 7"),
            (162, "HMDS connection attempt failed."),
            (366, "No historical data query found for ticker id:7"),
            (1100, "Connectivity between IBKR and TWS has been lost."),
        ] {
            let trouble = of_code(code, text);
            let is_said =
                matches!(&trouble, Trouble::Later(why) if why.contains(&code.to_string()));
            assert!(is_said, "{trouble:?}");
        }
        for (code, text) in [
            (162, "No market data permissions for NYSE STK"),
            (162, "No data of type EODChart is available for the exchange 'SMART'"),
            (200, "No security definition has been found for the request"),
            (321, "Error validating request"),
        ] {
            let trouble = of_code(code, text);
            assert!(
                matches!(&trouble, Trouble::Blocked(why) if why.contains(&code.to_string())),
                "{trouble:?}"
            );
        }
    }
}
