"""`mattebox ...` in this process, against a registry that runs."""

from typer.testing import CliRunner

from mattebox.cli.app import make_app
from support.live_stack import LiveRegistry


def run(registry: LiveRegistry, *arguments: str, columns: str = "140") -> tuple[int, str, str]:
    """Run a command and give its exit code and what it wrote."""
    environment = {
        "MATTEBOX_URL": registry.url,
        "MATTEBOX_TOKEN": registry.token,
        "TERM": "dumb",
        "NO_COLOR": "1",
        "COLUMNS": columns,
    }
    result = CliRunner().invoke(make_app(), list(arguments), env=environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr
