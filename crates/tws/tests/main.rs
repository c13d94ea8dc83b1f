//! Tests of the codec against frames of real clients, and under mutation.

mod answers;
mod clients;
mod families;
mod fixtures;
mod framing;
mod fuzz;
mod mutation;
mod read_answers;
mod reads;
mod shape_mutation;
mod shapes;
mod targets;
