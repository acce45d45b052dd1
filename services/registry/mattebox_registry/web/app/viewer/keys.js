/** Keys of the viewer, as in common viewers; the help sheet is made from the same table. */

/**
 * @typedef {object} Key
 * @property {string[]} on `KeyboardEvent.key`, with `Shift+` in front where it is held
 * @property {string} shown on the help sheet; empty: not there
 * @property {string} does
 * @property {() => void} run
 * @property {() => boolean} [when] where the key means something at times only
 * @property {() => void} [release] where the key acts as long as it is held
 */

/** @typedef {{ title: string, keys: Key[] }} KeyGroup */

/** Keys that move a slider or a choice. */
const MOVES = /^(Arrow|Page|Home|End)/;

/**
 * @param {readonly KeyGroup[]} groups
 * @param {AbortSignal} signal
 */
export function listenToKeys(groups, signal) {
  const byName = new Map(groups.flatMap(({ keys }) => keys.flatMap((key) => key.on.map((name) => [name, key]))));
  /** @type {Key | null} */
  let held = null;

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTakenByField(event)) return;
      const key = byName.get(nameOf(event));
      if (key === undefined || key.when?.() === false) return;
      event.preventDefault();
      if (key.release !== undefined && event.repeat) return;
      held = key.release === undefined ? held : key;
      key.run();
    },
    { signal },
  );
  const release = () => {
    held?.release?.();
    held = null;
  };
  document.addEventListener("keyup", (event) => held?.on.includes(nameOf(event)) && release(), { signal });
  addEventListener("blur", release, { signal });
}

/** @param {KeyboardEvent} event */
function nameOf({ key, shiftKey, code }) {
  // With Shift the digits write other characters, which ones depends on the keyboard.
  if (shiftKey && code.startsWith("Digit")) return `Shift+${code.slice(5)}`;
  if (key.length > 1) return shiftKey ? `Shift+${key}` : key;
  return key.toLowerCase();
}

/**
 * Fields keep the keys that mean something to them, dialogs all.
 * @param {KeyboardEvent} event
 */
function isTakenByField({ target, key }) {
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector("dialog[open]") !== null) return true;
  const isPress = key === " " || key === "Enter";
  if (target.matches("input[type=range]")) return MOVES.test(key);
  if (target.matches("input[type=radio], [role=radio]")) return isPress || MOVES.test(key);
  if (target.matches("input[type=checkbox], input[type=color], button, summary, a")) return isPress;
  return target.matches("input, textarea, select, [contenteditable]");
}
