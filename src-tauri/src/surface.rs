//! How WebKit draws the window where no graphics processor does: on a server, in a virtual machine,
//! over a remote desktop. Its usual way goes through OpenGL, which the processor then imitates at
//! twice the cost of drawing without it.

use std::ffi::OsStr;
use std::path::Path;

use tauri::{Manager as _, Runtime};
use webkit2gtk::WebViewExt as _;
use webkit2gtk::glib::prelude::{ObjectExt as _, StaticType as _};

/// Where the kernel shows what can draw.
const DEVICES: &str = "/dev/dri";
/// With this, Mesa draws without a graphics processor, even where there is one.
const IMITATED: &str = "LIBGL_ALWAYS_SOFTWARE";

/// WebKit's setting whether canvases are drawn through OpenGL. The policy for all of the window would
/// take the wheel away with it.
const CANVAS: &str = "enable-2d-canvas-acceleration";

/// Chooses the cheaper way for every window that is there.
pub(crate) fn choose<R: Runtime>(app: &tauri::App<R>) {
    if is_drawn_by_hardware(Path::new(DEVICES), std::env::var_os(IMITATED).as_deref()) {
        return;
    }
    for window in app.webview_windows().values() {
        let set = window.with_webview(|view| {
            // WebKit knows it from 2.46 on.
            let settings = view.inner().settings();
            if let Some(settings) =
                settings.filter(|it| it.has_property(CANVAS, Some(bool::static_type())))
            {
                settings.set_property(CANVAS, false);
            }
        });
        match set {
            Ok(()) => {
                tracing::info!("No graphics processor: the canvases are drawn without OpenGL")
            }
            Err(error) => tracing::warn!(%error, "The window is drawn in the usual way"),
        }
    }
}

/// Returns whether there is something to draw with, and nothing that says not to use it.
fn is_drawn_by_hardware(devices: &Path, imitated: Option<&OsStr>) -> bool {
    let is_imitated =
        imitated.is_some_and(|word| word != "0" && word != "false" && !word.is_empty());
    let Ok(entries) = std::fs::read_dir(devices) else { return false };
    let is_there =
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"));
    is_there && !is_imitated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_renders_draws_unless_it_is_to_be_imitated() {
        let devices = tempfile::tempdir().expect("there is a place for it");
        let path = devices.path();
        assert!(!is_drawn_by_hardware(&path.join("dri"), None));
        std::fs::write(path.join("card0"), "").expect("is written");
        assert!(!is_drawn_by_hardware(path, None), "a card alone shows, but does not draw");
        std::fs::write(path.join("renderD128"), "").expect("is written");
        assert!(is_drawn_by_hardware(path, None));
        assert!(is_drawn_by_hardware(path, Some(OsStr::new("0"))));
        assert!(!is_drawn_by_hardware(path, Some(OsStr::new("1"))));
        assert!(!is_drawn_by_hardware(path, Some(OsStr::new("true"))));
    }
}
