//! Messages of the session itself.

use super::message;

message! {
    StartApiRequest {
        1 client_id: int32,
        2 optional_capabilities: text,
    }
    IdsRequest {
        1 num_ids: int32,
    }
    NextValidId {
        1 order_id: int32,
    }
    ManagedAccounts {
        1 accounts_list: text,
    }
    ErrorMessage {
        1 id: int32,
        2 error_time: int64,
        3 error_code: int32,
        4 error_msg: text,
        5 advanced_order_reject_json: text,
    }
}
