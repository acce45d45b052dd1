/** @import { Page } from "../router.js" */
/** @import { Dataset } from "../types.js" */
import { apiPath } from "../api.js";
import { fill, h } from "../dom.js";
import { path } from "../router.js";

/** @param {Page} page */
export async function mount({ root, api, signal, setTitle }) {
  setTitle("");
  const list = h("ul", { class: "cards" });
  fill(root, h("h1", null, "Datasets"), list);
  for await (const datasets of /** @type {AsyncGenerator<Dataset[]>} */ (api.pages(apiPath`/datasets`, "datasets", { signal }))) {
    list.append(...datasets.map((dataset) => h("li", null, h("a", { href: path`/datasets/${dataset.id}` }, dataset.name))));
  }
}
