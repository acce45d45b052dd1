"""Start of a drawing process: `python -I -m mattebox_renderer.child TERMS`, by the pool only."""

import sys
from functools import partial

# Only loaded: once the process is confined, no shared library can be.
import av  # noqa: F401

from mattebox_renderer.child.serving import serve
from mattebox_renderer.child.terms import decode_terms
from mattebox_renderer.render import Limits, draw


def main() -> None:
    """Draw by the rules of `mattebox_renderer.render` until the pool is done."""
    terms = decode_terms(sys.argv[1])
    serve(partial(draw, limits=Limits(max_pixels=terms.max_pixels)), terms)


if __name__ == "__main__":
    main()
