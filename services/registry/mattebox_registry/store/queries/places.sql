-- Where frames stand in the order of a list. All of it is read from the indexes that the lists themselves use.

-- name: place_after
-- The place that lies so many frames after another one. By frames_in_order.
SELECT context_id, timestamp, id FROM frames
WHERE version = ? AND (context_id, timestamp, id) > (?, ?, ?) AND (context_id, timestamp, id) < (?, ?, ?)
ORDER BY context_id, timestamp, id LIMIT 1 OFFSET ?;

-- name: place_after_in_state
-- By frames_by_state.
SELECT context_id, timestamp, id FROM frames
WHERE version = ? AND state = ? AND (context_id, timestamp, id) > (?, ?, ?) AND (context_id, timestamp, id) < (?, ?, ?)
ORDER BY context_id, timestamp, id LIMIT 1 OFFSET ?;

-- name: frames_between
-- By frames_in_order.
SELECT count(*) FROM frames
WHERE version = ? AND (context_id, timestamp, id) > (?, ?, ?) AND (context_id, timestamp, id) < (?, ?, ?);

-- name: frames_between_in_state
-- By frames_by_state.
SELECT count(*) FROM frames
WHERE version = ? AND state = ? AND (context_id, timestamp, id) > (?, ?, ?) AND (context_id, timestamp, id) < (?, ?, ?);

-- name: contexts_from
-- By the front of frames_in_order.
SELECT context_id, count(*) FROM frames WHERE version = ? AND context_id >= ?
GROUP BY context_id ORDER BY context_id LIMIT ?;

-- name: contexts_from_in_state
-- By the front of frames_by_state.
SELECT context_id, count(*) FROM frames WHERE version = ? AND state = ? AND context_id >= ?
GROUP BY context_id ORDER BY context_id LIMIT ?;

-- name: places_before
-- The nearest first. By frames_in_order.
SELECT context_id, timestamp, id FROM frames
WHERE version = ? AND (context_id, timestamp, id) < (?, ?, ?)
ORDER BY context_id DESC, timestamp DESC, id DESC LIMIT ?;

-- name: places_after
-- By frames_in_order.
SELECT context_id, timestamp, id FROM frames
WHERE version = ? AND (context_id, timestamp, id) > (?, ?, ?)
ORDER BY context_id, timestamp, id LIMIT ?;
