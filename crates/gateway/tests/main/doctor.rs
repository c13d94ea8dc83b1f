//! Each finding of the doctor provoked with real parts: sockets, programs, the simulator, a disk.

#[path = "doctor/client.rs"]
mod client;
#[path = "doctor/sim.rs"]
mod sim;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use gatehouse_gateway::doctor::{Asked, Check, Finding, Known, Outcome, Remedy, Report, examine};
use gatehouse_gateway::launch::{Mode, Places};
use gatehouse_types::ClientId;
use sim::Sim;

/// Whom the doctor says to be here.
const ID: i32 = 7001;

/// Longer than any answer takes, also on a busy machine.
const PATIENT: Duration = Duration::from_secs(20);

/// For listeners that stay silent on purpose.
const HASTY: Duration = Duration::from_millis(100);

/// For other places than the one that is asked about, where it matters what they answer. The ports
/// of drills that other tests have open stay silent for as long.
const HINT: Duration = Duration::from_secs(2);

fn asked(address: &str, dir: &Path) -> Asked {
    let places = Places { home: dir.to_owned(), gateways: Vec::new(), path: Vec::new() };
    Asked {
        handshake_within: PATIENT,
        others_within: HASTY,
        visit_within: PATIENT,
        ..Asked::new(Some(address.to_owned()), [ID, ID + 1].map(ClientId::new), places)
    }
}

fn asked_with(address: &str, within: Duration, known: Known) -> Report {
    let dir = tempfile::tempdir().expect("a folder");
    examine(&Asked { handshake_within: within, ..asked(address, dir.path()) }, known)
}

fn ask(address: &str) -> Report {
    asked_with(address, PATIENT, Known::default())
}

#[track_caller]
fn found(report: &Report, check: Check, outcome: Outcome, words: &str) -> Finding {
    let finding = report.of(check).expect("every check is judged");
    assert_eq!(finding.outcome, outcome, "{finding:?}");
    assert!(finding.sentence.contains(words), "{words:?} is not in {finding:?}");
    finding.clone()
}

/// Listens on a free port and serves every connection.
fn served(serve: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || listener.incoming().flatten().for_each(serve));
    address
}

fn answering(answer: &'static [u8]) -> String {
    served(move |mut socket| {
        let mut opening = [0; 17];
        // Whoever hangs up early has seen enough.
        socket.read_exact(&mut opening).and_then(|()| socket.write_all(answer)).ok();
    })
}

/// Returns the name of this program, as the system knows it.
fn own_name() -> String {
    let own = std::env::current_exe().expect("a test has a path");
    own.file_name().expect("it has a name").to_string_lossy().into_owned()
}

#[test]
fn a_simulator_on_the_port_passes_with_its_clock_of_another_day() {
    let sim = Sim::start(&[]);
    let report = ask(&sim.address);
    let failed: Vec<_> = report.findings.iter().filter(|it| it.outcome == Outcome::Fail).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    found(&report, Check::Port, Outcome::Pass, "The simulator (gatehouse-sim, process ");
    found(&report, Check::Port, Outcome::Pass, &sim.pid().to_string());
    found(&report, Check::Handshake, Outcome::Pass, "answers at server version 226");
    found(&report, Check::Mode, Outcome::Pass, "Account DU1234567 is a paper account");
    found(&report, Check::ReadOnly, Outcome::Pass, "takes orders");
    found(&report, Check::ClientId, Outcome::Pass, "Client id 7001 was free");
    found(&report, Check::TrustedAddresses, Outcome::Pass, "and no other machine");
    found(&report, Check::Clock, Outcome::Pass, "a time of its own");
    found(&report, Check::MarketData, Outcome::Pass, "live");
    found(&report, Check::SecondSession, Outcome::Pass, "Data comes");
    found(&report, Check::Settings, Outcome::Pass, "settings read");
}

#[test]
fn every_version_of_the_wire_is_visited() {
    for version in [157, 178, 200, 205, 212, 213, 218, 219, 226] {
        let sim = Sim::start(&["--max-version", &version.to_string()]);
        let report = ask(&sim.address);
        let failed: Vec<_> = report
            .findings
            .iter()
            .filter(|it| it.outcome == Outcome::Fail && it.check != Check::Version)
            .collect();
        assert!(failed.is_empty(), "{version}: {failed:#?}");
        let (outcome, words) =
            if version < 213 { (Outcome::Fail, "would do") } else { (Outcome::Pass, "works") };
        found(&report, Check::Version, outcome, &format!("version {version} {words}"));
        found(&report, Check::Mode, Outcome::Pass, "DU1234567");
        found(&report, Check::ReadOnly, Outcome::Pass, "takes orders");
        found(&report, Check::MarketData, Outcome::Pass, "live");
        let settings = if version < 219 { Outcome::NotCheckable } else { Outcome::Pass };
        found(&report, Check::Settings, settings, "");
    }
}

