-- The ledger: one row per entry, in order, chained, never changed.
--
-- body is UTF-8 JSON, exactly the bytes that were hashed:
--   hash = sha256(previous hash || seq as 8 bytes, big-endian || body)
-- The previous hash of entry 1 is 32 zero bytes. This rule never changes.
CREATE TABLE entry (
    seq  INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),

    -- What the window asks by. SQLite derives these from the body, so they cannot disagree with
    -- it; they are outside the hash and may be added to.
    utc_ns    INTEGER GENERATED ALWAYS AS (body ->> '$.utc_ns') VIRTUAL,
    market_ns INTEGER GENERATED ALWAYS AS (body ->> '$.market_ns') VIRTUAL,
    actor     TEXT    GENERATED ALWAYS AS (body ->> '$.actor') VIRTUAL,
    kind      TEXT    GENERATED ALWAYS AS (body ->> '$.kind') VIRTUAL,
    bot       TEXT    GENERATED ALWAYS AS (coalesce(
        body ->> '$.data.bot.name', body ->> '$.data.bot', body ->> '$.data.order.bot',
        body ->> '$.data.execution.order.bot')) VIRTUAL,
    order_id  INTEGER GENERATED ALWAYS AS (coalesce(
        body ->> '$.data.intent.order_id', body ->> '$.data.order_id',
        body ->> '$.data.order.order_id', body ->> '$.data.execution.order.order_id')) VIRTUAL,
    symbol    TEXT    GENERATED ALWAYS AS (coalesce(
        body ->> '$.data.intent.contract.symbol', body ->> '$.data.execution.symbol')) VIRTUAL,
    outcome   TEXT    GENERATED ALWAYS AS (CASE body ->> '$.kind'
        WHEN 'judged' THEN body ->> '$.data.verdict.outcome'
        WHEN 'not-judged' THEN 'refuse'
        WHEN 'refusals-counted' THEN 'refuse' END) VIRTUAL
) STRICT;

CREATE INDEX entry_by_utc ON entry (utc_ns);
CREATE INDEX entry_by_market ON entry (market_ns) WHERE market_ns IS NOT NULL;
CREATE INDEX entry_by_kind ON entry (kind);
CREATE INDEX entry_by_bot ON entry (bot) WHERE bot IS NOT NULL;
CREATE INDEX entry_by_order ON entry (bot, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX entry_by_symbol ON entry (symbol) WHERE symbol IS NOT NULL;
CREATE INDEX entry_by_outcome ON entry (outcome) WHERE outcome IS NOT NULL;

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

INSERT INTO meta (name, value) VALUES
    ('format', '1'),
    ('rule', 'hash = sha256(previous hash || seq as 8 bytes big-endian || body); the previous hash of entry 1 is 32 zero bytes');

CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry of the ledger is never changed'); END;

CREATE TRIGGER entry_is_not_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry of the ledger is never removed'); END;

-- Also stops INSERT OR REPLACE, which deletes without asking the trigger above.
CREATE TRIGGER entry_comes_next BEFORE INSERT ON entry
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)
BEGIN SELECT RAISE(ABORT, 'an entry of the ledger follows the last one'); END;

-- One account per data directory: the first that a Gateway named.
CREATE TRIGGER entry_names_the_account AFTER INSERT ON entry
WHEN NEW.kind = 'gateway-connected'
BEGIN
    INSERT INTO meta (name, value) VALUES ('account', NEW.body ->> '$.data.account')
    ON CONFLICT (name) DO NOTHING;
END;
