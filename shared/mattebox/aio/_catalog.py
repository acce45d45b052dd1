"""Datasets, versions, mask labels, tokens."""

from collections.abc import AsyncIterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypedDict, Unpack

from mattebox import _requests as requests
from mattebox.aio._paging import all_items
from mattebox.aio._transport import Transport
from mattebox.answers import Dataset, Delivery, LoginCode, NewToken, Readiness, Scope, Token, Version
from mattebox.errors import Conflict
from mattebox.labels import MaskLabelsInput
from mattebox.models import MaskLabel


class DatasetFields(TypedDict, total=False):
    """What can be set of a dataset besides its name."""

    description: str
    tags: Sequence[str]
    project: str | None


class VersionFields(TypedDict, total=False):
    """What can be set of a version besides its name and parent."""

    description: str
    metadata: Mapping[str, Any]


class CatalogCalls:
    """The calls of `Client` about datasets and versions."""

    _transport: Transport

    async def readiness(self) -> Readiness:
        """Ask whether the registry and what it stands on can work; needs no token."""
        return await self._transport.call(requests.readiness())

    async def delivery(self) -> Delivery:
        """Ask which renderers are alive and how many jobs wait. Raises ServerFault where Redis is down."""
        return await self._transport.call(requests.delivery())

    async def create_dataset(self, name: str, **fields: Unpack[DatasetFields]) -> Dataset:
        """Make a dataset. Raises Conflict with `existing_id` where the name is taken."""
        return await self._transport.call(requests.create_dataset({"name": name, **fields}))

    async def ensure_dataset(self, name: str, **fields: Unpack[DatasetFields]) -> Dataset:
        """Make a dataset, or give the one that has the name already."""
        try:
            return await self.create_dataset(name, **fields)
        except Conflict as conflict:
            if conflict.existing_id is None:
                raise
            return await self.dataset(conflict.existing_id)

    async def dataset(self, dataset_id: str) -> Dataset:
        """Give one dataset. Raises NotFound."""
        return await self._transport.call(requests.dataset(dataset_id))

    def datasets(self, *, name: str | None = None) -> AsyncIterator[Dataset]:
        """Give all datasets by name, or the one named `name`."""
        return all_items(
            self._transport, lambda cursor: requests.datasets(name=name, cursor=cursor), attrgetter("datasets")
        )

    async def update_dataset(self, dataset_id: str, **changes: Any) -> Dataset:
        """Set the given fields of name, description, tags, project. Raises NotFound, Conflict."""
        return await self._transport.call(requests.update_dataset(dataset_id, changes))

    async def delete_dataset(self, dataset_id: str, *, force: bool = False) -> None:
        """Delete with versions and frames. Raises Conflict where one is published, unless `force`."""
        await self._transport.call(requests.delete_dataset(dataset_id, force=force))

    async def create_version(
        self, dataset_id: str, name: str, *, parent_id: str | None = None, **fields: Unpack[VersionFields]
    ) -> Version:
        """Make a draft version: with the frames and metadata of the published one `parent_id`, or without frames.

        Raises NotFound, Conflict.
        """
        document = {"name": name, **fields} | ({"parent_id": parent_id} if parent_id else {})
        return await self._transport.call(requests.create_version(dataset_id, document))

    async def ensure_version(self, dataset_id: str, name: str, **fields: Unpack[VersionFields]) -> Version:
        """Make a draft version, or give the one of the dataset that has the name already."""
        try:
            return await self.create_version(dataset_id, name, **fields)
        except Conflict as conflict:
            if conflict.existing_id is None:
                raise
            return await self.version(conflict.existing_id)

    async def version(self, version_id: str) -> Version:
        """Give one version. Raises NotFound."""
        return await self._transport.call(requests.version(version_id))

    def versions(self, dataset_id: str, *, name: str | None = None) -> AsyncIterator[Version]:
        """Give a dataset's versions by name, or the one named `name`."""
        return all_items(
            self._transport,
            lambda cursor: requests.versions(dataset_id, name=name, cursor=cursor),
            attrgetter("versions"),
        )

    async def update_version(self, version_id: str, **changes: Any) -> Version:
        """Set the given fields of name, description, metadata. Raises NotFound, Conflict."""
        return await self._transport.call(requests.update_version(version_id, changes))

    async def delete_version(self, version_id: str, *, force: bool = False) -> None:
        """Delete with frames. Raises Conflict where it is published, unless `force`, or has children."""
        await self._transport.call(requests.delete_version(version_id, force=force))

    async def publish(self, version_id: str) -> Version:
        """Make a version read-only; publishing twice changes nothing."""
        return await self._transport.call(requests.publish(version_id))

    async def mask_labels(self, version_id: str) -> dict[str, list[MaskLabel]]:
        """Give the mapping by mask id, each entry with the colour and opacity it is painted in."""
        return (await self._transport.call(requests.mask_labels(version_id))).mask_labels

    async def set_mask_labels(self, version_id: str, labels: MaskLabelsInput) -> None:
        """Set the mapping: `{(r, g, b): ["label", ...]}`, a list of entries, or lists by mask id.

        Raises:
            Invalid: `errors` names the entries at fault.
            Conflict: the version is published.
        """
        await self._transport.call(requests.set_mask_labels(version_id, labels))

    async def create_token(self, name: str, scopes: Sequence[Scope]) -> NewToken:
        """Make a token; its secret is told only now. Needs the scope admin."""
        return await self._transport.call(requests.create_token(name, scopes))

    def tokens(self) -> AsyncIterator[Token]:
        """Give all tokens, revoked ones too, oldest first. Needs the scope admin."""
        return all_items(self._transport, lambda cursor: requests.tokens(cursor=cursor), attrgetter("tokens"))

    async def revoke_token(self, token_id: str) -> Token:
        """Make a token worthless from now on. Raises NotFound. Needs the scope admin."""
        return await self._transport.call(requests.revoke_token(token_id))

    async def create_login_code(self) -> LoginCode:
        """Make a code that signs one browser in, to do there what this client's token may."""
        return await self._transport.call(requests.create_login_code())
