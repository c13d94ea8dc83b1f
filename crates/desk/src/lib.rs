//! Gatehouse's own ibapi client: account, quotes, details, history, manual orders.
