//! One Gateway of a scenario: installed, started, listened to, ended.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use gatehouse_gateway::launch::{
    ClockTime, Credentials, Driver, EndedBy, Ending, IbcSettings, Installation, LaunchSettings,
    Means, Mode, Occasion, Patience, RunningGateway, Secret, Told, free_port,
};
use gatehouse_gateway::probe::{Finding, probe};
use gatehouse_gateway::session::{ExistingSession, HelperEvent, Login};

use gatehouse_stand_in::{Display, tools};

/// Far beyond what anything here takes, also on a busy machine.
const LONG: Duration = Duration::from_secs(60);

/// Every step of an end gets its time.
pub(crate) const PATIENCE: Patience = Patience { command: LONG, terminate: LONG, kill: LONG };

/// Escapes of every kind are in it, and it must be found nowhere.
pub(crate) const CANARY: &str = "c4n\\ry=№:7 #\u{fc}!\t\u{1f426}";

/// A machine with a stand-in Gateway, a helper, and a display.
pub(crate) struct Stage {
    pub(crate) dir: tempfile::TempDir,
    _display: Display,
    port: u16,
    pub(crate) settings: LaunchSettings,
}

impl Stage {
    /// Sets everything up, or prints why it cannot be.
    pub(crate) fn set() -> Option<Self> {
        let tools = tools()?;
        let dir = tempfile::tempdir().expect("a folder");
        let display = Display::open();
        let port = free_port().expect("a port is free");
        let installed = gatehouse_stand_in::install(tools, dir.path(), &display.name, port);
        let settings = LaunchSettings {
            installation: Installation::at(&installed.folder).expect("is a Gateway"),
            settings_dir: dir.path().join("settings"),
            mode: Mode::Paper,
            driver: Driver::Ibc(IbcSettings {
                jar: tools.helper.clone(),
                java: installed.java,
                login: Login::Keychain,
                existing_session: ExistingSession::TakeOver,
                second_factor_within: Duration::from_secs(180),
                restart_at: None,
                cold_restart_at: ClockTime::try_new(7, 0),
                takes_commands: true,
            }),
        };
        Some(Self { dir, _display: display, port, settings })
    }

    pub(crate) fn ibc(&mut self) -> &mut IbcSettings {
        match &mut self.settings.driver {
            Driver::Ibc(ibc) => ibc,
            Driver::Other(_) | Driver::Person => panic!("the stage is set for IBC"),
        }
    }

    pub(crate) fn record(&self) -> PathBuf {
        self.dir.path().join("gateway.pid")
    }

    /// Starts the Gateway for a user, whose name decides what happens.
    pub(crate) fn start(&self, user: &str) -> Run {
        self.start_by(user, Means::of_this_system())
    }

    pub(crate) fn start_by(&self, user: &str, means: Means) -> Run {
        let command_port = free_port().expect("a port is free");
        let occasion = Occasion { mark: "m4rk".to_owned(), command_port, means };
        let plan = self.settings.plan(occasion).expect("everything is there");
        let credentials = Credentials {
            user: Secret::new(user.to_owned()),
            password: Secret::new(CANARY.to_owned()),
        };
        let (sender, told) = channel();
        let sender = Mutex::new(sender);
        let gateway = RunningGateway::start(&plan, Some(&credentials), &self.record(), move |it| {
            // A test that is over does not listen.
            sender.lock().expect("nobody panicked").send(it).ok();
        })
        .unwrap_or_else(|error| panic!("{error}: {:?}", std::error::Error::source(&error)));
        Run { gateway, told, lines: Vec::new(), events: Vec::new(), resumes: plan.resumes() }
    }

    /// Returns what the API's port answers to a real handshake.
    pub(crate) fn api(&self) -> Finding {
        probe(&format!("127.0.0.1:{}", self.port), Duration::from_secs(5))
    }

    /// Holds that the API answers, as soon as its process listens.
    pub(crate) fn expect_api(&self) {
        let until = Instant::now() + LONG;
        while !matches!(self.api(), Finding::Speaks { .. }) {
            assert!(Instant::now() < until, "{:?}", self.api());
        }
    }

    /// Returns what a file of the settings folder says.
    pub(crate) fn noted(&self, name: &str) -> String {
        std::fs::read_to_string(self.settings.settings_dir.join(name)).unwrap_or_default()
    }
}

/// A Gateway that was started, and what it has told.
pub(crate) struct Run {
    pub(crate) gateway: RunningGateway,
    told: Receiver<Told>,
    pub(crate) lines: Vec<String>,
    pub(crate) events: Vec<HelperEvent>,
    pub(crate) resumes: bool,
}

impl Run {
    /// Listens until this is told, or the process ends.
    pub(crate) fn until(&mut self, event: &HelperEvent) {
        self.listen(|told| matches!(told, Told::Helper(heard) if heard == event));
    }

    /// Listens to the end, and returns it.
    pub(crate) fn ending(&mut self) -> Ending {
        match self.listen(|told| matches!(told, Told::Ended(_))) {
            Told::Ended(ending) => ending,
            Told::Line(_) | Told::Helper(_) => panic!("listened for an end"),
        }
    }

    fn listen(&mut self, is_it: impl Fn(&Told) -> bool) -> Told {
        let until = Instant::now() + LONG;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let told = self.told.recv_timeout(left);
            let told = told.unwrap_or_else(|error| self.in_vain(error));
            match &told {
                Told::Line(line) => self.lines.push(line.clone()),
                Told::Helper(event) => self.events.push(event.clone()),
                Told::Ended(_) => {}
            }
            if is_it(&told) {
                return told;
            }
            assert!(!matches!(told, Told::Ended(_)), "it ended: {:#?}", self.lines);
        }
    }

    fn in_vain(&self, error: RecvTimeoutError) -> Told {
        panic!("{error}; told {:?} in\n{}", self.events, self.lines.join("\n"))
    }

    /// Ends it by the helper's command, and holds that this is what ended it.
    pub(crate) fn stop(mut self) {
        assert_eq!(self.gateway.end(PATIENCE), EndedBy::Command);
        assert_eq!(self.ending(), Ending::Closed);
        assert!(self.gateway.usage().is_none());
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // A scenario that failed leaves nothing behind.
        let at_once = Patience { command: Duration::ZERO, terminate: Duration::ZERO, kill: LONG };
        let by = self.gateway.end(at_once);
        assert!(by != EndedBy::Nothing || std::thread::panicking(), "it does not end");
    }
}
