"""Projects, which are nothing but a word on a dataset here: the id of one is its name in hexadecimal digits."""

from typing import Annotated

from msgspec import Meta, Struct

from mattebox_registry.clearml.caller import Answer, Call, Caller
from mattebox_registry.clearml.patterns import read_pattern
from mattebox_registry.clearml.walks import all_datasets
from mattebox_registry.errors import FieldError, InvalidInput
from mattebox_registry.rules.catalog import Project


class GetAll(Struct):
    """`projects.get_all`."""

    name: str | None = None
    id: list[str] | None = None
    page: Annotated[int, Meta(ge=0)] | None = None


class Create(Struct):
    """`projects.create`."""

    name: Annotated[str, Meta(min_length=1, max_length=256)]


async def get_all(caller: Caller, body: GetAll) -> Answer:
    """Give the projects that datasets name."""
    if body.page:
        return {"projects": []}
    pattern = None if body.name is None else read_pattern(body.name)
    names = {dataset.project async for dataset in all_datasets(caller.app) if dataset.project is not None}
    found = [
        {"id": project_id(name), "name": name}
        for name in sorted(names)
        if (pattern is None or pattern.matches(name)) and (body.id is None or project_id(name) in body.id)
    ]
    return {"projects": found}


async def create(_caller: Caller, body: Create) -> Answer:
    """Give the id of a project, which is there with its first dataset."""
    return {"id": project_id(body.name)}


def project_id(name: str) -> str:
    """Give the id of a project."""
    return name.encode().hex()


def project_name(id: str | None) -> Project | None:  # noqa: A002 - the contract's own word
    """Give the name of a project. Raises InvalidInput."""
    try:
        return None if id is None else bytes.fromhex(id).decode()
    except ValueError as error:
        fault = FieldError("project", "There is no such project.")
        raise InvalidInput("invalid_body", "The project is unknown.", [fault]) from error


CALLS = {"get_all": Call("read", GetAll, get_all), "create": Call("ingest", Create, create)}
