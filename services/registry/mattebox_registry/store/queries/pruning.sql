-- What only grows, and how it is thinned.

-- name: keys_of_frames
-- By the primary key.
SELECT pk, key FROM frames WHERE pk > ? ORDER BY pk LIMIT ?;

-- name: previews_recorded
-- By the row number.
SELECT rowid, key, rendered_at FROM previews WHERE rowid > ? ORDER BY rowid LIMIT ?;

-- name: prune_preview
-- Unless it was recorded anew meanwhile. By the primary key.
DELETE FROM previews WHERE key = ? AND rendered_at < ?;

-- name: keep_table
-- The time is written once an hour at most.
INSERT INTO tables (digest, entries, used_s) VALUES (?, ?, CAST(strftime('%s', 'now') AS INTEGER))
ON CONFLICT (digest) DO UPDATE SET used_s = excluded.used_s WHERE used_s < excluded.used_s - 3600;

-- name: tables_after
-- By the primary key.
SELECT digest, used_s FROM tables WHERE digest > ? ORDER BY digest LIMIT ?;

-- name: prune_table
-- Unless it was stored again meanwhile. By the primary key.
DELETE FROM tables WHERE digest = ? AND used_s < ?;

-- name: specs_of_requests
-- By the primary key.
SELECT seq, spec FROM requests WHERE seq > ? ORDER BY seq LIMIT ?;
