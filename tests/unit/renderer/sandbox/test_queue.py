"""Idle things go to whoever is urgent, then to whoever came first, but for the next frames of a clip."""

import asyncio
from dataclasses import dataclass, field

from mattebox_renderer.sandbox.places import Place, place_of
from mattebox_renderer.sandbox.queue import MAX_OVERTAKEN, PATIENT_AFTER, Queue
from mattebox_runtime.spec import MaskSpec, RenderSpec, SourceSpec


@dataclass
class Thing:
    """Something that keeps clips open."""

    name: str
    positions: dict[str, float] = field(default_factory=dict)
    home: str | None = None

    def position(self, clip: str) -> float | None:
        return self.positions.get(clip)


async def taker(
    queue: Queue[Thing], place: tuple[str, float] | None = None, *, urgent: bool = False
) -> asyncio.Task[Thing]:
    """Start to wait for a thing."""
    task = asyncio.create_task(queue.take(place and Place(*place), urgent=urgent), name="taker")
    await asyncio.sleep(0)
    return task


async def handed(queue: Queue[Thing], thing: Thing, tasks: dict[str, asyncio.Task[Thing]]) -> str:
    """Give a thing, and tell who got it."""
    before = {name for name, task in tasks.items() if task.done()}
    queue.give(thing)
    await asyncio.sleep(0)
    (name,) = {name for name, task in tasks.items() if task.done()} - before
    return name


async def test_urgent_takers_come_first_then_the_order_of_coming() -> None:
    queue = Queue[Thing]()
    first, second, urgent = await taker(queue), await taker(queue), await taker(queue, urgent=True)
    for name in ("a", "b", "c", "d"):
        queue.give(Thing(name))
    assert [(await each).name for each in (urgent, first, second)] == ["a", "b", "c"]
    assert (await queue.take()).name == "d"


async def test_a_long_line_of_urgent_takers_does_not_stop_the_others() -> None:
    """One of those that are not urgent has its turn after so many."""
    queue = Queue[Thing]()
    takers = {f"patient {n}": await taker(queue) for n in range(2)}
    takers |= {f"urgent {n}": await taker(queue, urgent=True) for n in range(2 * PATIENT_AFTER + 1)}
    order = [await handed(queue, Thing("a"), takers) for _ in takers]
    assert [n for n, name in enumerate(order) if name.startswith("patient")] == [PATIENT_AFTER, 2 * PATIENT_AFTER + 1]


async def test_a_taker_that_leaves_costs_nothing() -> None:
    """Neither while it waits nor after it was handed something."""
    queue = Queue[Thing]()
    waiting, handed, next_one = await taker(queue), await taker(queue), await taker(queue)
    waiting.cancel()
    queue.give(Thing("a"))
    handed.cancel()
    assert (await next_one).name == "a"
    await asyncio.wait([waiting, handed])
    assert waiting.cancelled()
    assert handed.cancelled()


async def test_frames_of_a_clip_go_to_what_has_it_open() -> None:
    """Among those that are idle, and among those that wait: there the next frame first, those behind it last."""
    queue = Queue[Thing]()
    opener = Thing("opener", {"clip": 100})
    for thing in (Thing("other"), opener, Thing("third")):
        queue.give(thing)
    assert (await queue.take(Place("clip", 120))) is opener
    assert (await queue.take(Place("unknown", 0))).name == "other"
    await queue.take()
    tasks = {
        name: await taker(queue, place)
        for name, place in {
            "picture": None,
            "back": ("clip", 90.0),
            "far": ("clip", 300.0),
            "near": ("clip", 101.0),
        }.items()
    }
    assert [await handed(queue, opener, tasks) for _ in tasks] == ["near", "far", "back", "picture"]


async def test_a_clip_that_nobody_has_open_is_begun_at_its_earliest_frame() -> None:
    queue = Queue[Thing]()
    tasks = {name: await taker(queue, (name[0], float(name[1]))) for name in ("a3", "b0", "a1")}
    assert [await handed(queue, Thing("new"), tasks) for _ in tasks] == ["a1", "a3", "b0"]


async def test_no_taker_is_overtaken_for_ever() -> None:
    """A long clip lets others through, however many of its frames wait."""
    queue = Queue[Thing]()
    opener = Thing("opener", {"clip": 0})
    tasks = {"picture": await taker(queue)}
    tasks |= {str(moment): await taker(queue, ("clip", float(moment))) for moment in range(2 * MAX_OVERTAKEN)}
    order = [await handed(queue, opener, tasks) for _ in tasks]
    assert order.index("picture") == MAX_OVERTAKEN
    order.remove("picture")
    assert order == [str(moment) for moment in range(2 * MAX_OVERTAKEN)]


def test_the_place_of_a_draw_is_the_moment_of_its_source_or_of_a_mask() -> None:
    """Pictures have none, nor has what is no spec."""
    mask = MaskSpec("m", "file:///mask.mp4", "alpha", 1.0, timestamp=20.0)
    assert place_of(RenderSpec(SourceSpec("file:///a.mp4", 40.0), (mask,)).encode()) == Place("file:///a.mp4", 40.0)
    assert place_of(RenderSpec(SourceSpec("file:///a.png"), (mask,)).encode()) == Place("file:///mask.mp4", 20.0)
    assert place_of(RenderSpec(SourceSpec("file:///a.png")).encode()) is None
    assert place_of(b"no spec") is None


async def test_a_thing_that_was_lent_to_another_clip_goes_back_to_its_own() -> None:
    """Or two things would each come to hold both of two clips, and read each of them twice."""
    queue, thing = Queue[Thing](), Thing("a", {"x": 0.0})
    tasks = {"y0": await taker(queue, ("y", 0.0))}
    for number in range(MAX_OVERTAKEN + 2):
        tasks[f"x{number}"] = await taker(queue, ("x", 100.0 + number))
    own = [await handed(queue, thing, tasks) for _ in range(MAX_OVERTAKEN)]
    lent = await handed(queue, thing, tasks)
    thing.positions["y"] = 0.0
    tasks["y1"] = await taker(queue, ("y", 1.0))
    assert own == [f"x{number}" for number in range(MAX_OVERTAKEN)]
    assert lent == "y0"
    assert [await handed(queue, thing, tasks) for _ in range(3)] == [f"x{MAX_OVERTAKEN}", f"x{MAX_OVERTAKEN + 1}", "y1"]
