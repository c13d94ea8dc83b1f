//! A plain copy on a connection, which keeps what went by. It stands between a client and
//! Gatehouse, and between Gatehouse and the simulator.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;

/// Listens on a port of its own and copies every connection to `target`.
pub struct Tap {
    port: u16,
    taken: Arc<Mutex<Vec<Arc<Recording>>>>,
}

/// Both streams of one connection, as far as they have come.
#[derive(Default)]
struct Recording {
    to_server: Mutex<Vec<u8>>,
    to_client: Mutex<Vec<u8>>,
}

/// Both streams of one connection.
#[derive(Debug, Clone, Default)]
pub struct Streams {
    pub to_server: Vec<u8>,
    pub to_client: Vec<u8>,
}

impl Tap {
    /// Starts it in front of `target`, as `HOST:PORT`. Its threads end with the process.
    ///
    /// # Errors
    /// When there is no port.
    pub fn start(target: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("listening for a tap")?;
        let port = listener.local_addr().context("reading the tap's port")?.port();
        let taken = Arc::<Mutex<Vec<Arc<Recording>>>>::default();
        let (target, recordings) = (target.to_owned(), Arc::clone(&taken));
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // A client whose server is gone sees its connection end, as without the tap.
                if let Ok(server) = TcpStream::connect(&target) {
                    let recording = Arc::<Recording>::default();
                    locked(&recordings).push(Arc::clone(&recording));
                    copy_both(&client, &server, &recording);
                }
            }
        });
        Ok(Self { port, taken })
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns what went by on each connection so far, in the order in which they were opened.
    #[must_use]
    pub fn streams(&self) -> Vec<Streams> {
        locked(&self.taken)
            .iter()
            .map(|recording| Streams {
                to_server: locked(&recording.to_server).clone(),
                to_client: locked(&recording.to_client).clone(),
            })
            .collect()
    }
}

fn copy_both(client: &TcpStream, server: &TcpStream, recording: &Arc<Recording>) {
    for socket in [client, server] {
        // Delay would only make the test slower.
        socket.set_nodelay(true).ok();
    }
    spawn_copy(client, server, recording, |recording| &recording.to_server);
    spawn_copy(server, client, recording, |recording| &recording.to_client);
}

/// One of a recording's streams.
type Kept = fn(&Recording) -> &Mutex<Vec<u8>>;

fn spawn_copy(from: &TcpStream, to: &TcpStream, recording: &Arc<Recording>, kept: Kept) {
    let recording = Arc::clone(recording);
    if let (Ok(from), Ok(to)) = (from.try_clone(), to.try_clone()) {
        std::thread::spawn(move || copy(from, to, kept(&recording)));
    }
}

/// Copies until one side ends, and hands the end on.
fn copy(mut from: TcpStream, mut to: TcpStream, kept: &Mutex<Vec<u8>>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(n_read) = from.read(&mut buffer) {
        let bytes = buffer.get(..n_read).unwrap_or_default();
        locked(kept).extend_from_slice(bytes);
        if n_read == 0 || to.write_all(bytes).is_err() {
            break;
        }
    }
    // The other side may have closed first, which is as good.
    to.shutdown(Shutdown::Write).ok();
    from.shutdown(Shutdown::Read).ok();
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
