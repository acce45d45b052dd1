/** Browsers draw nothing beyond some height of an element, the smallest of them 17.8 million pixels. */
const LIMIT_PX = 8_000_000;

/** So much at both ends is scrolled pixel by pixel, so that the ends are reached exactly. */
const EDGE_PX = 1_000_000;

/** Maps the height that a list has to the height that an element can have: the same, or squeezed in the middle. */
export class ScrollMap {
  /**
   * @param {number} height of the list
   * @param {{ limit?: number, edge?: number }} [bounds]
   */
  constructor(height, { limit = LIMIT_PX, edge = EDGE_PX } = {}) {
    this.height = height;
    this.limit = limit;
    this.edge = edge;
    this.isSqueezed = height > limit;
    /** Height of the element. */
    this.elementHeight = Math.min(height, limit);
    this.factor = (height - 2 * edge) / (limit - 2 * edge);
  }

  /**
   * Give the height in the list that belongs to a height in the element.
   * @param {number} y
   */
  toList(y) {
    if (!this.isSqueezed || y <= this.edge) return y;
    if (y >= this.limit - this.edge) return this.height - (this.limit - y);
    return this.edge + (y - this.edge) * this.factor;
  }

  /**
   * Give the height in the element that belongs to a height in the list.
   * @param {number} y
   */
  toElement(y) {
    if (!this.isSqueezed || y <= this.edge) return y;
    if (y >= this.height - this.edge) return this.limit - (this.height - y);
    return this.edge + (y - this.edge) / this.factor;
  }
}

/**
 * Where the eye is in a list while an element is scrolled. Small steps move the list pixel by pixel, however much it is
 * squeezed; a jump, as of the scroll bar, goes where the element says. `settle` brings the two together again.
 */
export class ScrollPosition {
  /** @param {ScrollMap} map */
  constructor(map) {
    this.map = map;
    this.element = 0;
    this.list = 0;
  }

  /**
   * Take the new scroll position of the element.
   * @param {number} element
   * @param {number} jump steps of more than this are jumps
   */
  follow(element, jump) {
    const step = element - this.element;
    const atEnd = element <= 0 || element >= this.map.elementHeight - jump;
    this.element = element;
    if (!this.map.isSqueezed || Math.abs(step) > jump || atEnd) this.list = this.map.toList(element);
    else this.list += step;
  }

  /**
   * Go to a height in the list.
   * @param {number} list
   */
  go(list) {
    this.list = list;
    this.element = this.map.toElement(list);
  }

  /** Move the element to where it belongs; true where that is another place. */
  settle() {
    const element = Math.round(this.map.toElement(this.list));
    if (!this.map.isSqueezed || Math.abs(element - this.element) < 1) return false;
    this.element = element;
    return true;
  }

  /** How much lower an item lies in the element than in the list. */
  get shift() {
    return this.element - this.list;
  }
}
