/** Which pages of a long list are loaded, and which pictures. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, NetworkError } from "../../services/registry/mattebox_registry/web/app/api.js";
import { readView, writeView } from "../../services/registry/mattebox_registry/web/app/grid/address.js";
import { FrameList, PAGE_FRAMES } from "../../services/registry/mattebox_registry/web/app/grid/frame_list.js";
import { Thumbnails } from "../../services/registry/mattebox_registry/web/app/grid/thumbnails.js";
import { nameOf, timeText } from "../../services/registry/mattebox_registry/web/app/grid/words.js";
import { quoted } from "../../services/registry/mattebox_registry/web/app/grid/words.js";

const COUNT = 1_000_000;

/** A server that holds a million frames; its cursors are the positions in words. */
function server({ count = COUNT } = {}) {
  const asked = [];
  return {
    asked,
    page: async (cursor, signal) => {
      asked.push(`page ${cursor}`);
      await Promise.resolve();
      signal.throwIfAborted();
      const start = Number(cursor ?? 0);
      const frames = Array.from({ length: Math.min(PAGE_FRAMES, count - start) }, (_, offset) => ({
        id: `f${start + offset}`, sources: [{ id: "a", uri: "x" }], preview: { state: "pending", key: "k", url: "" },
      }));
      return { frames };
    },
    marks: async (cursor) => {
      asked.push(`marks ${cursor}`);
      const start = Number(cursor ?? 0);
      const places = Math.min(1000, Math.floor((count - start) / PAGE_FRAMES));
      const marks = Array.from({ length: places }, (_, index) => String(start + (index + 1) * PAGE_FRAMES));
      return { marks, next_cursor: places === 1000 ? marks.at(-1) : null };
    },
  };
}

function open(given = {}) {
  const loads = server(given);
  const end = new AbortController();
  return { loads, end, list: new FrameList(loads, given.count ?? COUNT, end.signal) };
}

test("a frame far down is there after its page, and no page before it was asked for", async () => {
  const { loads, list } = open();
  await list.load(777_777);
  assert.equal(list.get(777_777).id, "f777777");
  assert.equal(list.get(0), undefined);
  assert.deepEqual(loads.asked.filter((word) => word.startsWith("page")), ["page 777600"]);
  assert.equal(loads.asked.length, 7, "six pages of marks, because the fifth is full");
});

test("the first page needs no marks", async () => {
  const { loads, list } = open();
  await list.load(0);
  assert.deepEqual(loads.asked, ["page null"]);
});

test("marks are asked for once, whoever needs them", async () => {
  const { loads, list } = open({ count: 150_000 });
  await Promise.all([list.load(140_000), list.load(90_000), list.load(200)]);
  assert.equal(loads.asked.filter((word) => word.startsWith("marks")).length, 1);
});

test("pages that left the sight before they came are given up, and can be asked for again", async () => {
  const { loads, list } = open();
  await list.load(0);
  list.need(400, 500);
  list.need(50_000, 50_100);
  await list.load(50_000);
  await new Promise((done) => setTimeout(done));
  assert.equal(list.get(50_000).id, "f50000");
  assert.equal(list.get(400), undefined);
  list.need(400, 500);
  await new Promise((done) => setTimeout(done));
  assert.equal(list.get(400).id, "f400");
  assert.ok(loads.asked.includes("page 400"));
});

test("only the pages that were looked at last are kept", async () => {
  const { list } = open();
  for (let page = 0; page < 100; page += 1) await list.load(page * PAGE_FRAMES);
  assert.equal(list.pages.size, 40);
  assert.equal(list.positions.size, 40 * PAGE_FRAMES);
  assert.equal(list.get(0), undefined);
  assert.equal(list.positionOf("f19999"), 19_999);
});

test("a change reaches the frame wherever it stands, and is told once", async () => {
  const { list } = open();
  await list.load(400);
  const changed = [];
  list.onChange = (positions) => changed.push(...positions);
  list.patch("f450", { state: "ready", key: "k" });
  list.patch("f450", { state: "ready", key: "k" });
  list.patch("elsewhere", { state: "ready", key: "k" });
  assert.deepEqual(changed, [450]);
  assert.equal(list.get(450).state, "ready");
});

test("a page that fails is told, and asked for again when it is needed again", async () => {
  const { loads, list } = open();
  const good = loads.page;
  loads.page = async () => Promise.reject(new Error("down"));
  const errors = [];
  list.onError = (error) => errors.push(error.message);
  await list.load(0);
  assert.deepEqual(errors, ["down"]);
  loads.page = good;
  await list.load(0);
  assert.equal(list.get(0).id, "f0");
});

test("a stale list shows what it has until it has something newer", async () => {
  const { loads, list } = open();
  await list.load(0);
  list.invalidate();
  assert.equal(list.get(5).id, "f5");
  list.need(0, 10);
  await new Promise((done) => setTimeout(done));
  assert.equal(loads.asked.length, 2);
});

