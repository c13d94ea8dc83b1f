//! The book as a whole: complete, in order, and in words fit for people.

use gatehouse_codes::{Case, Category, EndsOrder, Line, Severity, Source, lines, meaning};

/// Every number of the reference list; runs are written as from and to.
const REFERENCE: &[(i32, i32)] = &[
    (100, 107),
    (109, 111),
    (113, 113),
    (116, 117),
    (125, 126),
    (131, 136),
    (140, 141),
    (144, 148),
    (151, 152),
    (154, 154),
    (157, 166),
    (200, 203),
    (300, 303),
    (309, 317),
    (319, 323),
    (325, 337),
    (343, 344),
    (346, 348),
    (352, 366),
    (382, 383),
    (385, 388),
    (391, 392),
    (395, 397),
    (399, 400),
    (402, 404),
    (406, 407),
    (411, 414),
    (420, 420),
    (422, 422),
    (426, 426),
    (430, 430),
    (434, 436),
    (439, 443),
    (460, 460),
    (481, 481),
    (492, 492),
    (501, 589),
    (1100, 1102),
    (1300, 1300),
    (2100, 2111),
    (2119, 2119),
    (2130, 2130),
    (2137, 2137),
    (2148, 2148),
    (2152, 2152),
    (2157, 2158),
    (2161, 2161),
    (2168, 2169),
    (2174, 2174),
    (2176, 2176),
    (2187, 2188),
    (10006, 10006),
    (10015, 10015),
    (10020, 10020),
    (10052, 10052),
    (10089, 10092),
    (10137, 10138),
    (10147, 10149),
    (10167, 10168),
    (10182, 10182),
    (10185, 10187),
    (10189, 10190),
    (10197, 10197),
    (10225, 10225),
    (10230, 10231),
    (10233, 10233),
    (10241, 10252),
    (10268, 10270),
    (10274, 10274),
    (10276, 10285),
    (10287, 10293),
    (10299, 10299),
    (10309, 10309),
    (10311, 10311),
    (10314, 10315),
    (10324, 10330),
    (10339, 10341),
    (10346, 10347),
    (10349, 10349),
];

/// Codes that the engine takes for the end of an order of which nothing else was heard.
const ENGINE_ENDS: &[(i32, i32)] = &[
    (103, 103),
    (106, 107),
    (109, 111),
    (113, 113),
    (116, 117),
    (125, 126),
    (132, 133),
    (140, 141),
    (144, 148),
    (152, 152),
    (154, 154),
    (157, 160),
    (163, 163),
    (203, 203),
    (303, 303),
    (311, 315),
    (325, 325),
    (328, 329),
    (332, 337),
    (343, 343),
    (346, 348),
    (352, 353),
    (355, 356),
    (358, 364),
    (382, 383),
    (387, 388),
    (391, 392),
    (395, 397),
    (400, 400),
    (402, 403),
    (406, 407),
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
    (10314, 10315),
    (10324, 10327),
    (10329, 10330),
    (10340, 10341),
];

fn readings(line: &Line) -> impl Iterator<Item = &Case> {
    std::iter::once(&line.otherwise).chain(line.cases)
}

#[test]
fn every_number_of_the_reference_list_is_in_the_book() {
    for (from, to) in REFERENCE {
        for code in *from..=*to {
            assert!(meaning(code, "").is_known(), "{code}");
        }
    }
    assert!(REFERENCE.is_sorted());
}

#[test]
fn no_two_lines_meet_and_all_are_in_order() {
    let all: Vec<&Line> = lines().collect();
    assert!(all.len() > 300, "{}", all.len());
    for line in &all {
        assert!(line.first <= line.last, "{}", line.first);
    }
    for pair in all.windows(2) {
        assert!(pair[0].last < pair[1].first, "{} and {}", pair[0].last, pair[1].first);
    }
    // What is found is the line itself, at both ends of a run, and not its neighbour.
    for line in all {
        for code in [line.first, line.last] {
            assert_eq!(meaning(code, "").title, line.otherwise.title, "{code}");
        }
    }
}

#[test]
fn sentences_are_sentences_and_titles_are_short() {
    for line in lines() {
        for Case { words, title, cause, action, .. } in readings(line) {
            let code = line.first;
            for sentence in [cause, action] {
                assert!(sentence.ends_with('.'), "{code}: {sentence}");
                assert!(sentence.starts_with(|c: char| c.is_uppercase()), "{code}: {sentence}");
                assert!(!sentence.contains("  ") && sentence.len() < 240, "{code}: {sentence}");
            }
            assert!((4..=56).contains(&title.len()) && !title.ends_with('.'), "{code}: {title}");
            for text in [title, cause, action] {
                assert!(text.is_ascii() && !text.contains('!'), "{code}: {text}");
            }
            for word in *words {
                assert_eq!(*word, word.to_ascii_lowercase(), "{code}");
            }
        }
    }
}

