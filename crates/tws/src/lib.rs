//! The TWS wire codec, sans-IO: bytes to messages and back, text and protobuf.
