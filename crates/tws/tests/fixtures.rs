//! The recorded frames.

use gatehouse_tws::request::{Request, RequestId};
use gatehouse_tws::{Head, ServerVersion};

/// One frame of a real client.
#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    pub(crate) client: &'static str,
    pub(crate) version: ServerVersion,
    pub(crate) shape: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Fixture {
    pub(crate) fn name(&self) -> String {
        format!("{} at {}: {}", self.client, self.version, self.shape)
    }

    /// Returns the id of the message.
    pub(crate) fn id(&self) -> i32 {
        gatehouse_tws::Head::split(self.version, &self.body).expect("has a head").id
    }
}

/// One frame of a real client that was told what to ask for.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) client: &'static str,
    pub(crate) version: ServerVersion,
    pub(crate) shape: &'static str,
    /// `order.lmtPrice` and `150`, for what goes beyond buying 100 SPY.
    pub(crate) asked: Vec<(&'static str, &'static str)>,
    pub(crate) body: Vec<u8>,
}

impl Shape {
    pub(crate) fn name(&self) -> String {
        format!("{} at {}: {}", self.client, self.version, self.shape)
    }

    pub(crate) fn id(&self) -> RequestId {
        let head = Head::split(self.version, &self.body).expect("has a head");
        RequestId::from_wire(head.id).expect("is known")
    }

    /// Returns the order id that the client was given.
    pub(crate) fn order_id(&self) -> i32 {
        let id = self.asked.iter().find(|(name, _)| *name == "id").expect("has an id").1;
        id.parse().expect("is a number")
    }
}

/// Returns every frame of the files that `record` wrote.
pub(crate) fn shapes() -> Vec<Shape> {
    [
        include_str!("../fixtures/shapes_ib_async.hex"),
        include_str!("../fixtures/shapes_ib_insync.hex"),
        include_str!("../fixtures/shapes_ibapi.hex"),
        include_str!("../fixtures/shapes_ibapi_9.hex"),
        include_str!("../fixtures/shapes_nautilus.hex"),
        include_str!("../fixtures/shapes_stoqey.hex"),
    ]
    .into_iter()
    .flat_map(str::lines)
    .filter(|line| !line.starts_with('#'))
    .map(|line| {
        let columns: Vec<&str> = line.split(' ').collect();
        let [client, version, shape, asked, hex] = columns.try_into().expect("has five columns");
        let version = ServerVersion::new(version.parse().expect("is a version"));
        let asked = asked
            .split(';')
            .filter_map(|pair| pair.split_once('='))
            .filter(|(name, _)| *name != "order.scaleTable")
            .collect();
        Shape { client, version, shape, asked, body: unhex(hex) }
    })
    .collect()
}

fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| {
            let digits = std::str::from_utf8(pair).expect("is ASCII");
            u8::from_str_radix(digits, 16).expect("is hex")
        })
        .collect()
}

/// Returns every recorded request that carries no order.
pub(crate) fn reads() -> Vec<Fixture> {
    parse_files(&[
        include_str!("../fixtures/ib_async_reads.hex"),
        include_str!("../fixtures/ibapi_reads.hex"),
        include_str!("../fixtures/rust_ibapi_reads.hex"),
    ])
}

/// Returns every recorded request for scanners, news, groups, events and settings.
pub(crate) fn families() -> Vec<Fixture> {
    parse_files(&[include_str!("../fixtures/families.hex")])
}

fn parse_files(files: &[&'static str]) -> Vec<Fixture> {
    files
        .iter()
        .flat_map(|file| file.lines())
        .filter(|line| !line.starts_with('#'))
        .map(parse)
        .collect()
}

/// Returns every recorded frame around orders.
pub(crate) fn all() -> Vec<Fixture> {
    [
        include_str!("../fixtures/ib_async.hex"),
        include_str!("../fixtures/ibapi.hex"),
        include_str!("../fixtures/ibapi_9.hex"),
        include_str!("../fixtures/rust_ibapi.hex"),
    ]
    .into_iter()
    .flat_map(str::lines)
    .filter(|line| !line.starts_with('#'))
    .map(parse)
    .collect()
}

/// Returns every recorded placeOrder.
pub(crate) fn orders() -> Vec<Fixture> {
    all().into_iter().filter(|fixture| fixture.id() == 3).collect()
}

/// Returns every recorded frame written again for one of `versions`, which take turns.
pub(crate) fn rewritten(versions: &std::ops::RangeInclusive<i32>) -> Vec<(i32, Vec<u8>)> {
    all()
        .into_iter()
        .chain(reads())
        .zip(versions.clone().cycle())
        .filter_map(|(fixture, number)| {
            let request = Request::decode(fixture.version, &fixture.body).ok()?;
            Some((number, request.encode(ServerVersion::new(number))?))
        })
        .collect()
}

fn parse(line: &'static str) -> Fixture {
    let fields: Vec<&str> = line.split(' ').collect();
    let [client, version, shape, hex] = fields.try_into().expect("has four columns");
    let version = ServerVersion::new(version.parse().expect("is a version"));
    let body = unhex(hex);
    Fixture { client, version, shape, body }
}

/// Compares what is written with a file that a real client read. With `UPDATE_FIXTURES` set it
/// writes the file, which then has to be shown to the client again: `record/judge.py`.
pub(crate) fn check_written(file: &str, lines: &[String]) {
    let path = format!("{}/fixtures/{file}", env!("CARGO_MANIFEST_DIR"));
    let known = std::fs::read_to_string(&path).expect("the file is there");
    let (notes, known): (Vec<&str>, Vec<&str>) =
        known.lines().partition(|line| line.starts_with('#'));
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        let text = [notes.join("\n"), lines.join("\n"), String::new()].join("\n");
        std::fs::write(&path, text).expect("can be written");
        return;
    }
    assert_eq!(lines.len(), known.len(), "{file}");
    for (written, known) in lines.iter().zip(known) {
        assert_eq!(written, known, "{file}");
    }
}

pub(crate) fn hex(body: &[u8]) -> String {
    body.iter().map(|byte| format!("{byte:02x}")).collect()
}
