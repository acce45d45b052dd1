/**
 * The size of things, in CSS pixels.
 * @typedef {object} Measures
 * @property {number} columns
 * @property {number} itemWidth
 * @property {number} itemHeight
 * @property {number} gap between items, both ways
 * @property {number} headHeight of a group's heading, 0 without headings
 *
 * @typedef {{ id: string, frame_count: number }} Group Frames that stand together under a heading.
 * @typedef {{ index: number, id: string, count: number, top: number }} Heading
 */

const GROUP_GAP = 16;

/** Where each item of a long list lies; items are named by their position in the list. */
export class Layout {
  /**
   * @param {Measures} measures
   * @param {Group[]} groups in the order of the list, none of them empty
   */
  constructor(measures, groups) {
    this.measures = measures;
    this.groups = groups;
    /** Position of each group's first item, and one more. */
    this.starts = new Float64Array(groups.length + 1);
    /** Top edge of each group, and one more. */
    this.tops = new Float64Array(groups.length + 1);
    this.rowHeight = measures.itemHeight + measures.gap;
    for (const [index, group] of groups.entries()) {
      const rows = Math.ceil(group.frame_count / measures.columns);
      this.starts[index + 1] = at(this.starts, index) + group.frame_count;
      this.tops[index + 1] = at(this.tops, index) + measures.headHeight + rows * this.rowHeight + GROUP_GAP;
    }
    this.count = at(this.starts, groups.length);
    this.height = this.count ? at(this.tops, groups.length) - GROUP_GAP - measures.gap : 0;
  }

  /**
   * Give the left and top edge of an item.
   * @param {number} position
   */
  place(position) {
    const { columns, itemWidth, gap, headHeight } = this.measures;
    const group = this.groupOf(position);
    const offset = position - at(this.starts, group);
    return {
      x: (offset % columns) * (itemWidth + gap),
      y: at(this.tops, group) + headHeight + Math.floor(offset / columns) * this.rowHeight,
    };
  }

  /**
   * Give the items that lie between two heights: from `first` up to but not including `end`.
   * @param {number} top
   * @param {number} bottom
   */
  range(top, bottom) {
    if (!this.count || bottom <= 0 || top >= this.height) return { first: 0, end: 0 };
    return { first: this.#rowStart(top), end: Math.min(this.count, this.#rowEnd(bottom)) };
  }

  /**
   * Give the headings that lie between two heights.
   * @param {number} top
   * @param {number} bottom
   * @returns {Heading[]}
   */
  headings(top, bottom) {
    const headings = [];
    if (!this.measures.headHeight || !this.count) return [];
    for (let index = search(this.tops, Math.max(0, top)); index < this.groups.length; index += 1) {
      const group = this.groups[index];
      const edge = at(this.tops, index);
      if (!group || edge > bottom) break;
      headings.push({ index, id: group.id, count: group.frame_count, top: edge });
    }
    return headings;
  }

  /** @param {number} position */
  groupOf(position) {
    return Math.min(search(this.starts, position), Math.max(0, this.groups.length - 1));
  }

  /**
   * Give the item that a key leads to.
   * @param {number} position
   * @param {string} key
   * @param {number} rows of a page, for PageUp and PageDown
   * @returns {number | null} null where the key leads nowhere
   */
  step(position, key, rows) {
    const { columns } = this.measures;
    if (key === "ArrowLeft") return this.#clamp(position - 1);
    if (key === "ArrowRight") return this.#clamp(position + 1);
    if (key === "Home") return 0;
    if (key === "End") return this.#clamp(this.count - 1);
    if (key === "ArrowDown") return this.#vertical(position, 1);
    if (key === "ArrowUp") return this.#vertical(position, -1);
    if (key === "PageDown") return this.#clamp(position + rows * columns);
    if (key === "PageUp") return this.#clamp(position - rows * columns);
    return null;
  }

  /**
   * One row up or down, in the same column where that row has one.
   * @param {number} position
   * @param {1 | -1} direction
   */
  #vertical(position, direction) {
    const { columns } = this.measures;
    const group = this.groupOf(position);
    const start = at(this.starts, group);
    const column = (position - start) % columns;
    const row = position - column;
    const end = at(this.starts, group + 1);
    if (direction > 0) {
      if (row + columns < end) return Math.min(position + columns, end - 1);
      return end < this.count ? Math.min(end + column, at(this.starts, group + 2) - 1) : position;
    }
    if (row > start) return position - columns;
    if (group === 0) return position;
    const above = at(this.starts, group - 1);
    const lastRow = start - 1 - ((start - 1 - above) % columns);
    return Math.min(lastRow + column, start - 1);
  }

  /** @param {number} position */
  #clamp(position) {
    return Math.max(0, Math.min(this.count - 1, position));
  }

  /** @param {number} y */
  #rowStart(y) {
    const group = Math.min(search(this.tops, Math.max(0, y)), this.groups.length - 1);
    const row = Math.max(0, Math.floor((y - at(this.tops, group) - this.measures.headHeight) / this.rowHeight));
    return Math.min(at(this.starts, group) + row * this.measures.columns, at(this.starts, group + 1) - 1);
  }

  /** @param {number} y */
  #rowEnd(y) {
    const group = Math.min(search(this.tops, y), this.groups.length - 1);
    const rows = Math.max(0, Math.ceil((y - at(this.tops, group) - this.measures.headHeight) / this.rowHeight));
    return Math.min(at(this.starts, group) + rows * this.measures.columns, at(this.starts, group + 1));
  }
}

/**
 * Give the last index whose value is not above `wanted`, by halving.
 * @param {Float64Array} values rising
 * @param {number} wanted
 */
function search(values, wanted) {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(values, middle) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * @param {Float64Array} values
 * @param {number} index
 */
function at(values, index) {
  return /** @type {number} */ (values[index]);
}
