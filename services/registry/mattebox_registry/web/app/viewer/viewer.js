/** @import { Mounted, Page } from "../router.js" */
/** @import { View } from "../masks/view.js" */
/** @import { OpenFrame } from "./open_frame.js" */
/** @import { Store } from "../store.js" */
/** @import { Dataset } from "../types.js" */
import { mendWhenBack } from "../components/back.js";
import { lastList } from "../components/last-list.js";
import { mayWrite } from "../components/session.js";
import { fill, h } from "../dom.js";
import { followVersion } from "../events.js";
import { masksPanel } from "../masks/panel.js";
import { readView } from "../masks/query.js";
import { path } from "../router.js";
import { createStore, watchPart } from "../store.js";
import { bindAddress } from "./address.js";
import { commands } from "./commands.js";
import { Crosshair } from "./crosshair.js";
import { details } from "./details.js";
import { Drawing } from "./drawing.js";
import { openHelp } from "./help.js";
import { listenToKeys } from "./keys.js";
import { Loader } from "./loader.js";
import { notice } from "./notice.js";
import { Opener } from "./opener.js";
import { keepOwnColors } from "./own_colors.js";
import { readout } from "./readout.js";
import { Sequence } from "./sequence.js";
import { openShare } from "./share.js";
import { sourceChoice } from "./sources.js";
import { Stage } from "./stage.js";
import { Supply } from "./supply.js";
import { timeline } from "./timeline.js";
import { toolbar } from "./toolbar.js";

/**
 * Show a frame: `page.params` holds `version` and `frame`, `page.query` the state of the view.
 * @param {Page} page
 * @returns {Promise<Mounted>}
 */
export async function mountViewer(page) {
  const { api, query, root, router, session, signal } = page;
  const { version: versionId = "", frame = "" } = page.params;
  root.classList.add("page-full");
  fill(root, skeleton());
  const version = createStore(await api.version(versionId, signal));
  const view = createStore(readView(query.all()));
  const dataset = createStore(/** @type {Dataset | null} */ (null));
  const open = createStore(/** @type {OpenFrame | null} */ (null));
  const problem = createStore(/** @type {unknown} */ (null));
  const loader = new Loader(api, versionId);
  const supply = new Supply({ loader, view, open });
  const stage = new Stage(signal);
  const onError = problem.set;
  const drawing = new Drawing({ supply, view, stage, open, signal, onError });
  const opener = new Opener({ loader, drawing, view, open, signal, onError });
  const flush = bindAddress(view, query, signal);
  const own = keepOwnColors(view, versionId, { isLanding: page.isLanding, signal });
  const sequence = new Sequence(api, versionId, goTo, signal);
  const frames = lastList(versionId);

  const share = () => openShare({ loader, view, open, flush });
  const help = () => void openHelp(keys);
  const facts = details(open, signal);
  const showDetails = () => {
    facts.open = !facts.open;
    if (facts.open) facts.scrollIntoView({ block: "start" });
  };
  const crosshair = new Crosshair({ stage, drawing, open, signal });
  const writable = () => mayWrite(session);
  const keys = commands({ stage, drawing, sequence, crosshair, view, open, help, share, details: showDetails, leave: () => void router.go(frames) });
  listenToKeys(keys, signal);

  const foresee = drawing.foresee.bind(drawing);
  const reload = () => drawing.reload();
  const reopen = () => show(current);
  const chooseSource = (/** @type {string | null} */ source) => {
    view.update((it) => ({ ...it, source, masks: null, place: null }));
    show(current);
  };
  const parts = { api, version, view, own, open, problem, maps: drawing.maps, mayWrite: writable, foresee, reload, signal };
  const panel = h("aside", { class: "panel", "aria-label": "Masks and details" }, sourceChoice(open, view, signal), masksPanel(parts), facts);
  fill(
    root,
    h(
      "div",
      { class: "viewer" },
      h(
        "div",
        { class: "viewer-main" },
        toolbar({ stage, drawing, crosshair, share, help, details: showDetails, signal }),
        h("div", { class: "stage-place" }, stage.element, notice({ open, problem, mayWrite: writable, retry, reopen, chooseSource, frames, signal })),
        readout({ stage, drawing, open, signal }),
        timeline(sequence, signal),
      ),
      panel,
    ),
  );

  // Where no frame is open and none is coming there is nothing to choose.
  problem.subscribe((error) => panel.toggleAttribute("hidden", error !== null && open.get() === null), signal);
  mendWhenBack(problem, api, reopen, signal);
  bindPlace(view, stage, signal);
  watchPart(view, (it) => it.source, (source) => open.get() && source !== sourceOf(open.get()) && void opener.again(), signal);
  followVersion(versionId, { onPreview: ({ frame_id }) => void opener.look(frame_id) }, signal);
  let current = frame;
  show(frame);
  // It only names where the frame is, and waits for no picture.
  api.dataset(version.get().dataset_id, signal).then(dataset.set, () => undefined);
  dataset.subscribe(() => name(current), signal);
  return { update: ({ frame: next = "" }) => show(next) };

  /** @param {string} id */
  function show(id) {
    current = id;
    problem.set(null);
    stage.canvas.setAttribute("aria-label", `Frame ${id}`);
    name(id);
    void sequence.follow(id).catch((error) => signal.aborted || problem.set(error));
    void opener.show(id).then(prepareNext);
  }

  /** @param {string} id */
  function name(id) {
    const { name: versionName, dataset_id: datasetId } = version.get();
    const known = dataset.get();
    const above = known === null ? [] : [{ text: known.name, href: path`/datasets/${datasetId}` }];
    page.setTitle(id, [{ text: "Datasets", href: "/" }, ...above, { text: versionName, href: frames }]);
  }

  function prepareNext() {
    const next = sequence.following;
    // What is only prepared may fail in silence: it is asked for again when it is wanted.
    if (next !== null && drawing.composer !== null) drawing.prepare(next).catch(() => undefined);
  }

  /** @param {string} id */
  function goTo(id) {
    flush();
    void router.go(path`/versions/${versionId}/frames/${id}` + location.search, { replace: true });
  }

  async function retry() {
    const id = open.get()?.frame.id;
    if (id === undefined) return;
    await api.refreshPreview(versionId, id);
    await opener.show(id);
  }
}

/** What stands in for the viewer until its version is there. */
function skeleton() {
  const main = h("div", { class: "viewer-main" }, h("div", { class: "stage-tools" }), h("div", { class: "stage-place" }, h("div", { class: "stage is-empty" })));
  return h("div", { class: "viewer", role: "status", "aria-label": "Loading" }, main, h("div", { class: "panel" }));
}

/**
 * The source that an open frame was opened with, as a view names it.
 * @param {OpenFrame | null} open
 */
function sourceOf(open) {
  const first = open?.frame.sources[0];
  return open === null || (first?.id ?? "00") === open.source.id ? null : open.source.id;
}

/**
 * Keep the place on the stage and that of the view the same.
 * @param {Store<View>} view
 * @param {Stage} stage
 * @param {AbortSignal} signal
 */
function bindPlace(view, stage, signal) {
  watchPart(view, (it) => it.place, (place) => stage.place.set(place), signal);
  stage.place.subscribe((place) => view.update((it) => (it.place === place ? it : { ...it, place })), signal);
}
