/** Milliseconds from which on a timestamp is one of the calendar: nobody has a video of three years. */
const CALENDAR_MS = 1e11;

/**
 * A timestamp as people read it: into a video `0:00:01.240`, else `2023-11-14 22:13:20.000`.
 * @param {number} ms
 */
export function formatTime(ms) {
  if (ms >= CALENDAR_MS && ms < 8.64e15) return new Date(ms).toISOString().replace("T", " ").slice(0, -1);
  const sign = ms < 0 ? "-" : "";
  const whole = Math.round(Math.abs(ms));
  const two = (/** @type {number} */ number) => String(Math.floor(number)).padStart(2, "0");
  const rest = String(whole % 1000).padStart(3, "0");
  return `${sign}${Math.floor(whole / 3.6e6)}:${two((whole / 6e4) % 60)}:${two((whole / 1000) % 60)}.${rest}`;
}

/**
 * A time on a scale, as exactly as the labels lie apart: `1:30` among hours, `0:00:01.240` among milliseconds.
 * @param {number} ms
 * @param {number} apartMs between two labels
 */
export function formatMark(ms, apartMs) {
  const text = formatTime(ms);
  if (apartMs < 1000) return text;
  const seconds = text.slice(0, -4);
  return apartMs < 60_000 ? seconds : seconds.slice(0, -3);
}
