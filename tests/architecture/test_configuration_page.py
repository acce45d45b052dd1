"""docs/configuration.md lists every setting as the code defines it."""

from pathlib import Path

import msgspec
import pytest

from mattebox_registry.settings import Settings as RegistrySettings
from mattebox_renderer.settings import Settings as RendererSettings
from mattebox_runtime.settings import Setting, describe

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


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


def test_every_setting_says_what_it_is() -> None:
    """A setting without help text cannot be used by somebody who never met us."""
    settings = describe(RegistrySettings) + describe(RendererSettings)
    assert [setting.variable for setting in settings if not setting.help] == []
