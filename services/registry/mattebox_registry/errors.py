"""What can be refused, in the registry's own words. `http/problems.py` alone knows which status each one gets.

RegistryError
 +-- NotFound
 +-- NameTaken
 +-- VersionPublished
 +-- LabelsChanged
 +-- ParentNotPublished
 +-- TooManyAncestors
 +-- HasPublishedVersions
 +-- HasChildren
 +-- InvalidInput
 +-- BodyTooLarge
 +-- PreviewRefused
 +-- OverQuota
 +-- NotReady
 +-- LoginRefused
 +-- StyleChanged
 +-- StorageFull
 +-- StorageBusy
"""

from collections.abc import Mapping
from typing import NamedTuple

from mattebox.reasons import PreviewState, explain


class FieldError(NamedTuple):
    """One fault of an input: where it is, and what to do about it."""

    loc: str
    """Dotted path, list positions in brackets: `sources[0].masks[1].uri`."""
    message: str


class RegistryError(Exception):
    """Base of all refusals."""

    stored: Mapping[str, int] | None = None
    """Counts of what the request did before it was refused, where that can be something."""


class NotFound(RegistryError):
    """There is no such dataset, version, frame, source, mask, token or blob."""

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002 - the contract's own word
        super().__init__(f"There is no {kind} {id!r}.")
        self.kind = kind
        self.id = id


class NameTaken(RegistryError):
    """Another dataset, or another version of the dataset, has this name."""

    def __init__(self, kind: str, name: str, existing_id: str) -> None:
        super().__init__(f"A {kind} named {name!r} exists already.")
        self.kind = kind
        self.existing_id = existing_id


class VersionPublished(RegistryError):
    """The version is published, so nothing in it may change: write to a new version."""

    def __init__(self, version_id: str) -> None:
        super().__init__(
            "The version is published and read-only: to change something, make a version with it as parent_id. "
            "Deleting it takes force=true."
        )
        self.version_id = version_id


class LabelsChanged(RegistryError):
    """The mask labels are not those that the client has read: somebody changed them meanwhile."""

    def __init__(self, version_id: str) -> None:
        super().__init__("The mask labels were changed meanwhile: read them again, and repeat with their ETag.")
        self.version_id = version_id


class ParentNotPublished(RegistryError):
    """A child can only be made of a published version."""

    def __init__(self, parent_id: str) -> None:
        super().__init__("The parent version is still a draft: publish it first.")
        self.parent_id = parent_id


class HasPublishedVersions(RegistryError):
    """A dataset with published versions is only deleted on `force=true`."""

    def __init__(self, dataset_id: str) -> None:
        super().__init__("The dataset has published versions: repeat with force=true to delete them too.")
        self.dataset_id = dataset_id


class TooManyAncestors(RegistryError):
    """A version would inherit through more versions than a list can be merged from."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"A version has {limit} ancestors at most: export the parent, and import it into a version without one."
        )


class HasChildren(RegistryError):
    """Other versions come from this one."""

    def __init__(self, version_id: str) -> None:
        super().__init__("Other versions come from this one: delete those first.")
        self.version_id = version_id


class InvalidInput(RegistryError):
    """The input breaks the contract; `errors` names each field and what to do."""

    def __init__(self, code: str, detail: str, errors: list[FieldError] | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.errors = errors or []


class BodyTooLarge(RegistryError):
    """A request body has more bytes than the registry takes."""

    def __init__(self, limit: str) -> None:
        super().__init__(f"The body is larger than {limit}.")


class PreviewRefused(RegistryError):
    """A preview failed or is of a type that is never drawn; `code` says why, in the words of `mattebox.reasons`."""

    def __init__(self, state: PreviewState, key: bytes, code: str, mask: str | None) -> None:
        super().__init__(explain(code))
        self.state = state
        self.key = key
        self.code = code
        self.mask = mask


class OverQuota(RegistryError):
    """The token has asked for as much as one may at a time; `code` says of what."""

    def __init__(self, code: str, detail: str, retry_after_s: int) -> None:
        super().__init__(detail)
        self.code = code
        self.retry_after_s = retry_after_s


class NotReady(RegistryError):
    """The registry cannot do its work now; `checks` says by part what is `ok` and what is `down`."""

    def __init__(self, checks: Mapping[str, str]) -> None:
        down = " and ".join(part for part, state in checks.items() if state != "ok")
        super().__init__(f"Not answering: {down}.")
        self.checks = checks


class LoginRefused(RegistryError):
    """The code or token opens no session; the message says what to do."""


class StyleChanged(RegistryError):
    """The version's mask labels changed while keys were computed under the old ones: compute them again."""


class StorageFull(RegistryError):
    """The disk is full; nothing of the request was stored."""


class StorageBusy(RegistryError):
    """The database is locked by another process; nothing of the request was stored."""
