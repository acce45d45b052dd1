const whole = new Intl.NumberFormat("en");

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
