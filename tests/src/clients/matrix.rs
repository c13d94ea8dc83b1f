//! The matrix: clients and versions down, actions across.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::client::{ACTIONS, CLIENTS};
use super::day::{Day, Proof, Route, Setting, live};

/// Simulators that are stood before the clients: the first with protobuf alone, and the newest.
const SIMULATORS: [i64; 2] = [213, 226];

/// The client that knows every version, which stands for the others in the daily run.
const VERSATILE: &str = "ibapi-latest";

/// Returns the larger part through Gatehouse, for every run of the tests: each client as it is at
/// both simulators, and one client at each older version.
#[must_use]
pub fn larger_part() -> Vec<Setting> {
    let mut settings = by(Route::Gatehouse);
    settings
        .retain(|setting| setting.held_to.is_none() || setting.client.name.starts_with(VERSATILE));
    settings
}

/// Returns each client as it is, straight at the newest simulator, for every run of the tests.
#[must_use]
pub fn straight() -> Vec<Setting> {
    let mut settings = by(Route::Straight);
    settings.retain(|setting| {
        setting.held_to.is_none() && Some(&setting.simulator) == SIMULATORS.last()
    });
    settings
}

/// Returns every client at both simulators, and held to each older version, straight and through
/// Gatehouse.
#[must_use]
pub fn whole() -> Vec<Setting> {
    let mut settings = by(Route::Straight);
    settings.extend(by(Route::Gatehouse));
    settings
}

fn by(route: Route) -> Vec<Setting> {
    let mut settings = Vec::new();
    for client in CLIENTS {
        for held_to in client.older {
            settings.push(Setting { client, route, simulator: 226, held_to: Some(*held_to) });
        }
        for simulator in SIMULATORS {
            settings.push(Setting { client, route, simulator, held_to: None });
        }
    }
    settings
}

/// Lives through all days, some at a time, and returns them in the order of the settings.
#[must_use]
pub fn live_all(settings: &[Setting], at_once: usize) -> Vec<Day> {
    let next = Mutex::new(settings.iter().enumerate());
    let days = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let taken = next.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((index, setting)) = taken else { return };
                    let day = live(*setting);
                    days.lock().unwrap_or_else(PoisonError::into_inner).push((index, day));
                }
            });
        }
    });
    let mut days = days.into_inner().unwrap_or_else(PoisonError::into_inner);
    days.sort_by_key(|(index, _)| *index);
    days.into_iter().map(|(_, day)| day).collect()
}

/// Draws the table, with the reason of every cell that does not pass below it.
#[must_use]
pub fn table(days: &[Day]) -> String {
    let mut text = format!("{:<30}{:>10}{:>5}{:>9}", "client", "route", "sim", "version");
    for action in ACTIONS {
        write!(text, " {:<4}", short(action)).ok();
    }
    text.push_str(" frames\n");
    let mut reasons: Vec<String> = Vec::new();
    let mut note = |reason: &str| {
        let known = reasons.iter().position(|known| known == reason);
        let index = known.unwrap_or_else(|| {
            reasons.push(reason.to_owned());
            reasons.len() - 1
        });
        format!("({})", index + 1)
    };
    for day in days {
        let Setting { client, route, simulator, .. } = day.setting;
        let (route, version) = (named(route), day.setting.version());
        write!(text, "{:<30}{route:>10}{simulator:>5}{version:>9}", client.name).ok();
        for action in ACTIONS {
            let mark = match day.cells.iter().find(|cell| cell.action == action) {
                Some(cell) => match &cell.outcome {
                    Ok(_) => "ok".to_owned(),
                    Err(why) => note(why),
                },
                None => "–".to_owned(),
            };
            write!(text, " {mark:<4}").ok();
        }
        match &day.proof {
            Ok(proof) => writeln!(text, " {}", proof.n_frames()).ok(),
            Err(why) => writeln!(text, " {}", note(why)).ok(),
        };
    }
    for (index, reason) in reasons.iter().enumerate() {
        writeln!(text, "({}) {reason}", index + 1).ok();
    }
    for (day, folder) in days.iter().filter_map(|day| Some((day, day.folder.as_ref()?))) {
        let version = day.setting.version();
        writeln!(text, "{} at {version}: {}", day.setting.client.name, folder.display()).ok();
    }
    text
}

/// Returns the table's name of a way.
fn named(route: Route) -> &'static str {
    match route {
        Route::Straight => "straight",
        Route::Gatehouse => "Gatehouse",
    }
}

/// Returns the table's name of an action, four letters at most.
fn short(action: &str) -> &str {
    match action {
        "connect" => "conn",
        "details" => "deta",
        "history" => "hist",
        "quotes" => "quot",
        "place" => "plac",
        "refused-modify" => "rmod",
        "modify" => "modi",
        "cancel" => "canc",
        "refused" => "refu",
        "fill" => "fill",
        "positions" => "posi",
        "executions" => "exec",
        "account" => "acco",
        "pnl" => "pnl",
        "bracket" => "brac",
        "reconnect" => "reco",
        other => other,
    }
}

/// Returns all of it as JSON.
#[must_use]
pub fn json(days: &[Day]) -> Value {
    days.iter().map(day).collect()
}

fn day(day: &Day) -> Value {
    let cells: serde_json::Map<String, Value> = day
        .cells
        .iter()
        .map(|cell| {
            let (ok, saw) = match &cell.outcome {
                Ok(saw) => (true, saw),
                Err(why) => (false, why),
            };
            (cell.action.to_owned(), json!({ "ok": ok, "saw": saw }))
        })
        .collect();
    json!({
        "client": day.setting.client.name,
        "route": named(day.setting.route),
        "simulator": day.setting.simulator,
        "version": day.setting.version(),
        "seconds": day.took.as_secs_f64(),
        "actions": cells,
        "proof": proof(&day.proof),
    })
}

fn proof(proof: &Result<Proof, String>) -> Value {
    match proof {
        Err(why) => json!({ "failed": why }),
        Ok(Proof::Straight { n_frames }) => json!({ "frames_understood": n_frames }),
        Ok(Proof::Gatehouse { n_placed, compared }) => json!({
            "orders_at_the_simulator": n_placed,
            "frames_equal": compared.n_equal,
            "orders_refused_and_absent": compared.n_refused,
            "own_answers": compared.n_injected,
            "ids_raised": compared.n_raised,
            "data_before_an_order_that_waited": compared.n_passed,
            "frames_in_flight_at_the_end": compared.n_in_flight,
        }),
    }
}
