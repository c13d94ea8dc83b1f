-- Questions about the past that went out in the last ten minutes, ours and the bots', so that a
-- restart does not forget what the broker still counts.
CREATE TABLE asked (
    -- Milliseconds since 1970.
    asked_at INTEGER NOT NULL,
    -- What the pacing rules tell questions by, and what one counts.
    whole    TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    weight   INTEGER NOT NULL
) STRICT;
