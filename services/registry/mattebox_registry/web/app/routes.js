/** @import { Route } from "./router.js" */
import { once } from "./once.js";

const version = once(() => import("./pages/version.js"));
const datasets = once(() => import("./pages/datasets.js"));

/** @type {Route[]} */
export const routes = [
  { pattern: "/", load: datasets },
  { pattern: "/datasets", load: datasets },
  { pattern: "/datasets/:dataset", load: once(() => import("./pages/dataset.js")) },
  { pattern: "/versions/:version", load: version },
  { pattern: "/versions/:version/frames/:frame", load: once(() => import("./pages/frame.js")) },
  { pattern: "/versions/:version/:tab", load: version },
  { pattern: "/login", load: once(() => import("./pages/login.js")) },
];
