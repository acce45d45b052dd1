"""docs/configuration.md lists every setting as the code defines it."""

from pathlib import Path

import msgspec
import pytest
import typer
from typer.main import get_command

from mattebox_registry.settings import Settings as RegistrySettings
from mattebox_renderer.settings import Settings as RendererSettings
from mattebox_runtime.local.commands import up
from mattebox_runtime.local.settings import Settings as UpSettings
from mattebox_runtime.settings import Setting, describe

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"

UP_OPTIONS = {"MATTEBOX_FILE_ROOTS": "--file-root", "MATTEBOX_ALLOW_CIDRS": "--allow-cidr", "MATTEBOX_TOKEN": None}
"""Those that are not named as their variable is; a secret is none, because other users see command lines."""


def _row(setting: Setting) -> str:
    default = "" if setting.default in (None, ()) else f"`{_shown(setting.default)}`"
    return f"| `{setting.variable}` | {default} | {setting.help} |"


def _shown(default: object) -> str:
    return ",".join(str(part) for part in default) if isinstance(default, tuple) else str(default)


@pytest.mark.parametrize("kind", [RegistrySettings, RendererSettings])
def test_every_setting_is_on_the_page_with_its_default_and_help(kind: type[msgspec.Struct]) -> None:
    """The message of a failure is the rows to put there."""
    page = PAGE.read_text()
    missing = [row for row in map(_row, describe(kind)) if row not in page]
    assert not missing, "rows missing from docs/configuration.md:\n" + "\n".join(missing)


def _up_option(setting: Setting) -> str | None:
    name = setting.variable.removeprefix("MATTEBOX_").lower().replace("_", "-")
    return UP_OPTIONS.get(setting.variable, f"--{name}")


def test_every_setting_of_up_is_on_the_page_with_its_option() -> None:
    """The message of a failure is the rows to put there."""
    page = PAGE.read_text()
    rows = [f"| {f'`{option}`' if (option := _up_option(s)) else ''} {_row(s)}" for s in describe(UpSettings)]
    missing = [row for row in rows if row not in page]
    assert not missing, "rows missing from docs/configuration.md:\n" + "\n".join(missing)


def test_the_options_of_up_are_its_settings() -> None:
    """None is forgotten on the command line, and none is there that has no variable."""
    command = typer.Typer()
    command.command()(up)
    options = {name for parameter in get_command(command).params for name in parameter.opts}
    settings = {option for setting in describe(UpSettings) if (option := _up_option(setting))}
    assert settings == options - {"--verbose", "-v", "--help", "--install-completion", "--show-completion"}


def test_every_setting_says_what_it_is() -> None:
    """A setting without help text cannot be used by somebody who never met us."""
    settings = describe(RegistrySettings) + describe(RendererSettings) + describe(UpSettings)
    assert [setting.variable for setting in settings if not setting.help] == []
