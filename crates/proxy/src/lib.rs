//! The sockets: bots on one side, the Gateway on the other.