#[test]
fn a_closed_port_is_told_with_the_one_that_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let _sim = Sim::start(&[]);
    let dir = tempfile::tempdir().expect("a folder");
    let asked = Asked { others_within: HINT, ..asked(&closed, dir.path()) };
    let report = examine(&asked, Known::default());
    let finding = found(&report, Check::Port, Outcome::Fail, "a Gateway answers on 127.0.0.1:");
    assert!(matches!(finding.remedy, Some(Remedy::UseAddress { .. })), "{finding:?}");
    assert!(finding.sentence.contains(&format!("Nothing listens on {closed}")), "{finding:?}");
    found(&report, Check::Handshake, Outcome::NotCheckable, "see Port");
}

#[test]
fn a_foreign_listener_is_named_with_its_process() {
    let address = answering(b"hello and welcome");
    let report = ask(&address);
    let name = format!("{} (process {})", own_name(), std::process::id());
    found(&report, Check::Port, Outcome::Fail, &name);
    found(&report, Check::Handshake, Outcome::Fail, "Another program answers");
}

#[test]
fn a_web_server_is_told_from_a_gateway() {
    let address = answering(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    let report = ask(&address);
    found(&report, Check::Handshake, Outcome::Fail, "A web server answers on");
    // This one waits for a whole line before it answers, as many do.
    let patient = served(|mut socket| {
        let mut said = Vec::new();
        let mut byte = [0];
        while !said.ends_with(b"\r\n\r\n") {
            match socket.read(&mut byte) {
                Ok(1) => said.push(byte[0]),
                Ok(_) | Err(_) => return,
            }
        }
        socket.write_all(b"HTTP/1.0 404 Not Found\r\n\r\n").ok();
    });
    let report = asked_with(&patient, Duration::from_secs(1), Known::default());
    found(&report, Check::Handshake, Outcome::Fail, "A web server answers on");
}

#[test]
fn a_server_that_wants_tls_is_told_from_a_gateway() {
    let report = ask(&answering(b"\x15\x03\x01\x00\x02\x02\x46"));
    found(&report, Check::Handshake, Outcome::Fail, "A server that wants TLS answers on");
    found(&report, Check::Port, Outcome::Fail, &own_name());
}

#[test]
fn a_server_that_is_silent_or_hangs_up_is_told_from_both() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address").to_string();
    let report = asked_with(&address, HASTY, Known::default());
    found(&report, Check::Handshake, Outcome::Fail, "says nothing");
    let report = ask(&answering(b""));
    found(&report, Check::Handshake, Outcome::Fail, "hangs up at once");
    found(&report, Check::SocketClients, Outcome::Fail, "switched off");
}

