-- The outbox, and the previews that settle it. A lane's jobs up to its `published_seq` are in its stream.

-- name: generation
SELECT generation FROM history;

-- name: rotate_generation
UPDATE history SET generation = lower(hex(randomblob(8))) RETURNING generation;

-- name: empty_lanes
UPDATE lanes SET published_seq = 0, outstanding = 0;

-- name: forget_publications
DELETE FROM publications;

-- name: forget_all_withdrawn
DELETE FROM withdrawn;

-- name: last_seq
-- Highest job number ever given out.
SELECT last_seq FROM history;

-- name: give_out_numbers
UPDATE history SET last_seq = ?;

-- name: owe_request
INSERT INTO requests (seq, frame, key, spec, force, holder) VALUES (?, ?, ?, ?, ?, ?);

-- name: unpublished_bulk
-- By frames_by_job. Frames that are still to be deleted are among them: passing them over takes as long as reading them.
SELECT
    frames.job, coalesce(versions.id, ''), frames.id, frames.key,
    CASE WHEN bases.pk IS NULL THEN frames.document ELSE bases.document END
FROM frames LEFT JOIN versions ON versions.pk = frames.version LEFT JOIN frames AS bases ON bases.pk = frames.base
WHERE frames.job > (SELECT published_seq FROM lanes WHERE lane = 0) ORDER BY frames.job LIMIT ?;

-- name: numbers_of_unpublished_bulk
-- Which those are, without reading them. By frames_by_job.
SELECT job FROM frames WHERE job > (SELECT published_seq FROM lanes WHERE lane = 0) ORDER BY job LIMIT ?;

-- name: unpublished_interactive
-- By the primary key.
SELECT seq, versions.id, frames.id, requests.key, spec, force
FROM requests JOIN frames ON frames.pk = requests.frame JOIN versions ON versions.pk = frames.version
WHERE seq > (SELECT published_seq FROM lanes WHERE lane = 1) ORDER BY seq LIMIT ?;

-- name: backlog_bulk
-- A scan of what is not in the stream yet, by frames_by_job.
SELECT count(*) FROM frames WHERE job > (SELECT published_seq FROM lanes WHERE lane = 0);

-- name: backlog_interactive
-- The same by the primary key.
SELECT count(*) FROM requests WHERE seq > (SELECT published_seq FROM lanes WHERE lane = 1);

-- name: outstanding
SELECT outstanding FROM lanes WHERE lane = ?;

-- name: publish_bulk
-- What is owed between the last and the new published number goes into the stream. By frames_by_job.
UPDATE lanes SET
    outstanding = outstanding + (SELECT count(*) FROM frames WHERE job > published_seq AND job <= ?1),
    published_seq = ?1
WHERE lane = 0 AND published_seq < ?1;

-- name: publish_interactive
-- The same by the primary key.
UPDATE lanes SET
    outstanding = outstanding + (SELECT count(*) FROM requests WHERE seq > published_seq AND seq <= ?1),
    published_seq = ?1
WHERE lane = 1 AND published_seq < ?1;

-- name: note_publication
INSERT INTO publications (lane, seq, published_at) VALUES (?, ?, ?);

-- name: prune_publications_bulk
-- Times of which every job is settled. By the primary key and the front of frames_by_job.
DELETE FROM publications WHERE lane = 0 AND seq < (SELECT min(job) FROM frames WHERE job > 0);

-- name: prune_publications_interactive
-- The same by the primary keys.
DELETE FROM publications WHERE lane = 1 AND seq < (SELECT min(seq) FROM requests);

-- name: published_until
-- Up to where a lane was published at a time. By the front of the primary key.
SELECT coalesce(max(seq), 0) FROM publications WHERE lane = ? AND published_at <= ?;

-- name: published_bulk
-- By frames_by_job.
SELECT job FROM frames WHERE job > ? AND job <= ? ORDER BY job LIMIT ?;

-- name: published_interactive
-- By the primary key.
SELECT seq FROM requests WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?;

-- name: bulk_job
-- A frame that is owed under a number. By frames_by_job.
SELECT 0, 0, key, frames.pk, frames.id, key, state, versions.pk, versions.id, coalesce(root, versions.pk)
FROM frames JOIN versions ON versions.pk = frames.version
WHERE job = ?;

-- name: request
-- What somebody asked for under a number, with the frame it is for. By the primary keys.
SELECT
    1, force, requests.key, frames.pk, frames.id, frames.key, state, versions.pk, versions.id,
    coalesce(root, versions.pk)
FROM requests JOIN frames ON frames.pk = requests.frame JOIN versions ON versions.pk = frames.version
WHERE seq = ?;

-- name: request_of_key
-- What is owed on the interactive lane for a key. By requests_by_key.
SELECT seq FROM requests WHERE key = ?;

-- name: requests_of_holder
-- By requests_by_holder.
SELECT count(*) FROM requests WHERE holder = ?;

-- name: requests_of_frame
-- By requests_by_frame.
SELECT seq FROM requests WHERE frame = ?;

-- name: requests_of_version
-- Through all requests, which are few.
SELECT seq FROM requests JOIN frames ON frames.pk = requests.frame WHERE version = ?;

-- name: drop_bulk_job
-- By frames_by_job.
UPDATE frames SET job = NULL WHERE job = ?;

-- name: drop_request
DELETE FROM requests WHERE seq = ?;

-- name: renumber_bulk_job
-- By frames_by_job.
UPDATE frames SET job = ? WHERE job = ?;

-- name: renumber_request
UPDATE requests SET seq = ? WHERE seq = ?;

-- name: leave_stream
-- Of the jobs of a lane, one that is settled; it counted only if it was noted as published.
UPDATE lanes SET outstanding = outstanding - 1 WHERE lane = ? AND published_seq >= ?;

-- name: withdraw
-- A job that is outdated has to be taken out of its stream, if it is in there.
INSERT INTO withdrawn (seq, lane) SELECT ?1, lane FROM lanes WHERE lane = ?2 AND published_seq >= ?1;

-- name: withdrawn
SELECT seq, lane FROM withdrawn ORDER BY seq LIMIT ?;

-- name: forget_withdrawn
DELETE FROM withdrawn WHERE seq = ?;

-- name: preview
-- By the primary key.
SELECT key, state, attempts, error_code, error_mask, report, rendered_at FROM previews WHERE key = ?;

-- name: preview_seq
-- How the last render of a key ended, and which jobs are older. By the primary key.
SELECT state, last_seq FROM previews WHERE key = ?;

-- name: record_preview
INSERT INTO previews (key, state, attempts, error_code, error_mask, report, rendered_at, last_seq)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    state = excluded.state, attempts = excluded.attempts, error_code = excluded.error_code,
    error_mask = excluded.error_mask, report = excluded.report, rendered_at = excluded.rendered_at,
    last_seq = excluded.last_seq;

-- name: forget_preview
DELETE FROM previews WHERE key = ?;

-- name: table
SELECT entries FROM tables WHERE digest = ?;

-- name: ping
SELECT 1;
