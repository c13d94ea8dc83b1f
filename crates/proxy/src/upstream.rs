//! The writing side of a Gateway socket, and everything that may be written to it.
//!
//! The socket is private to this module and takes four kinds of thing only: a hello, START_API, a
//! cancel, and frames of which the table of actions said that they pass. A frame that may carry an
//! order is none of these: it leaves through [`transmit`] alone, which takes the ledger's proof.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};

use gatehouse_engine::{Approved, OrderFrame};
use gatehouse_ledger::Recorded;
use gatehouse_tws::handshake::{ClientHello, START_API_ID, StartApi};
use gatehouse_tws::request::{Action, CancelOrder, PlaceOrder, action};
use gatehouse_tws::{Head, ServerVersion, encode_frame};
use gatehouse_types::OrderId;

use crate::HaltBoard;

/// A body whose message passes byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PassFrame<'a> {
    body: &'a [u8],
}

impl<'a> PassFrame<'a> {
    /// Makes the frame, or `None` when the table of actions says anything but pass.
    pub(crate) fn try_new(version: ServerVersion, body: &'a [u8]) -> Option<Self> {
        let head = Head::split(version, body).ok()?;
        (action(head.id) == Action::Pass).then_some(Self { body })
    }

    pub(crate) fn len(&self) -> usize {
        self.body.len()
    }
}

/// Frames that pass, one behind the other as they go on the wire.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct PassBatch {
    bytes: Vec<u8>,
    /// The length of each frame on the wire.
    lengths: VecDeque<usize>,
}

impl PassBatch {
    pub(crate) fn push(&mut self, frame: &PassFrame<'_>) {
        let length = u32::try_from(frame.body.len()).expect("a frame's length came in 32 bits");
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(frame.body);
        self.lengths.push_back(size_of::<u32>() + frame.body.len());
    }

    /// Takes the first `n_frames`, or all when there are fewer.
    pub(crate) fn take(&mut self, n_frames: usize) -> Self {
        if n_frames >= self.lengths.len() {
            return std::mem::take(self);
        }
        let lengths: VecDeque<usize> = self.lengths.drain(..n_frames).collect();
        let rest = self.bytes.split_off(lengths.iter().sum());
        Self { bytes: std::mem::replace(&mut self.bytes, rest), lengths }
    }

    pub(crate) fn n_frames(&self) -> usize {
        self.lengths.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// A cancelOrder and the version in whose form it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CancelFrame {
    order_id: OrderId,
    version: ServerVersion,
    body: Vec<u8>,
}

impl CancelFrame {
    /// Makes the frame from a bot's bytes, or `None` when they are not a cancelOrder.
    pub(crate) fn try_new(
        version: ServerVersion,
        order_id: OrderId,
        body: Vec<u8>,
    ) -> Option<Self> {
        let head = Head::split(version, &body).ok()?;
        (action(head.id) == Action::PassCancel).then_some(Self { order_id, version, body })
    }

    /// Encodes a plain cancel, or `None` for a version whose layouts are not known.
    pub(crate) fn encode(version: ServerVersion, order_id: OrderId) -> Option<Self> {
        let body = CancelOrder::new(order_id).encode(version).ok()?;
        Some(Self { order_id, version, body })
    }

    pub(crate) fn order_id(&self) -> OrderId {
        self.order_id
    }

    pub(crate) fn version(&self) -> ServerVersion {
        self.version
    }
}

/// A START_API whose client id was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StartFrame {
    body: Vec<u8>,
}

impl StartFrame {
    /// Makes the frame from a bot's bytes, or `None` when they are not a START_API.
    pub(crate) fn try_new(version: ServerVersion, body: &[u8]) -> Option<Self> {
        let head = Head::split(version, body).ok()?;
        (head.id == START_API_ID).then(|| Self { body: body.to_vec() })
    }

    pub(crate) fn encode(version: ServerVersion, start: &StartApi) -> Self {
        Self { body: start.encode(version) }
    }
}

/// The writing side of one Gateway socket.
#[derive(Debug)]
pub(crate) struct Upstream {
    socket: TcpStream,
    version: ServerVersion,
    /// Whether approvals of another version than this socket's may still arrive.
    is_mixed: bool,
}

impl Upstream {
    pub(crate) fn new(socket: TcpStream, version: ServerVersion, is_mixed: bool) -> Self {
        Self { socket, version, is_mixed }
    }

    pub(crate) fn version(&self) -> ServerVersion {
        self.version
    }

    pub(crate) fn write_start(&mut self, start: &StartFrame) -> io::Result<()> {
        self.socket.write_all(&encode_frame(&start.body))
    }

    pub(crate) fn write_cancel(&mut self, cancel: &CancelFrame) -> io::Result<()> {
        self.socket.write_all(&encode_frame(&cancel.body))
    }

    pub(crate) fn write_batch(&mut self, batch: &PassBatch) -> io::Result<()> {
        self.socket.write_all(&batch.bytes)
    }

    /// Ends the connection; its reader sees the end, too.
    pub(crate) fn shut(&self) {
        // The socket may be gone already, which is what is wanted.
        drop(self.socket.shutdown(Shutdown::Both));
    }

    /// Writes all of `bytes`. The error says whether any of them may have left.
    fn write_once(&mut self, bytes: &[u8]) -> Result<(), bool> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let any_left = rest.len() < bytes.len();
            match self.socket.write(rest) {
                Ok(0) => return Err(any_left),
                Ok(n_written) => rest = rest.get(n_written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(any_left),
            }
        }
        Ok(())
    }

    /// Returns whether the bytes are a placeOrder of this order in this socket's layout.
    fn can_carry(&self, frame: &OrderFrame) -> bool {
        if !self.is_mixed {
            return Head::split(self.version, frame.body())
                .is_ok_and(|head| action(head.id) == Action::Judge);
        }
        PlaceOrder::decode(self.version, frame.body())
            .is_ok_and(|order| order.order_id == frame.order_id())
    }
}

/// Says hello on a socket that is not a link yet.
pub(crate) fn write_hello(socket: &mut TcpStream, hello: &ClientHello) -> io::Result<()> {
    socket.write_all(&hello.encode())
}

/// What became of a recorded order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transmitted {
    /// Written in full.
    Sent,
    /// The connection broke while it was written: it may have arrived. The link must end.
    Torn,
    /// Not one byte was written.
    NotSent,
}

/// Transmits a recorded order: the only place where one leaves Gatehouse.
///
/// Compares the halt counts immediately before the write, and consumes the proof, so that nothing
/// can be written twice.
pub(crate) fn transmit(
    recorded: Recorded<Approved<OrderFrame>>,
    board: &HaltBoard,
    upstream: &mut Upstream,
) -> Transmitted {
    let approved = recorded.get();
    if !upstream.can_carry(approved.get()) {
        return Transmitted::NotSent;
    }
    let frame = encode_frame(approved.get().body());
    if !board.is_current(approved.epochs()) {
        return Transmitted::NotSent;
    }
    match upstream.write_once(&frame) {
        Ok(()) => Transmitted::Sent,
        Err(true) => Transmitted::Torn,
        Err(false) => Transmitted::NotSent,
    }
}

#[cfg(test)]
mod tests;
