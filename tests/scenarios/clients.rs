//! Every client library, each with a day of its own through Gatehouse: what it promises its users
//! holds, and what is forwarded is byte for byte what was sent.

use anyhow::ensure;
use gatehouse_tests::clients::{ACTIONS, Day, larger_part, live_all, table};

/// Days at once; they are apart from each other, down to the simulator.
const AT_ONCE: usize = 3;

/// A day with fewer frames would compare nothing worth it.
const FRAMES_MIN: usize = 60;

#[test]
fn every_client_library_lives_its_day_and_every_frame_is_forwarded_as_it_came() -> anyhow::Result<()>
{
    let mut settings = larger_part();
    if std::env::var_os("CI").is_none() {
        settings.retain(|setting| match setting.client.missing() {
            Some(why) => {
                println!("{} is not tested: {why}", setting.client.name);
                false
            }
            None => true,
        });
    }
    let days = live_all(&settings, AT_ONCE);
    println!("{}", table(&days));
    ensure!(days.iter().all(Day::is_whole), "not every cell passes");
    for day in &days {
        let compared = day.proof.as_ref().map(|proof| proof.compared).unwrap_or_default();
        let client = day.setting.client.name;
        ensure!(compared.n_equal >= FRAMES_MIN, "{client}: only {} frames", compared.n_equal);
        // The order that is too large, and the change that is.
        ensure!(compared.n_refused == 2, "{client}: {compared:?}");
        // 201; 399 and the order's last two frames.
        ensure!(compared.n_injected == 4, "{client}: {compared:?}");
    }
    println!("{} days of {} actions, all as the libraries promise", days.len(), ACTIONS.len());
    Ok(())
}
