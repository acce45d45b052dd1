/** Milliseconds from which on a timestamp is one of the calendar: nobody has a video of three years. */
const CALENDAR_MS = 1e11;
const LAST_MS = 8.64e15;
const DAY_MS = 8.64e7;

/**
 * A timestamp as people read it: into a video `0:00:01.240`, else `2023-11-14 22:13:20.000`.
 * @param {number} ms
 */
export function formatTime(ms) {
  if (isOfCalendar(ms)) return new Date(ms).toISOString().replace("T", " ").slice(0, -1);
  const sign = ms < 0 ? "-" : "";
  const whole = Math.round(Math.abs(ms));
  const two = (/** @type {number} */ number) => String(Math.floor(number)).padStart(2, "0");
  const rest = String(whole % 1000).padStart(3, "0");
  return `${sign}${Math.floor(whole / 3.6e6)}:${two((whole / 6e4) % 60)}:${two((whole / 1000) % 60)}.${rest}`;
}

/**
 * A time on a scale, as exactly as the labels lie apart: `1:30` among hours, `0:00:01.240` among milliseconds. Of the
 * calendar only the first one has its day, where others are not days apart.
 * @param {number} ms
 * @param {number} apartMs between two labels
 * @param {boolean} isFirst
 */
export function formatMark(ms, apartMs, isFirst) {
  const text = formatTime(ms);
  const exact = text.slice(0, text.length - (apartMs < 1000 ? 0 : apartMs < 60_000 ? 4 : 7));
  if (!isOfCalendar(ms)) return exact;
  if (apartMs >= DAY_MS) return text.slice(0, 10);
  return isFirst ? exact : exact.slice(11);
}

/** @param {number} ms */
function isOfCalendar(ms) {
  return ms >= CALENDAR_MS && ms < LAST_MS;
}
