-- Runs of hidden rows of one ancestor: kept by who hides them, leapt over by who reads.

-- name: row_before
-- The row of a level before a place, and whether it is hidden. By frames_in_order.
SELECT context_id, timestamp, id, EXISTS (
    SELECT 1 FROM hidden WHERE frame = frames.pk AND +hidden.version IN (SELECT value FROM json_each(?))
) FROM frames
WHERE version = ? AND (context_id, timestamp, id) < (?, ?, ?)
ORDER BY context_id DESC, timestamp DESC, id DESC LIMIT 1;

-- name: row_after
-- The same after a place.
SELECT context_id, timestamp, id, EXISTS (
    SELECT 1 FROM hidden WHERE frame = frames.pk AND +hidden.version IN (SELECT value FROM json_each(?))
) FROM frames
WHERE version = ? AND (context_id, timestamp, id) > (?, ?, ?)
ORDER BY context_id, timestamp, id LIMIT 1;

-- name: gap_up_to
-- The last gap that begins at a place or before it. By the primary key.
SELECT first_context, first_timestamp, first_id, last_context, last_timestamp, last_id, size FROM gaps
WHERE version = ? AND level = ? AND (first_context, first_timestamp, first_id) <= (?, ?, ?)
ORDER BY first_context DESC, first_timestamp DESC, first_id DESC LIMIT 1;

-- name: forget_gaps_within
-- By the primary key.
DELETE FROM gaps
WHERE version = ? AND level = ? AND (first_context, first_timestamp, first_id) >= (?, ?, ?)
    AND (first_context, first_timestamp, first_id) <= (?, ?, ?);

-- name: add_gap
INSERT INTO gaps (
    version, level, first_context, first_timestamp, first_id, last_context, last_timestamp, last_id, size
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: long_gap_ahead
-- The first long gap that ends after a place. By long_gaps_by_last.
SELECT first_context, first_timestamp, first_id, last_context, last_timestamp, last_id
FROM gaps INDEXED BY long_gaps_by_last
WHERE version = ? AND level = ? AND (last_context, last_timestamp, last_id) > (?, ?, ?) AND size >= 64
ORDER BY last_context, last_timestamp, last_id LIMIT 1;

-- name: long_gap_behind
-- The last long gap that begins before a place. By long_gaps_by_first.
SELECT first_context, first_timestamp, first_id, last_context, last_timestamp, last_id
FROM gaps INDEXED BY long_gaps_by_first
WHERE version = ? AND level = ? AND (first_context, first_timestamp, first_id) < (?, ?, ?) AND size >= 64
ORDER BY first_context DESC, first_timestamp DESC, first_id DESC LIMIT 1;

-- name: gapped_levels
-- Which levels have long gaps, for any of some versions. By the front of long_gaps_by_first.
SELECT hider.value, level.value FROM json_each(?) AS hider CROSS JOIN json_each(?) AS level
WHERE EXISTS (
    SELECT 1 FROM gaps INDEXED BY long_gaps_by_first
    WHERE gaps.version = hider.value AND gaps.level = level.value AND size >= 64
);
