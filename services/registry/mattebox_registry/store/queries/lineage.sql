-- What a version shows of its ancestors. A query whose name begins with `level_` gives what one of them adds; the others
-- are put before and after it, and all of them merged, in the order that the query named after it says.

-- name: lineage
-- A version and its ancestors, the nearest first. By UNIQUE (id), then by the primary key.
WITH RECURSIVE line (pk, parent) AS (
    SELECT pk, parent FROM versions WHERE id = ?
    UNION ALL
    SELECT versions.pk, versions.parent FROM line CROSS JOIN versions ON versions.pk = line.parent
)
SELECT
    versions.pk, id, own, hidden, pending - hidden_pending, ready - hidden_ready, partial - hidden_partial,
    failed - hidden_failed, unsupported - hidden_unsupported, restyle_after
FROM line CROSS JOIN versions ON versions.pk = line.pk;

-- name: level_ahead
-- By frames_in_order, which covers it.
SELECT context_id, timestamp, id, pk FROM frames
WHERE version = ? AND (context_id, timestamp, id) > (?, ?, ?) AND (context_id, timestamp, id) < (?, ?, ?)
    AND NOT EXISTS (
        SELECT 1 FROM hidden WHERE frame = frames.pk AND +hidden.version IN (SELECT value FROM json_each(?))
    )

-- name: level_ahead_in_state
-- By frames_by_state, which covers it.
SELECT context_id, timestamp, id, pk FROM frames
WHERE version = ? AND state = ?
    AND (context_id, timestamp, id) > (?, ?, ?) AND (context_id, timestamp, id) < (?, ?, ?)
    AND NOT EXISTS (
        SELECT 1 FROM hidden WHERE frame = frames.pk AND +hidden.version IN (SELECT value FROM json_each(?))
    )

-- name: in_order
ORDER BY context_id, timestamp, id LIMIT ?

-- name: in_reverse
ORDER BY context_id DESC, timestamp DESC, id DESC LIMIT ?

-- name: level_by_id
-- By frames_by_id, which covers it.
SELECT id, pk FROM frames
WHERE version = ? AND id > ?
    AND NOT EXISTS (
        SELECT 1 FROM hidden WHERE frame = frames.pk AND +hidden.version IN (SELECT value FROM json_each(?))
    )

-- name: in_order_of_ids
ORDER BY id LIMIT ?

-- name: level_changes
-- By frames_by_change.
SELECT change, id, key, state FROM frames
WHERE version = ? AND change > ?
    AND NOT EXISTS (
        SELECT 1 FROM hidden WHERE frame = frames.pk AND +hidden.version IN (SELECT value FROM json_each(?))
    )

-- name: in_order_of_changes
ORDER BY change LIMIT ?

-- name: frames_of_rows
-- By the primary key.
SELECT pk, id, context_id, timestamp, document, key, state, error_code, error_mask, origin FROM stored_frames
WHERE pk IN (SELECT value FROM json_each(?));

-- name: shown_rows_of_ids
-- The rows of some levels that have these ids and are shown. By frames_by_id.
SELECT frames.pk FROM json_each(?) AS wanted CROSS JOIN json_each(?) AS level
CROSS JOIN frames ON frames.version = level.value AND frames.id = wanted.value
WHERE NOT EXISTS (
    SELECT 1 FROM hidden WHERE frame = frames.pk AND +hidden.version IN (SELECT value FROM json_each(?))
);

-- name: inherited_heads
-- What a write to an heir has to know of rows. By the primary key.
SELECT
    frames.pk, frames.version, frames.id, frames.context_id, frames.timestamp,
    CASE WHEN bases.pk IS NULL THEN frames.document ELSE bases.document END,
    frames.key, frames.state, frames.change, coalesce(bases.pk, frames.pk)
FROM frames LEFT JOIN frames AS bases ON bases.pk = frames.base
WHERE frames.pk IN (SELECT value FROM json_each(?));

-- name: hidden_between
-- By the primary key.
SELECT count(*) FROM hidden
WHERE version = ? AND (context_id, timestamp, id) > (?, ?, ?) AND (context_id, timestamp, id) < (?, ?, ?);

-- name: hidden_between_in_state
-- The same, each with a look at the row of the ancestor.
SELECT count(*) FROM hidden CROSS JOIN frames ON frames.pk = hidden.frame
WHERE hidden.version = ? AND state = ?
    AND (hidden.context_id, hidden.timestamp, hidden.id) > (?, ?, ?)
    AND (hidden.context_id, hidden.timestamp, hidden.id) < (?, ?, ?);

-- name: hidden_contexts
-- By the front of the primary key.
SELECT context_id, count(*) FROM hidden WHERE version = ? AND context_id >= ? AND context_id <= ? GROUP BY context_id;

-- name: hidden_contexts_in_state
-- The same, each with a look at the row of the ancestor.
SELECT hidden.context_id, count(*) FROM hidden CROSS JOIN frames ON frames.pk = hidden.frame
WHERE hidden.version = ? AND state = ? AND hidden.context_id >= ? AND hidden.context_id <= ?
GROUP BY hidden.context_id;

-- name: hide
INSERT INTO hidden (version, context_id, timestamp, id, frame) VALUES (?, ?, ?, ?, ?);

-- name: show_again
DELETE FROM hidden WHERE frame = ? AND version = ?;

-- name: hidden_at
-- The row that a version hides at a place. By the primary keys.
SELECT frames.pk, frames.version, frames.key, state FROM hidden CROSS JOIN frames ON frames.pk = hidden.frame
WHERE hidden.version = ? AND hidden.context_id = ? AND hidden.timestamp = ? AND hidden.id = ?;

-- name: hiders_of_frames
-- Who hides any of some rows. By hidden_by_frame; where nobody hides anything, without a look.
SELECT frame, version FROM json_each(?) AS moved CROSS JOIN hidden ON frame = moved.value
WHERE EXISTS (SELECT 1 FROM hidden);

-- name: inherits_of
-- Whether a version is an ancestor of another one. By the primary key.
WITH RECURSIVE line (pk) AS (
    VALUES (?)
    UNION ALL
    SELECT parent FROM line CROSS JOIN versions ON versions.pk = line.pk WHERE parent IS NOT NULL
)
SELECT 1 FROM line WHERE pk = ?;

-- name: hide_instead
UPDATE hidden SET frame = ? WHERE frame = ? AND version = ?;

-- name: add_hidden_counts
-- Exact because it is in the transaction that hides the rows or moves them.
UPDATE versions SET
    hidden_pending = hidden_pending + ?, hidden_ready = hidden_ready + ?, hidden_partial = hidden_partial + ?,
    hidden_failed = hidden_failed + ?, hidden_unsupported = hidden_unsupported + ?
WHERE pk = ?;

-- name: insert_heir
-- A row in place of an ancestor's.
INSERT INTO frames (pk, version, id, context_id, timestamp, document, key, state, job, change, base)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: move_requests
UPDATE requests SET frame = ? WHERE frame = ?;

-- name: forget_hidden
-- Some of what a discarded version hid. By the front of the primary key.
DELETE FROM hidden WHERE version = ?1 AND (context_id, timestamp, id) IN (
    SELECT context_id, timestamp, id FROM hidden WHERE version = ?1 LIMIT ?2
);

-- name: forget_gaps
-- The same.
DELETE FROM gaps WHERE version = ?1 AND (level, first_context, first_timestamp, first_id) IN (
    SELECT level, first_context, first_timestamp, first_id FROM gaps WHERE version = ?1 LIMIT ?2
);
