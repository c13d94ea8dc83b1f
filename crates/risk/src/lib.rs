//! Pure judgement of an order intent against a policy.
