"""What the SDK raises."""

import inspect
import pickle

import pytest

from mattebox import errors
from mattebox.errors import (
    ApiError,
    Conflict,
    FieldFault,
    Invalid,
    MatteboxError,
    NotFound,
    PreviewFailed,
    Problem,
    ServerFault,
    StorageFull,
    error_class,
    problem_of,
)

ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, BaseException)]


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_derives_from_the_base(kind: type[Exception]) -> None:
    """One `except MatteboxError` catches all that the SDK raises on purpose."""
    assert issubclass(kind, MatteboxError)


@pytest.mark.parametrize("kind", ERRORS)
def test_the_tree_in_the_docstring_names_every_error(kind: type[Exception]) -> None:
    """The drawing shows what there is."""
    assert kind.__name__ in (errors.__doc__ or "")


def test_an_api_error_says_what_is_wrong_where_and_what_to_do() -> None:
    """The message joins the detail, each fault with its place, and the hint of the class."""
    problem = Problem(400, detail="The document is no frame.", errors=[FieldFault("sources[0].uri", "Give a URI.")])
    assert str(Invalid(problem)) == "The document is no frame. sources[0].uri: Give a URI."
    assert "log" in str(ServerFault(Problem(500)))


def test_a_published_version_is_gone_on_from_in_the_words_of_the_sdk() -> None:
    """The registry's own words are those of HTTP."""
    assert "parent_version_names" in str(Conflict(Problem(409, detail="parent_id", code="version_published")))


def test_a_failed_preview_explains_its_code() -> None:
    """The sentence of the reason comes with the code, for people and for programs."""
    error = PreviewFailed(Problem(422, code="mask_not_found"))
    assert str(error) == "Nothing was found at the URI. (mask_not_found)"
    assert error.code == "mask_not_found"


def test_an_api_error_survives_a_process_boundary() -> None:
    """Errors cross multiprocessing pools, as data loaders do."""
    error = Conflict(
        Problem(409, detail="A dataset named 'a' exists already.", existing_id="7"), "POST /api/v1/datasets"
    )
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(copy), str(copy), copy.existing_id, copy.request) == (
        Conflict,
        str(error),
        "7",
        "POST /api/v1/datasets",
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Invalid), (404, NotFound), (409, Conflict), (413, Invalid), (500, ServerFault), (507, StorageFull)],
)
def test_each_status_has_its_class(status: int, kind: type[ApiError]) -> None:
    """Callers catch what they can handle by class."""
    assert error_class(status) is kind


def test_a_damaged_problem_is_still_an_error() -> None:
    """A fault in an error must not hide the error."""
    problem = problem_of({"detail": None, "errors": ["what", {"loc": "a"}], "code": 7}, 400)
    assert (problem.status, problem.detail, problem.code) == (400, "", "7")
    assert problem.errors == [FieldFault("a", "")]
