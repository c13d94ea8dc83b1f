//! Every client library, each with a day of its own straight at the simulator and through Gatehouse:
//! what it promises its users holds, and what is forwarded is byte for byte what was sent.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};
use gatehouse_tests::clients::{
    ACTIONS, CLIENTS, Client, Day, Proof, Task, drive, larger_part, live_all, straight, table,
};
use gatehouse_tests::{Evidence, Gatehouse, Simulator, free_port};

/// Days at once; they are apart from each other, down to the simulator.
const AT_ONCE: usize = 3;

/// A day with fewer frames would compare nothing worth it.
const FRAMES_MIN: usize = 60;

#[test]
fn every_client_library_lives_its_day_straight_at_the_simulator() -> anyhow::Result<()> {
    let mut settings = straight();
    settings.retain(|setting| is_tested(&setting.client));
    let days = live_all(&settings, AT_ONCE);
    println!("{}", table(&days));
    ensure!(days.iter().all(Day::is_whole), "not every cell passes");
    Ok(())
}

#[test]
fn every_client_library_lives_its_day_and_every_frame_is_forwarded_as_it_came() -> anyhow::Result<()>
{
    let mut settings = larger_part();
    settings.retain(|setting| is_tested(&setting.client));
    let days = live_all(&settings, AT_ONCE);
    println!("{}", table(&days));
    ensure!(days.iter().all(Day::is_whole), "not every cell passes");
    for day in &days {
        let client = day.setting.client.name;
        let Ok(Proof::Gatehouse { compared, .. }) = day.proof else { bail!("{client}: no proof") };
        ensure!(compared.n_equal >= FRAMES_MIN, "{client}: only {} frames", compared.n_equal);
        // The order that is too large, and the change that is.
        ensure!(compared.n_refused == 2, "{client}: {compared:?}");
        // 201; 399 and the order's last two frames.
        ensure!(compared.n_injected == 4, "{client}: {compared:?}");
    }
    println!("{} days of {} actions, all as the libraries promise", days.len(), ACTIONS.len());
    Ok(())
}

/// Whether a client is tested here: in CI, always; elsewhere when it is installed.
fn is_tested(client: &Client) -> bool {
    match client.missing() {
        Some(why) if std::env::var_os("CI").is_none() => {
            println!("{} is not tested: {why}", client.name);
            false
        }
        Some(_) | None => true,
    }
}

#[test]
fn every_client_library_hears_which_client_id_is_right() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::start(dir.path(), &[])?;
    let port = free_port()?;
    let bots = [format!("bot:{port}:21")];
    let _gatehouse = Gatehouse::start(simulator.address(), &dir.path().join("data"), &bots)?;
    std::thread::scope(|scope| {
        let tried: Vec<_> = CLIENTS
            .iter()
            .filter(|client| is_tested(client))
            .map(|client| (client.name, scope.spawn(move || connect(client, port, 22))))
            .collect();
        for (name, thread) in tried {
            let heard = thread.join().expect("the thread does not panic")?;
            // The Rust client has an error of its own for 326, without the text.
            let is_told = if name.starts_with("Rust") {
                heard == "client id 22 is already in use by another connection"
            } else {
                heard.contains("326") && heard.contains("use client id 21 (bot bot)")
            };
            ensure!(is_told, "{name}: {heard}");
        }
        Ok(())
    })
}

#[test]
fn a_bracket_with_a_refused_member_ends_whole_in_every_client_library() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::start(dir.path(), &[])?;
    let mut bots = Vec::new();
    for (client, client_id) in CLIENTS.iter().filter(|client| is_tested(client)).zip(31..) {
        bots.push((client, free_port()?, client_id));
    }
    let named: Vec<String> =
        bots.iter().map(|(_, port, id)| format!("b{id}:{port}:{id}")).collect();
    let data_dir = dir.path().join("data");
    let _gatehouse = Gatehouse::start(simulator.address(), &data_dir, &named)?;
    std::thread::scope(|scope| {
        let days: Vec<_> = bots
            .iter()
            .map(|(client, port, id)| {
                (client.name, scope.spawn(|| refused_bracket(client, *port, *id)))
            })
            .collect();
        for (name, day) in days {
            let heard = day.join().expect("the thread does not panic").context(name)?;
            ensure!(heard.contains("GH-03"), "{name}: {heard}");
        }
        anyhow::Ok(())
    })?;
    let evidence = Evidence::read(simulator.record(), &data_dir)?;
    evidence.check()?;
    for (client, _, client_id) in &bots {
        // What was written before the stop came is cancelled; what was not is never sent.
        let ids = |message: i64| -> BTreeSet<i64> {
            let frames = evidence.received.iter().filter(|frame| frame.client_id == *client_id);
            frames.filter(|it| it.message_id == message).map(|it| it.order_id).collect()
        };
        let (placed, cancelled) = (ids(3), ids(4));
        let name = client.name;
        ensure!(placed.len() <= 2, "{name}: the refused stop was sent: {placed:?}");
        ensure!(placed.is_subset(&cancelled), "{name}: {placed:?}, but cancelled {cancelled:?}");
    }
    println!("{} clients, each with a bracket that was taken back whole", bots.len());
    Ok(())
}

/// Sends a bracket whose stop is too large, and returns what the client heard of the stop.
fn refused_bracket(client: &Client, port: u16, client_id: i64) -> anyhow::Result<String> {
    let mut cells = Vec::new();
    let actions = &["connect", "details", "quotes", "refused-bracket"];
    drive(client, Task { port, client_id, held_to: None, actions }, &mut cells)?;
    let heard: Result<Vec<String>, String> = cells.into_iter().map(|cell| cell.outcome).collect();
    heard.map_err(anyhow::Error::msg)?.pop().context("no action was reported")
}

/// Connects with a client id that is turned away, and returns what the client heard.
fn connect(client: &Client, port: u16, client_id: i64) -> anyhow::Result<String> {
    let mut cells = Vec::new();
    let task = Task { port, client_id, held_to: None, actions: &["connect"] };
    drive(client, task, &mut cells)?;
    let cell = cells.pop().context("no action was reported")?;
    cell.outcome.err().with_context(|| format!("{} was let in", client.name))
}
