//! A Gateway that was started here: what it says, how it ends.
//!
//! Two threads belong to it. One reads what it prints, the other waits for its end. Both end with
//! it. When this value is dropped it goes on: its number is in a file, and a later run can end it.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{ffi::OsString, io};

use super::command::{self, Order};
use super::handover::Handover;
use super::output::{self, Censor};
use super::plan::{Secrets, Word};
use super::starter::SetAside;
use super::token::{self, Flag};
use super::words::Words;
use super::{
    Credentials, Driver, Ending, LaunchError, LaunchPlan, ProcessIdentity, Usage, group, identity,
};
use crate::session::HelperEvent;

/// How long the last lines of a process that has ended are waited for. Its pipe stays open when
/// something that it started still holds it.
const LAST_LINES: Duration = Duration::from_secs(1);

/// How long what a process started is waited for, once it was killed.
#[cfg(unix)]
const LAST_ONES: Duration = Duration::from_secs(1);

/// What a running Gateway tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A line that it or its helper printed, at most 4096 bytes, without the password.
    Line(String),
    /// What the helper reports.
    Helper(HelperEvent),
    /// The process ended. It is the last thing that is told.
    Ended(Ending),
}

/// How long each step of an end may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// From the helper's command to the end. Zero leaves the step out.
    pub command: Duration,
    /// From the signal to terminate to the end.
    pub terminate: Duration,
    /// From the kill to the end: the system's own time.
    pub kill: Duration,
}

/// What ended a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// It had ended already.
    Itself,
    Command,
    Terminated,
    Killed,
    /// Nothing: the system does not let go of it.
    Nothing,
}

/// A Gateway that was started here.
#[derive(Debug, Clone)]
pub struct RunningGateway(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    identity: ProcessIdentity,
    command_port: Option<u16>,
    /// Files that the helper has not read yet.
    secrets: Mutex<Vec<Handover>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default, Clone, Copy)]
struct State {
    /// Its number may be a stranger's.
    has_ended: bool,
    /// It left nothing behind either, and another one may be started.
    is_over: bool,
    /// Somebody here wants the end: what is left for a restart is not used.
    is_unwanted: bool,
}

