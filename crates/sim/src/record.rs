//! The record of order-bearing frames: what truly arrived, written before it is acted on, for
//! comparison with what somebody else says was sent.
//!
//! It must never know what a frame asks for beyond its ids. Called by the server for each frame.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use gatehouse_tws::request::{CancelOrder, PlaceOrder, RequestId};
use gatehouse_tws::{Head, ServerVersion};
use gatehouse_types::ClientId;
use sha2::{Digest, Sha256};

/// An open record.
#[derive(Debug)]
pub struct Record {
    file: File,
}

impl Record {
    /// Opens a record, adding to what it holds.
    ///
    /// # Errors
    /// The file cannot be opened for writing.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self { file })
    }

    /// Writes one line if the body can carry an order: placeOrder, cancelOrder, exerciseOptions or
    /// reqGlobalCancel. One write reaches the operating system, so it outlives this process.
    ///
    /// # Errors
    /// The line could not be written.
    pub fn note(
        &mut self,
        client_id: ClientId,
        version: ServerVersion,
        body: &[u8],
    ) -> io::Result<()> {
        match line(client_id, version, body) {
            Some(line) => self.file.write_all(line.as_bytes()),
            None => Ok(()),
        }
    }
}

fn line(client_id: ClientId, version: ServerVersion, body: &[u8]) -> Option<String> {
    let id = RequestId::from_wire(Head::split(version, body).ok()?.id)?;
    let order_id = if id == RequestId::PlaceOrder {
        PlaceOrder::peek_order_id(version, body)
    } else if id == RequestId::CancelOrder {
        CancelOrder::decode(version, body).ok().map(|cancel| cancel.order_id)
    } else if matches!(id, RequestId::ExerciseOptions | RequestId::GlobalCancel) {
        None
    } else {
        return None;
    };
    let sha256: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    let value = serde_json::json!({
        "client_id": client_id.get(),
        "message_id": id.wire(),
        "order_id": order_id.map(gatehouse_types::OrderId::get),
        "sha256": sha256,
    });
    Some(format!("{value}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_tws::request::{CurrentTimeRequest, GlobalCancel};
    use gatehouse_types::OrderId;

    #[test]
    fn notes_frames_that_carry_orders_and_no_others() {
        let dir = tempfile::tempdir().expect("makes a folder");
        let path = dir.path().join("frames.jsonl");
        let mut record = Record::open(&path).expect("opens");
        let version = ServerVersion::new(178);
        let cancel = CancelOrder::new(OrderId::new(7)).encode(version).expect("encodes");
        let global = GlobalCancel::default().encode(version).expect("encodes");
        let time = CurrentTimeRequest.encode(version).expect("encodes");
        for body in [&cancel, &global, &time, &b"3\0not an order".to_vec()] {
            record.note(ClientId::new(5), version, body).expect("writes");
        }
        let text = std::fs::read_to_string(&path).expect("reads");
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect();
        let ids: Vec<_> = lines
            .iter()
            .map(|line| (line["message_id"].clone(), line["order_id"].clone()))
            .collect();
        assert_eq!(ids, [(4.into(), 7.into()), (58.into(), ().into()), (3.into(), ().into())]);
        let digest: String =
            Sha256::digest(&cancel).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(lines[0]["sha256"], digest.as_str());
        assert_eq!(lines[0]["client_id"], 5);
    }
}
