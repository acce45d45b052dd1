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
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'jobs'), 0);

-- name: owe_job
INSERT INTO jobs (seq, lane, frame, key, spec, force) VALUES (?, ?, ?, ?, ?, ?);

-- name: unpublished_bulk
-- By the primary key.
SELECT seq, lane, versions.id, frames.id, jobs.key, spec, force
FROM jobs JOIN frames ON frames.pk = jobs.frame JOIN versions ON versions.pk = frames.version
WHERE lane = 0 AND seq > (SELECT published_seq FROM lanes WHERE lane = 0) ORDER BY seq LIMIT ?;

-- name: span_of_unpublished_bulk
-- Which those are, without reading them. By the primary key.
SELECT min(seq), max(seq), count(*) FROM (
    SELECT seq FROM jobs
    WHERE lane = 0 AND seq > (SELECT published_seq FROM lanes WHERE lane = 0) ORDER BY seq LIMIT ?
);

-- name: unpublished_interactive
-- By requests_by_seq.
SELECT seq, lane, versions.id, frames.id, jobs.key, spec, force
FROM jobs JOIN frames ON frames.pk = jobs.frame JOIN versions ON versions.pk = frames.version
WHERE lane = 1 AND seq > (SELECT published_seq FROM lanes WHERE lane = 1) ORDER BY seq LIMIT ?;

-- name: backlog_bulk
-- A scan of what is not in the stream yet, by the primary key.
SELECT count(*) FROM jobs WHERE lane = 0 AND seq > (SELECT published_seq FROM lanes WHERE lane = 0);

-- name: backlog_interactive
-- The same by requests_by_seq.
SELECT count(*) FROM jobs WHERE lane = 1 AND seq > (SELECT published_seq FROM lanes WHERE lane = 1);

-- name: outstanding
SELECT outstanding FROM lanes WHERE lane = ?;

-- name: publish_bulk
-- What is owed between the last and the new published number goes into the stream. By the primary key.
UPDATE lanes SET
    outstanding = outstanding
        + (SELECT count(*) FROM jobs WHERE jobs.lane = 0 AND seq > published_seq AND seq <= ?1),
    published_seq = ?1
WHERE lane = 0 AND published_seq < ?1;

-- name: publish_interactive
-- The same by requests_by_seq.
UPDATE lanes SET
    outstanding = outstanding
        + (SELECT count(*) FROM jobs WHERE jobs.lane = 1 AND seq > published_seq AND seq <= ?1),
    published_seq = ?1
WHERE lane = 1 AND published_seq < ?1;

-- name: note_publication
INSERT INTO publications (lane, seq, published_at) VALUES (?, ?, ?);

-- name: prune_publications_bulk
-- Times of which every job is settled. By the primary keys.
DELETE FROM publications WHERE lane = 0 AND seq < (SELECT min(seq) FROM jobs WHERE jobs.lane = 0);

-- name: prune_publications_interactive
-- The same by requests_by_seq.
DELETE FROM publications WHERE lane = 1 AND seq < (SELECT min(seq) FROM jobs WHERE jobs.lane = 1);

-- name: published_until
-- Up to where a lane was published at a time. By the front of the primary key.
SELECT coalesce(max(seq), 0) FROM publications WHERE lane = ? AND published_at <= ?;

-- name: published_bulk
-- By the primary key.
SELECT seq, lane, versions.id, frames.id, jobs.key, spec, force
FROM jobs JOIN frames ON frames.pk = jobs.frame JOIN versions ON versions.pk = frames.version
WHERE lane = 0 AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?;

-- name: published_interactive
-- By requests_by_seq.
SELECT seq, lane, versions.id, frames.id, jobs.key, spec, force
FROM jobs JOIN frames ON frames.pk = jobs.frame JOIN versions ON versions.pk = frames.version
WHERE lane = 1 AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?;

-- name: job
-- A job with the frame it is for. By the primary keys.
SELECT lane, force, jobs.key, spec, frames.pk, frames.id, frames.key, frames.state, versions.pk, versions.id,
    last_change
FROM jobs JOIN frames ON frames.pk = jobs.frame JOIN versions ON versions.pk = frames.version
WHERE seq = ?;

-- name: request_of_key
-- The interactive job that is owed for a key. By requests_by_key.
SELECT seq FROM jobs WHERE lane = 1 AND key = ?;

-- name: drop_job

DELETE FROM jobs WHERE seq = ?;

-- name: leave_stream
UPDATE lanes SET outstanding = outstanding - 1 WHERE lane = ? AND published_seq >= ?;

-- name: create_outdated
-- Job numbers that this transaction withdraws; of the connection, never on disk.
CREATE TEMP TABLE IF NOT EXISTS outdated (seq INTEGER PRIMARY KEY);

-- name: mark_outdated
INSERT OR IGNORE INTO outdated VALUES (?);

-- name: mark_outdated_requests
-- By requests_by_frame.
INSERT OR IGNORE INTO outdated SELECT seq FROM jobs WHERE lane = 1 AND frame = ?;

-- name: mark_outdated_jobs_of_version
-- By the front of frames_by_id.
INSERT OR IGNORE INTO outdated SELECT job FROM frames WHERE version = ? AND job IS NOT NULL;

-- name: mark_outdated_requests_of_version
-- Through the few interactive jobs: requests_by_frame.
INSERT OR IGNORE INTO outdated
SELECT seq FROM jobs JOIN frames ON frames.pk = jobs.frame WHERE lane = 1 AND version = ?;

-- name: withdraw_outdated
-- Those in their stream have to be taken out of it.
INSERT INTO withdrawn (seq, lane)
SELECT jobs.seq, jobs.lane FROM outdated
JOIN jobs ON jobs.seq = outdated.seq
JOIN lanes ON lanes.lane = jobs.lane
WHERE jobs.seq <= published_seq;

-- name: discount_outdated
UPDATE lanes SET outstanding = outstanding - (
    SELECT count(*) FROM outdated JOIN jobs ON jobs.seq = outdated.seq
    WHERE jobs.lane = lanes.lane AND jobs.seq <= published_seq
);

-- name: delete_outdated
DELETE FROM jobs WHERE seq IN (SELECT seq FROM outdated);

-- name: clear_outdated
DELETE FROM outdated;

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

-- name: add_table
INSERT OR IGNORE INTO tables (digest, entries) VALUES (?, ?);

-- name: table
SELECT entries FROM tables WHERE digest = ?;

-- name: ping
SELECT 1;
