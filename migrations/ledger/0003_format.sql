-- Verdicts hold what they were judged by: a program that does not know it must not call the file
-- damaged.
UPDATE meta SET value = '3' WHERE name = 'format';
