-- Times are RFC 3339 UTC text, documents and other JSON are BLOBs, states and lanes are the numbers of `codes.py`.
-- There are no foreign keys on the hot tables: each one would cost a lookup per frame, and every write is one
-- function in which both sides are in sight.

CREATE TABLE history (
    generation TEXT NOT NULL
) STRICT;
INSERT INTO history VALUES (lower(hex(randomblob(8))));

CREATE TABLE datasets (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    tags BLOB NOT NULL,
    project TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE versions (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    dataset_id TEXT NOT NULL REFERENCES datasets (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published')),
    parent_id TEXT REFERENCES versions (id),
    metadata BLOB NOT NULL,
    style_revision INTEGER NOT NULL,
    restyle_after TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    published_at TEXT,
    -- Newest position in the change feed.
    last_change INTEGER NOT NULL DEFAULT 0,
    -- Frames by state, moved in the transaction that moves the frames: counting a million rows would take a second.
    pending INTEGER NOT NULL DEFAULT 0 CHECK (pending >= 0),
    ready INTEGER NOT NULL DEFAULT 0 CHECK (ready >= 0),
    partial INTEGER NOT NULL DEFAULT 0 CHECK (partial >= 0),
    failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
    unsupported INTEGER NOT NULL DEFAULT 0 CHECK (unsupported >= 0),
    UNIQUE (dataset_id, name)
) STRICT;
CREATE INDEX versions_by_parent ON versions (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE frames (
    pk INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    id TEXT NOT NULL,
    context_id TEXT NOT NULL,
    timestamp REAL NOT NULL,
    document BLOB NOT NULL,
    key BLOB NOT NULL,
    state INTEGER NOT NULL,
    -- The newest bulk job of the frame, settled or not: by it an outdated job is found without an index on jobs.
    job INTEGER,
    -- Position in the change feed; NULL until the first result of the key.
    change INTEGER
) STRICT;
CREATE UNIQUE INDEX frames_by_id ON frames (version, id);
CREATE INDEX frames_in_order ON frames (version, context_id, timestamp, id);
CREATE INDEX frames_by_state ON frames (version, state, context_id, timestamp, id);
CREATE INDEX frames_by_change ON frames (version, change) WHERE change IS NOT NULL;

-- The outbox: what is owed and not settled. Numbers are never given out twice, because they are stream ids.
CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    lane INTEGER NOT NULL,
    frame INTEGER NOT NULL,
    key BLOB NOT NULL,
    spec BLOB NOT NULL,
    force INTEGER NOT NULL
) STRICT;
-- Only of the interactive lane, so that ingestion pays nothing for them.
CREATE UNIQUE INDEX requests_by_key ON jobs (key) WHERE lane = 1;
CREATE INDEX requests_by_seq ON jobs (seq) WHERE lane = 1;
CREATE INDEX requests_by_frame ON jobs (frame) WHERE lane = 1;

-- A stream takes ids in rising order only, so one number says which jobs of a lane are published: those up to it.
CREATE TABLE lanes (
    lane INTEGER PRIMARY KEY,
    published_seq INTEGER NOT NULL,
    outstanding INTEGER NOT NULL CHECK (outstanding >= 0)
) STRICT;
INSERT INTO lanes VALUES (0, 0, 0), (1, 0, 0);

-- When each batch of a lane was published, for as long as a job of it may be owed.
CREATE TABLE publications (
    lane INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    published_at REAL NOT NULL,
    PRIMARY KEY (lane, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE withdrawn (
    seq INTEGER PRIMARY KEY,
    lane INTEGER NOT NULL
) STRICT;

CREATE TABLE previews (
    key BLOB PRIMARY KEY,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    error_code TEXT,
    error_mask TEXT,
    report BLOB,
    rendered_at TEXT NOT NULL,
    -- Highest job number given out when this was recorded: an older job of the key is a duplicate of this render.
    last_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE tables (
    digest BLOB PRIMARY KEY,
    entries BLOB NOT NULL
) STRICT;

CREATE TABLE tokens (
    pk INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scopes BLOB NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

-- A frame as the port gives it back. Only what was not simply drawn has a reason to look up.
CREATE VIEW stored_frames AS
SELECT
    frames.id, context_id, timestamp, document, frames.key, frames.state, error_code, error_mask, version
FROM frames LEFT JOIN previews ON previews.key = frames.key AND frames.state >= 2;
