/** Tags as they are typed: with commas in between. */

/** @param {readonly string[]} tags */
export function writeTags(tags) {
  return tags.join(", ");
}

/** @param {string} text */
export function readTags(text) {
  return [...new Set(text.split(",").map((tag) => tag.trim()).filter(Boolean))];
}