#[test]
fn nobody_is_blamed_and_the_broker_is_not_quoted() {
    // The last four open the broker's own sentences.
    let unwelcome = [
        "you failed",
        "your fault",
        "mistake",
        "stupid",
        "you forgot",
        "illegal",
        "wrongly",
        "something went wrong",
        "sorry",
        "please",
        "you must",
        "no security definition",
        "has been exceeded",
        "sending error",
        "order message error",
    ];
    for line in lines() {
        for Case { title, cause, action, .. } in readings(line) {
            let text = format!("{title} {cause} {action}").to_lowercase();
            for word in unwelcome {
                assert!(!text.contains(word), "{}: {word}", line.first);
            }
        }
    }
}

#[test]
fn cases_can_all_be_reached() {
    for line in lines() {
        for (index, case) in line.cases.iter().enumerate() {
            for word in case.words {
                let earlier = &line.cases[..index];
                let is_hidden =
                    earlier.iter().any(|other| other.words.iter().any(|w| word.contains(w)));
                assert!(!is_hidden, "{}: {word}", line.first);
                assert_eq!(meaning(line.first, &word.to_uppercase()).title, case.title);
            }
            assert!(!case.words.is_empty());
        }
        assert!(line.otherwise.words.is_empty());
    }
}

#[test]
fn what_ends_an_order_for_the_engine_ends_it_in_the_book() {
    let ends = |code: i32| ENGINE_ENDS.iter().any(|(from, to)| (*from..=*to).contains(&code));
    // Refusals of the list that the engine leaves to the broker's lists.
    let left_open = [10149, 10287, 10288, 10289, 10290, 10291, 10292, 10293];
    for line in lines() {
        for code in line.first..=line.last {
            let expected = ends(code) || left_open.contains(&code);
            assert_eq!(line.otherwise.ends_order == EndsOrder::IfNew, expected, "{code}");
        }
    }
    for (code, expected) in [
        (201, EndsOrder::Yes),
        (202, EndsOrder::Yes),
        (200, EndsOrder::Unsure),
        (321, EndsOrder::Unsure),
        (10328, EndsOrder::Unsure),
        (399, EndsOrder::Never),
        (404, EndsOrder::Never),
        (2109, EndsOrder::Never),
        (10349, EndsOrder::Never),
        (10147, EndsOrder::Never),
        (105, EndsOrder::Never),
    ] {
        assert_eq!(meaning(code, "").ends_order, expected, "{code}");
    }
}

#[test]
fn an_unknown_code_never_ends_an_order_and_is_judged_by_its_range() {
    for (code, severity, category) in [
        (2150, Severity::Low, Category::Warning),
        (2999, Severity::Low, Category::Warning),
        (10_399, Severity::Medium, Category::RequestError),
        (1200, Severity::High, Category::System),
        (599, Severity::Medium, Category::Client),
        (777, Severity::Medium, Category::RequestError),
        (-1, Severity::Medium, Category::RequestError),
        (i32::MAX, Severity::Medium, Category::RequestError),
        (i32::MIN, Severity::Medium, Category::RequestError),
    ] {
        let meaning = meaning(code, "Order rejected - reason:margin");
        assert_eq!((meaning.severity, meaning.category), (severity, category), "{code}");
        assert!(!meaning.is_known() && meaning.source == Source::Unknown, "{code}");
        assert_eq!(meaning.ends_order, EndsOrder::Never, "{code}");
        assert!(meaning.cause.ends_with('.') && meaning.action.ends_with('.'));
    }
    for code in -10..20_000 {
        if lines().all(|line| code < line.first || line.last < code) {
            assert_eq!(meaning(code, "").ends_order, EndsOrder::Never, "{code}");
        }
    }
}

#[test]
fn marks_of_the_reference_list_are_kept() {
    for code in [
        2157, 2174, 2176, 2187, 2188, 460, 492, 10089, 10091, 10092, 10149, 10167, 10168, 10185,
        10274, 10349,
    ] {
        assert_eq!(meaning(code, "").source, Source::Seen, "{code}");
    }
    for code in [2148, 2161, 10052, 10137, 10138, 10182, 10190] {
        assert_eq!(meaning(code, "").source, Source::Unverified, "{code}");
    }
    for code in [100, 1100, 201, 321, 10147, 10197, 10347] {
        assert_eq!(meaning(code, "").source, Source::Official, "{code}");
    }
}
