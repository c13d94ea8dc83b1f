//! One window under WebDriver: WebKitWebDriver as a child, which starts the program itself.

use std::cell::Cell;
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use gatehouse_tests::{bin, cli, free_port};
use serde_json::{Value, json};
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;

/// How long anything in the window may take to appear.
const WITHIN: Duration = Duration::from_secs(20);
const EVERY: Duration = Duration::from_millis(100);

/// The looks of the window.
pub(super) const THEMES: [&str; 3] = ["light", "hc", "dark"];

/// How often a click is tried.
const CLICKS: u32 = 20;

/// Ending a session, and taking a picture.
const SOON: Duration = Duration::from_secs(20);

/// The WebDriver of WebKitGTK, in a process group of its own so that what it started ends with it.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    async fn start() -> anyhow::Result<Self> {
        let port = free_port()?;
        let child = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .envs([("TAURI_AUTOMATION", "true"), ("TAURI_WEBVIEW_AUTOMATION", "true")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            // What the program itself says.
            .stderr(Stdio::inherit())
            .process_group(0)
            .spawn()
            .context("starting WebKitWebDriver; install webkit2gtk-driver")?;
        let server = Self { child, url: format!("http://127.0.0.1:{port}") };
        let mut tries = tokio::time::interval(EVERY);
        for _ in 0..100 {
            tries.tick().await;
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
        }
        bail!("WebKitWebDriver does not listen")
    }
}

impl Server {
    fn kill(&self) {
        let group = format!("-{}", self.child.id());
        Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status().ok();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        self.child.wait().ok();
    }
}

/// Returns the id of the process that holds the data directory of `args`.
fn running(args: &[String]) -> Option<String> {
    let data_dir = args.iter().skip_while(|arg| *arg != "--data-dir").nth(1)?;
    let held = std::fs::read_to_string(Path::new(data_dir).join("gatehouse.lock")).ok()?;
    Some(held.trim().to_owned()).filter(|id| !id.is_empty())
}

/// The program's window.
pub(super) struct Window {
    driver: WebDriver,
    server: Server,
    /// The program's process id.
    program: Option<String>,
    is_quit: Cell<bool>,
}

impl Window {
    /// Starts the program with `args` and waits until it shows its state.
    pub(super) async fn open(args: &[String]) -> anyhow::Result<Self> {
        let server = Server::start().await?;
        let mut wanted = Capabilities::new();
        let program = json!({ "binary": bin("gatehouse-desktop")?, "args": args });
        wanted.set("webkitgtk:browserOptions", program)?;
        let driver = WebDriver::builder(server.url.as_str(), wanted)
            .request_timeout(Duration::from_secs(60))
            .connect()
            .await
            .context("opening the window")?;
        let program = running(args);
        let window = Self { driver, server, program, is_quit: Cell::new(false) };
        let watched = window.run(WATCH).await.map(drop);
        let ready = async { window.wait("mode-badge", "DU1234567").await.map(drop) };
        if let Err(error) = watched.and(ready.await) {
            window.quit().await;
            return Err(error);
        }
        Ok(window)
    }

    /// Ends the program, and waits until it is gone: the next one needs its data directory.
    pub(super) async fn quit(&self) {
        if !self.is_quit.replace(true) {
            tokio::time::timeout(SOON, self.driver.clone().quit()).await.ok();
            self.server.kill();
        }
        let Some(program) = &self.program else { return };
        let mut tries = tokio::time::interval(EVERY);
        for _ in 0..200 {
            tries.tick().await;
            if !Path::new("/proc").join(program).exists() {
                return;
            }
        }
    }

    /// Kills the program as a power cut would.
    pub(super) async fn kill_9(&self) -> anyhow::Result<()> {
        let program = self.program.as_ref().context("the program's process is not known")?;
        let killed = Command::new("kill").args(["-KILL", program]).status();
        anyhow::ensure!(killed.context("killing the program")?.success(), "it cannot be killed");
        self.driver.clone().leak().ok();
        self.is_quit.set(true);
        self.server.kill();
        self.quit().await;
        Ok(())
    }

