"""The least an aiohttp server can do, on the event loop the registry uses: what serving is measured against."""

import sys

import uvloop
from aiohttp import web


async def _ok(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


def main() -> None:
    """Answer `ok` on the port given."""
    app = web.Application()
    app.router.add_get("/", _ok)
    app.router.add_get("/readyz", _ok)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
