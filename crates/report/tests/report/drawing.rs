//! The page and its drawings, read back.

use gatehouse_testkit::{bot, intent};
use gatehouse_types::{Contract, EntryKind, Mode, Refusal};
use roxmltree::{Document, Node};

use crate::world::{World, at, named, refusal, two_bots, usd};

fn drawings(page: &str) -> Vec<String> {
    page.split("<svg")
        .skip(1)
        .map(|part| {
            let end = part.find("</svg>").expect("is closed");
            format!("<svg{}</svg>", &part[..end])
        })
        .collect()
}

/// Whether a shape is filled or drawn in this colour.
fn is_in(node: &Node<'_, '_>, colour: &str) -> bool {
    ["fill", "stroke"].iter().any(|name| node.attribute(*name) == Some(colour))
}

fn count(svg: &str, tag: &str, of: impl Fn(&Node<'_, '_>) -> bool) -> usize {
    let document = Document::parse(svg).expect("is XML");
    document.descendants().filter(|node| node.has_tag_name(tag)).filter(of).count()
}

fn number(node: &Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).and_then(|text| text.parse().ok()).expect("is a number")
}

/// Everything that a drawing must have, whatever it shows.
fn check_whole(svg: &str) {
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    // The attribute is of the page's HTML, which declares the name space by its own rules.
    let document = Document::parse(svg).expect("is XML");
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let child =
        |tag| root.children().find(|node| node.has_tag_name(tag)).and_then(|node| node.text());
    let (title, summary) =
        (child("title").expect("has a title"), child("desc").expect("has a sentence"));
    assert_eq!(root.attribute("aria-label"), Some(format!("{title}. {summary}").as_str()));
    assert!(summary.ends_with('.'), "{summary}");
    let (width, height) = (number(&root, "width"), number(&root, "height"));
    for text in root.descendants().filter(|node| node.has_tag_name("text")) {
        let (x, y, size) = (number(&text, "x"), number(&text, "y"), number(&text, "font-size"));
        let words = text.text().unwrap_or_default().trim();
        // Inter's letters and figures are 0.6 em wide on average.
        let n_chars = u32::try_from(words.chars().count()).expect("fits");
        let long = f64::from(n_chars) * size * 0.6;
        let (left, right) = match text.attribute("text-anchor") {
            Some("end") => (x - long, x),
            Some("middle") => (x - long / 2.0, x + long / 2.0),
            _ => (x, x + long),
        };
        assert!(left >= -1.0 && right <= width + 1.0, "{words:?} is {left} to {right} of {width}");
        assert!(
            y - size / 2.0 >= 0.0 && y + size / 2.0 <= height,
            "{words:?} is at {y} of {height}"
        );
    }
}

#[test]
fn every_picture_is_named_and_keeps_its_text_inside() {
    let page = two_bots().page();
    let drawings = drawings(&page);
    assert_eq!(drawings.len(), 4);
    drawings.iter().for_each(|svg| check_whole(svg));
}

#[test]
fn a_line_has_a_step_for_each_result_and_its_name_at_its_end() {
    let drawings = drawings(&two_bots().page());
    let points = |svg: &str, colour: &str| {
        let document = Document::parse(svg).expect("is XML");
        let line = document.descendants().filter(|node| node.has_tag_name("polyline"));
        // What leads to a name is half as strong.
        line.filter(|node| is_in(node, colour) && node.attribute("opacity") == Some("1"))
            .map(|node| node.attribute("points").unwrap_or_default().split_whitespace().count())
            .max()
    };
    // One at zero, and two corners for each change.
    assert_eq!(points(&drawings[0], "#13181D"), Some(1 + 2 * 3));
    assert_eq!(points(&drawings[1], "#4654C8"), Some(1 + 2 * 2));
    assert_eq!(points(&drawings[1], "#0F817D"), Some(1 + 2));
    let has = |svg: &str, word: &str| {
        count(svg, "text", |node| node.text().unwrap_or_default().trim() == word)
    };
    for name in ["momentum-spy", "wild"] {
        assert_eq!(has(&drawings[1], name), 1, "{name} at its line");
        assert_eq!(has(&drawings[2], name), 1, "{name} at its bar");
    }
    assert_eq!(has(&drawings[2], "−50.25"), 1);
}

#[test]
fn a_half_hour_has_a_bar_and_refusals_are_hatched() {
    let drawings = drawings(&two_bots().page());
    let orders = &drawings[3];
    assert_eq!(count(orders, "rect", |node| is_in(node, "#A9B6C3")), 2);
    // The tint and the outline of one bar.
    assert_eq!(count(orders, "rect", |node| is_in(node, "#AE4A00")), 2);
    let slanted = |node: &Node<'_, '_>| {
        is_in(node, "#AE4A00") && node.attribute("points").is_some()
            || node.has_tag_name("line") && is_in(node, "#AE4A00")
    };
    assert!(count(orders, "polyline", slanted) + count(orders, "line", slanted) > 5);
    let words =
        |word: &str| count(orders, "text", |node| node.text().unwrap_or_default().trim() == word);
    assert_eq!((words("allowed 3"), words("refused 3")), (1, 1));
}

#[test]
fn many_bots_with_long_names_stay_inside_and_apart() {
    let mut world = World::default();
    for n in 0..14 {
        let name = named(&format!("a-bot-with-a-rather-long-name-{n}"));
        world.filled(at(10, n, 0), &name, usd("1.00"), Some(usd("123456789.01")));
        for _ in 0..40 {
            world.refused(at(15, 59, 0), &name);
        }
    }
    let drawings = drawings(&world.page());
    drawings.iter().for_each(|svg| check_whole(svg));
    let document = Document::parse(&drawings[1]).expect("is XML");
    let mut rows: Vec<i64> = document
        .descendants()
        .filter(|node| node.has_tag_name("text") && node.attribute("text-anchor") == Some("start"))
        .filter_map(|node| node.attribute("y").and_then(|y| y.parse().ok()))
        .collect();
    rows.sort_unstable();
    assert_eq!(rows.len(), 14);
    assert!(rows.windows(2).all(|pair| pair[1] - pair[0] >= 11), "{rows:?}");
}

#[test]
fn hostile_texts_are_only_text() {
    let hostile = "<script>alert(1)</script>\"'&<img src=x onerror=y>";
    let mut world = two_bots();
    world.gateway(Mode::Paper, hostile);
    let contract = Contract { symbol: hostile.to_owned(), ..intent().build().contract };
    let unknown = Refusal::ContractUnknown { symbol: hostile.to_owned() };
    world.judged(at(12, 0, 0), &bot(), intent().contract(contract).build(), vec![refusal(unknown)]);
    world.add(Some(at(12, 1, 0)), EntryKind::KillEngaged { reason: hostile.to_owned() });
    let page = world.page();
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
    for part in ["<script", "<img", "onerror=y>"] {
        assert!(!page.contains(part), "{part} is markup");
    }
    drawings(&page).iter().for_each(|svg| check_whole(svg));
}

#[test]
fn the_page_needs_nothing_from_outside() {
    let page = two_bots().page();
    for part in ["<script", "<link", "url(", "@import", "src=", "href="] {
        assert!(!page.contains(part), "{part} is in the page");
    }
    let addresses = page.matches("http://").count() + page.matches("https://").count();
    // The name of the SVG language in each drawing, which nothing opens.
    assert_eq!(addresses, page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count());
    assert!(page.contains("default-src 'none'"));
}
