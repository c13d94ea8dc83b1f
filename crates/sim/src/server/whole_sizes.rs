//! Sizes for clients that know whole ones only: parts are cut off, and the client hears of it.
//!
//! Source: users of old clients report message 2176 and its words. That it comes once for each
//! request is an assumption: no page says how often. It must never know what the sizes are of.
//! Called by everything that sends sizes of instruments which trade in parts.

use gatehouse_tws::ServerVersion;
use gatehouse_tws::layout::ReqId;
use gatehouse_types::Decimal;

use super::client::Client;

/// From this version on clients take parts.
const FRACTIONAL_SIZES: i32 = 163;

impl Client {
    /// Returns a size as this client takes it, and tells it when that is less.
    pub(super) fn size(&self, req_id: ReqId, size: Decimal) -> Decimal {
        let Some(whole) = trimmed(self.version, size) else { return size };
        if self.trims.borrow_mut().insert(req_id) {
            let text = format!(
                "Warning: Your API version does not support fractional share size rules. Please upgrade to a minimum version {FRACTIONAL_SIZES}. Trimmed value {size} to {whole}"
            );
            self.complain(req_id.get(), 2176, text);
        }
        whole
    }
}

/// Returns what is left of a size that a version cannot take.
fn trimmed(version: ServerVersion, size: Decimal) -> Option<Decimal> {
    (!version.has(FRACTIONAL_SIZES) && !size.is_integer()).then(|| size.trunc())
}
