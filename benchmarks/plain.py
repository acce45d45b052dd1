"""The plain way to ingest, as the comparison for the bulk way: one request, one commit, one XADD for each frame.

Over one connection it is what a pipeline's loop does; over many, what it does when somebody took pains.
"""

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp
import aiosqlite
import redis.asyncio
from aiohttp import web

SCHEMA = "CREATE TABLE frames(id TEXT PRIMARY KEY, context_id TEXT, timestamp REAL, document TEXT)"

_DATABASE = web.AppKey("database", aiosqlite.Connection)
_REDIS: web.AppKey[redis.asyncio.Redis] = web.AppKey("redis", redis.asyncio.Redis)


async def _add_frame(request: web.Request) -> web.Response:
    frame = await request.json()
    if not isinstance(frame.get("id"), str) or not frame.get("sources"):
        raise web.HTTPBadRequest
    database = request.app[_DATABASE]
    row = (frame["id"], frame.get("context_id"), frame.get("timestamp"), json.dumps(frame))
    try:
        await database.execute("INSERT INTO frames VALUES (?, ?, ?, ?)", row)
    except sqlite3.IntegrityError as error:
        raise web.HTTPConflict from error
    await database.commit()
    await request.app[_REDIS].xadd("plain:frames", {"id": frame["id"], "frame": row[3]})
    return web.json_response({"id": frame["id"]}, status=201)


async def _ready(_request: web.Request) -> web.Response:
    return web.Response()


async def _app(directory: Path, redis_socket: Path) -> web.Application:
    app = web.Application()
    app[_DATABASE] = database = await aiosqlite.connect(directory / "plain.db")
    await database.execute("PRAGMA journal_mode=WAL")
    await database.execute("PRAGMA synchronous=FULL")
    await database.execute(SCHEMA)
    app[_REDIS] = redis.asyncio.Redis(unix_socket_path=str(redis_socket))
    app.router.add_post("/frames", _add_frame)
    app.router.add_get("/readyz", _ready)
    app.on_cleanup.append(_close)
    return app


async def _close(app: web.Application) -> None:
    await app[_DATABASE].close()
    await app[_REDIS].aclose()


async def _post_all(url: str, documents: Sequence[bytes], connections: int) -> None:
    waiting = iter(documents)
    headers = {"Content-Type": "application/json"}

    async def post(session: aiohttp.ClientSession) -> None:
        for document in waiting:
            async with session.post(url, data=document, headers=headers) as answer:
                answer.raise_for_status()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(post(session) for _ in range(connections)))


async def frames_per_second(port: int, documents: Sequence[bytes], *, connections: int) -> float:
    """Post each document by itself, over so many connections, to a plain server in another process."""
    start = time.perf_counter()
    await _post_all(f"http://127.0.0.1:{port}/frames", documents, connections)
    return len(documents) / (time.perf_counter() - start)


if __name__ == "__main__":
    directory, redis_socket, port = sys.argv[1:]
    web.run_app(_app(Path(directory), Path(redis_socket)), host="127.0.0.1", port=int(port), print=None)
