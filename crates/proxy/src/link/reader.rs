//! The Gateway's words: forwarded as they came, observed on the side.
//!
//! Nothing here waits for a bot, and nothing is decoded but what is about orders.

use std::io::Read;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use gatehouse_engine::Input;
use gatehouse_tws::answer::{NextValidId, Observation, observe};
use gatehouse_tws::{FrameError, FrameReader, ServerVersion};
use gatehouse_types::OrderId;

use super::Link;
use super::dial::READ_BUFFER;
use super::open::Open;
use crate::bot_frame::chain;
use crate::locked::locked;
use crate::upstream::Upstream;

impl Link {
    /// Serves an open session to its end. Returns why it ended.
    pub(super) fn serve(self: &Arc<Self>, number: u64, open: Open) -> String {
        let Open { socket, mut frames, version, early, _here } = open;
        let writing = match socket.try_clone() {
            Ok(writing) => writing,
            Err(error) => return format!("its socket cannot be shared: {error}"),
        };
        locked(&self.memory).clear();
        if !self.came_up(number, version) {
            return "another session took the link over".to_owned();
        }
        let upstream = Upstream::new(writing, version, self.is_mixed(version));
        let link = Arc::clone(self);
        let name = format!("link-out-{}", self.name);
        if let Err(error) = self.around.crew.spawn(name, move || link.write(number, upstream)) {
            return format!("no thread could be started: {error}");
        }
        for body in &early {
            self.deliver(version, body);
        }
        self.read(version, socket, &mut frames)
    }

    fn read(
        &self,
        version: ServerVersion,
        mut socket: TcpStream,
        frames: &mut FrameReader,
    ) -> String {
        let mut buffer = vec![0; READ_BUFFER];
        loop {
            if let Err(error) = self.deliver_all(version, frames) {
                return format!("the Gateway's bytes are out of step: {error}");
            }
            match socket.read(&mut buffer) {
                Ok(0) => return "the Gateway closed the connection".to_owned(),
                Ok(n_read) => frames.push(buffer.get(..n_read).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return format!("the connection broke: {error}"),
            }
        }
    }

    fn deliver_all(
        &self,
        version: ServerVersion,
        frames: &mut FrameReader,
    ) -> Result<(), FrameError> {
        while let Some(body) = frames.next_frame()? {
            self.deliver(version, body);
        }
        Ok(())
    }

    /// Forwards one body; the engine hears of it before the bot can react to it.
    fn deliver(&self, version: ServerVersion, body: &[u8]) {
        let bot = self.name.clone();
        match observe(version, body) {
            Ok(None) => self.to_bot(body),
            Ok(Some(observation)) => {
                if let Observation::Error(report) = &observation {
                    self.around.ear.heard(&bot, report.code, &report.text, report.id);
                }
                let raised = self.raised(version, &observation);
                locked(&self.memory).note(&observation, body);
                self.around.inbox.fact(Input::Observed { bot, observation });
                self.to_bot(raised.as_deref().unwrap_or(body));
            }
            Err(error) => {
                let detail = chain(&error);
                tracing::warn!(detail, "A message of the Gateway about orders cannot be read");
                self.around.inbox.fact(Input::Contradiction { bot, detail });
                self.to_bot(body);
            }
        }
    }

    /// Returns nextValidId raised to the high-water mark, when it is below it.
    fn raised(&self, version: ServerVersion, observation: &Observation) -> Option<Vec<u8>> {
        let Observation::NextValidId(next) = observation else {
            return None;
        };
        let mark = OrderId::new(self.high_water.load(Ordering::SeqCst));
        if next.order_id >= mark {
            return None;
        }
        tracing::info!(from = %next.order_id, to = %mark, "Raised the Gateway's next order id");
        NextValidId { order_id: mark }
            .encode(version)
            .inspect_err(|error| tracing::error!(%error, "A next order id cannot be encoded"))
            .ok()
    }
}
