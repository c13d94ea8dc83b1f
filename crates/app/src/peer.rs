//! Which program stands behind a bot's connection, where the system tells.
//!
//! For the eyes only: nothing is pinned to it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

/// Connections that are remembered; there is one for each bot.
const KEPT: usize = 256;

/// Programs by the address of their end of a connection.
#[derive(Default)]
pub(crate) struct Peers(Mutex<BTreeMap<String, Option<String>>>);

impl Peers {
    /// Returns name and process id, such as `python3 (4711)`, of the program at `peer`. Looked for
    /// once for each connection.
    pub(crate) fn process(&self, peer: &str) -> Option<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(peer) {
            return known.clone();
        }
        if kept.len() >= KEPT {
            kept.clear();
        }
        let found = peer.parse().ok().and_then(find);
        kept.insert(peer.to_owned(), found.clone());
        found
    }
}

/// Returns the program whose socket has this address on its own side.
#[cfg(target_os = "linux")]
fn find(peer: SocketAddr) -> Option<String> {
    let sockets = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let inode = inode(&sockets, peer)?;
    let wanted = format!("socket:[{inode}]");
    let holds = |process: &std::fs::DirEntry| {
        let Ok(handles) = std::fs::read_dir(process.path().join("fd")) else { return false };
        handles
            .flatten()
            .filter_map(|handle| std::fs::read_link(handle.path()).ok())
            .any(|target| target.to_str() == Some(&wanted))
    };
    let processes = std::fs::read_dir("/proc").ok()?;
    let is_process = |entry: &std::fs::DirEntry| {
        entry.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok())
    };
    let process = processes.flatten().filter(is_process).find(holds)?;
    let name = std::fs::read_to_string(process.path().join("comm")).ok()?;
    Some(format!("{} ({})", name.trim(), process.file_name().to_str()?))
}

/// Other systems tell it otherwise, if at all.
#[cfg(not(target_os = "linux"))]
fn find(_: SocketAddr) -> Option<String> {
    None
}

/// Returns the inode of the socket with this local address, from the system's table of sockets.
///
/// Source: Linux, Documentation/networking/proc_net_tcp.rst: address and port in hexadecimal, the
/// address in the machine's own byte order; the inode is the tenth column.
#[cfg(target_os = "linux")]
fn inode(sockets: &str, local: SocketAddr) -> Option<u64> {
    let SocketAddr::V4(local) = local else { return None };
    let address = u32::from_ne_bytes(local.ip().octets());
    let wanted = format!("{address:08X}:{:04X}", local.port());
    sockets.lines().skip(1).find_map(|line| {
        let mut columns = line.split_whitespace();
        let found = columns.nth(1)? == wanted;
        let inode = columns.nth(7)?.parse().ok()?;
        (found && inode != 0).then_some(inode)
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn finds_this_program_behind_its_own_connection() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("has an address");
        let stream = std::net::TcpStream::connect(address).expect("connects");
        let peer = stream.local_addr().expect("has an address").to_string();
        let peers = Peers::default();
        let found = peers.process(&peer).expect("is a program of this machine");
        assert!(found.ends_with(&format!("({})", std::process::id())), "{found}");
        drop(stream);
        assert_eq!(peers.process(&peer), Some(found), "is remembered");
        assert_eq!(peers.process("nowhere"), None);
    }
}
