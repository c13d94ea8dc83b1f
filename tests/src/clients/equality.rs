//! Byte for byte: what a client said against what the simulator heard, and back.
//!
//! What may differ is listed here and nowhere else: refused orders are absent, a cancel may
//! overtake, data need not wait behind an order that waits for its record, and Gatehouse adds its
//! own answers (201, 202, 399 with the order's last frames again) and raises nextValidId.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use sha2::{Digest as _, Sha256};

use super::frames::{
    CANCEL_ORDER, ERROR, Frame, NEXT_VALID_ID, OPEN_ORDER, ORDER_STATUS, PLACE_ORDER, Session,
};
use super::tap::Streams;

/// The Gateway's "client id is in use": the session was dialled again.
const ID_IN_USE: &str = "326";

/// How many frames were compared, and what differed as it may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compared {
    /// Frames that arrived as they were sent, both directions.
    pub n_equal: usize,
    /// Orders that were refused and are absent at the simulator.
    pub n_refused: usize,
    /// Answers that Gatehouse gave itself.
    pub n_injected: usize,
    /// Next ids that were raised.
    pub n_raised: usize,
    /// Data frames that were sent to the Gateway before an order that the bot had sent earlier.
    pub n_passed: usize,
    /// Frames in flight when the bot's connection ended, which nobody read or sent any more.
    pub n_in_flight: usize,
}

impl Compared {
    pub(super) fn add(&mut self, other: Self) {
        self.n_equal += other.n_equal;
        self.n_refused += other.n_refused;
        self.n_injected += other.n_injected;
        self.n_raised += other.n_raised;
        self.n_passed += other.n_passed;
        self.n_in_flight += other.n_in_flight;
    }
}

/// Compares every session of a client with what went on behind Gatehouse under its client id.
///
/// # Errors
/// With the first frame that differs in a way that is not allowed.
pub fn compare(
    bot: &[Streams],
    gateway: &[Streams],
    client_id: i64,
    refused: &[String],
) -> anyhow::Result<Compared> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for sha256 in refused {
        *left.entry(sha256).or_default() += 1;
    }
    let near = sessions(bot, client_id)?;
    let far: Vec<Session> = sessions(gateway, client_id)?
        .into_iter()
        .filter(|session| {
            !session.to_client.iter().any(|frame| frame.id == ERROR && frame.says(ID_IN_USE))
        })
        .collect();
    ensure!(!near.is_empty(), "the client had no session");
    ensure!(
        near.len() == far.len(),
        "{} sessions of the client became {} at the simulator",
        near.len(),
        far.len()
    );
    let mut all = Compared::default();
    for (near, far) in near.iter().zip(&far) {
        ensure!(near.version == far.version, "version {} became {}", near.version, far.version);
        ensure!(near.hello == far.hello, "the server's hello was changed");
        ensure!(near.start == far.start, "START_API was changed");
        offered(near, far)?;
        all.n_equal += 2;
        all.add(to_server(near, far, &mut left).context("from the bot to the Gateway")?);
        all.add(to_client(near, far).context("from the Gateway to the bot")?);
    }
    Ok(all)
}

fn sessions(streams: &[Streams], client_id: i64) -> anyhow::Result<Vec<Session>> {
    let mut sessions = Vec::new();
    for streams in streams {
        if let Some(session) = Session::cut(streams)?
            && session.client_id == client_id
        {
            sessions.push(session);
        }
    }
    Ok(sessions)
}

/// The range is the bot's own, cut to what Gatehouse understands.
fn offered(near: &Session, far: &Session) -> anyhow::Result<()> {
    let (near_min, near_max) = range(&near.offered)?;
    let (far_min, far_max) = range(&far.offered)?;
    ensure!(
        far_min == near_min.max(157) && far_max == near_max.min(226),
        "a range of {near_min} to {near_max} became {far_min} to {far_max}"
    );
    Ok(())
}

