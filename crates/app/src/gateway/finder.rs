//! Looks for Gateways on this machine: those that listen, and those on the disk.

use std::time::Duration;

use gatehouse_gateway::probe::{Finding, USUAL_PORTS, probe};
use gatehouse_gateway::session::Probed;
use gatehouse_ipc::{FoundGateways, FoundInstalled, FoundRunning, TradingMode};

use super::process::places;

/// A Gateway on this machine answers in milliseconds.
const WITHIN: Duration = Duration::from_secs(2);

/// Looks everywhere, a few seconds at most.
pub(crate) fn find() -> FoundGateways {
    let tries: Vec<_> = USUAL_PORTS
        .iter()
        .map(|&(port, name)| std::thread::spawn(move || running(port, name)))
        .collect();
    // One whose thread panicked was not found.
    let running = tries.into_iter().filter_map(|it| it.join().ok().flatten()).collect();
    let mut found =
        FoundGateways { running, installed: Vec::new(), helpers: Vec::new(), trouble: None };
    let places = match places() {
        Ok(places) => places,
        Err(why) => {
            let next = "Name the folder of the Gateway.".to_owned();
            found.trouble = Some((crate::view::words::sentence(&why), next));
            return found;
        }
    };
    match places.gateways() {
        Ok(installed) => {
            let row = |it: gatehouse_gateway::launch::Installation| FoundInstalled {
                version: it.version,
                folder: it.folder.display().to_string(),
            };
            found.installed = installed.into_iter().map(row).collect();
        }
        Err(error) => {
            found.trouble = Some((format!("{error}."), error.next().to_owned()));
        }
    }
    found.helpers = places.helpers().iter().map(|jar| jar.display().to_string()).collect();
    found
}

/// Returns who listens on a port; `None` when nobody does.
fn running(port: u16, name: &str) -> Option<FoundRunning> {
    let address = format!("127.0.0.1:{port}");
    let finding = probe(&address, WITHIN);
    if finding == Finding::Refused {
        return None;
    }
    let (server_version, trouble) = match finding.told(&address) {
        Probed::Speaks { version } => (Some(version), None),
        Probed::No { why } => (None, Some(crate::view::words::sentence(&why))),
    };
    let mode = if name.ends_with("live") { TradingMode::Live } else { TradingMode::Paper };
    let mode = Some(mode);
    Some(FoundRunning { address, name: name.to_owned(), mode, server_version, trouble })
}
