//! The window's menu of studies says what the studies are.

use gatehouse_studies::{Kind, Param, Place};

const MENU: &str = include_str!("../../../../ui/src/lib/chart/studies.ts");

/// Returns how the menu writes a param.
fn written(param: &Param) -> String {
    let Param { name, least, usual, is_whole, .. } = param;
    if *is_whole {
        format!(", period('{name}', {least}, {usual})")
    } else {
        format!(", factor('{name}', {usual})")
    }
}

#[test]
fn the_menu_of_the_window_has_every_study_with_its_params() {
    let rows: Vec<&str> = MENU
        .lines()
        .map(str::trim)
        .filter(|row| row.starts_with("over('") || row.starts_with("below('"))
        .collect();
    let listed = Kind::ALL.iter().filter(|kind| kind.place() != Place::InsteadOfPrice);
    let mut rows_left = rows.iter();
    for kind in listed {
        let place = if kind.place() == Place::OwnPane { "below" } else { "over" };
        let params: String = kind.params().iter().map(written).collect();
        let begin = format!("{place}('{}', ", kind.name());
        let end = format!(", '{}'{params}),", kind.title());
        let row = rows_left.next().copied().unwrap_or_default();
        assert!(row.starts_with(&begin) && row.ends_with(&end), "{row} is not {begin}…{end}");
    }
    assert_eq!(rows_left.next(), None, "there is no such study");
    assert!(MENU.contains(&format!("kind: '{}'", Kind::HeikinAshi.name())));
}

#[test]
fn the_menu_of_the_window_has_the_same_ranges() {
    let all = Kind::ALL.iter().flat_map(|kind| kind.params());
    for Param { least, most, is_whole, .. } in all {
        let written = if *is_whole {
            format!("least, most: {most}, usual, isWhole: true")
        } else {
            format!("least: {least}, most: {most}, usual, isWhole: false")
        };
        assert!(MENU.contains(&written), "{written}");
    }
}
