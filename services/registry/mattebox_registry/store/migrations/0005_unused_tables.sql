-- When a label table was last stored, in seconds since 1970: one that nobody has stored for long can go.
ALTER TABLE tables ADD COLUMN used_s INTEGER NOT NULL DEFAULT 0;
UPDATE tables SET used_s = CAST(strftime('%s', 'now') AS INTEGER);
