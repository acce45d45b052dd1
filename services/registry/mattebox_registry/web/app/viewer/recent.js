/**
 * The things that were used last.
 * @template T
 */
export class Recent {
  /** @param {number} most how many to keep */
  constructor(most) {
    this.most = most;
    /** @type {Map<string, T>} */
    this.kept = new Map();
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
    this.kept.delete(key);
    this.kept.set(key, value);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.most) break;
      this.kept.delete(oldest);
    }
    return value;
  }
}
