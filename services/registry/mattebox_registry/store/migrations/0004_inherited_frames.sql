-- A version shows its own frames, and those of its parent that it does not hide. Nothing of the parent is copied: a page
-- is merged from the rows of all ancestors. Versions made before this one inherit nothing: they were made without frames.

-- The version whose frames are inherited; `parent_id` is what was said, this is what holds.
ALTER TABLE versions ADD COLUMN parent INTEGER;
-- The first of its ancestors: they and all that inherit of them share one numbering of changes. NULL: itself.
ALTER TABLE versions ADD COLUMN root INTEGER;
-- How many frames the parent shows, which is published and keeps them.
ALTER TABLE versions ADD COLUMN inherited INTEGER NOT NULL DEFAULT 0 CHECK (inherited >= 0);
-- The parent's frames that are hidden here, by their state there. `pending` to `unsupported` count own rows alone.
ALTER TABLE versions ADD COLUMN hidden_pending INTEGER NOT NULL DEFAULT 0 CHECK (hidden_pending >= 0);
ALTER TABLE versions ADD COLUMN hidden_ready INTEGER NOT NULL DEFAULT 0 CHECK (hidden_ready >= 0);
ALTER TABLE versions ADD COLUMN hidden_partial INTEGER NOT NULL DEFAULT 0 CHECK (hidden_partial >= 0);
ALTER TABLE versions ADD COLUMN hidden_failed INTEGER NOT NULL DEFAULT 0 CHECK (hidden_failed >= 0);
ALTER TABLE versions ADD COLUMN hidden_unsupported INTEGER NOT NULL DEFAULT 0 CHECK (hidden_unsupported >= 0);
ALTER TABLE versions ADD COLUMN own INTEGER
    AS (pending + ready + partial + failed + unsupported) VIRTUAL;
ALTER TABLE versions ADD COLUMN hidden INTEGER
    AS (hidden_pending + hidden_ready + hidden_partial + hidden_failed + hidden_unsupported) VIRTUAL;
ALTER TABLE versions ADD COLUMN frame_count INTEGER
    AS (inherited + pending + ready + partial + failed + unsupported
        - hidden_pending - hidden_ready - hidden_partial - hidden_failed - hidden_unsupported) VIRTUAL;

-- The row of an ancestor whose document this row shows under another style, with an empty one of its own.
ALTER TABLE frames ADD COLUMN base INTEGER;

-- Which rows of ancestors a version does not show, though its parent does: deleted, stored again, or restyled. By the
-- place that the row has, so that they are counted as lists count.
CREATE TABLE hidden (
    version INTEGER NOT NULL,
    context_id TEXT NOT NULL,
    timestamp REAL NOT NULL,
    id TEXT NOT NULL,
    frame INTEGER NOT NULL,
    PRIMARY KEY (version, context_id, timestamp, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX hidden_by_frame ON hidden (frame, version);

-- Runs of rows of one ancestor none of which a version shows, from the first to the last, so that no page goes through
-- them one by one. `size` counts them at most; only the long ones are worth a leap.
CREATE TABLE gaps (
    version INTEGER NOT NULL,
    level INTEGER NOT NULL,
    first_context TEXT NOT NULL,
    first_timestamp REAL NOT NULL,
    first_id TEXT NOT NULL,
    last_context TEXT NOT NULL,
    last_timestamp REAL NOT NULL,
    last_id TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (version, level, first_context, first_timestamp, first_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX long_gaps_by_first ON gaps (version, level, first_context, first_timestamp, first_id) WHERE size >= 64;
CREATE INDEX long_gaps_by_last ON gaps (version, level, last_context, last_timestamp, last_id) WHERE size >= 64;

-- A frame as the port gives it back, with the number of the version that holds its document. Only what was not simply
-- drawn has a reason to look up.
DROP VIEW stored_frames;
CREATE VIEW stored_frames AS
SELECT
    frames.pk, frames.version, frames.id, frames.context_id, frames.timestamp,
    CASE WHEN bases.pk IS NULL THEN frames.document ELSE bases.document END AS document,
    frames.key, frames.state, error_code, error_mask, coalesce(bases.version, frames.version) AS origin
FROM frames
LEFT JOIN frames AS bases ON bases.pk = frames.base
LEFT JOIN previews ON previews.key = frames.key AND frames.state >= 2;
