/** @import { Page } from "../router.js" */
/** @import { Version } from "../types.js" */
import { apiPath } from "../api.js";
import { fill, h } from "../dom.js";
import { path } from "../router.js";

/** @param {Page} page */
export async function mount({ root, params, api, signal, setTitle }) {
  const { dataset: id = "" } = params;
  const dataset = await api.dataset(id, signal);
  setTitle(dataset.name, [{ text: "Datasets", href: "/" }]);
  const list = h("ul", { class: "cards" });
  fill(root, h("h1", null, dataset.name), list);
  for await (const versions of /** @type {AsyncGenerator<Version[]>} */ (api.pages(apiPath`/datasets/${id}/versions`, "versions", { signal }))) {
    list.append(...versions.map((version) => h("li", null, h("a", { href: path`/versions/${version.id}/frames` }, version.name))));
  }
}
