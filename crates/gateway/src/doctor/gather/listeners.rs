//! Who listens on which port of this machine.
//!
//! Source: Linux, Documentation/networking/proc_net_tcp.rst. Addresses are hexadecimal in the
//! machine's own byte order, four bytes at a time; state `0A` listens; the tenth column is the
//! inode, by which `/proc/PID/fd` names the owner.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A socket that listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listening {
    at: SocketAddr,
    inode: u64,
    /// Absent for a program that this user may not look at.
    pub(super) pid: Option<u32>,
    pub(super) is_open_to_others: bool,
}

/// Everything that listens, or why it cannot be told.
#[derive(Debug)]
pub(super) struct Listeners(Result<Vec<Listening>, &'static str>);

impl Listeners {
    pub(super) fn look() -> Self {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(std::fs::read_to_string);
        let [Ok(first), second] = tables else {
            return Self(Err("this system does not tell who listens"));
        };
        let mut all: Vec<Listening> =
            first.lines().chain(second.iter().flat_map(|it| it.lines())).filter_map(row).collect();
        let owners = owners();
        for socket in &mut all {
            socket.pid = owners.get(&socket.inode).copied();
        }
        Self(Ok(all))
    }

    /// Returns what would take a connection to an address.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub(super) fn at(&self, address: SocketAddr) -> Result<Option<Listening>, &'static str> {
        let all = self.0.as_ref().map_err(|why| *why)?;
        let takes = |socket: &&Listening| {
            let ip = socket.at.ip();
            let is_any = ip.is_unspecified() && (ip.is_ipv6() || address.ip().is_ipv4());
            socket.at.port() == address.port() && (is_any || ip.to_canonical() == address.ip())
        };
        // One that is bound to the very address goes before one that is bound to all.
        let mut fitting: Vec<_> = all.iter().filter(takes).copied().collect();
        fitting.sort_by_key(|socket| socket.at.ip().is_unspecified());
        Ok(fitting.first().copied())
    }

    /// Returns the ports of the programs that `wanted` takes, each once.
    pub(super) fn ports_of(&self, wanted: impl Fn(u32) -> bool) -> Vec<u16> {
        let all = self.0.as_deref().unwrap_or_default();
        let mut ports: Vec<u16> =
            all.iter().filter(|it| it.pid.is_some_and(&wanted)).map(|it| it.at.port()).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}

/// Reads a line of the table.
fn row(line: &str) -> Option<Listening> {
    let mut columns = line.split_whitespace();
    let at = address(columns.nth(1)?)?;
    if columns.nth(1)? != "0A" {
        return None;
    }
    let inode = columns.nth(5)?.parse().ok()?;
    let is_open_to_others = !at.ip().to_canonical().is_loopback();
    Some(Listening { at, inode, pid: None, is_open_to_others })
}

fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| -> Option<[u8; 4]> {
        u32::from_str_radix(ip.get(at..at + 8)?, 16).ok().map(u32::to_ne_bytes)
    };
    let ip: IpAddr = match ip.len() {
        8 => Ipv4Addr::from(word(0)?).into(),
        32 => {
            let words = [word(0)?, word(8)?, word(16)?, word(24)?];
            let mut bytes = [0; 16];
            bytes.iter_mut().zip(words.as_flattened()).for_each(|(byte, word)| *byte = *word);
            Ipv6Addr::from(bytes).into()
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// Returns the processes by the inodes of the sockets that they hold. Those of other users are not
/// among them, unless this one may look at everything.
fn owners() -> BTreeMap<u64, u32> {
    let mut owners = BTreeMap::new();
    let Ok(processes) = std::fs::read_dir("/proc") else { return owners };
    for process in processes.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let Ok(handles) = std::fs::read_dir(process.path().join("fd")) else { continue };
        let targets = handles.flatten().filter_map(|handle| std::fs::read_link(handle.path()).ok());
        for target in targets {
            let inode = target
                .to_str()
                .and_then(|it| it.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok());
            if let Some(inode) = inode {
                owners.insert(inode, pid);
            }
        }
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_endian = "little")]
    #[test]
    fn the_table_of_the_system_is_read() {
        let line = "   1: 0100007F:0FA2 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0";
        let socket = row(line).expect("listens");
        assert_eq!(socket.at, "127.0.0.1:4002".parse().expect("is an address"));
        assert_eq!((socket.inode, socket.is_open_to_others), (4711, false));
        let all = "   0: 00000000000000000000000000000000:1D49 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 12 1 0 100 0";
        let socket = row(all).expect("listens");
        assert_eq!(socket.at, "[::]:7497".parse().expect("is an address"));
        assert!(socket.is_open_to_others);
        let established = line.replace(" 0A ", " 01 ");
        assert_eq!(row(&established), None);
        assert_eq!(row("  sl  local_address rem_address   st tx_queue"), None);
    }

    #[test]
    fn the_socket_of_an_address_goes_before_the_one_of_all() {
        let socket = |at: &str, pid| Listening {
            at: at.parse().expect("is an address"),
            inode: 0,
            pid: Some(pid),
            is_open_to_others: false,
        };
        let all = [socket("[::]:4002", 1), socket("127.0.0.1:4002", 2), socket("0.0.0.0:4001", 3)];
        let listeners = Listeners(Ok(all.to_vec()));
        let pid = |address: &str| {
            let at = listeners.at(address.parse().expect("is an address")).expect("can be told");
            at.and_then(|socket| socket.pid)
        };
        assert_eq!(pid("127.0.0.1:4002"), Some(2));
        assert_eq!(pid("10.0.0.7:4002"), Some(1));
        assert_eq!(pid("127.0.0.1:4001"), Some(3));
        assert_eq!(pid("[::1]:4001"), None);
        assert_eq!(listeners.ports_of(|pid| pid != 3), [4002]);
    }
}
