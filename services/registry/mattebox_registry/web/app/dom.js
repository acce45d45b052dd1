/**
 * @typedef {Node | string | number | false | null | undefined} Leaf
 * @typedef {Leaf | Leaf[]} Child
 */

/**
 * What an element is given. Everything else than these names is an attribute: `true` writes it empty, `false`, `null`
 * and `undefined` leave it out.
 * @typedef {object} SpecialProps
 * @property {string | (string | false | null | undefined)[]} [class]
 * @property {Record<string, (event: any) => void>} [on] Listeners by event.
 * @property {Record<string, string | null>} [style] CSS properties, custom ones too; set through the CSSOM, which the
 *   content security policy allows.
 * @property {Record<string, string>} [data] `data-*` attributes.
 * @property {AbortSignal} [signal] Ends the listeners.
 */

/** @typedef {SpecialProps & Record<string, unknown>} Props */

const SVG = "http://www.w3.org/2000/svg";

/** Set as properties after the children are there: as attributes they would only be defaults. */
const LATE = new Set(["value", "checked", "indeterminate", "selected"]);

const LINKS = new Set(["href", "src", "action", "formaction"]);

/**
 * Build an element. Strings become text, never markup; a link can only lead to this server, a blob, or the web.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  const late = apply(element, props ?? {});
  append(element, children);
  for (const [name, value] of late) Object.assign(element, { [name]: value });
  return element;
}

/**
 * Build an SVG element, as `h` does.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function s(tag, props, ...children) {
  const element = document.createElementNS(SVG, tag);
  apply(element, props ?? {});
  append(element, children);
  return element;
}

/**
 * Replace everything inside an element.
 * @template {Element} E
 * @param {E} element
 * @param {...Child} children
 * @returns {E}
 */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/**
 * Have an element hold these children in this order; what has the focus among them keeps it.
 * @param {Element} element
 * @param {readonly Element[]} children
 */
export function arrange(element, children) {
  if (element.children.length === children.length && children.every((child, i) => element.children[i] === child)) return;
  const active = document.activeElement;
  element.replaceChildren(...children);
  const isLost = active instanceof HTMLElement && active !== document.activeElement && element.contains(active);
  if (isLost) active.focus({ preventScroll: true });
}

/**
 * Tell whether a link may be put into the page.
 * @param {string} link
 */
export function isSafeLink(link) {
  try {
    return ["http:", "https:", "blob:"].includes(new URL(link, document.baseURI).protocol);
  } catch {
    return false;
  }
}

/**
 * @param {HTMLElement | SVGElement} element
 * @param {Props} props
 * @returns {[string, unknown][]} what has to wait for the children
 */
function apply(element, props) {
  const { class: classes, on, style, data, signal, ...attributes } = props;
  const names = Array.isArray(classes) ? classes.filter(Boolean).join(" ") : classes;
  if (names) element.setAttribute("class", names);
  for (const [event, listener] of Object.entries(on ?? {})) element.addEventListener(event, listener, { signal });
  for (const [name, value] of Object.entries(style ?? {})) element.style.setProperty(name, value);
  for (const [name, value] of Object.entries(data ?? {})) element.dataset[name] = value;
  /** @type {[string, unknown][]} */
  const late = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (LATE.has(name)) late.push([name, value]);
    else setAttribute(element, name, value);
  }
  return late;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {unknown} value
 */
function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) return;
  if (/^on/i.test(name)) throw new TypeError(`${name}: give listeners by \`on\``);
  const text = value === true ? "" : String(value);
  if (LINKS.has(name) && !isSafeLink(text)) return;
  element.setAttribute(name, text);
}

/**
 * @param {Element} element
 * @param {Child[]} children
 */
function append(element, children) {
  for (const child of children.flat()) {
    if (child === false || child === null || child === undefined) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}
