-- What a list of datasets or versions tells of each of them. Frames are counted by what their versions carry.

-- name: dataset_summaries
-- The versions of each dataset by UNIQUE (dataset_id, name). What is inherited counts once, where it comes from.
SELECT
    d.value, count(v.pk), coalesce(sum(v.status = 'published'), 0),
    coalesce(sum(v.pending), 0), coalesce(sum(v.ready), 0), coalesce(sum(v.partial), 0), coalesce(sum(v.failed), 0),
    coalesce(sum(v.unsupported), 0),
    (
        SELECT n.id FROM versions AS n WHERE n.dataset_id = d.value
        ORDER BY n.frame_count > 0 DESC, n.pk DESC LIMIT 1
    )
FROM json_each(?) AS d LEFT JOIN versions AS v ON v.dataset_id = d.value
GROUP BY d.value;

-- name: version_summaries
-- What they and their ancestors come to. By UNIQUE (id), then by the primary key.
WITH RECURSIVE line (heir, pk, parent) AS (
    SELECT v.id, v.pk, v.parent FROM json_each(?) AS d CROSS JOIN versions AS v ON v.id = d.value
    UNION ALL
    SELECT heir, v.pk, v.parent FROM line CROSS JOIN versions AS v ON v.pk = line.parent
)
SELECT
    heir, sum(pending - hidden_pending), sum(ready - hidden_ready), sum(partial - hidden_partial),
    sum(failed - hidden_failed), sum(unsupported - hidden_unsupported)
FROM line CROSS JOIN versions AS v ON v.pk = line.pk GROUP BY heir;

-- name: datasets_found
-- One page by UNIQUE (name), of those that hold a text; capitals of ASCII count as small letters.
SELECT id, name, description, tags, project, created_at, updated_at FROM datasets
WHERE name > ?1
    AND instr(lower(name || char(10) || description || char(10) || tags || char(10) || coalesce(project, '')), lower(?2))
ORDER BY name LIMIT ?3;
