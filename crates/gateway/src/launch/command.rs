//! IBC's port for commands: a line asked, a line answered, by anybody on this machine.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// An answer is a line of less than this.
const ANSWER_BYTES_MAX: u64 = 1024;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Close the Gateway through its menu, or end at once before a login.
    Stop,
    /// Restart with a token, so that no login is needed; within two minutes.
    Restart,
}

impl Order {
    const fn word(self) -> &'static str {
        match self {
            Self::Stop => "STOP\n",
            Self::Restart => "RESTART\n",
        }
    }
}

/// Ports of chance are below those that systems give to whoever asks for any: the helper takes its
/// port seconds after it was chosen.
const FIRST_PORT: u16 = 20_000;
const N_PORTS: u16 = 12_000;
const TRIES_MAX: u32 = 100;

/// Returns a loopback port by chance that nothing listens on at this moment, from 20000 to 31999.
///
/// # Errors
/// When none is found.
pub fn free_port() -> io::Result<u16> {
    let mut last = io::ErrorKind::AddrInUse.into();
    for _ in 0..TRIES_MAX {
        let chance = RandomState::new().build_hasher().finish() % u64::from(N_PORTS);
        let port = FIRST_PORT + u16::try_from(chance).unwrap_or_default();
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(_) => return Ok(port),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Asks, and waits for the answer.
///
/// # Errors
/// When nobody listens, answers within the time, or agrees.
pub(super) fn ask(port: u16, order: Order, within: Duration) -> io::Result<()> {
    let until = Instant::now() + within;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, within.max(Duration::from_millis(1)))?;
    stream.set_write_timeout(Some(within))?;
    stream.write_all(order.word().as_bytes())?;
    let mut answers = BufReader::new(io::Read::take(stream, ANSWER_BYTES_MAX));
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        answers.get_ref().get_ref().set_read_timeout(Some(left))?;
        let mut answer = String::new();
        if answers.read_line(&mut answer)? == 0 {
            // The helper may end faster than it answers.
            return match order {
                Order::Stop => Ok(()),
                Order::Restart => Err(io::ErrorKind::UnexpectedEof.into()),
            };
        }
        if answer.starts_with("OK") {
            return Ok(());
        }
        if answer.starts_with("ERROR") {
            return Err(io::Error::other(answer.trim_end().to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(order: Order, answer: &'static str, kind: Result<(), io::ErrorKind>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let helper = std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a client");
            let mut asked = String::new();
            BufReader::new(&stream).read_line(&mut asked).expect("a line");
            (&stream).write_all(answer.as_bytes()).expect("is written");
            asked
        });
        let answered = ask(port, order, Duration::from_secs(5)).map_err(|error| error.kind());
        assert_eq!(answered, kind, "{answer:?}");
        assert_eq!(helper.join().expect("it ends"), order.word());
    }

    #[test]
    fn an_order_is_agreed_to_or_not() {
        check(Order::Stop, "OK Shutting down\n", Ok(()));
        check(Order::Stop, "", Ok(()));
        check(Order::Restart, "INFO Restarting TWS\nOK RESTART in progress\n", Ok(()));
        check(Order::Restart, "ERROR Command invalid\n", Err(io::ErrorKind::Other));
        check(Order::Restart, "", Err(io::ErrorKind::UnexpectedEof));
    }

    #[test]
    fn ports_of_chance_differ_and_are_nobody_elses() {
        let ports: std::collections::BTreeSet<_> =
            (0..20).map(|_| free_port().expect("a port is free")).collect();
        assert!(ports.len() > 10, "{ports:?}");
        assert!(ports.iter().all(|port| (20_000..32_000).contains(port)), "{ports:?}");
    }

    #[test]
    fn a_helper_that_is_silent_or_away_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        assert!(ask(port, Order::Stop, Duration::from_millis(50)).is_err());
        drop(listener);
        assert!(ask(port, Order::Stop, Duration::from_millis(50)).is_err());
    }
}
