//! A client that changes the Gateway's settings.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use gatehouse_tws::answer::{AnswerId, UpdateConfigResponse};
use gatehouse_tws::config::GatewayConfig;
use gatehouse_tws::handshake::{ClientHello, StartApi};
use gatehouse_tws::request::UpdateConfigRequest;
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::ClientId;

const VERSION: ServerVersion = ServerVersion::CEILING;

/// Sets "Read-Only API", and waits until it is set.
pub(crate) fn set_read_only(address: &str, is_on: bool) {
    let mut socket = TcpStream::connect(address).expect("connects");
    let range = VersionRange::try_new(VERSION, VERSION).expect("is a range");
    let mut say = |bytes: &[u8]| socket.write_all(bytes).expect("is written");
    say(&ClientHello { range, options: String::new() }.encode());
    let start = StartApi { client_id: ClientId::new(99), ..StartApi::default() };
    say(&encode_frame(&start.encode(VERSION)));
    let mut config = GatewayConfig::default();
    config.api.settings.read_only = Some(is_on);
    let change = UpdateConfigRequest { config, ..UpdateConfigRequest::default() };
    say(&encode_frame(&change.encode(VERSION).expect("can be written")));
    let mut frames = FrameReader::new();
    let mut buffer = [0; 4096];
    loop {
        while let Some(body) = frames.next_frame().expect("is framed") {
            let id = Head::split(VERSION, body).ok().and_then(|head| AnswerId::from_wire(head.id));
            if id == Some(AnswerId::UpdateConfigResponse) {
                let answer = UpdateConfigResponse::decode(VERSION, body).expect("is read");
                assert_eq!(answer.status, "Success", "{answer:?}");
                return;
            }
        }
        let n_read = socket.read(&mut buffer).expect("is read");
        assert_ne!(n_read, 0, "hung up");
        frames.push(&buffer[..n_read]);
    }
}
