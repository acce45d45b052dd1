"""`python -m mattebox.compat SCRIPT [ARGUMENTS]`: run a program with Mattebox in the place of `allegroai`."""

import runpy
import sys
from pathlib import Path

from mattebox.compat import install


def main() -> None:
    """Run the program that is named first, with the arguments that follow."""
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    install()
    del sys.argv[0]
    sys.path[0] = str(Path(sys.argv[0]).parent.resolve())
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
