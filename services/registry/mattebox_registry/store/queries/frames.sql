-- Frames of a version.

-- name: last_frame
-- Highest frame number; the end of the primary key.
SELECT coalesce(max(pk), 0) FROM frames;

-- name: insert_frame
-- Leaves a frame that is there as it is.
INSERT INTO frames (version, id, context_id, timestamp, document, key, state, job) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (version, id) DO NOTHING;

-- name: frame_head
-- What an update has to know of the frame that is there. By frames_by_id.
SELECT
    frames.pk, CASE WHEN bases.pk IS NULL THEN frames.document ELSE bases.document END, frames.key, frames.state,
    frames.job, frames.base
FROM frames LEFT JOIN frames AS bases ON bases.pk = frames.base
WHERE frames.version = ? AND frames.id = ?;

-- name: frame_row_of_id
-- What somebody who asks for a preview has to know. By frames_by_id.
SELECT pk, version, key, state, job FROM frames WHERE version = ? AND id = ?;

-- name: frame_row
-- The same by the primary key.
SELECT pk, version, key, state, job FROM frames WHERE pk = ?;

-- name: update_document
UPDATE frames SET context_id = ?, timestamp = ?, document = ?, base = NULL WHERE pk = ?;

-- name: update_key
-- A new key has had no result: it leaves the change feed until then.
UPDATE frames SET key = ?, state = ?, job = ?, change = NULL WHERE pk = ?;

-- name: settle_frame
-- The frame owes nothing under this number any more.
UPDATE frames SET state = ?, change = ?, job = nullif(job, ?) WHERE pk = ?;

-- name: delete_frame
DELETE FROM frames WHERE pk = ?;

-- name: frames_of_discarded
-- Some frames, with what is owed for them. By the front of frames_by_id.
SELECT pk, job FROM frames WHERE version = ? ORDER BY id LIMIT ?;

-- name: frame
-- By frames_by_id, and its reason by the key of previews.
SELECT id, context_id, timestamp, document, key, state, error_code, error_mask FROM stored_frames
WHERE version = ? AND id = ?;

-- name: frames_after
-- One page in order. By frames_in_order.
SELECT id, context_id, timestamp, document, key, state, error_code, error_mask FROM stored_frames
WHERE version = ? AND (context_id, timestamp, id) > (?, ?, ?)
ORDER BY context_id, timestamp, id LIMIT ?;

-- name: frames_after_in_context
-- One page of a context. By frames_in_order.
SELECT id, context_id, timestamp, document, key, state, error_code, error_mask FROM stored_frames
WHERE version = ? AND context_id = ? AND (timestamp, id) > (?, ?)
ORDER BY timestamp, id LIMIT ?;

-- name: frames_after_in_state
-- One page of a state. By frames_by_state.
SELECT id, context_id, timestamp, document, key, state, error_code, error_mask FROM stored_frames
WHERE version = ? AND state = ? AND (context_id, timestamp, id) > (?, ?, ?)
ORDER BY context_id, timestamp, id LIMIT ?;

-- name: frames_after_in_state_in_context
-- One page of a state in a context. By frames_by_state.
SELECT id, context_id, timestamp, document, key, state, error_code, error_mask FROM stored_frames
WHERE version = ? AND state = ? AND context_id = ? AND (timestamp, id) > (?, ?)
ORDER BY timestamp, id LIMIT ?;

-- name: frames_by_id_after
-- The walk of a restyle. By frames_by_id.
SELECT id, context_id, timestamp, document, key, state, error_code, error_mask FROM stored_frames
WHERE version = ? AND id > ? ORDER BY id LIMIT ?;

-- name: changes_after
-- By frames_by_change.
SELECT change, id, key, state FROM frames WHERE version = ? AND change > ? ORDER BY change LIMIT ?;
