import assert from "node:assert/strict";
import test from "node:test";
import { matchPath, path } from "../../services/registry/mattebox_registry/web/app/router.js";

const FRAME = "/versions/:version/frames/:frame";

test("ids come back as they went in, whatever they hold", () => {
  for (const frame of ["one", "a/b", "ü ?#%", "..%2F", "<script>", "a b+c"]) {
    assert.deepEqual(matchPath(FRAME, path`/versions/${"v"}/frames/${frame}`), { version: "v", frame });
  }
});

test("a path of another length or other words does not match", () => {
  assert.equal(matchPath(FRAME, "/versions/v/frames"), null);
  assert.equal(matchPath(FRAME, "/versions/v/labels/f"), null);
  assert.equal(matchPath(FRAME, "/versions//frames/f"), null);
  assert.equal(matchPath(FRAME, "/versions/%/frames/f"), null);
});

test("a slash at the end changes nothing", () => {
  assert.deepEqual(matchPath("/datasets/:dataset", "/datasets/d/"), { dataset: "d" });
  assert.deepEqual(matchPath("/", "/"), {});
});
