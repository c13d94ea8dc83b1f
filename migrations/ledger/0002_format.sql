-- Kinds and refusals were added: a program that does not know them must not call the file damaged.
UPDATE meta SET value = '2' WHERE name = 'format';
