import { s } from "./dom.js";

/** Drawn on a grid of 24, stroked in the colour of the text. */
const PATHS = /** @type {Record<string, string>} */ ({
  "arrow-left": "M19 12H5M11 6l-6 6 6 6",
  "arrow-right": "M5 12h14M13 6l6 6-6 6",
  book: "M4 5.500A2.500 2.500 0 0 1 6.500 3H20v15H6.500A2.500 2.500 0 0 0 4 20.500zM4 20.500A2.500 2.500 0 0 1 6.500 18M20 18v3H6.500",
  branch: "M7 6a2 2 0 1 0 0-.010M7 18a2 2 0 1 0 0-.010M17 9a2 2 0 1 0 0-.010M7 8v8M17 11c0 4-10 2-10 5",
  check: "M5 12.500l4.500 4.500L19 7.500",
  "chevron-down": "M6 9l6 6 6-6",
  "chevron-right": "M9 6l6 6-6 6",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.500 2",
  contrast: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  crosshair: "M12 2.500v6M12 15.500v6M2.500 12h6M15.500 12h6M12 12v.010",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  "eye-off": "M4 4l16 16M9.500 5.900A9 9 0 0 1 12 5.500C18 5.500 21.500 12 21.500 12a17 17 0 0 1-3 3.700M6.200 7.500A16 16 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4.300-1.100M9.900 9.900a3 3 0 0 0 4.200 4.200",
  folder: "M3 6h6.500l2 2.500H21V19H3z",
  grid: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2.500-2.500L20 17M15.500 9v.010",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 7.500v.500",
  layers: "M12 3l9 5-9 5-9-5zM3 12.500l9 5 9-5M3 17l9 5 9-5",
  link: "M10 14a4 4 0 0 0 6 .500l3-3a4 4 0 0 0-5.700-5.700l-1.500 1.500M14 10a4 4 0 0 0-6-.500l-3 3a4 4 0 0 0 5.700 5.700l1.500-1.500",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.010M4 12h.010M4 18h.010",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  moon: "M20 14.500A8 8 0 0 1 9.500 4a8 8 0 1 0 10.500 10.500z",
  pencil: "M4 20l1-4L16.500 4.500l3 3L8 19zM14 7l3 3",
  plus: "M12 5v14M5 12h14",
  refresh: "M20 11a8 8 0 1 0-2 6M20 5v6h-6",
  rows: "M4 5h16M4 9h7v4H4zM13 9h7v4h-7zM4 17h16",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.500 4.500",
  "sign-out": "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  undo: "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  warning: "M12 4L2.500 20h19zM12 10v4.500M12 17v.500",
  x: "M6 6l12 12M18 6L6 18",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.600 2.200c-.800.400-1.100.900-1.100 1.800M12 16.800v.010",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  minus: "M5 12h14",
  "chevron-left": "M15 6l-6 6 6 6",
  "chevrons-left": "M18 6l-6 6 6 6M11 6l-6 6 6 6",
  "chevrons-right": "M6 6l6 6-6 6M13 6l6 6-6 6",
});

/**
 * Draw an icon; it says nothing to a screen reader, so what it stands in needs a name.
 * @param {string} name
 */
export function icon(name) {
  return s("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: PATHS[name] ?? "" }));
}

/** Draw the mark of Mattebox. */
export function mark() {
  return s(
    "svg",
    { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    s("path", { class: "mark-left", d: "M4 8.500 16 4l12 4.500v15L16 28 4 23.500z" }),
    s("path", { class: "mark-right", d: "M16 4l12 4.500v15L16 28z" }),
    s("circle", { class: "mark-hole", cx: 16, cy: 16, r: 5.5 }),
    s("path", { class: "mark-half", d: "M16 10.500a5.500 5.500 0 0 1 0 11z" }),
  );
}
