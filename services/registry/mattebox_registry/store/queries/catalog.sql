-- Datasets, versions, and the counts of frames that a version carries.

-- name: add_dataset
INSERT INTO datasets (id, name, description, tags, project, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?);

-- name: dataset
-- By the primary key.
SELECT id, name, description, tags, project, created_at, updated_at FROM datasets WHERE id = ?;

-- name: dataset_named
-- By UNIQUE (name).
SELECT id, name, description, tags, project, created_at, updated_at FROM datasets WHERE name = ?;

-- name: datasets_after
-- One page by UNIQUE (name).
SELECT id, name, description, tags, project, created_at, updated_at FROM datasets WHERE name > ? ORDER BY name LIMIT ?;

-- name: update_dataset
UPDATE datasets SET name = ?, description = ?, tags = ?, project = ?, updated_at = ? WHERE id = ?;

-- name: delete_dataset
DELETE FROM datasets WHERE id = ?;

-- name: add_version
-- Under a number that no frame has, not even of a version that is gone.
INSERT INTO versions (
    pk, id, dataset_id, name, description, status, parent_id, metadata, style_revision, restyle_after,
    created_at, updated_at, published_at, parent, root, inherited
) VALUES (
    1 + max(coalesce((SELECT max(pk) FROM versions), 0), coalesce((SELECT max(version) FROM discarded), 0)),
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
);

-- name: version_to_inherit
-- What a child notes of its parent. By UNIQUE (id).
SELECT pk, coalesce(root, pk), frame_count FROM versions WHERE id = ?;

-- name: version
-- By UNIQUE (id).
SELECT
    id, dataset_id, name, description, status, parent_id, frame_count, metadata,
    style_revision, restyle_after, created_at, updated_at, published_at, parent
FROM versions WHERE id = ?;

-- name: version_named
-- By UNIQUE (dataset_id, name).
SELECT
    id, dataset_id, name, description, status, parent_id, frame_count, metadata,
    style_revision, restyle_after, created_at, updated_at, published_at, parent
FROM versions WHERE dataset_id = ? AND name = ?;

-- name: versions_after
-- One page by UNIQUE (dataset_id, name).
SELECT
    id, dataset_id, name, description, status, parent_id, frame_count, metadata,
    style_revision, restyle_after, created_at, updated_at, published_at, parent
FROM versions WHERE dataset_id = ? AND name > ? ORDER BY name LIMIT ?;

-- name: restyling_versions
-- Asked at start; versions are few.
SELECT
    id, dataset_id, name, description, status, parent_id, frame_count, metadata,
    style_revision, restyle_after, created_at, updated_at, published_at, parent
FROM versions WHERE restyle_after IS NOT NULL ORDER BY pk;

-- name: version_head
-- What a write to frames has to know first. By UNIQUE (id).
SELECT pk, status, style_revision, restyle_after, parent FROM versions WHERE id = ?;

-- name: update_version
UPDATE versions SET name = ?, description = ?, metadata = ?, style_revision = ?, restyle_after = ?, updated_at = ?
WHERE id = ?;

-- name: publish_version
UPDATE versions SET status = 'published', published_at = ?2, updated_at = ?2 WHERE id = ?1 AND status = 'draft';

-- name: published_version_of
-- Any published version of a dataset. By UNIQUE (dataset_id, name).
SELECT 1 FROM versions WHERE dataset_id = ? AND status = 'published' LIMIT 1;

-- name: versions_of
-- All versions of a dataset, children before the parents they refer to.
SELECT pk FROM versions WHERE dataset_id = ? ORDER BY pk DESC;

-- name: child_of
-- Any child of a version. By versions_by_parent.
SELECT 1 FROM versions WHERE parent_id = ? LIMIT 1;

-- name: delete_version
DELETE FROM versions WHERE pk = ?;

-- name: discard_version
-- Its frames are deleted little by little.
INSERT INTO discarded (version) VALUES (?);

-- name: discarded_version
SELECT version FROM discarded ORDER BY version LIMIT 1;

-- name: forget_discarded
DELETE FROM discarded WHERE version = ?;

-- name: add_counts
-- Exact because it is in the transaction that moves the frames. With the time where the version itself changes by it.
UPDATE versions
SET
    pending = pending + ?, ready = ready + ?, partial = partial + ?, failed = failed + ?, unsupported = unsupported + ?,
    updated_at = coalesce(?, updated_at)
WHERE pk = ?;

-- name: preview_counts
-- Of a version without a parent. By UNIQUE (id): costs the same for a million frames as for none.
SELECT pending, ready, partial, failed, unsupported, parent FROM versions WHERE id = ?;

-- name: outdated_after
-- How far the restyles of a version and its ancestors have come, of those under way. By the primary key.
WITH RECURSIVE line (pk) AS (
    SELECT pk FROM versions WHERE id = ?
    UNION ALL
    SELECT parent FROM line CROSS JOIN versions ON versions.pk = line.pk WHERE parent IS NOT NULL
)
SELECT min(restyle_after) FROM line CROSS JOIN versions ON versions.pk = line.pk;

-- name: last_change
-- Of the family. By UNIQUE (id), then by the primary key.
SELECT last_change FROM versions WHERE pk = (SELECT coalesce(root, pk) FROM versions WHERE id = ?);

-- name: last_change_of
SELECT last_change FROM versions WHERE pk = ?;

-- name: update_last_change
UPDATE versions SET last_change = ? WHERE pk = ?;

-- name: restyled_up_to
UPDATE versions SET restyle_after = ? WHERE pk = ?;
