//! The functional core: one step per input, effects out.
