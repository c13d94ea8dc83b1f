//! Who is told, and that telling works with a real listener and a real bus.

#[cfg(target_os = "linux")]
#[path = "main/desktop.rs"]
mod desktop;
#[path = "main/quiet.rs"]
mod quiet;
#[path = "main/settings.rs"]
mod settings;
#[path = "main/teller.rs"]
mod teller;
#[path = "main/webhook.rs"]
mod webhook;
