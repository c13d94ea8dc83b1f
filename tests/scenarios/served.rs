//! Bots' requests for bars, answered out of the store: byte for byte what the Gateway would say.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Gatehouse, Simulator, free_port};
use gatehouse_tws::answer::AnswerId;
use gatehouse_tws::handshake::{ClientHello, ServerHello, StartApi};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::request::HistoricalDataRequest;
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{ClientId, ConId};
use serde_json::Value;

const LONG: Duration = Duration::from_secs(20);

/// A client that shows the bytes that it gets.
struct Raw {
    socket: TcpStream,
    frames: FrameReader,
    version: ServerVersion,
}

impl Raw {
    fn connect(port: u16, version: i32, client_id: i32) -> anyhow::Result<Self> {
        let mut socket = TcpStream::connect(("127.0.0.1", port))?;
        socket.set_read_timeout(Some(LONG))?;
        let (oldest, newest) = (ServerVersion::new(100), ServerVersion::new(version));
        let range = VersionRange::try_new(oldest, newest).context("versions in order")?;
        socket.write_all(&ClientHello { range, options: String::new() }.encode())?;
        let mut raw =
            Self { socket, frames: FrameReader::new(), version: ServerVersion::new(version) };
        raw.version = ServerHello::decode(&raw.next()?)?.version;
        let client_id = ClientId::new(client_id);
        let start = StartApi { client_id, optional_capabilities: String::new() };
        raw.send(&start.encode(raw.version))?;
        raw.until(AnswerId::NextValidId)?;
        Ok(raw)
    }

    fn send(&mut self, body: &[u8]) -> anyhow::Result<()> {
        self.socket.write_all(&encode_frame(body)).context("sending")
    }

    fn next(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut buffer = [0; 65_536];
        loop {
            if let Some(body) = self.frames.next_frame()? {
                return Ok(body.to_vec());
            }
            let n_read = self.socket.read(&mut buffer).context("reading an answer")?;
            ensure!(n_read > 0, "the connection was closed");
            self.frames.push(buffer.get(..n_read).unwrap_or_default());
        }
    }

    fn until(&mut self, id: AnswerId) -> anyhow::Result<Vec<u8>> {
        loop {
            let body = self.next()?;
            if Head::split(self.version, &body)?.id == id.wire() {
                return Ok(body);
            }
        }
    }

    /// Asks, and returns every body of the answer.
    fn ask(&mut self, asked: &HistoricalDataRequest) -> anyhow::Result<Vec<Vec<u8>>> {
        let body = asked.encode(self.version)?;
        self.send(&body)?;
        let mut bodies = vec![self.until(AnswerId::HistoricalData)?];
        if self.version.has(196) {
            bodies.push(self.until(AnswerId::HistoricalDataEnd)?);
        }
        Ok(bodies)
    }
}

fn request(bar_size: &str, duration: &str, end: &str, format_date: i32) -> HistoricalDataRequest {
    HistoricalDataRequest {
        req_id: ReqId::new(77),
        contract: WireContract {
            symbol: "AAPL".to_owned(),
            sec_type: "STK".to_owned(),
            exchange: "SMART".to_owned(),
            currency: "USD".to_owned(),
            ..WireContract::default()
        },
        end: end.to_owned(),
        duration: duration.to_owned(),
        bar_size: bar_size.to_owned(),
        what_to_show: "TRADES".to_owned(),
        use_rth: true,
        format_date,
        ..HistoricalDataRequest::default()
    }
}

fn history(gatehouse: &Gatehouse, args: &[&str]) -> anyhow::Result<String> {
    let output = gatehouse.cli(&[&["history"], args].concat())?;
    ensure!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn view(gatehouse: &Gatehouse) -> anyhow::Result<Value> {
    serde_json::from_str(&history(gatehouse, &["--json"])?).context("reading what history says")
}

fn fetch(gatehouse: &Gatehouse) -> anyhow::Result<()> {
    for bar in ["1m", "1d"] {
        let asked = ["fill", "--regular", "--bar", bar, "--symbol", "AAPL"];
        let span = ["--from", "2025-11-17", "--to", "2025-12-05"];
        history(gatehouse, &[&asked[..], &span].concat())?;
    }
    let n_left = view(gatehouse)?["jobs"].as_array().map(Vec::len);
    ensure!(n_left == Some(0), "not fetched: {:#}", view(gatehouse)?);
    Ok(())
}

#[test]
fn what_the_store_holds_is_answered_as_the_gateway_would_and_the_rest_by_it() -> anyhow::Result<()>
{
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::start(dir.path(), &["--seed", "7"])?;
    let (plain, saving) = (free_port()?, free_port()?);
    let bots = [format!("plain:{plain}:31"), format!("saving:{saving}:32")];
    let gatehouse = Gatehouse::start(simulator.address(), &dir.path().join("data"), &bots)?;
    fetch(&gatehouse)?;
    history(&gatehouse, &["serve", "saving", "on"])?;
    let mut n_saved = 0;
    for version in [178, 226] {
        let mut to_gateway = Raw::connect(plain, version, 31)?;
        let mut to_store = Raw::connect(saving, version, 32)?;
        for (asked, is_held) in [
            (request("1 min", "2 D", "20251128 20:00:00 US/Eastern", 1), true),
            (request("1 min", "3 D", "20251203-23:00:00", 2), true),
            (request("1 day", "5 D", "20251204 18:00:00 US/Eastern", 1), true),
            (numbered(request("1 min", "1 D", "20251201 16:00:00 US/Eastern", 2)), true),
            // A day that is not over, another length, a day that is not there, a calendar's span.
            (request("1 min", "1 D", "20251201 12:00:00 US/Eastern", 1), false),
            (request("5 mins", "1 D", "20251201 16:00:00 US/Eastern", 1), false),
            (request("1 min", "30 D", "20251128 20:00:00 US/Eastern", 1), false),
            (request("1 min", "1 W", "20251128 20:00:00 US/Eastern", 1), false),
            (request("1 day", "2 D", "", 1), false),
        ] {
            let expected = to_gateway.ask(&asked)?;
            let found = to_store.ask(&asked)?;
            ensure!(found == expected, "{asked:?} at {version} differs");
            n_saved += u64::from(is_held);
            let view = view(&gatehouse)?;
            ensure!(view["n_saved"] == n_saved, "{asked:?} at {version}: {view:#}");
        }
    }
    history(&gatehouse, &["serve", "saving", "off"])?;
    let mut off = Raw::connect(saving, 178, 32);
    // The bot's place is free once its last connection is seen to be gone.
    let until = Instant::now() + LONG;
    while off.is_err() {
        ensure!(Instant::now() < until, "the bot's door does not open again");
        off = Raw::connect(saving, 178, 32);
    }
    off?.ask(&request("1 min", "2 D", "20251128 20:00:00 US/Eastern", 1))?;
    ensure!(view(&gatehouse)?["n_saved"] == n_saved, "it was asked not to");
    println!("{n_saved} requests answered out of the store, byte for byte as by the Gateway");
    Ok(())
}

fn numbered(asked: HistoricalDataRequest) -> HistoricalDataRequest {
    let contract = WireContract {
        con_id: Some(ConId::new(265_598)),
        exchange: "SMART".to_owned(),
        ..WireContract::default()
    };
    HistoricalDataRequest { contract, ..asked }
}
