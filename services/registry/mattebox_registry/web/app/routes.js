/** @import { Route } from "./router.js" */

/** @type {Route[]} */
export const routes = [
  { pattern: "/", load: () => import("./pages/datasets.js") },
  { pattern: "/datasets", load: () => import("./pages/datasets.js") },
  { pattern: "/datasets/:dataset", load: () => import("./pages/dataset.js") },
  { pattern: "/versions/:version", load: () => import("./pages/version.js") },
  { pattern: "/versions/:version/frames/:frame", load: () => import("./pages/frame.js") },
  { pattern: "/versions/:version/:tab", load: () => import("./pages/version.js") },
  { pattern: "/login", load: () => import("./pages/login.js") },
];