fn range(offered: &[u8]) -> anyhow::Result<(i64, i64)> {
    let text = std::str::from_utf8(offered).context("a version range that is not text")?;
    let text = text.strip_prefix('v').context("a version range without v")?;
    let text = text.split(' ').next().unwrap_or_default();
    let (min, max) = text.split_once("..").unwrap_or((text, text));
    Ok((min.parse().context("the lowest version")?, max.parse().context("the highest version")?))
}

fn to_server(
    near: &Session,
    far: &Session,
    refused: &mut BTreeMap<&str, usize>,
) -> anyhow::Result<Compared> {
    let mut compared = Compared::default();
    // Where each frame stands, at the bot and at the simulator.
    let mut places: Vec<(i64, usize, usize)> = Vec::new();
    for lane in [PLACE_ORDER, CANCEL_ORDER, DATA] {
        let mut sent = in_lane(far, lane).peekable();
        for (at, frame) in in_lane(near, lane) {
            if let Some((sent_at, _)) = sent.next_if(|(_, next)| *next == frame) {
                compared.n_equal += 1;
                places.push((lane, at, sent_at));
            } else if lane == PLACE_ORDER && take(refused, frame) {
                compared.n_refused += 1;
            } else if lane == DATA && sent.peek().is_none() {
                compared.n_in_flight += 1;
            } else {
                let instead = sent.peek().map_or("nothing".to_owned(), |(_, next)| next.shown());
                bail!("{} was not sent on; instead {instead}", frame.shown());
            }
        }
        if let Some((_, frame)) = sent.next() {
            bail!("the simulator got what the bot did not send: {}", frame.shown());
        }
    }
    compared.n_passed = n_passed(&places);
    Ok(compared)
}

fn in_lane(session: &Session, lane: i64) -> impl Iterator<Item = (usize, &Frame)> {
    session.to_server.iter().enumerate().filter(move |(_, frame)| lane_of(frame) == lane)
}

/// The lane of everything that is neither order nor cancel.
const DATA: i64 = 0;

fn lane_of(frame: &Frame) -> i64 {
    if [PLACE_ORDER, CANCEL_ORDER].contains(&frame.id) { frame.id } else { DATA }
}

fn take(refused: &mut BTreeMap<&str, usize>, frame: &Frame) -> bool {
    let sha256: String =
        Sha256::digest(&frame.body).iter().map(|byte| format!("{byte:02x}")).collect();
    match refused.get_mut(sha256.as_str()) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        Some(_) | None => false,
    }
}

/// Counts data frames that stand before an order at the simulator and behind it at the bot.
fn n_passed(places: &[(i64, usize, usize)]) -> usize {
    let in_lane = |wanted: i64| places.iter().filter(move |(lane, _, _)| *lane == wanted);
    in_lane(DATA)
        .filter(|(_, at, sent)| {
            in_lane(PLACE_ORDER).any(|(_, order, placed)| order < at && sent < placed)
        })
        .count()
}

fn to_client(near: &Session, far: &Session) -> anyhow::Result<Compared> {
    let mut compared = Compared::default();
    let mut said = far.to_client.iter().enumerate().peekable();
    for frame in &near.to_client {
        let n_said = said.peek().map_or(far.to_client.len(), |(at, _)| *at);
        let before = far.to_client.get(..n_said).unwrap_or_default();
        if said.next_if(|(_, next)| *next == frame).is_some() {
            compared.n_equal += 1;
        } else if frame.id == NEXT_VALID_ID
            && said.next_if(|(_, next)| next.id == NEXT_VALID_ID).is_some()
        {
            compared.n_raised += 1;
        } else if is_own(frame, before) {
            compared.n_injected += 1;
        } else {
            let instead = said.peek().map_or("nothing".to_owned(), |(_, next)| next.shown());
            bail!("the bot got {}; the simulator said {instead}", frame.shown());
        }
    }
    compared.n_in_flight = said.count();
    Ok(compared)
}

/// Whether Gatehouse says it by itself: an answer in its own name, or an order's last frames
/// again, as they came.
fn is_own(frame: &Frame, before: &[Frame]) -> bool {
    match frame.id {
        ERROR => frame.says("Gatehouse"),
        OPEN_ORDER | ORDER_STATUS => before.contains(frame),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