    /// Waits until the program has ended by itself: nothing listens on `port` any more, and the
    /// ledger is free and whole.
    pub(super) async fn ended(&self, port: u16, data_dir: &Path) -> anyhow::Result<()> {
        self.is_quit.set(true);
        // There is no session left to quit.
        self.driver.clone().leak().ok();
        let mut tries = tokio::time::interval(EVERY);
        for _ in 0..150 {
            tries.tick().await;
            if TcpStream::connect(("127.0.0.1", port)).is_err()
                && cli(data_dir, &["audit", "verify"])?.status.success()
            {
                // Who started it has yet to take note of its end.
                self.server.kill();
                return Ok(());
            }
        }
        bail!("the program still runs, or left the ledger behind")
    }

    /// Returns the element that is shown under this name, once its text holds `needle`.
    pub(super) async fn wait(&self, name: &str, needle: &str) -> anyhow::Result<WebElement> {
        self.wait_for(name, needle, WITHIN).await
    }

    pub(super) async fn wait_for(
        &self,
        name: &str,
        needle: &str,
        within: Duration,
    ) -> anyhow::Result<WebElement> {
        let found = patiently(async || {
            let wanted = needle.to_owned();
            let query = self.driver.query(By::Css(format!("[data-testid='{name}']")));
            let query = query.wait(within, EVERY).ignore_errors(true).and_displayed();
            query
                .with_property("textContent", move |text: &str| text.contains(&wanted))
                .first()
                .await
        });
        found.await.with_context(|| format!("looking for {needle:?} in {name}"))
    }

    /// Returns all text of the element of this name, once it holds `needle`.
    pub(super) async fn said(&self, name: &str, needle: &str) -> anyhow::Result<String> {
        let mut tries = tokio::time::interval(EVERY);
        let mut n_tries = 0;
        loop {
            tries.tick().await;
            n_tries += 1;
            let text = self.text(&self.wait(name, needle).await?).await;
            // The page may redraw between the look and the reading.
            if text.is_ok() || n_tries == CLICKS {
                return text;
            }
        }
    }

    /// Returns all text of an element. WebDriver's own idea of its text leaves out what may be cut
    /// short with an ellipsis.
    async fn text(&self, element: &WebElement) -> anyhow::Result<String> {
        let text = element.prop("textContent").await.context("reading a text")?;
        text.context("an element without text")
    }

    /// Returns the element of a selector, shown or only read aloud.
    pub(super) async fn find(&self, css: &str) -> anyhow::Result<WebElement> {
        let found = patiently(async || {
            let query = self.driver.query(By::Css(css.to_owned())).wait(WITHIN, EVERY);
            query.ignore_errors(true).first().await
        });
        found.await.with_context(|| format!("looking for {css}"))
    }

    /// Waits until nothing is shown under this name.
    pub(super) async fn gone(&self, name: &str) -> anyhow::Result<()> {
        self.gone_at(&format!("[data-testid='{name}']")).await
    }

    pub(super) async fn click(&self, name: &str) -> anyhow::Result<()> {
        let mut tries = tokio::time::interval(EVERY);
        let mut n_tries = 0;
        loop {
            tries.tick().await;
            n_tries += 1;
            let clicked = self.wait(name, "").await?.click().await;
            // The page may redraw between the look and the click; nothing was clicked then.
            if clicked.is_ok() || n_tries == CLICKS {
                return clicked.with_context(|| format!("clicking {name}"));
            }
        }
    }

    /// Clicks a row of a table on its first cell: WebDriver cannot click a row.
    pub(super) async fn click_row(&self, name: &str, needle: &str) -> anyhow::Result<()> {
        let mut tries = tokio::time::interval(EVERY);
        let mut n_tries = 0;
        loop {
            tries.tick().await;
            n_tries += 1;
            let row = self.wait(name, needle).await?;
            let clicked = match row.find(By::Tag("td")).await {
                Ok(cell) => cell.click().await,
                Err(error) => Err(error),
            };
            // The table may redraw between the look and the click; nothing was clicked then.
            if clicked.is_ok() || n_tries == CLICKS {
                return clicked.with_context(|| format!("clicking {name}"));
            }
        }
    }

