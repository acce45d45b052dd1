"""How words of the domain are written in the database: small integers, never renumbered."""

from mattebox.reasons import PreviewState
from mattebox_runtime.events import Lane

STATE_CODES: dict[PreviewState, int] = {"pending": 0, "ready": 1, "partial": 2, "failed": 3, "unsupported": 4}
STATES: tuple[PreviewState, ...] = tuple(STATE_CODES)

LANE_CODES: dict[Lane, int] = {"bulk": 0, "interactive": 1}
LANES: tuple[Lane, ...] = tuple(LANE_CODES)

PENDING = STATE_CODES["pending"]
BULK = LANE_CODES["bulk"]
INTERACTIVE = LANE_CODES["interactive"]
