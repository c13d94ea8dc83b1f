//! orderBound (100): an order that a person placed has got an id by which a client may change it.

use gatehouse_types::{ClientId, OrderId, PermId};

use super::{answer_codec, parts};
use crate::layout::{Layout, Pass, Passed};

/// orderBound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderBound {
    pub perm_id: PermId,
    pub client_id: ClientId,
    /// Negative for an order that a person placed.
    pub order_id: OrderId,
}

answer_codec!(OrderBound = OrderBound);

impl Default for OrderBound {
    fn default() -> Self {
        Self { perm_id: PermId::new(0), client_id: ClientId::new(0), order_id: OrderId::new(0) }
    }
}

impl Layout for OrderBound {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        parts::perm_id(pass, 1, &mut self.perm_id)?;
        parts::client_id(pass, 2, &mut self.client_id)?;
        parts::order_id(pass, 3, &mut self.order_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;

    #[test]
    fn is_written_in_both_forms() {
        let bound = OrderBound {
            perm_id: PermId::new(70_001),
            client_id: ClientId::new(0),
            order_id: OrderId::new(-2),
        };
        let version = ServerVersion::new;
        assert_eq!(bound.encode(version(178)).expect("is written"), b"100\x0070001\x000\x00-2\0");
        let body = bound.encode(version(226)).expect("is written");
        let expected = [
            &[0, 0, 1, 44, 0x08, 0xF1, 0xA2, 0x04, 0x10, 0, 0x18][..],
            &[0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ]
        .concat();
        assert_eq!(body, expected);
        for at in [178, 226] {
            let body = bound.encode(version(at)).expect("is written");
            assert_eq!(OrderBound::decode(version(at), &body), Ok(bound), "{at}");
        }
    }
}
