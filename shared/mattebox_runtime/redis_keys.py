"""Every Redis key of Mattebox. All but the streams, the generation and the roll carry a time to live.

The stream keys carry the database's generation id: a restored older database gets a new one, so that its stream ids
never meet those of the database it replaced.
"""

GENERATION = "mattebox:generation"
"""String: the generation that renderers follow; set again by the registry whenever it is gone."""

GROUP = "renderers"

ROLL = "mattebox:roll"
"""Hash: what each renderer tells of itself, by its name; one whose claim on the name is gone is struck off."""


def frames_stream(generation: str) -> str:
    """Name the bulk lane: what ingestion and new labels make."""
    return f"mattebox:frames:{generation}"


def requests_stream(generation: str) -> str:
    """Name the interactive lane: what somebody is waiting for."""
    return f"mattebox:requests:{generation}"


def previews_stream(generation: str) -> str:
    """Name the result stream, from the renderers back to the registry."""
    return f"mattebox:previews:{generation}"


def preview(key: bytes) -> str:
    """Name the cached preview of a key."""
    return f"mattebox:preview:{key.hex()}"


def table(digest: bytes) -> str:
    """Name the label table of a digest."""
    return f"mattebox:table:{digest.hex()}"


def scene_edition(scene: bytes) -> str:
    """Name the number of a scene's edition: renderers that kept an older one must not paint from it."""
    return f"mattebox:scene:{scene.hex()}"


def worker(name: str) -> str:
    """Name the claim of a renderer on its consumer name."""
    return f"mattebox:worker:{name}"
