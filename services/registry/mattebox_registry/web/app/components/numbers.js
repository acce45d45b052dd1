const whole = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });

/**
 * Write a whole number: `1,234,567`.
 * @param {number} value
 */
export function wholeNumber(value) {
  return whole.format(value);
}

/**
 * Write a number with its noun: `1 frame`, `60 frames`.
 * @param {number} value
 * @param {string} noun
 */
export function counted(value, noun) {
  return `${wholeNumber(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/**
 * Write a number that may be of any size in little room: `865,442`, `12.41M`.
 * @param {number} value
 */
export function shortNumber(value) {
  return value < 1e6 ? wholeNumber(value) : compact.format(value);
}
