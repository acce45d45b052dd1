/** Colours as the API writes them: `#rrggbb`. */

/** @typedef {readonly [number, number, number]} Rgb 8-bit sRGB */

const PATTERN = /^#[0-9a-f]{6}$/i;

/** @param {string} text */
export function isColor(text) {
  return PATTERN.test(text);
}

/**
 * @param {string} text
 * @returns {Rgb}
 * @throws {Error} not `#rrggbb`
 */
export function parseColor(text) {
  if (!isColor(text)) throw new Error(`not a colour: ${text}`);
  const packed = parseInt(text.slice(1), 16);
  return [packed >> 16, (packed >> 8) & 0xff, packed & 0xff];
}

/** @param {Rgb} color */
export function formatColor(color) {
  return `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
