//! The answering end of the control channel, on a thread of its own.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use gatehouse_ipc::Request;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::oneshot;

use super::{Answer, socket_path};
use crate::failure;

/// No request is longer; a longer line is not a request.
const LINE_MAX: u64 = 64 * 1024;

type Answerer = Arc<dyn Fn(Request) -> Answer + Send + Sync>;

/// The listening socket; it and its file end with this value.
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
}

impl Server {
    /// Listens in `data_dir` and answers with `answer`. Whoever holds the lock of the directory
    /// may call this: a socket that is there is left over from a life that was killed.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub(crate) fn start(
        data_dir: &Path,
        answer: impl Fn(Request) -> Answer + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let path = socket_path(data_dir);
        if path.exists() {
            std::fs::remove_file(&path)?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _entered = runtime.enter();
            UnixListener::bind(&path)?
        };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&path)?);
        let (stop, stopped) = oneshot::channel();
        let answer: Answerer = Arc::new(answer);
        let thread = std::thread::Builder::new().name("control".to_owned()).spawn(move || {
            runtime.block_on(serve(listener, owner, answer, stopped));
            runtime.shutdown_background();
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread), path })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended already.
            stop.send(()).ok();
        }
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("The control thread panicked");
        }
        std::fs::remove_file(&self.path).ok();
    }
}

async fn serve(
    listener: UnixListener,
    owner: u32,
    answer: Answerer,
    mut stopped: oneshot::Receiver<()>,
) {
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(tokio::spawn(talk(stream, owner, Arc::clone(&answer)))),
                Err(error) => tracing::warn!(%error, "The control socket could not accept"),
            }
        }
    }
}

async fn talk(stream: UnixStream, owner: u32, answer: Answerer) {
    match stream.peer_cred() {
        Ok(peer) if peer.uid() == owner => {}
        Ok(peer) => {
            tracing::warn!(
                uid = peer.uid(),
                "Another user was turned away from the control socket"
            );
            return;
        }
        Err(error) => {
            tracing::warn!(%error, "A peer of the control socket could not be identified");
            return;
        }
    }
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read.take(LINE_MAX)).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        lines.get_mut().get_mut().set_limit(LINE_MAX);
        let answer = Arc::clone(&answer);
        let answered = tokio::task::spawn_blocking(move || respond(&line, &answer)).await;
        let Ok(mut text) = answered else { return };
        text.push('\n');
        if write.write_all(text.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn respond(line: &str, answer: &Answerer) -> String {
    let answered: Answer = match serde_json::from_str(line) {
        Ok(request) => answer(request),
        Err(error) => Err(failure::bad_input(
            "The request was not understood.",
            format!("{error}."),
            "Use the command line of the same version as the running instance.",
        )),
    };
    serde_json::to_string(&answered).unwrap_or_else(|error| format!("{{\"Err\":\"{error}\"}}"))
}
