//! Reads one message.

use crate::book;
use crate::line::{Case, Category, EndsOrder, Severity, Source};

/// What one message means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    pub code: i32,
    /// A few words, without a full stop.
    pub title: &'static str,
    /// What happened and what usually brings it about.
    pub cause: &'static str,
    /// What to do, in one sentence.
    pub action: &'static str,
    pub category: Category,
    pub severity: Severity,
    pub ends_order: EndsOrder,
    pub source: Source,
}

impl Meaning {
    /// Returns whether the code is in the book.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.source != Source::Unknown
    }

    const fn of(code: i32, case: &Case) -> Self {
        Self {
            code,
            title: case.title,
            cause: case.cause,
            action: case.action,
            category: case.category,
            severity: case.severity,
            ends_order: case.ends_order,
            source: case.source,
        }
    }

    /// Never ends an order, whatever the range: numbers are added without notice.
    const fn unknown(code: i32) -> Self {
        let (category, severity, cause) = match code {
            2100..=2999 => (
                Category::Warning,
                Severity::Low,
                "The book does not have this code. Its range is that of warnings, after which the broker goes on.",
            ),
            10_000..=10_999 => (
                Category::RequestError,
                Severity::Medium,
                "The book does not have this code. In its range are refused orders and refused requests alike.",
            ),
            500..=599 => (
                Category::Client,
                Severity::Medium,
                "The book does not have this code. Its range belongs to client libraries, not to the broker.",
            ),
            1000..=1999 => (
                Category::System,
                Severity::High,
                "The book does not have this code. Its range is that of messages about the connection.",
            ),
            _ => (
                Category::RequestError,
                Severity::Medium,
                "The book does not have this code, so what it means is not known.",
            ),
        };
        Self {
            code,
            title: "Not in the error book",
            cause,
            action: "Read the broker's text, and compare what it names with the broker's own list before acting.",
            category,
            severity,
            ends_order: EndsOrder::Never,
            source: Source::Unknown,
        }
    }
}

/// Returns what a message means, by its code and, where the code says little, by its text.
///
/// Upper and lower case in the text do not matter. An unknown code is a [`Meaning`] too, with a
/// severity by its range, and never ends an order.
#[must_use]
pub fn meaning(code: i32, text: &str) -> Meaning {
    book::find(code).map_or_else(
        || Meaning::unknown(code),
        |line| Meaning::of(code, line.read(&text.to_ascii_lowercase())),
    )
}
