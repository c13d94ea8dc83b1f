//! The table of controls in the README says what the code does.

use gatehouse_risk::controls::{self, Reach};
use gatehouse_types::{LimitId, LimitValue, Profile};

/// Returns the cells of the one row of the table whose cell of that column holds `text`.
fn row(column: usize, text: &str) -> Vec<String> {
    let cells = |line: &str| line.split('|').map(|it| it.trim().to_owned()).collect::<Vec<_>>();
    let rows: Vec<_> = include_str!("../../../README.md")
        .lines()
        .filter(|line| line.starts_with('|'))
        .map(cells)
        .filter(|cells| cells.get(column).is_some_and(|cell| cell == text))
        .collect();
    let [row] = &rows[..] else { panic!("{} rows of the README have {text}", rows.len()) };
    row.clone()
}

/// Thousands and lists are both written with commas.
fn plain(text: &str) -> String {
    text.replace(',', "")
}

#[test]
fn the_readme_names_every_control_and_no_other_number_of_them() {
    for control in controls::ALL {
        row(1, &control.id.to_string());
    }
    let said = format!("is judged** by {} controls", controls::ALL.len());
    assert!(include_str!("../../../README.md").contains(&said), "the README does not say {said:?}");
}

#[test]
fn the_readme_has_both_values_of_every_limit_and_says_whether_exits_pass() {
    for id in LimitId::ALL {
        let row = row(3, &format!("`{id}`"));
        for (column, profile) in [(5, Profile::Careful), (6, Profile::Standard)] {
            let value = profile.value(*id).as_ref().map_or("off".to_owned(), LimitValue::to_string);
            assert_eq!(plain(&row[column]), plain(&value), "{id}, {profile:?}");
        }
        let mut all = controls::ALL.iter();
        let reach = all.find(|it| it.id == id.control()).map(|it| it.reach);
        match reach.expect("a limit has a control") {
            Reach::Entries => assert_eq!(row[7], "pass", "{id}"),
            Reach::Orders => assert_eq!(row[7], "judged", "{id}"),
            // The control tells exits by itself; `controls::exits` has them.
            Reach::Everything => assert!(["pass", "judged"].contains(&row[7].as_str()), "{id}"),
        }
    }
}
