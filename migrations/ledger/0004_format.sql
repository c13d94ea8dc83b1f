-- The session's phases, alarms and settings are entries: a program that does not know them must not
-- call the file damaged.
UPDATE meta SET value = '4' WHERE name = 'format';