#[test]
fn a_gateway_that_hangs_up_on_clients_may_not_trust_them() {
    let sim = Sim::start(&[]);
    sim.drill(r#"{"do":"door","as":"slammed"}"#);
    let report = ask(&sim.address);
    found(&report, Check::SocketClients, Outcome::Fail, "not trusted");
    found(&report, Check::Port, Outcome::Pass, "The simulator");
}

#[test]
fn a_server_version_that_is_too_old_is_named() {
    let report = ask(&answering(b"\x00\x00\x00\x1a150\x0020260105 09:30:00 EST\0"));
    found(&report, Check::Version, Outcome::Fail, "Server version 150 is too old; 157");
}

#[test]
fn an_account_of_the_other_mode_is_a_failure() {
    let sim = Sim::start(&["--account", "U7654321"]);
    let paper = Known { mode: Some(Mode::Paper), ..Known::default() };
    let report = asked_with(&sim.address, PATIENT, paper);
    found(&report, Check::Mode, Outcome::Fail, "U7654321 is a live account, and you chose paper");
    let live = Known { mode: Some(Mode::Live), ..Known::default() };
    let report = asked_with(&sim.address, PATIENT, live);
    found(&report, Check::Mode, Outcome::Pass, "U7654321 is a live account");
}

#[test]
fn a_client_id_in_use_is_told_and_the_rest_is_seen_all_the_same() {
    let sim = Sim::start(&[]);
    sim.drill(r#"{"do":"busy_id","client":7001}"#);
    let report = ask(&sim.address);
    found(&report, Check::ClientId, Outcome::Fail, "Client id 7001 is in use at the Gateway (326)");
    found(&report, Check::Mode, Outcome::Pass, "DU1234567");
    found(&report, Check::ReadOnly, Outcome::Pass, "takes orders");
}

#[test]
fn read_only_is_read_in_the_settings_or_heard_by_old_versions() {
    let sim = Sim::start(&[]);
    client::set_read_only(&sim.address, true);
    let report = ask(&sim.address);
    found(&report, Check::ReadOnly, Outcome::Fail, "read-only for programs");
    // Versions that cannot read settings hear 321.
    sim.drill(r#"{"do":"version","max":178}"#);
    let report = ask(&sim.address);
    found(&report, Check::Settings, Outcome::NotCheckable, "server version 219");
    found(&report, Check::ReadOnly, Outcome::Fail, "read-only for programs");
}

#[test]
fn settings_that_somebody_changed_are_named_until_they_are_accepted() {
    let sim = Sim::start(&[]);
    let (account, settings) = ask(&sim.address).settings.expect("they were read");
    client::set_read_only(&sim.address, true);
    let mut known = Known::default();
    known.accepted.insert(account, settings);
    let report = asked_with(&sim.address, PATIENT, known);
    let finding = found(&report, Check::Settings, Outcome::Warn, "readOnlyApi from false to true");
    assert_eq!(finding.remedy, Some(Remedy::AcceptSettings));
    let known = Known { accepted: report.settings.into_iter().collect(), ..Known::default() };
    let report = asked_with(&sim.address, PATIENT, known);
    found(&report, Check::Settings, Outcome::Pass, "those that you accepted");
}

#[test]
fn another_session_of_the_same_user_is_heard() {
    let sim = Sim::start(&[]);
    sim.drill(r#"{"do":"competing"}"#);
    let report = ask(&sim.address);
    found(&report, Check::SecondSession, Outcome::Fail, "(10197)");
}

#[test]
fn data_that_is_delayed_or_not_subscribed_is_told_by_its_code() {
    let sim = Sim::start(&[]);
    sim.drill(r#"{"do":"data","symbol":"*","as":"unsubscribed"}"#);
    found(&ask(&sim.address), Check::MarketData, Outcome::Warn, "(354)");
    sim.drill(r#"{"do":"data","symbol":"*","as":"silent"}"#);
    found(&ask(&sim.address), Check::MarketData, Outcome::NotCheckable, "did not answer");
}

#[test]
fn a_clock_that_is_minutes_off_is_told() {
    // A simulator never fails for its clock, so ten minutes are a warning here.
    let sim = Sim::start(&["--start", &sim::minutes_ago(10)]);
    found(&ask(&sim.address), Check::Clock, Outcome::Warn, "behind");
}

#[test]
fn an_account_that_may_not_trade_over_the_api_waits_for_its_permission() {
    let refusal = r#"{"do":"notice","code":10015,"text":"API trading is not allowed."}"#;
    let sim = Sim::start(&[]);
    let told = format!(r#"{{"when":{{"connected":{{}}}},{}"#, refusal.trim_start_matches('{'));
    sim.drill(&told);
    // Without a quote the visit lasts long enough to hear it.
    sim.drill(r#"{"do":"data","symbol":"*","as":"silent"}"#);
    let finding = found(&ask(&sim.address), Check::Permission, Outcome::Fail, "(10015)");
    assert!(finding.next.is_some_and(|next| next.contains("1 to 3 business days")));
}

/// Set in the process that has a full disk of its own.
const FULL_DISK: &str = "GATEHOUSE_TEST_FULL_DISK";

#[test]
fn a_full_disk_is_a_failure() {
    let dir = tempfile::tempdir().expect("a folder");
    if let Some(disk) = std::env::var_os(FULL_DISK) {
        let disk = Path::new(&disk);
        // Until nothing more fits.
        std::fs::write(disk.join("filler"), vec![1; 200_000]).expect_err("it is full");
        let report = examine(
            &Asked { data_dir: disk.join("data"), ..asked("127.0.0.1:1", dir.path()) },
            Known::default(),
        );
        found(&report, Check::Disk, Outcome::Fail, "0 MB are free for the ledger");
        return;
    }
    let own = std::env::current_exe().expect("a test has a path");
    let mut command = Command::new("unshare");
    let script = "mount -t tmpfs -o size=64k tmpfs \"$1\" || exit 77; shift; exec \"$@\"";
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]);
    command.arg(dir.path()).arg(own).args(["--exact", "doctor::a_full_disk_is_a_failure"]);
    let ran = command.env(FULL_DISK, dir.path()).output();
    match ran {
        Ok(output) if output.status.success() => {}
        Ok(output) if output.status.code() == Some(101) => {
            panic!("{}", String::from_utf8_lossy(&output.stdout));
        }
        Ok(_) | Err(_) => {
            println!(
                "Skipped, a disk of one's own may not be mounted here: a full disk is in the table only."
            );
        }
    }
}
