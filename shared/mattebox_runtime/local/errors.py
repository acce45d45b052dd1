"""Why everything could not be run on this machine. Each message is written for the person at the terminal.

LocalError
 +-- AlreadyRunning
 +-- NoRedis
 +-- RedisUnfit
 +-- PortInUse
 +-- StartFailed
"""


class LocalError(Exception):
    """Base of all reasons why `up` ends with a message instead of a traceback."""


class AlreadyRunning(LocalError):
    """Another process runs on the same data directory."""


class NoRedis(LocalError):
    """No Redis server was given and none was found."""


class RedisUnfit(LocalError):
    """The Redis server that was given cannot be reached, or is too old."""


class PortInUse(LocalError):
    """Something else listens on the port."""


class StartFailed(LocalError):
    """A process that was started ended before it was of use; the message holds its last words."""