    /// Clicks the first element of a selector.
    pub(super) async fn click_at(&self, css: &str) -> anyhow::Result<()> {
        let mut tries = tokio::time::interval(EVERY);
        let mut n_tries = 0;
        loop {
            tries.tick().await;
            n_tries += 1;
            let clicked = self.find(css).await?.click().await;
            if clicked.is_ok() || n_tries == CLICKS {
                return clicked.with_context(|| format!("clicking {css}"));
            }
        }
    }

    /// Waits until the first element of a selector has exactly this text.
    pub(super) async fn says(&self, css: &str, text: &str) -> anyhow::Result<()> {
        let wanted = text.to_owned();
        let query = self.driver.query(By::Css(css.to_owned())).wait(WITHIN, EVERY);
        let query = query.ignore_errors(true);
        let query = query.with_property("textContent", move |own: &str| own.trim() == wanted);
        query.first().await.map(drop).with_context(|| format!("looking for {text:?} in {css}"))
    }

    /// Waits until nothing matches a selector.
    pub(super) async fn gone_at(&self, css: &str) -> anyhow::Result<()> {
        let mut n_tries = 0;
        loop {
            n_tries += 1;
            let query = self.driver.query(By::Css(css.to_owned())).wait(WITHIN, EVERY);
            match query.not_exists().await {
                // It went while it was looked at.
                Err(error) if is_stale(&error) && n_tries < CLICKS => {}
                is_gone => {
                    let is_gone = is_gone.with_context(|| format!("waiting without {css}"))?;
                    anyhow::ensure!(is_gone, "{css} is still there");
                    return Ok(());
                }
            }
        }
    }

    /// Waits until the page's focus is on the element of this name, also while the system's own
    /// is elsewhere: nothing manages windows on the display of a test.
    pub(super) async fn focused(&self, name: &str) -> anyhow::Result<()> {
        let mut tries = tokio::time::interval(EVERY);
        for _ in 0..WITHIN.as_millis() / EVERY.as_millis() {
            tries.tick().await;
            let focused = self.run("return document.activeElement?.dataset?.testid ?? ''").await?;
            if focused == json!(name) {
                return Ok(());
            }
        }
        bail!("the focus is not on {name}")
    }

    /// Chooses in a list, as the keyboard would: no menu of the system opens.
    pub(super) async fn choose(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.wait(name, "").await?;
        let script = format!(
            "const list = document.querySelector(\"[data-testid='{name}']\"); \
             list.value = '{value}'; \
             list.dispatchEvent(new Event('change', {{ bubbles: true }})); return list.value;"
        );
        let chosen = self.run(&script).await?;
        anyhow::ensure!(chosen == json!(value), "{name} offers no {value}");
        Ok(())
    }

    /// Asks again and again until the answer is as it should be, and returns it.
    pub(super) async fn until(
        &self,
        ask: impl AsyncFn() -> anyhow::Result<Value>,
        is_so: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let mut tries = tokio::time::interval(EVERY);
        let mut answer = Value::Null;
        for _ in 0..WITHIN.as_millis() / EVERY.as_millis() {
            tries.tick().await;
            answer = ask().await?;
            if is_so(&answer) {
                return Ok(answer);
            }
        }
        bail!("the answer stays {answer:#}")
    }

    /// Waits until a table has this many rows or more, drawn or not.
    pub(super) async fn has_rows(&self, table: &str, n: u64) -> anyhow::Result<()> {
        let script = format!(
            "return Number(document.querySelector(\"[data-testid='{table}']\")?.dataset.n ?? 0)"
        );
        let mut tries = tokio::time::interval(EVERY);
        for _ in 0..WITHIN.as_millis() / EVERY.as_millis() {
            tries.tick().await;
            if self.run(&script).await?.as_u64() >= Some(n) {
                return Ok(());
            }
        }
        bail!("{table} has fewer than {n} rows")
    }

