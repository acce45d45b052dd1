"""Each hot query is answered by the index it was written for, whatever grows around it."""

import sqlite3

import pytest

from mattebox_registry.store.sql_files import load_queries

BY_ROW = "USING INTEGER PRIMARY KEY (rowid"

FIRST_PLACE = "(first_context,first_timestamp,first_id)<(?,?,?)"

BETWEEN = "(context_id,timestamp,id)>(?,?,?) AND (context_id,timestamp,id)<(?,?,?)"

HIDDEN = "hidden USING INDEX hidden_by_frame (frame=?)"

MERGES = {
    ("level_ahead", "in_order"): f"frames USING INDEX frames_in_order (version=? AND {BETWEEN})",
    ("level_ahead", "in_reverse"): f"frames USING INDEX frames_in_order (version=? AND {BETWEEN})",
    ("level_ahead_in_state", "in_order"): f"frames USING INDEX frames_by_state (version=? AND state=? AND {BETWEEN})",
    ("level_by_id", "in_order_of_ids"): "frames USING INDEX frames_by_id (version=? AND id>?)",
    ("level_changes", "in_order_of_changes"): "frames USING INDEX frames_by_change (version=? AND change>?)",
}
"""A query of one level and the order in which levels are merged: how each level is searched."""

PLANS = {
    # The frames of a version.
    "frame": ["frames USING INDEX frames_by_id (version=? AND id=?)"],
    "frame_head": ["frames USING INDEX frames_by_id (version=? AND id=?)"],
    "frames_after": ["frames USING INDEX frames_in_order (version=? AND (context_id,timestamp,id)>(?,?,?))"],
    "frames_after_in_context": [
        "frames USING INDEX frames_in_order (version=? AND context_id=? AND (timestamp,id)>(?,?))"
    ],
    "frames_after_in_state": [
        "frames USING INDEX frames_by_state (version=? AND state=? AND (context_id,timestamp,id)>(?,?,?))"
    ],
    "frames_after_in_state_in_context": [
        "frames USING INDEX frames_by_state (version=? AND state=? AND context_id=? AND (timestamp,id)>(?,?))"
    ],
    "frames_by_id_after": ["frames USING INDEX frames_by_id (version=? AND id>?)"],
    "changes_after": ["frames USING INDEX frames_by_change (version=? AND change>?)"],
    "frames_of_discarded": ["frames USING INDEX frames_by_id (version=?)"],
    "last_frame": ["frames"],
    "frame_row_of_id": ["frames USING INDEX frames_by_id (version=? AND id=?)"],
    # What is inherited; each level of a merge.
    "lineage": ["versions USING INDEX sqlite_autoindex_versions_1 (id=?)", f"versions {BY_ROW}=?)"],
    "frames_of_rows": [f"frames {BY_ROW}=?)", f"bases {BY_ROW}=?) LEFT-JOIN"],
    "inherited_heads": [f"frames {BY_ROW}=?)", f"bases {BY_ROW}=?) LEFT-JOIN"],
    "shown_rows_of_ids": ["frames USING INDEX frames_by_id (version=? AND id=?)", HIDDEN],
    "hidden_between": [f"hidden USING PRIMARY KEY (version=? AND {BETWEEN})"],
    "hidden_between_in_state": [f"hidden USING PRIMARY KEY (version=? AND {BETWEEN})", f"frames {BY_ROW}=?)"],
    "hidden_contexts": ["hidden USING PRIMARY KEY (version=? AND context_id>? AND context_id<?)"],
    "hidden_contexts_in_state": [
        "hidden USING PRIMARY KEY (version=? AND context_id>? AND context_id<?)",
        f"frames {BY_ROW}=?)",
    ],
    "hidden_at": ["hidden USING PRIMARY KEY (version=? AND context_id=? AND timestamp=? AND id=?)"],
    "show_again": ["hidden USING INDEX hidden_by_frame (frame=? AND version=?)"],
    "hiders_of_frames": ["hidden USING INDEX hidden_by_frame (frame=?)"],
    "row_before": ["frames USING INDEX frames_in_order (version=? AND (context_id,timestamp,id)<(?,?,?))", HIDDEN],
    "row_after": ["frames USING INDEX frames_in_order (version=? AND (context_id,timestamp,id)>(?,?,?))", HIDDEN],
    "gap_up_to": [f"gaps USING PRIMARY KEY (version=? AND level=? AND {FIRST_PLACE})"],
    "long_gap_ahead": [
        "gaps USING INDEX long_gaps_by_last (version=? AND level=? AND (last_context,last_timestamp,last_id)>(?,?,?))"
    ],
    "long_gap_behind": [f"gaps USING INDEX long_gaps_by_first (version=? AND level=? AND {FIRST_PLACE})"],
    "gapped_levels": ["gaps USING INDEX long_gaps_by_first (version=? AND level=?)"],
    "outdated_after": ["versions USING INDEX sqlite_autoindex_versions_1 (id=?)", f"versions {BY_ROW}=?)"],
    "place_after": [f"frames USING INDEX frames_in_order (version=? AND {BETWEEN})"],
    "place_after_in_state": [f"frames USING INDEX frames_by_state (version=? AND state=? AND {BETWEEN})"],
    "frames_between": [f"frames USING INDEX frames_in_order (version=? AND {BETWEEN})"],
    "frames_between_in_state": [f"frames USING INDEX frames_by_state (version=? AND state=? AND {BETWEEN})"],
    "contexts_from": ["frames USING INDEX frames_in_order (version=? AND context_id>?)"],
    "contexts_from_in_state": ["frames USING INDEX frames_by_state (version=? AND state=? AND context_id>?)"],
    # The version itself.
    "version": ["versions USING INDEX sqlite_autoindex_versions_1 (id=?)"],
    "version_head": ["versions USING INDEX sqlite_autoindex_versions_1 (id=?)"],
    "preview_counts": ["versions USING INDEX sqlite_autoindex_versions_1 (id=?)"],
    "last_change": ["versions USING INDEX sqlite_autoindex_versions_1 (id=?)"],
    "versions_after": ["versions USING INDEX sqlite_autoindex_versions_2 (dataset_id=? AND name>?)"],
    "datasets_after": ["datasets USING INDEX sqlite_autoindex_datasets_2 (name>?)"],
    "child_of": ["versions USING INDEX versions_by_parent (parent_id=?)"],
    # The outbox.
    "unpublished_bulk": ["frames USING INDEX frames_by_job (job>?)", f"versions {BY_ROW}=?) LEFT-JOIN"],
    "numbers_of_unpublished_bulk": ["frames USING INDEX frames_by_job (job>?)"],
    "unpublished_interactive": [f"requests {BY_ROW}>?)"],
    "published_bulk": ["frames USING INDEX frames_by_job (job>? AND job<?)"],
    "published_interactive": [f"requests {BY_ROW}>? AND rowid<?)"],
    "backlog_bulk": ["frames USING INDEX frames_by_job (job>?)"],
    "publish_bulk": ["frames USING INDEX frames_by_job (job>? AND job<?)"],
    "publish_interactive": [f"requests {BY_ROW}>? AND rowid<?)"],
    "prune_publications_bulk": ["frames USING INDEX frames_by_job (job>?)"],
    "published_until": ["publications USING PRIMARY KEY (lane=?)"],
    "outstanding": [f"lanes {BY_ROW}=?)"],
    "bulk_job": ["frames USING INDEX frames_by_job (job=?)", f"versions {BY_ROW}=?)"],
    "request": [f"requests {BY_ROW}=?)", f"frames {BY_ROW}=?)", f"versions {BY_ROW}=?)"],
    "request_of_key": ["requests USING INDEX requests_by_key (key=?)"],
    "requests_of_holder": ["requests USING INDEX requests_by_holder (holder=?)"],
    "requests_of_frame": ["requests USING INDEX requests_by_frame (frame=?)"],
    "drop_bulk_job": ["frames USING INDEX frames_by_job (job=?)"],
    "renumber_bulk_job": ["frames USING INDEX frames_by_job (job=?)"],
    "preview": ["previews USING INDEX sqlite_autoindex_previews_1 (key=?)"],
    "preview_seq": ["previews USING INDEX sqlite_autoindex_previews_1 (key=?)"],
    # What is pruned.
    "keys_of_frames": [f"frames {BY_ROW}>?)"],
    "previews_recorded": [f"previews {BY_ROW}>?)"],
    "prune_preview": ["previews USING INDEX sqlite_autoindex_previews_1 (key=?)"],
    "tables_after": ["tables USING INDEX sqlite_autoindex_tables_1 (digest>?)"],
    "prune_table": ["tables USING INDEX sqlite_autoindex_tables_1 (digest=?)"],
    "specs_of_requests": [f"requests {BY_ROW}>?)"],
}
"""Query by name: how its tables are searched. No query of these may sort."""