/** A server of pictures whose answers are given by hand. */
function pictures() {
  const asked = [];
  const fetch = (url, { signal }) =>
    new Promise((resolve, reject) => {
      asked.push({ url, signal, resolve, reject });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const end = new AbortController();
  return { asked, end, thumbnails: new Thumbnails(fetch, end.signal) };
}

function wanted(name, told = []) {
  return {
    url: `/${name}`, name, show: async () => void told.push("shown"), wait: () => told.push("waits"), fail: () => told.push("failed"),
  };
}

const settled = () => new Promise((done) => setTimeout(done));
const picture = (status = 200) => ({ status, blob: async () => new Blob(["x"]) });

test("four pictures are fetched at once, those wanted last first", async () => {
  const { asked, thumbnails, end } = pictures();
  for (let number = 0; number < 10; number += 1) thumbnails.want(wanted(`p${number}`));
  assert.deepEqual(asked.map(({ url }) => url), ["/p0", "/p1", "/p2", "/p3"]);
  asked[0].resolve(picture());
  await settled();
  assert.equal(asked[4].url, "/p9");
  end.abort();
});

test("what left the sight is given up, waiting or under way", async () => {
  const { asked, thumbnails, end } = pictures();
  const told = [];
  const requests = Array.from({ length: 6 }, (_, number) => thumbnails.want(wanted(`p${number}`, told)));
  for (const request of requests) request.cancel();
  await settled();
  assert.ok(asked.every(({ signal }) => signal.aborted));
  assert.equal(asked.length, 4);
  assert.deepEqual(told, []);
  end.abort();
});

test("a picture that was fetched is shown at once the next time", async () => {
  const { asked, thumbnails, end } = pictures();
  const told = [];
  thumbnails.want(wanted("p", told));
  asked[0].resolve(picture());
  await settled();
  thumbnails.want(wanted("p", told));
  await settled();
  assert.deepEqual(told, ["shown", "shown"]);
  assert.equal(asked.length, 1);
  end.abort();
});

test("a picture that is being drawn is asked for again when something was drawn", async () => {
  const { asked, thumbnails, end } = pictures();
  const told = [];
  thumbnails.want(wanted("p", told));
  asked[0].resolve(picture(202));
  await settled();
  assert.deepEqual(told, ["waits"]);
  thumbnails.retry();
  asked[1].resolve(picture());
  await settled();
  assert.deepEqual(told, ["waits", "shown"]);
  end.abort();
});

test("a picture that is not answered for now is asked for again, one that was refused is not", async () => {
  const { asked, thumbnails, end } = pictures();
  const told = [];
  for (const name of ["gone", "refused", "over quota"]) thumbnails.want(wanted(name, told));
  asked[0].reject(new NetworkError());
  asked[1].reject(new ApiError(422, {}));
  asked[2].reject(new ApiError(429, {}));
  await settled();
  thumbnails.retry();
  assert.deepEqual(asked.map(({ url }) => url).sort(), ["/gone", "/gone", "/over quota", "/over quota", "/refused"]);
  asked[3].resolve(picture());
  asked[4].resolve(picture());
  await settled();
  assert.deepEqual(told, ["failed", "failed", "failed", "shown", "shown"]);
  end.abort();
});

test("while a list is scrolled as many begin as are allowed, those that are kept too", async () => {
  const { asked, thumbnails, end } = pictures();
  const told = [];
  thumbnails.want(wanted("kept", told));
  asked[0].resolve(picture());
  await settled();
  thumbnails.allow(0);
  for (const name of ["kept", "a", "b", "c"]) thumbnails.want(wanted(name, told));
  assert.equal(asked.length, 1);
  thumbnails.allow(2);
  assert.deepEqual(asked.map(({ url }) => url), ["/kept", "/c", "/b"]);
  assert.deepEqual(told, ["shown"]);
  thumbnails.allow(Infinity);
  assert.equal(asked.length, 4);
  assert.deepEqual(told, ["shown", "shown"]);
  end.abort();
});

test("an address holds a view, and nothing that is as usual", () => {
  const usual = readView(new URLSearchParams());
  assert.deepEqual(Object.values(writeView(usual)).filter((value) => value !== null), []);
  const given = { view: "table", tile: 320, state: "failed", context: "", group: "none", source: "left" };
  const written = Object.entries(writeView(given)).filter(([, value]) => value !== null);
  assert.deepEqual(readView(new URLSearchParams(written)), given);
});

test("an address that makes no sense is read as the usual view", () => {
  const odd = new URLSearchParams("view=x&tile=1e9&state=__proto__&group=%00");
  assert.deepEqual(readView(odd), readView(new URLSearchParams()));
});

test("names say what a tile shows", () => {
  const frame = { id: "a", context: "drive", timestamp: 0, key: "k", sources: [{}, {}], state: "partial",
    error: { code: "mask_not_found", detail: "Nothing was found at the URI.", mask: "seg" } };
  assert.equal(nameOf(frame), "Frame a, context drive, 2 sources, partial. Without mask seg: Nothing was found at the URI.");
  assert.equal(timeText(62_500), "1:02.500");
  assert.equal(timeText(3_600_000), "1:00:00.000");
  assert.equal(timeText(1_700_000_000_000), "1700000000000");
});

test("words of a command are quoted where a shell would read more in them", () => {
  assert.equal(quoted("camvid"), "camvid");
  assert.equal(quoted("my set"), "'my set'");
  assert.equal(quoted("x'; rm -rf ~ #"), "'x'\\''; rm -rf ~ #'");
});
