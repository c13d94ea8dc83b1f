//! A bot that was let in: its frames, one after the other, until it leaves.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use gatehouse_engine::Input;
use gatehouse_tws::{FrameReader, ServerVersion};

use super::greeting::{Greeted, TurnedAway};
use super::{Door, HalfOpen};
use crate::bot_frame::{BotFrame, chain};
use crate::bot_side::BotSide;
use crate::link::READ_BUFFER;

impl Door {
    /// Serves one connection from its first byte to its end.
    pub(super) fn receive(
        self: &Arc<Self>,
        mut socket: TcpStream,
        peer: SocketAddr,
        half_open: HalfOpen,
    ) -> Result<(), TurnedAway> {
        socket.set_nodelay(true).map_err(TurnedAway::Socket)?;
        let Greeted { dialled, start, mut frames, claim } = self.greet(&mut socket)?;
        let version = dialled.hello.version;
        socket.set_read_timeout(None).map_err(TurnedAway::Socket)?;
        let bot = BotSide::try_new(&socket, version, self.bounds).map_err(TurnedAway::Socket)?;
        let writing = Arc::clone(&bot);
        self.around
            .crew
            .spawn(format!("bot-out-{}", self.config.name), move || writing.write())
            .map_err(TurnedAway::Socket)?;
        drop(half_open);
        tracing::info!(%version, "Bot connected");
        let name = self.config.name.clone();
        self.around.inbox.request(Input::BotAttached {
            bot: name.clone(),
            server_version: version.get(),
            peer: peer.to_string(),
        });
        self.link.attach(dialled, start, Arc::clone(&bot));
        let why = self.read(&bot, version, socket, &mut frames);
        bot.cut(why);
        self.link.detach(&bot);
        let why = bot.why().unwrap_or_default();
        tracing::info!(why, "Bot disconnected");
        self.around.inbox.request(Input::BotDetached { bot: name, why });
        drop(claim);
        Ok(())
    }

    /// Reads frames to the end of the session. Returns why it ended.
    fn read(
        &self,
        bot: &Arc<BotSide>,
        version: ServerVersion,
        mut socket: TcpStream,
        frames: &mut FrameReader,
    ) -> String {
        let mut buffer = vec![0; READ_BUFFER];
        loop {
            loop {
                match frames.next_frame() {
                    Ok(Some(body)) => {
                        if let Err(why) = self.take(bot, version, body) {
                            return why;
                        }
                    }
                    Ok(None) => break,
                    Err(error) => return format!("its bytes are out of step: {error}"),
                }
            }
            match socket.read(&mut buffer) {
                Ok(0) => return "it closed the connection".to_owned(),
                Ok(n_read) => frames.push(buffer.get(..n_read).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return format!("its connection broke: {error}"),
            }
        }
    }

    fn take(&self, bot: &Arc<BotSide>, version: ServerVersion, body: &[u8]) -> Result<(), String> {
        let frame = BotFrame::sort(version, body).map_err(|fault| chain(&fault))?;
        let name = || self.config.name.clone();
        let input = match frame {
            BotFrame::Pass(frame) => {
                let past = &self.around.past;
                if !past.takes(&self.config.name, version, body, (bot, &self.link)) {
                    self.link.push_data(bot, &frame);
                }
                return Ok(());
            }
            BotFrame::Place(decoded) => Input::Place { bot: name(), body: body.to_vec(), decoded },
            BotFrame::Cancel(order_id) => {
                Input::Cancel { bot: name(), order_id, body: body.to_vec() }
            }
            BotFrame::GlobalCancel => Input::GlobalCancel { bot: name() },
            BotFrame::Forbidden { message, order_id } => {
                Input::Forbidden { bot: name(), message, order_id, body: body.to_vec() }
            }
        };
        self.around.inbox.request(input);
        Ok(())
    }
}
