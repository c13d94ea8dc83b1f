//! The life of an order as the broker tells it: which word follows which, and which message codes
//! end an order.
//!
//! The broker's words come late, twice and out of order; a word that is not understood changes
//! nothing. Called by observation and reconciliation.

use gatehouse_types::OrderStatus;

/// Returns the status after the broker said `heard`, or `None` when it adds nothing.
pub(crate) const fn next(held: OrderStatus, heard: OrderStatus) -> Option<OrderStatus> {
    use OrderStatus::{
        Cancelled, Filled, Inactive, PendingCancel, PendingSubmit, PreSubmitted, Recording,
        Rejected, Sent, Submitted, Unknown, Withdrawn,
    };
    match (held, heard) {
        // Gatehouse's own words never come from the broker. Nothing follows a fill, and what was
        // withdrawn was never sent: a word on it is about another order of that id.
        (_, Recording | Sent | Withdrawn | Unknown) | (Filled | Withdrawn, _) => None,
        // A fill may overtake its cancellation.
        (_, Filled) => Some(Filled),
        // Only a fill follows a cancellation; the rest is late.
        (Cancelled, _) => None,
        // The order lives although a message had said otherwise: believe the one that counts more.
        (Rejected, PendingSubmit | PreSubmitted | Submitted | PendingCancel | Inactive) => {
            Some(heard)
        }
        (_, Cancelled) => Some(Cancelled),
        (_, Rejected) => Some(Rejected),
        // PendingSubmit is the first word; after another one it is late.
        (PreSubmitted | Submitted | PendingCancel | Inactive, PendingSubmit) => None,
        // A refused cancel leads back to work.
        (
            Recording | Sent | Unknown | PendingSubmit | PreSubmitted | Submitted | PendingCancel
            | Inactive,
            PendingSubmit | PreSubmitted | Submitted | PendingCancel | Inactive,
        ) => Some(heard),
    }
}

/// What a message code on an order id means for the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// 202.
    Cancelled,
    /// 201: a new order is dead; of one that works, a change failed.
    Rejected,
    /// Ends an order of which nothing else was heard; of one that works, a change failed.
    NotAccepted,
    /// Like `NotAccepted`, or about a request of the same number: the lists decide.
    Doubtful,
    /// A change failed, the order works on.
    ChangeFailed,
    /// 10147: the broker does not know the id.
    NotThere,
    /// 10328: it may or may not be there.
    FateUnknown,
    /// A warning, or a code that is not known: it never ends an order.
    Nothing,
}

/// Codes, from and to, that refuse an order or a field of it.
const NOT_ACCEPTED: &[(i32, i32)] = &[
    (103, 103),
    (106, 106),
    (107, 107),
    (109, 111),
    (113, 113),
    (116, 116),
    (117, 117),
    (125, 125),
    (126, 126),
    (132, 132),
    (133, 133),
    (140, 140),
    (141, 141),
    (144, 148),
    (152, 152),
    (154, 154),
    (157, 160),
    (163, 163),
    (203, 203),
    (303, 303),
    (311, 315),
    (325, 325),
    (328, 328),
    (329, 329),
    (332, 337),
    (343, 343),
    (346, 348),
    (352, 352),
    (353, 353),
    (355, 355),
    (356, 356),
    (358, 364),
    (382, 382),
    (383, 383),
    (387, 387),
    (388, 388),
    (391, 391),
    (392, 392),
    (395, 397),
    (400, 400),
    (402, 402),
    (403, 403),
    (406, 406),
    (407, 407),
    (411, 413),
    (422, 422),
    (426, 426),
    (434, 436),
    (439, 443),
    (460, 460),
    (10006, 10006),
    (10015, 10015),
    (10020, 10020),
    (10241, 10252),
    (10268, 10270),
    (10274, 10274),
    (10311, 10311),
    (10314, 10314),
    (10315, 10315),
    (10324, 10327),
    (10329, 10329),
    (10330, 10330),
    (10340, 10340),
    (10341, 10341),
];

/// Reads a message code. Source: reference list of error codes.
pub(crate) fn meaning(code: i32) -> Meaning {
    match code {
        202 => Meaning::Cancelled,
        201 => Meaning::Rejected,
        104 | 105 | 134 | 2102 => Meaning::ChangeFailed,
        10147 => Meaning::NotThere,
        10328 => Meaning::FateUnknown,
        200 | 320..=323 => Meaning::Doubtful,
        code if NOT_ACCEPTED.iter().any(|(from, to)| (*from..=*to).contains(&code)) => {
            Meaning::NotAccepted
        }
        _ => Meaning::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_or_repeated_word_changes_nothing_and_a_fill_after_a_cancel_counts() {
        use OrderStatus::{
            Cancelled, Filled, PendingCancel, PendingSubmit, PreSubmitted, Recording, Rejected,
            Submitted, Unknown, Withdrawn,
        };
        for (held, heard, after) in [
            (Recording, Submitted, Some(Submitted)),
            (Submitted, PendingSubmit, None),
            (PendingCancel, Submitted, Some(Submitted)),
            (Cancelled, Submitted, None),
            (Cancelled, Filled, Some(Filled)),
            (Filled, Cancelled, None),
            (Rejected, PreSubmitted, Some(PreSubmitted)),
            (Unknown, Filled, Some(Filled)),
            (Submitted, Unknown, None),
            (Withdrawn, Filled, None),
        ] {
            assert_eq!(next(held, heard), after, "{held} then {heard}");
        }
    }

    #[test]
    fn an_unknown_code_or_a_warning_ends_nothing() {
        for code in [399, 404, 2109, 10349, 165, 0, -1, 99_999, 10_399] {
            assert_eq!(meaning(code), Meaning::Nothing, "{code}");
        }
        assert_eq!(meaning(110), Meaning::NotAccepted);
        for code in -10..20_000 {
            if !gatehouse_codes::meaning(code, "").is_known() {
                assert_eq!(meaning(code), Meaning::Nothing, "{code} is in no book");
            }
        }
    }

    #[test]
    fn what_ends_an_order_here_may_end_it_by_the_error_book_and_the_reverse() {
        use gatehouse_codes::EndsOrder;
        // Hearsay and refusals of fields that the broker's lists decide.
        let left_open = [10149, 10287, 10288, 10289, 10290, 10291, 10292, 10293];
        for line in gatehouse_codes::lines() {
            for code in line.first..=line.last {
                let is_ending = meaning(code) == Meaning::NotAccepted || left_open.contains(&code);
                let by_book = line.otherwise.ends_order == EndsOrder::IfNew;
                assert_eq!(by_book, is_ending, "{code}");
            }
        }
    }
}
