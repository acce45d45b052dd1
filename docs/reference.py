"""Write the reference part of sdk.md from the docstrings of the SDK: `python docs/reference.py`."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import mattebox
from mattebox import errors
from mattebox.compat import install
from mattebox.mask_mapping import MaskMapping
from mattebox.pictures import PreviewBytes
from mattebox.reports import FrameReport, VersionReport
from mattebox.statistics import VersionStatistics

PAGE = Path(__file__).with_name("sdk.md")
BEGIN, END = "<!-- reference: written by docs/reference.py -->\n", "<!-- end of reference -->\n"

CLASSES = (
    mattebox.DatasetVersion,
    mattebox.Dataset,
    mattebox.SingleFrame,
    mattebox.FrameGroup,
    mattebox.Annotation,
    mattebox.DataView,
    mattebox.IterationOrder,
    MaskMapping,
    FrameReport,
    VersionReport,
    VersionStatistics,
    PreviewBytes,
    mattebox.Client,
)
FUNCTIONS: dict[str, Callable[..., Any]] = {"mattebox.connect": mattebox.connect, "mattebox.compat.install": install}


def reference() -> str:
    """Give the reference as Markdown."""
    parts = ["".join(_class(kind)) for kind in CLASSES]
    parts += [_callable("####", name, function) for name, function in FUNCTIONS.items()]
    tree = inspect.getdoc(errors) or ""
    parts.append(f"### Errors\n\n```\n{tree}\n```\n")
    return "\n".join(parts)


def with_reference(page: str) -> str:
    """Put the reference in its place in the page."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + "\n" + reference() + "\n" + END + rest.split(END)[1]


def _class(kind: type) -> Iterator[str]:
    yield f"### `{kind.__name__}`\n\n{_prose(kind.__doc__ or '')}\n"
    attributes = dict(_attributes(kind))
    if attributes:
        yield "\n" + "".join(f"- `{name}`: {' '.join(text.split())}\n" for name, text in attributes.items())
    for name, method in _methods(kind).items():
        yield "\n" + _callable("####", f"{kind.__name__}.{name}", method)


def _attributes(kind: type) -> Iterator[tuple[str, str]]:
    """What the constructor sets and the body declares with a text below it, and properties."""
    for owner in _own(kind):
        for statements in _blocks(owner):
            for set_, text in pairwise(statements):
                if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
                    for name in _targets(set_):
                        yield name, str(text.value.value)
        for name, member in vars(owner).items():
            if isinstance(member, property) and not name.startswith("_"):
                yield name, inspect.getdoc(member) or ""


def _blocks(kind: type) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(kind)))):
        if isinstance(node, ast.ClassDef) or (isinstance(node, ast.FunctionDef) and node.name == "__init__"):
            yield node.body


def _targets(statement: ast.stmt) -> Iterator[str]:
    found = statement.targets[:1] if isinstance(statement, ast.Assign) else []
    found = [statement.target] if isinstance(statement, ast.AnnAssign) else found
    for target in found:
        name = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else "_"
        if not name.startswith("_"):
            yield name


def _methods(kind: type) -> dict[str, Any]:
    names = [name for owner in _own(kind) for name in vars(owner) if not name.startswith("_")]
    members = {name: getattr(kind, name) for name in dict.fromkeys(names)}
    return {name: member for name, member in members.items() if inspect.isroutine(member)}


def _own(kind: type) -> list[type]:
    return [owner for owner in kind.__mro__ if owner.__module__.startswith("mattebox")]


def _callable(heading: str, name: str, function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    shown = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
        if parameter.name != "self"
    ]
    arguments = str(inspect.Signature(shown))
    return f"{heading} `{name}`\n\n```python\n{_folded(name, arguments)}\n```\n\n{_prose(function.__doc__ or '')}\n"


def _folded(name: str, arguments: str) -> str:
    if len(name + arguments) <= 100:
        return name + arguments
    inner = textwrap.fill(arguments[1:-1], 90, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
    return f"{name}(\n{inner}\n)"


def _prose(docstring: str) -> str:
    lines = inspect.cleandoc(docstring).split("\n")
    raised = lines.index("Raises:") if "Raises:" in lines else len(lines)
    items: list[str] = []
    for line in lines[raised + 1 :]:
        kinds, colon, text = line.strip().partition(": ")
        if line.startswith("    ") and not line.startswith("     ") and colon:
            items.append(f"- raises `{kinds}`: {text}")
        else:
            items[-1] += " " + line.strip()
    text = "\n".join(lines[:raised]).strip()
    return text + ("\n\n" + "\n".join(items) if items else "")


if __name__ == "__main__":
    PAGE.write_text(with_reference(PAGE.read_text()))
