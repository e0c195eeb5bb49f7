// Where an explorer stands as a text: for a link, for another reader, for Python.

// What differs from where it starts.
export function moved(view) {
  const start = Object.entries(view.spec.indices).map(([name, index]) => [name, index.start]);
  return Object.fromEntries(start.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(view.state[name])).map(([name]) => [name, view.state[name]]));
}

const MARK = "#explorer=";

// A text that holds where it stands; on a page that lives without Python a link to that page.
export function asText(view) {
  const bytes = new TextEncoder().encode(JSON.stringify([view.get("title"), moved(view)]));
  const text = MARK + btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return view.alone ? location.href.split("#")[0] + text : text;
}

// The state that such a text holds for this explorer; nothing where it holds none.
export function fromText(view, text) {
  try {
    const code = text.trim().split(MARK)[1].replaceAll("-", "+").replaceAll("_", "/");
    const [title, changes] = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(code), (c) => c.charCodeAt(0))));
    if (title !== view.get("title")) return undefined;
    const start = Object.fromEntries(Object.entries(view.spec.indices).map(([name, index]) => [name, index.start]));
    const kind = (value) => (Array.isArray(value) ? `list of ${kind(value[0])}` : typeof value);
    const right = Object.entries(changes).every(([name, value]) => name in start && (start[name] === null || kind(value) === kind(start[name])));
    return right ? { ...start, ...changes } : undefined;
  } catch {
    return undefined;
  }
}

// A value as Python writes it.
function literal(value) {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  return value === null ? "None" : typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
}

// The Python that makes this explorer stand as it stands.
export function asPython(view) {
  const state = Object.entries(moved(view)).map(([name, value]) => `${JSON.stringify(name)}: ${literal(value)}`);
  const call = view.get("call") || `# explorer = … as in the cell that shows “${view.get("title")}”`;
  return [call, ...(state.length ? [`explorer.state = {${state.join(", ")}}`] : []), "explorer"].join("\n");
}
