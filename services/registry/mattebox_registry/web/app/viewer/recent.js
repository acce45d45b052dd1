/**
 * The things that were used last, and those that are held.
 * @template T
 */
export class Recent {
  /**
   * @param {number} most how much to keep
   * @param {(value: T) => number} [weigh] how much a thing is of that
   */
  constructor(most, weigh = () => 1) {
    this.most = most;
    this.weigh = weigh;
    this.weight = 0;
    /** @type {Map<string, T>} */
    this.kept = new Map();
    /** @type {ReadonlySet<string>} */
    this.held = new Set();
  }

  /**
   * @param {string} key
   * @returns {T | undefined}
   */
  get(key) {
    const value = this.kept.get(key);
    if (value !== undefined) this.keep(key, value);
    return value;
  }

  /**
   * @param {string} key
   * @param {T} value
   * @returns {T}
   */
  keep(key, value) {
    this.#drop(key);
    this.kept.set(key, value);
    this.weight += this.weigh(value);
    for (const oldest of [...this.kept.keys()]) {
      if (this.weight <= this.most) break;
      if (oldest !== key && !this.held.has(oldest)) this.#drop(oldest);
    }
    return value;
  }

  /**
   * Keep these whatever else comes, and those that were held before only as long as there is room.
   * @param {Iterable<string>} keys
   */
  hold(keys) {
    this.held = new Set(keys);
  }

  /** @param {string} key */
  #drop(key) {
    const value = this.kept.get(key);
    if (value === undefined) return;
    this.kept.delete(key);
    this.weight -= this.weigh(value);
  }
}