    /// Types over what an input holds.
    pub(super) async fn replace(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let input = self.wait(name, "").await?;
        input.click().await?;
        input.send_keys(Key::Control + "a").await?;
        input.send_keys(text).await.with_context(|| format!("typing into {name}"))
    }

    /// Presses the pointer on an element and keeps it down.
    pub(super) async fn press(&self, name: &str) -> anyhow::Result<()> {
        let element = self.wait(name, "").await?;
        let down = self.driver.action_chain().click_and_hold_element(&element);
        down.perform().await.with_context(|| format!("pressing {name}"))
    }

    pub(super) async fn let_go(&self) -> anyhow::Result<()> {
        self.driver.action_chain().release().perform().await.context("letting go")
    }

    /// Moves the pointer over a place, counted from the middle of an element, in steps.
    pub(super) async fn hover(&self, on: &WebElement, x: i64, y: i64) -> anyhow::Result<()> {
        let pointer = self.driver.action_chain().move_to_element_center(on);
        let pointer = pointer.move_to_element_with_offset(on, x + 3, y + 3);
        let pointer = pointer.move_to_element_with_offset(on, x, y);
        pointer.perform().await.context("hovering")
    }

    /// Clicks where the pointer is.
    pub(super) async fn click_here(&self) -> anyhow::Result<()> {
        self.driver.action_chain().click().perform().await.context("clicking")
    }

    /// Drags the pointer from one place to another, counted from the middle of an element.
    pub(super) async fn drag(&self, on: &WebElement, from: i64, to: i64) -> anyhow::Result<()> {
        let pointer = self.driver.action_chain().move_to_element_with_offset(on, from, 0);
        let pointer = pointer.click_and_hold().move_to_element_with_offset(on, 0, 0);
        let pointer = pointer.move_to_element_with_offset(on, to, 0).release();
        pointer.perform().await.context("dragging")
    }

    /// Presses the pointer on the first of some places, counted from the middle of an element, and
    /// lets go on the last.
    pub(super) async fn stroke(&self, on: &WebElement, at: &[(i64, i64)]) -> anyhow::Result<()> {
        let Some(((x, y), rest)) = at.split_first() else { return Ok(()) };
        let pressed = self.driver.action_chain().move_to_element_with_offset(on, *x, *y);
        let moved = rest.iter().fold(pressed.click_and_hold(), |pointer, (x, y)| {
            pointer.move_to_element_with_offset(on, *x, *y)
        });
        moved.release().perform().await.context("drawing a stroke")
    }

    /// Presses keys, all at once, wherever the focus is; those without a letter by name.
    pub(super) async fn press_keys(&self, keys: &[&str]) -> anyhow::Result<()> {
        let codes = keys.iter().flat_map(|key| match *key {
            "Alt" => vec![Key::Alt.value()],
            "Control" => vec![Key::Control.value()],
            "End" => vec![Key::End.value()],
            "Enter" => vec![Key::Enter.value()],
            "Escape" => vec![Key::Escape.value()],
            "Home" => vec![Key::Home.value()],
            "PageDown" => vec![Key::PageDown.value()],
            "PageUp" => vec![Key::PageUp.value()],
            "Shift" => vec![Key::Shift.value()],
            other => other.chars().collect(),
        });
        let codes: Vec<char> = codes.collect();
        let down = codes.iter().fold(self.driver.action_chain(), |keys, code| keys.key_down(*code));
        let up = codes.iter().rev().fold(down, |keys, code| keys.key_up(*code));
        up.perform().await.with_context(|| format!("pressing {keys:?}"))
    }

