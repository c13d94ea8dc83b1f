//! How much market data an account may have at once, over all of its clients.
//!
//! It must never know who asks. Called by the server before it takes a subscription.

/// Lines of a plain account.
const USUAL_LINES: usize = 100;
/// Books for fewer than 400 lines, and the most that any account has.
const BOOKS: (usize, usize) = (3, 60);
/// Streams of single ticks for up to 100 lines.
const STREAMS_MIN: usize = 5;

/// What an account may have, which follows from its lines.
///
/// Source: the broker's page about market data: 100 lines at least, a book for each hundred but
/// three at least and 60 at most, and streams of single ticks for 5 % of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    lines: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self::of_lines(USUAL_LINES)
    }
}

impl Allowance {
    /// Makes the allowance of an account with so many lines.
    #[must_use]
    pub const fn of_lines(lines: usize) -> Self {
        Self { lines }
    }

    /// Returns how many lines there may be.
    #[must_use]
    pub const fn lines(self) -> usize {
        self.lines
    }

    /// Returns of how many instruments there may be books.
    #[must_use]
    pub fn books(self) -> usize {
        (self.lines / 100).clamp(BOOKS.0, BOOKS.1)
    }

    /// Returns how many streams of single ticks there may be.
    #[must_use]
    pub fn streams(self) -> usize {
        (self.lines / 20).max(STREAMS_MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn books_and_streams_follow_from_the_lines() {
        for (lines, books, streams) in
            [(100, 3, 5), (1, 3, 5), (399, 3, 19), (400, 4, 20), (1_000, 10, 50), (9_000, 60, 450)]
        {
            let allowance = Allowance::of_lines(lines);
            assert_eq!((allowance.books(), allowance.streams()), (books, streams), "{lines}");
        }
        assert_eq!(Allowance::default().lines(), 100);
    }
}