impl RunningGateway {
    /// Starts a Gateway, and tells what happens from threads of its own. The number of the process
    /// is kept in `record` while it runs.
    ///
    /// # Errors
    /// When it does not start, or could not be recognised later.
    pub fn start(
        plan: &LaunchPlan,
        credentials: Option<&Credentials>,
        record: &Path,
        told: impl Fn(Told) + Send + Sync + 'static,
    ) -> Result<Self, LaunchError> {
        let files = Files::make(plan.secrets(credentials)?, plan)?;
        let starter = match plan.settings.driver {
            Driver::Ibc(_) => SetAside::of(&plan.settings.installation),
            Driver::Other(_) | Driver::Person => None,
        };
        let spawned = |source| LaunchError::Spawn { program: plan.program.clone(), source };
        let (output, printed) = io::pipe().map_err(spawned)?;
        let mut command = files.command(plan);
        command.stdin(Stdio::null()).stdout(printed.try_clone().map_err(spawned)?).stderr(printed);
        let mut child = command.spawn().map_err(spawned)?;
        // The command holds our ends of the pipe; the output would never end.
        drop(command);
        let identity = ProcessIdentity::of_child(child.id());
        if let Err(source) = identity.store(record) {
            group::kill(child.id());
            child.wait().ok();
            return Err(LaunchError::NotKept { path: record.to_owned(), source });
        }
        let inner = Arc::new(Inner {
            identity,
            command_port: plan.command_port(),
            secrets: Mutex::new(files.into_all()),
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let told: Arc<dyn Fn(Told) + Send + Sync> = Arc::new(told);
        let words = hear(BufReader::new(output), Censor::of(credentials), &inner, &told);
        let rest = Rest { plan: plan.clone(), record: record.to_owned(), words, told, starter };
        let waiting = Arc::clone(&inner);
        thread::Builder::new()
            .name("gateway-end".to_owned())
            .spawn(move || await_end(&waiting, child, rest))
            .map_err(spawned)?;
        Ok(Self(inner))
    }

    /// Returns which process it is.
    #[must_use]
    pub fn identity(&self) -> &ProcessIdentity {
        &self.0.identity
    }

    /// Returns what it takes of the machine, or `None` when it has ended.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        self.0.identity.usage()
    }

    /// Takes the files with secrets away. IBC's are taken by themselves once it has read them; this
    /// is for helpers that do not say when they have.
    pub fn forget_secrets(&self) {
        self.0.forget_secrets();
    }

    /// Asks the Gateway to restart with a token, so that no login is needed. It may take two
    /// minutes until it ends.
    ///
    /// # Errors
    /// When the helper takes no commands, or does not agree within the time.
    pub fn ask_restart(&self, within: Duration) -> io::Result<()> {
        let port = self.0.command_port.ok_or(io::ErrorKind::Unsupported)?;
        command::ask(port, Order::Restart, within)
    }

    /// Ends it in order: command, terminate, kill. Returns when it has ended, or after all of
    /// `patience`.
    #[must_use]
    pub fn end(&self, patience: Patience) -> EndedBy {
        self.0.state().is_unwanted = true;
        if self.0.ends_within(Duration::ZERO) {
            return EndedBy::Itself;
        }
        if let Some(port) = self.0.command_port.filter(|_| !patience.command.is_zero()) {
            let until = Instant::now() + patience.command;
            match command::ask(port, Order::Stop, patience.command) {
                Ok(()) => {
                    if self.0.ends_within(until.saturating_duration_since(Instant::now())) {
                        return EndedBy::Command;
                    }
                }
                Err(error) => tracing::info!(?error, "The helper was told to stop and cannot"),
            }
        }
        self.0.signal(group::terminate);
        if self.0.ends_within(patience.terminate) {
            return EndedBy::Terminated;
        }
        self.0.signal(group::kill);
        if self.0.ends_within(patience.kill) {
            return EndedBy::Killed;
        }
        EndedBy::Nothing
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_secrets(&self) {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Signals the process, unless it has ended: then its number may be a stranger's.
    fn signal(&self, signal: fn(u32)) {
        let state = self.state();
        if !state.has_ended {
            signal(self.identity.pid());
        }
        drop(state);
    }

    fn ends_within(&self, within: Duration) -> bool {
        let (state, _) = self
            .changed
            .wait_timeout_while(self.state(), within, |state| !state.is_over)
            .unwrap_or_else(PoisonError::into_inner);
        state.is_over
    }
}

/// The short-lived files of a start, by the names that a command has for them.
struct Files([(&'static str, Option<Handover>); 3]);

impl Files {
    fn make(secrets: Secrets, plan: &LaunchPlan) -> Result<Self, LaunchError> {
        let make = |text: Option<zeroize::Zeroizing<String>>| {
            text.map(|text| Handover::of(&text, plan.occasion.means))
                .transpose()
                .map_err(|source| LaunchError::Handover { source })
        };
        Ok(Self([
            ("{config}", make(secrets.config)?),
            ("{user_file}", make(secrets.user)?),
            ("{password_file}", make(secrets.password)?),
        ]))
    }

    fn command(&self, plan: &LaunchPlan) -> Command {
        let mut command = Command::new(&plan.program);
        command
            .args(plan.args.iter().map(|word| self.filled(word)))
            .envs(plan.environment.iter().map(|(name, word)| (name, self.filled(word))))
            .current_dir(&plan.settings.settings_dir);
        for name in LaunchPlan::removed() {
            command.env_remove(name);
        }
        group::set_apart(&mut command);
        command
    }

    fn filled(&self, word: &Word) -> OsString {
        match word {
            Word::Text(text) => text.clone(),
            Word::Open(text) => {
                let mut text = text.clone();
                for (name, file) in &self.0 {
                    let path = file.as_ref().map(|file| file.path().display().to_string());
                    text = text.replace(name, &path.unwrap_or_default());
                }
                text.into()
            }
        }
    }

    fn into_all(self) -> Vec<Handover> {
        self.0.into_iter().filter_map(|(_, file)| file).collect()
    }
}

/// Reads what is printed on a thread of its own, and hands over what was understood at its end.
fn hear(
    mut output: BufReader<io::PipeReader>,
    censor: Censor,
    inner: &Arc<Inner>,
    told: &Arc<dyn Fn(Told) + Send + Sync>,
) -> Receiver<Words> {
    let (sender, receiver) = channel();
    let (inner, told) = (Arc::clone(inner), Arc::clone(told));
    let reader = thread::Builder::new().name("gateway-lines".to_owned()).spawn(move || {
        let mut words = Words::default();
        let outcome = output::read(&mut output, &censor, |line| {
            let events = words.hear(&line);
            told(Told::Line(line));
            for event in events {
                // Whatever it is, the helper is past its configuration.
                inner.forget_secrets();
                told(Told::Helper(event));
            }
        });
        if let Err(error) = outcome {
            tracing::warn!(?error, "What the Gateway prints cannot be read");
        }
        // Nobody waits for it any more when the process ended long ago.
        sender.send(words).ok();
    });
    if let Err(error) = reader {
        tracing::error!(?error, "What the Gateway prints is not read");
    }
    receiver
}

/// What is done once the process has ended.
struct Rest {
    plan: LaunchPlan,
    record: PathBuf,
    words: Receiver<Words>,
    told: Arc<dyn Fn(Told) + Send + Sync>,
    starter: Option<SetAside>,
}

fn await_end(inner: &Inner, mut child: Child, rest: Rest) {
    #[cfg(unix)]
    group::await_end(child.id());
    #[cfg(not(unix))]
    let status = child.wait();
    let mut state = inner.state();
    // What it started does not outlive it. Its number is still its own: nobody took its status.
    #[cfg(unix)]
    group::kill(child.id());
    #[cfg(unix)]
    let status = child.wait();
    state.has_ended = true;
    let is_unwanted = state.is_unwanted;
    drop(state);
    #[cfg(unix)]
    group::await_gone(inner.identity.pid(), LAST_ONES);
    inner.forget_secrets();
    let words = rest.words.recv_timeout(LAST_LINES).unwrap_or_default();
    drop(rest.starter);
    if let Err(error) = identity::removed(&rest.record) {
        tracing::warn!(?error, "The number of a process that ended is still noted");
    }
    let is_ibc = matches!(rest.plan.settings.driver, Driver::Ibc(_));
    if is_ibc && let Some(event) = restart_of(&rest.plan, &words, is_unwanted) {
        (rest.told)(Told::Helper(event));
    }
    inner.state().is_over = true;
    inner.changed.notify_all();
    let ending = status.map_or(Ending::Closed, |status| Ending::of(status, is_ibc));
    (rest.told)(Told::Ended(ending));
}

/// Returns whether the Gateway ended in order to be started again. One that was never logged in
/// did not: it failed, and whoever counts failures decides.
fn restart_of(plan: &LaunchPlan, words: &Words, is_unwanted: bool) -> Option<HelperEvent> {
    let flag = token::take_flag(&plan.settings.settings_dir, &plan.occasion.mark);
    if is_unwanted || !words.is_logged_in() || flag == Some(Flag::Pause) {
        return None;
    }
    let has_token = token::restart_folder(&plan.settings.settings_dir).is_some();
    // A cold restart was told when the helper announced it.
    (has_token && flag.is_none()).then_some(HelperEvent::Restarting { needs_login: false })
}
