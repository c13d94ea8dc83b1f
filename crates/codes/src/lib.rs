//! What the broker's codes mean, how bad they are and what to do.
