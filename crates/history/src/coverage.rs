//! Which spans of a series are known: asked for, and answered. Pure arithmetic.

/// A span that was answered, from inclusive to exclusive, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub from: i64,
    pub to: i64,
    /// The answer was that there is nothing.
    pub is_empty: bool,
}

/// Returns the spans with one more laid over them: in order, none over another, neighbours of one
/// kind joined.
#[must_use]
pub(crate) fn laid(known: &[Span], new: Span) -> Vec<Span> {
    if new.to <= new.from {
        return known.to_vec();
    }
    let mut spans: Vec<Span> = vec![new];
    for span in known {
        let before = Span { to: span.to.min(new.from), ..*span };
        let after = Span { from: span.from.max(new.to), ..*span };
        spans.extend([before, after].into_iter().filter(|part| part.from < part.to));
    }
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.to == span.from && last.is_empty == span.is_empty => {
                last.to = span.to;
            }
            Some(_) | None => joined.push(span),
        }
    }
    joined
}

/// Returns the spans without `[from, to)`, which is a gap again.
#[must_use]
pub(crate) fn without(known: &[Span], from: i64, to: i64) -> Vec<Span> {
    let parts = known.iter().flat_map(|span| {
        let before = Span { to: span.to.min(from), ..*span };
        let after = Span { from: span.from.max(to), ..*span };
        [before, after]
    });
    parts.filter(|part| part.from < part.to).collect()
}

/// Returns what of `[from, to)` is not known, in order.
#[must_use]
pub(crate) fn gaps(known: &[Span], from: i64, to: i64) -> Vec<(i64, i64)> {
    let mut gaps = Vec::new();
    let mut at = from;
    for span in known {
        if span.from > at && at < to {
            gaps.push((at, span.from.min(to)));
        }
        at = at.max(span.to);
    }
    if at < to {
        gaps.push((at, to));
    }
    gaps
}

/// Returns whether nothing of `[from, to)` is unknown.
#[must_use]
pub(crate) fn holds(known: &[Span], from: i64, to: i64) -> bool {
    let first = known.partition_point(|span| span.to <= from);
    let mut at = from;
    for span in known.iter().skip(first) {
        if at >= to || span.from > at {
            break;
        }
        at = span.to;
    }
    at >= to
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(from: i64, to: i64) -> Span {
        Span { from, to, is_empty: false }
    }

    fn empty(from: i64, to: i64) -> Span {
        Span { from, to, is_empty: true }
    }

    #[test]
    fn a_new_answer_takes_the_place_of_older_ones() {
        for (known, new, expected) in [
            (vec![], full(0, 10), vec![full(0, 10)]),
            (vec![full(0, 10)], full(10, 20), vec![full(0, 20)]),
            (vec![full(0, 10)], empty(10, 20), vec![full(0, 10), empty(10, 20)]),
            (vec![empty(0, 30)], full(10, 20), vec![empty(0, 10), full(10, 20), empty(20, 30)]),
            (vec![full(0, 10), full(20, 30)], full(5, 25), vec![full(0, 30)]),
            (vec![full(0, 10)], full(5, 5), vec![full(0, 10)]),
        ] {
            assert_eq!(laid(&known, new), expected, "{new:?} over {known:?}");
        }
    }

    #[test]
    fn what_is_given_back_is_a_gap_again() {
        let known = [full(10, 20), empty(20, 30)];
        for (from, to, expected) in [
            (15, 25, vec![full(10, 15), empty(25, 30)]),
            (0, 30, vec![]),
            (12, 14, vec![full(10, 12), full(14, 20), empty(20, 30)]),
            (40, 50, known.to_vec()),
        ] {
            assert_eq!(without(&known, from, to), expected, "{from} to {to}");
        }
    }

    #[test]
    fn what_nobody_asked_for_is_a_gap() {
        let known = [full(10, 20), empty(20, 30), full(40, 50)];
        for (from, to, expected) in [
            (0, 60, vec![(0, 10), (30, 40), (50, 60)]),
            (12, 28, vec![]),
            (25, 35, vec![(30, 35)]),
            (0, 5, vec![(0, 5)]),
            (50, 50, vec![]),
        ] {
            assert_eq!(gaps(&known, from, to), expected, "{from} to {to}");
            assert_eq!(holds(&known, from, to), expected.is_empty(), "{from} to {to}");
        }
    }
}
