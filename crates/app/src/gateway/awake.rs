//! Keeps this computer from going to sleep.

/// The inhibitor of the system, held while it is wanted.
#[derive(Default)]
pub(crate) struct Awake {
    held: Option<keepawake::KeepAwake>,
    /// Why it cannot be held; asked for again when it is wanted anew.
    trouble: Option<String>,
    was_wanted: bool,
}

impl Awake {
    pub(crate) const fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// Holds the inhibitor, or lets it go. Returns why it cannot be held, as a sentence.
    pub(crate) fn keep(&mut self, is_wanted: bool) -> Option<String> {
        if is_wanted == self.was_wanted {
            return self.trouble.clone();
        }
        self.was_wanted = is_wanted;
        self.held = None;
        self.trouble = None;
        if is_wanted {
            let asked = keepawake::Builder::default()
                .idle(true)
                .sleep(true)
                .reason("A bot is connected")
                .app_name("Gatehouse")
                .app_reverse_domain("app.gatehouse")
                .create();
            match asked {
                Ok(held) => self.held = Some(held),
                Err(error) => {
                    tracing::warn!(%error, "This computer cannot be kept awake");
                    self.trouble = Some(
                        "This computer may go to sleep while a bot is connected: the system does \
                         not take the wish to stay awake. Switch sleep off in its settings."
                            .to_owned(),
                    );
                }
            }
        }
        self.trouble.clone()
    }
}
