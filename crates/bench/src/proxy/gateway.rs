//! The two ends that are measured, in this process and on one clock: a Gateway of a few lines, and
//! a client of a few more. Each socket is read by the thread that measures, so that nothing but
//! the path between them is woken.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail};
use gatehouse_tws::answer::{ManagedAccounts, NextValidId};
use gatehouse_tws::handshake::{ClientHello, HelloReader, ServerHello, StartApi};
use gatehouse_tws::{FrameReader, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{AccountId, ClientId, OrderId};

use super::order::VERSION;

/// The client id of the one bot.
pub(crate) const CLIENT_ID: i32 = 31;

/// Nothing on a loopback socket takes this long unless it is broken.
const WITHIN: Duration = Duration::from_secs(10);

/// One end of a connection, framed.
pub(crate) struct End {
    socket: TcpStream,
    frames: FrameReader,
    buffer: Vec<u8>,
}

impl End {
    fn new(socket: TcpStream, frames: FrameReader) -> anyhow::Result<Self> {
        socket.set_nodelay(true).context("setting TCP_NODELAY")?;
        socket.set_read_timeout(Some(WITHIN)).context("setting a timeout")?;
        Ok(Self { socket, frames, buffer: vec![0; 64 * 1024] })
    }

    pub(crate) fn send(&mut self, body: &[u8]) -> anyhow::Result<()> {
        self.socket.write_all(&encode_frame(body)).context("writing")
    }

    /// Waits for the next body.
    pub(crate) fn next(&mut self) -> anyhow::Result<Vec<u8>> {
        loop {
            if let Some(body) = self.frames.next_frame().context("framing")? {
                return Ok(body.to_vec());
            }
            match self.socket.read(&mut self.buffer).context("reading")? {
                0 => bail!("the connection ended"),
                n_read => self.frames.push(self.buffer.get(..n_read).unwrap_or_default()),
            }
        }
    }

    /// Waits for a body that begins so, past others.
    pub(crate) fn wait_for(&mut self, begin: &[u8]) -> anyhow::Result<()> {
        while !self.next()?.starts_with(begin) {}
        Ok(())
    }
}

/// The Gateway's port.
pub(crate) struct Gateway {
    listener: TcpListener,
}

impl Gateway {
    pub(crate) fn open() -> anyhow::Result<Self> {
        Ok(Self { listener: TcpListener::bind("127.0.0.1:0").context("listening")? })
    }

    pub(crate) fn address(&self) -> anyhow::Result<String> {
        Ok(self.listener.local_addr().context("reading the port")?.to_string())
    }

    /// Connects a client through `port`, and returns both ends: the client's and the Gateway's.
    pub(crate) fn connect(&self, port: u16) -> anyhow::Result<(End, End)> {
        let socket = TcpStream::connect(("127.0.0.1", port)).context("connecting")?;
        let mut client = End::new(socket, FrameReader::new())?;
        let version = ServerVersion::new(VERSION);
        let range = VersionRange::try_new(ServerVersion::new(100), version)
            .context("a range of versions")?;
        let hello = ClientHello { range, options: String::new() };
        client.socket.write_all(&hello.encode()).context("saying hello")?;
        let mut gateway = self.greet(version)?;
        client.next().context("waiting for the Gateway's hello")?;
        let start =
            StartApi { client_id: ClientId::new(CLIENT_ID), optional_capabilities: String::new() };
        client.send(&start.encode(version))?;
        gateway.next().context("waiting for START_API")?;
        let accounts = ManagedAccounts { accounts: vec![AccountId::new("DU1234567")] };
        gateway.send(&accounts.encode(version)?)?;
        gateway.send(&NextValidId { order_id: OrderId::new(1) }.encode(version)?)?;
        client.wait_for(b"9\0").context("waiting for the first order id")?;
        Ok((client, gateway))
    }

    fn greet(&self, version: ServerVersion) -> anyhow::Result<End> {
        let (mut socket, _) = self.listener.accept().context("accepting")?;
        let mut hello = HelloReader::new();
        let mut buffer = [0; 4096];
        loop {
            let n_read = socket.read(&mut buffer).context("reading a hello")?;
            if n_read == 0 {
                bail!("the path closed before its hello");
            }
            if hello.push(buffer.get(..n_read).unwrap_or_default())?.is_some() {
                break;
            }
        }
        let answer = ServerHello { version, time: "20260105 09:30:00 EST".to_owned() };
        socket.write_all(&encode_frame(&answer.encode())).context("answering a hello")?;
        End::new(socket, hello.into_frames())
    }
}
