//! `gatehouse run`: guards bots without a window until it is told to end.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use super::{RunArgs, fail, print};
use crate::failure::broken;
use crate::{App, Options, log};

/// Runs until SIGINT or SIGTERM.
pub(super) fn run(args: &RunArgs, data_dir: PathBuf, is_json: bool) -> ExitCode {
    let options = Options {
        gateway: args.gateway.clone(),
        bots: args.bots.clone(),
        data_dir: data_dir.clone(),
    };
    let _log = match log::start(&data_dir) {
        Ok(guard) => guard,
        Err(error) => {
            let failure =
                broken("Gatehouse did not start.", error.as_ref(), "Check the data directory.");
            return fail(&failure, is_json);
        }
    };
    let app = match App::start(options) {
        Ok(app) => app,
        Err(failure) => {
            tracing::error!(what = failure.what, why = failure.why, "Gatehouse did not start");
            return fail(&failure, is_json);
        }
    };
    let ended = wait_for_signal(&app, is_json);
    app.stop();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print::failure(&broken("Gatehouse ended.", &error, "Start it again."), is_json);
            ExitCode::from(super::NO_ANSWER)
        }
    }
}

/// How long a start may take before it is said what it waits for.
const SLOW_AFTER: Duration = Duration::from_secs(10);

/// Prints `ready` when trading is possible, and returns when a signal asks to end.
fn wait_for_signal(app: &Arc<App>, is_json: bool) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let waiting = Arc::clone(app);
    std::thread::Builder::new().name("ready".to_owned()).spawn(move || {
        if let Some(failure) = waiting.why_not_ready(SLOW_AFTER) {
            tracing::warn!(why = failure.why, "Trading is not possible yet");
            print::failure(&failure, is_json);
        }
        if waiting.wait_ready() {
            println!("ready");
        }
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}
