"""Settings from variables and options."""

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta, Struct

from mattebox_runtime.settings import SettingsError, describe, load


class Settings(Struct, frozen=True, kw_only=True):
    """One setting of each kind."""

    port: Annotated[int, Meta(ge=0, le=65535, description="A port.")] = 1
    workers: Annotated[Annotated[int, Meta(ge=1, le=64)] | None, Meta(description="Some.")] = None
    stream_window: Annotated[int, Meta(ge=1, description="A bound.")] = 10
    lease_s: Annotated[float, Meta(gt=0, description="A time.")] = 30.0
    token: Annotated[Annotated[str, Meta(min_length=16)] | None, Meta(description="A secret.")] = None
    roots: Annotated[tuple[str, ...], Meta(description="Places.")] = ()
    ports: Annotated[tuple[int, ...], Meta(description="Several.")] = ()


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("port", "99999", "must be a whole number from 0 to 65535."),
        ("port", "many", "must be a whole number from 0 to 65535."),
        ("workers", "0", "must be a whole number from 1 to 64."),
        ("stream_window", "0", "must be a whole number, 1 or more."),
        ("lease_s", "0", "must be a number above 0."),
        ("token", "short secret", "must have at least 16 characters."),
    ],
)
def test_a_fault_is_told_in_words_by_the_name_that_was_used(field: str, value: str, wanted: str) -> None:
    """The variable where it was one, the option where it was one; never the value, which may be a secret."""
    variable = f"MATTEBOX_{field.upper()}"
    with pytest.raises(SettingsError) as of_variable:
        load(Settings, {variable: value})
    assert str(of_variable.value) == f"{variable}: {wanted}"
    with pytest.raises(SettingsError) as of_option:
        load(Settings, {}, **{field: value})
    assert str(of_option.value) == f"--{field.replace('_', '-')}: {wanted}"


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as faults:
        load(Settings, {"MATTEBOX_PORT": "x", "MATTEBOX_PORTS": "80,x"}, workers=0)
    assert [line.partition(":")[0] for line in str(faults.value).splitlines()] == [
        "MATTEBOX_PORT",
        "--workers",
        "MATTEBOX_PORTS",
    ]


def test_an_option_comes_before_its_variable_and_an_empty_variable_is_none() -> None:
    loaded = load(Settings, {"MATTEBOX_PORT": "2", "MATTEBOX_WORKERS": "", "MATTEBOX_ROOTS": "a, b"}, port="3")
    assert msgspec.structs.asdict(loaded) == msgspec.structs.asdict(Settings(port=3, roots=("a", "b")))


def test_a_setting_says_what_kind_of_value_it_takes() -> None:
    kinds = {setting.variable: setting.metavar for setting in describe(Settings)}
    assert kinds["MATTEBOX_WORKERS"] == kinds["MATTEBOX_PORT"] == "int"
    assert kinds["MATTEBOX_LEASE_S"] == "float"
    assert kinds["MATTEBOX_ROOTS"] == kinds["MATTEBOX_PORTS"] == "str"
