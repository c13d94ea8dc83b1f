//! One line of the error book, and the words that it is made of.

use std::fmt;

/// What a code is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    Info,
    Warning,
    /// The way to the broker, to one of its farms, or between a bot and the Gateway.
    Connectivity,
    OrderReject,
    /// An order lives, and something about it deserves a look.
    OrderWarning,
    /// A market-data subscription or permission is missing.
    DataPermission,
    /// More was asked for than the broker allows in a while or at once.
    Pacing,
    /// What was asked for does not exist at the broker; the question was right.
    NoData,
    /// A request other than an order was not carried out.
    RequestError,
    /// Said by the client library, not by the Gateway.
    Client,
    System,
}

impl Category {
    /// Returns the word that filters and columns show.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Connectivity => "connectivity",
            Self::OrderReject => "order-reject",
            Self::OrderWarning => "order-warning",
            Self::DataPermission => "data-permission",
            Self::Pacing => "pacing",
            Self::NoData => "no-data",
            Self::RequestError => "request-error",
            Self::Client => "client",
            Self::System => "system",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How bad a message is, from nothing to do up to trading is impaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// Returns the number of the reference list, 0 to 4.
    #[must_use]
    pub const fn level(self) -> u8 {
        match self {
            Self::Info => 0,
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
            Self::Critical => 4,
        }
    }
}

/// What a message on an order's id says about the life of that order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndsOrder {
    /// The order lives on, or no order is meant.
    Never,
    /// Ends an order of which nothing else was heard; of one that works, a change failed.
    IfNew,
    /// Ends the order.
    Yes,
    /// It may have ended: the broker's list of open orders decides.
    Unsure,
}

/// Where a line is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The broker's own table of codes.
    Official,
    /// Not in that table; client libraries, recordings or reports of traders have it.
    Seen,
    /// Hearsay; shown with that caution.
    Unverified,
    /// Said by Gatehouse itself.
    Gatehouse,
    /// Not in the book.
    Unknown,
}

/// A reading of a code that its text decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Any of these in the text, in lower case, chooses this case; the first case wins.
    pub words: &'static [&'static str],
    pub category: Category,
    pub severity: Severity,
    pub ends_order: EndsOrder,
    pub source: Source,
    pub title: &'static str,
    pub cause: &'static str,
    pub action: &'static str,
}

/// A code, or a run of codes that mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub first: i32,
    /// Equal to `first` but for a run.
    pub last: i32,
    /// What it means when no case fits.
    pub otherwise: Case,
    pub cases: &'static [Case],
}

impl Line {
    /// Returns the case that a text chooses; `text` is in lower case.
    pub(crate) fn read(&self, text: &str) -> &Case {
        let fits = |case: &&Case| case.words.iter().any(|word| text.contains(word));
        self.cases.iter().find(fits).unwrap_or(&self.otherwise)
    }
}

/// Writes a table of lines: number or run, category, severity, what becomes of an order, source,
/// then title, cause and action; in braces, the cases with the words that choose them.
macro_rules! lines {
    ($($first:literal $(..= $last:literal)?
        $category:ident $severity:tt $ends:ident $source:ident
        $title:literal $cause:literal $action:literal
        $({ $([$($word:literal),+] $c:ident $s:tt $e:ident $o:ident
               $t:literal $ca:literal $a:literal)+ })? ;)*) => {
        &[$($crate::line::Line {
            first: $first,
            last: $crate::line::last_of!($first $($last)?),
            otherwise: $crate::line::case!([] $category $severity $ends $source $title $cause $action),
            cases: &[$($($crate::line::case!([$($word),+] $c $s $e $o $t $ca $a)),+)?],
        }),*]
    };
}

macro_rules! case {
    ([$($word:literal),*] $category:ident $severity:tt $ends:ident $source:ident
        $title:literal $cause:literal $action:literal) => {
        $crate::line::Case {
            words: &[$($word),*],
            category: $crate::line::Category::$category,
            severity: $crate::line::severity!($severity),
            ends_order: $crate::line::EndsOrder::$ends,
            source: $crate::line::Source::$source,
            title: $title,
            cause: $cause,
            action: $action,
        }
    };
}

macro_rules! severity {
    (0) => {
        $crate::line::Severity::Info
    };
    (1) => {
        $crate::line::Severity::Low
    };
    (2) => {
        $crate::line::Severity::Medium
    };
    (3) => {
        $crate::line::Severity::High
    };
    (4) => {
        $crate::line::Severity::Critical
    };
}

macro_rules! last_of {
    ($first:literal) => {
        $first
    };
    ($first:literal $last:literal) => {
        $last
    };
}

pub(crate) use {case, last_of, lines, severity};
