import { h } from "../dom.js";

const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * Say how long ago something was: `3 hours ago`.
 * @param {string} time RFC 3339
 * @param {number} [now] milliseconds since 1970
 */
export function relativeTime(time, now = Date.now()) {
  const seconds = (Date.parse(time) - now) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return ago.format(Math.round(seconds / length), unit);
  }
  return "just now";
}

/**
 * Show when something was: how long ago, and exactly where the pointer rests.
 * @param {string} time RFC 3339
 */
export function timeAgo(time) {
  return h("time", { datetime: time, title: exactTime(time) }, relativeTime(time));
}

/**
 * Write a time in full, in the viewer's own time zone.
 * @param {string} time RFC 3339
 */
export function exactTime(time) {
  return exact.format(new Date(time));
}