    /// Changes the look, and leaves out the way there: half of it is neither.
    pub(super) async fn theme(&self, theme: &str) -> anyhow::Result<()> {
        let set = format!(
            "document.documentElement.dataset.theme = '{theme}'; document.body.offsetHeight; \
             for (const it of document.getAnimations()) \
             if (it.effect?.getComputedTiming().endTime !== Infinity) it.finish();"
        );
        self.run(&set).await.map(drop)
    }

    /// Saves what is shown in every theme.
    pub(super) async fn pictures(&self, name: &str) -> anyhow::Result<()> {
        for theme in THEMES {
            self.theme(theme).await?;
            self.picture(&format!("{name}-{theme}")).await?;
        }
        self.theme("dark").await
    }

    /// Runs a script that answers through its last argument.
    pub(super) async fn run_later(&self, script: &str) -> anyhow::Result<Value> {
        let done = self.driver.execute_async(script, Vec::new()).await;
        Ok(done.context("running a script")?.json().clone())
    }

    pub(super) async fn run(&self, script: &str) -> anyhow::Result<Value> {
        let done = self.driver.execute(script, Vec::new()).await.context("running a script")?;
        Ok(done.json().clone())
    }

    /// Fails when the page tried what its content security policy forbids.
    pub(super) async fn obeyed_csp(&self) -> anyhow::Result<()> {
        let broken = self.run("return window.brokenCsp").await?;
        anyhow::ensure!(broken == json!([]), "against the policy: {broken}");
        Ok(())
    }

    /// Says what the page was last told to do, for a test that failed.
    pub(super) async fn last_acts(&self) -> String {
        let acts = self.run("return [Math.round(performance.now()), ...window.acts.slice(-25)]");
        let acts = tokio::time::timeout(SOON, acts).await;
        acts.map_or_else(|_| "no answer".to_owned(), |acts| format!("{acts:?}"))
    }

    /// Saves what is shown below `target/window/`.
    pub(super) async fn picture(&self, name: &str) -> anyhow::Result<()> {
        self.picture_in("window", name).await
    }

    /// Saves what is shown in a folder below `target/`.
    pub(super) async fn picture_in(&self, folder: &str, name: &str) -> anyhow::Result<()> {
        // What was just found may not be drawn yet.
        self.run("return new Promise((drawn) => setTimeout(drawn, 250))").await?;
        let shot = tokio::time::timeout(SOON, self.driver.screenshot_as_png());
        let png = shot.await.context("a picture took too long")?.context("taking a picture")?;
        let dir = target()?.join(folder);
        std::fs::create_dir_all(&dir).context("making the folder of the pictures")?;
        std::fs::write(dir.join(format!("{name}.png")), png).context("writing a picture")
    }
}

/// Asks again when the page was redrawn between finding an element and looking at it.
async fn patiently(
    ask: impl AsyncFn() -> WebDriverResult<WebElement>,
) -> WebDriverResult<WebElement> {
    for _ in 0..CLICKS {
        match ask().await {
            Err(error) if is_stale(&error) => {}
            answer => return answer,
        }
    }
    ask().await
}

fn is_stale(error: &WebDriverError) -> bool {
    matches!(error.as_inner(), WebDriverErrorInner::StaleElementReference(_))
}

/// Notes every violation of the content security policy, and what the pointer and the keys did.
const WATCH: &str = "window.brokenCsp = []; document.addEventListener('securitypolicyviolation', \
    (it) => window.brokenCsp.push(`${it.violatedDirective} ${it.blockedURI}`)); window.acts = []; \
    for (const kind of ['pointerdown', 'pointerup', 'pointerleave', 'pointercancel', 'focus', 'blur']) \
    window.addEventListener(kind, (it) => { const on = it.target; const name = on?.dataset?.testid ?? \
    on?.tagName ?? 'window'; if (kind !== 'pointerleave' || on?.dataset?.testid) \
    window.acts.push(`${Math.round(it.timeStamp)} ${kind} ${name}${on?.disabled ? ' disabled' : ''}`); }, true);";

fn target() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("reading the path of the test")?;
    own.ancestors().nth(3).map(Path::to_owned).context("finding target")
}
