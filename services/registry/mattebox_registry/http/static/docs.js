// Shows the OpenAPI document of this server. Everything from it is set as text.

const METHODS = ["get", "post", "put", "patch", "delete", "head"];
const DEPTH = 4;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

// `code` in backticks becomes code, the rest stays text.
function prose(text) {
  return text.split("`").map((piece, i) => (i % 2 ? element("code", {}, piece) : piece));
}

// A long path breaks before a slash.
function path(text) {
  const pieces = text.split(/({[^}]+}|(?=\/))/).filter(Boolean);
  return element("code", { className: "path" }, ...pieces.flatMap((piece) => [
    piece.startsWith("/") ? element("wbr") : null, piece.startsWith("{") ? element("b", {}, piece) : piece,
  ]).filter(Boolean));
}

function copyable(text) {
  const button = element("button", { type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  return element("div", { className: "box" }, element("pre", {}, element("code", {}, text)), button);
}

function quoted(value) {
  return `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;
}

function curl(method, route, operation) {
  const words = { HEAD: " --head", GET: "" };
  const lines = [`curl${words[method] ?? ` -X ${method}`} "$MATTEBOX_URL${route.replaceAll(/{(\w+)}/g, (_, name) => `$${name.toUpperCase()}`)}"`];
  if (!operation.security) lines.push(`-H "Authorization: Bearer $MATTEBOX_TOKEN"`);
  const content = operation.requestBody?.content ?? {};
  const type = Object.keys(content)[0];
  if (type === "application/octet-stream") lines.push(`-H "Content-Type: ${type}"`, "--data-binary @mask.png");
  else if (type) lines.push(`-H "Content-Type: ${type}"`, `-d ${quoted(content[type].example ?? {})}`);
  if (operation.responses["200"]?.content?.["image/webp"]) lines.push("-o preview.webp");
  if (operation.responses["200"]?.content?.["text/event-stream"]) lines.push("--no-buffer");
  return lines.join(" \\\n  ");
}

function resolved(schema, schemas) {
  const name = schema.$ref?.split("/").pop();
  return name ? { ...schemas[name], name } : schema;
}

function kindOf(schema, schemas) {
  const known = resolved(schema, schemas);
  if (known.enum) return known.enum.map(String).join(" | ");
  if (known.const !== undefined) return String(known.const);
  const choices = known.anyOf ?? known.oneOf;
  if (choices) return choices.map((choice) => kindOf(choice, schemas)).join(" or ");
  if (known.type === "array") return `array of ${kindOf(known.items ?? {}, schemas)}`;
  if (known.type === "object" && typeof known.additionalProperties === "object") {
    return `object of ${kindOf(known.additionalProperties, schemas)}`;
  }
  return known.name ?? known.type ?? "anything";
}

function limits(schema) {
  const facts = [];
  if (schema.minimum !== undefined && schema.maximum !== undefined) facts.push(`${schema.minimum} to ${schema.maximum}`);
  if (schema.default !== undefined && schema.default !== null) facts.push(`default ${JSON.stringify(schema.default)}`);
  return facts.length ? `, ${facts.join(", ")}` : "";
}

// The object that a schema is about: itself, or what its array, map or choice holds.
function objectIn(schema, schemas) {
  const known = resolved(schema, schemas);
  if (known.properties) return known;
  const inner = [known.items, known.additionalProperties, ...(known.anyOf ?? [])];
  for (const candidate of inner) {
    const found = candidate && typeof candidate === "object" ? objectIn(candidate, schemas) : null;
    if (found) return found;
  }
  return null;
}

function fields(schema, schemas, depth = 0) {
  const known = objectIn(schema, schemas);
  if (!known || depth > DEPTH) return null;
  const list = element("ul", { className: "schema" });
  for (const [name, property] of Object.entries(known.properties)) {
    const label = [element("code", {}, name), " ", element("span", { className: "kind" }, kindOf(property, schemas) + limits(property))];
    const inner = fields(property, schemas, depth + 1);
    list.append(element("li", {}, ...(inner ? [element("details", {}, element("summary", {}, ...label), inner)] : label)));
  }
  return list;
}

function contents(content, schemas) {
  return Object.entries(content ?? {}).map(([type, { schema }]) =>
    element("div", {},
      element("span", { className: "kind" }, `${type}: ${kindOf(schema, schemas)}`),
      type.includes("problem") ? null : fold(fields(schema, schemas))));
}

function fold(inner) {
  return inner && element("details", { className: "fold" }, element("summary", {}, "Fields"), inner);
}

function table(rows) {
  return element("table", {}, element("tbody", {}, ...rows));
}

function parameterRow(parameter, schemas) {
  const place = parameter.in === "query" ? "" : ` (${parameter.in})`;
  return element("tr", {},
    element("td", {}, element("code", {}, parameter.name), element("span", { className: "quiet" }, place)),
    element("td", {}, ...prose(parameter.description),
      element("span", { className: "kind" }, kindOf(parameter.schema, schemas) + limits(parameter.schema))));
}

function responseRow(status, response, schemas) {
  const tone = status < 300 ? "ok" : status < 400 ? "turn" : "bad";
  const headers = Object.entries(response.headers ?? {}).map(([name, header]) =>
    element("span", { className: "kind" }, `${name}: `, ...prose(header.description)));
  return element("tr", {},
    element("td", {}, element("span", { className: `status ${tone}` }, status)),
    element("td", {}, ...prose(response.description), ...headers, ...contents(status < 400 ? response.content : {}, schemas)));
}

function section(title, ...inside) {
  return [element("h4", {}, title), ...inside];
}

function route(method, address, operation, schemas) {
  const body = operation.requestBody;
  const inside = element("div", { className: "inside" });
  if (operation.description) inside.append(element("p", {}, ...prose(operation.description)));
  inside.append(element("p", { className: "scope" },
    operation.security ? "Needs no token." : `Needs a token with the scope ${operation["x-scope"]}.`));
  inside.append(...section("Example", copyable(curl(method, address, operation))));
  if (operation.parameters.length) {
    inside.append(...section("Parameters", table(operation.parameters.map((parameter) => parameterRow(parameter, schemas)))));
  }
  if (body) inside.append(...section("Body", element("div", {}, ...prose(body.description)), ...contents(body.content, schemas)));
  inside.append(...section("Answers", table(Object.entries(operation.responses).map(([status, response]) => responseRow(status, response, schemas)))));
  const shown = element("details", { className: "route", id: operation.operationId },
    element("summary", {}, element("span", { className: `method ${method}` }, method), path(address),
      element("span", { className: "what" }, operation.summary)),
    inside);
  shown.dataset.words = `${method} ${address} ${operation.summary}`.toLowerCase();
  return shown;
}

function show(api) {
  const { schemas } = api.components;
  const parts = new Map(api.tags.map((tag) => [tag.name, { tag, routes: [], links: [] }]));
  for (const [address, methods] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((name) => methods[name])) {
      const operation = methods[method];
      const part = parts.get(operation.tags[0]);
      part.routes.push(route(method.toUpperCase(), address, operation, schemas));
      part.links.push(element("li", {}, element("a", { href: `#${operation.operationId}` }, operation.summary)));
    }
  }
  document.getElementById("title").textContent = `${api.info.title} HTTP API`;
  document.getElementById("summary").textContent = `${api.info.summary} Version ${api.info.version}.`;
  document.getElementById("setup").append(copyable(`export MATTEBOX_URL=${location.origin}\nexport MATTEBOX_TOKEN=...`));
  document.getElementById("index").append(...[...parts.values()].flatMap(({ tag, links }) =>
    [element("h2", {}, tag.name), element("ul", {}, ...links)]));
  document.getElementById("parts").replaceChildren(...[...parts.values()].map(({ tag, routes }) =>
    element("section", { className: "part" }, element("h2", {}, tag.name), element("p", {}, ...prose(tag.description)), ...routes)));
}

function filter(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const part of document.querySelectorAll(".part")) {
    const routes = [...part.querySelectorAll(".route")];
    for (const one of routes) one.hidden = !wanted.every((word) => one.dataset.words.includes(word));
    part.hidden = routes.every((one) => one.hidden);
  }
}

function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named?.classList.contains("route")) {
    named.open = true;
    named.scrollIntoView();
  }
}

try {
  const answer = await fetch("api/v1/openapi.json");
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  show(await answer.json());
  document.getElementById("filter").addEventListener("input", (event) => filter(event.target.value));
  addEventListener("hashchange", openNamed);
  openNamed();
} catch (error) {
  document.getElementById("state").textContent = `The description could not be read (${error.message}). Reload to try again.`;
}
