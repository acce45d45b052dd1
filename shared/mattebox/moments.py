"""Moments of videos as parts of names."""


def spell_moment(timestamp: float) -> str:
    """Write a moment in ms as short as it can be told from others: after a quarter of an hour six digits do not do."""
    short = f"{timestamp:g}"
    return short if float(short) == timestamp else repr(timestamp)
