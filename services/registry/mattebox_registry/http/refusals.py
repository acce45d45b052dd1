"""What HTTP itself can refuse, beside the refusals of `mattebox_registry.errors`."""

from collections.abc import Sequence

from mattebox_registry.errors import RegistryError
from mattebox_registry.records import Scope


class NotAuthenticated(RegistryError):
    """The request carries no token, or one that is unknown or revoked."""

    def __init__(self, what_to_do: str = "Send a valid token: Authorization: Bearer <token>.") -> None:
        super().__init__(what_to_do)


class ScopeMissing(RegistryError):
    """The token is good, but not for this."""

    def __init__(self, scope: Scope, why: str = "") -> None:
        super().__init__(" ".join(filter(None, (f"This needs a token with the scope {scope!r}.", why))))


class WrongOrigin(RegistryError):
    """The request comes from a page of another server, with the cookie of somebody who is signed in here."""

    def __init__(self) -> None:
        super().__init__("With a session's cookie, only pages of this server may send this: use a token elsewhere.")


class WrongContentType(RegistryError):
    """The body is of a type that is not read here."""

    def __init__(self, given: str, allowed: Sequence[str]) -> None:
        super().__init__(f"{given!r} is not read here: send {' or '.join(allowed)}.")
        self.allowed = allowed


class WrongContentEncoding(RegistryError):
    """The body is packed in a way that is not read here: send it as it is, or as `Content-Encoding: gzip`."""


class BodyTimeout(RegistryError):
    """The body, or anything of it, did not come in time."""

    def __init__(self, missing: str, timeout_s: float) -> None:
        super().__init__(f"{missing} came within {timeout_s:g} s; what was acknowledged or committed stays.")


class BodyBroken(RegistryError):
    """The body ended before its end, or cannot be unpacked."""

    def __init__(self) -> None:
        super().__init__("The body broke off or its Content-Encoding is damaged.")
