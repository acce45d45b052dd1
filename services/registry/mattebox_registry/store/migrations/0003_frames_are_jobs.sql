-- A frame is its own bulk job: `job` is the number under which its default preview is owed, NULL once that is settled.
-- Its spec is made of its document when it is published, so that a new frame is one row and nothing of it is written
-- twice. Only what somebody asked for has a row of its own.

ALTER TABLE history ADD COLUMN last_seq INTEGER NOT NULL DEFAULT 0;
UPDATE history SET last_seq = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'jobs'), 0);

CREATE TABLE requests (
    seq INTEGER PRIMARY KEY,
    frame INTEGER NOT NULL,
    key BLOB NOT NULL,
    spec BLOB NOT NULL,
    force INTEGER NOT NULL
) STRICT;
INSERT INTO requests (seq, frame, key, spec, force) SELECT seq, frame, key, spec, force FROM jobs WHERE lane = 1;

-- Until now a settled job kept its number.
UPDATE frames SET job = NULL WHERE job IS NOT NULL AND job NOT IN (SELECT seq FROM jobs WHERE lane = 0);
CREATE UNIQUE INDEX frames_by_job ON frames (job) WHERE job IS NOT NULL;

DROP TABLE jobs;
CREATE UNIQUE INDEX requests_by_key ON requests (key);
CREATE INDEX requests_by_frame ON requests (frame);

-- Numbers of versions that are gone and whose frames are deleted little by little.
CREATE TABLE discarded (
    version INTEGER PRIMARY KEY
) STRICT;
