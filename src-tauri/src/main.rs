//! The desktop shell: one window, two commands, and the questions that are asked outside the web
//! view. Everything else is in `gatehouse_app`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod confirm;
mod shortcut;
#[cfg(target_os = "linux")]
mod surface;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use gatehouse_app::{App, Options, cli::RunArgs, data_dir, log};
use gatehouse_ipc::Failure;
use tauri::{RunEvent, WindowEvent};

/// Guards bots on Interactive Brokers, in a window.
#[derive(Debug, Parser)]
#[command(name = "gatehouse-desktop", version)]
struct Args {
    /// Where the ledger and the log are; the platform's own place without it.
    #[arg(long)]
    data_dir: Option<PathBuf>,
    #[command(flatten)]
    run: RunArgs,
}

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(3)
        }
    }
}

fn run(args: Args) -> anyhow::Result<()> {
    #[cfg(unix)]
    data_dir::keep_private();
    let data_dir = args.data_dir.map_or_else(data_dir::default, Ok).map_err(as_error)?;
    let options = Options { gateway: args.run.gateway, bots: args.run.bots, data_dir };
    let mut log = Some(log::start(&options.data_dir).context("starting the log")?);
    let app = App::start(options).map_err(as_error)?;
    announce_ready(&app);
    let shell = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(shortcut::plugin(&app).context("listening to the keys of the kill")?)
        .manage(Arc::clone(&app))
        .invoke_handler(tauri::generate_handler![
            commands::ask,
            commands::columns,
            commands::subscribe
        ]);
    #[cfg(target_os = "linux")]
    let shell = shell.setup(|shell| {
        surface::choose(shell);
        Ok(())
    });
    let shell = shell.build(tauri::generate_context!()).context("building the window")?;
    shell.run(move |handle, event| {
        if let RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } = event
        {
            confirm::close(handle, &api);
        } else if let RunEvent::WindowEvent { event: WindowEvent::Focused(is_in_front), .. } = event
        {
            shortcut::listen(handle, is_in_front);
        } else if let RunEvent::Ready = event {
            shortcut::listen(handle, false);
        } else if let RunEvent::Exit = event {
            // The process ends inside `run`, without going back to its caller.
            app.stop();
            drop(log.take());
        }
    });
    Ok(())
}

/// Prints `ready` once, when trading is possible, as the headless program does.
fn announce_ready(app: &Arc<App>) {
    let app = Arc::clone(app);
    let waiting = std::thread::Builder::new().name("ready".to_owned()).spawn(move || {
        if app.wait_ready() {
            println!("ready");
        }
    });
    if let Err(error) = waiting {
        tracing::warn!(%error, "Nobody will be told when trading is possible");
    }
}

fn as_error(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!("what  {}\nwhy   {}\nnext  {}", failure.what, failure.why, failure.next)
}