@pytest.fixture
def plans(reader: sqlite3.Connection) -> dict[str, list[str]]:
    """The plan of every query on the schema as it is."""
    queries = load_queries()
    return {
        name: [
            row[3].replace("COVERING INDEX", "INDEX")
            for row in reader.execute(f"EXPLAIN QUERY PLAN {queries[name]}", [1] * values(queries[name]))
        ]
        for name in PLANS
    }


def values(query: str) -> int:
    """How many values a query takes."""
    numbered = {word for word in ("?1", "?2") if word in query}
    return len(numbered) or query.count("?")


def test_hot_queries_search_by_their_index_and_never_sort(plans: dict[str, list[str]]) -> None:
    """All at once, so that a change of the schema shows all that it touches."""
    for name, searches in PLANS.items():
        for search in searches:
            assert any(step == f"SEARCH {search}" for step in plans[name]), (name, plans[name])
        assert not any("TEMP B-TREE" in step for step in plans[name]), (name, plans[name])


def test_a_page_looks_up_reasons_by_key(plans: dict[str, list[str]]) -> None:
    """Frames that are simply pending or ready cost no look-up of a preview: the view leaves them out."""
    assert "SEARCH previews USING INDEX sqlite_autoindex_previews_1 (key=?) LEFT-JOIN" in plans["frames_after"]


@pytest.mark.parametrize(("query", "order"), MERGES)
def test_levels_are_merged_as_they_come_and_never_sorted(reader: sqlite3.Connection, query: str, order: str) -> None:
    """However many there are."""
    queries = load_queries()
    statement = "\nUNION ALL\n".join([queries[query]] * 4) + "\n" + queries[order]
    steps = [row[3] for row in reader.execute(f"EXPLAIN QUERY PLAN {statement}", [1] * statement.count("?"))]
    plan = [step.replace("COVERING INDEX", "INDEX") for step in steps]
    assert plan.count(f"SEARCH {MERGES[query, order]}") == 4
    assert plan.count(f"SEARCH {HIDDEN}") == 4
    assert steps.count("MERGE (UNION ALL)") == 3
    assert not any("TEMP B-TREE" in step for step in steps)
