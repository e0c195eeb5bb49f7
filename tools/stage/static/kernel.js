// One Jupyter kernel: its REST calls and its websocket (v1.kernel.websocket.jupyter.org), and the widgets that it opens
// (Jupyter's widget messages 2: comm_open, update, echo_update, custom, request_state). It knows no page.

const PROTOCOL = "v1.kernel.websocket.jupyter.org";
const WIDGETS = "jupyter.widget";
const [text, bytes] = [new TextDecoder(), new TextEncoder()];

// ---------------------------------------------------------------- one message as bytes
// A table of 64-bit places, then what it points to: the channel, header, parent, metadata, content, and buffers.

export function encode({ channel, header, parent_header = {}, metadata = {}, content = {}, buffers = [] }) {
  const json = [header, parent_header, metadata, content].map((each) => bytes.encode(JSON.stringify(each)));
  const parts = [bytes.encode(channel), ...json, ...buffers.map((each) => new Uint8Array(each.buffer ?? each, each.byteOffset ?? 0, each.byteLength))];
  const places = [8 * (parts.length + 2)];
  for (const part of parts) places.push(places.at(-1) + part.length);
  const message = new Uint8Array(places.at(-1));
  const table = new DataView(message.buffer);
  [places.length, ...places].forEach((each, at) => table.setBigUint64(8 * at, BigInt(each), true));
  parts.forEach((part, at) => message.set(part, places[at]));
  return message.buffer;
}

export function decode(buffer) {
  const table = new DataView(buffer);
  const places = Array.from({ length: Number(table.getBigUint64(0, true)) }, (_, at) => Number(table.getBigUint64(8 * (at + 1), true)));
  const [channel, ...parts] = places.slice(0, -1).map((from, at) => new Uint8Array(buffer, from, places[at + 1] - from));
  const [header, parent_header, metadata, content] = parts.slice(0, 4).map((each) => JSON.parse(text.decode(each)));
  // What is cut out of a message has a buffer of its own: an array may ask for any alignment.
  return { channel: text.decode(channel), header, parent_header, metadata, content, buffers: parts.slice(4).map((each) => new DataView(each.slice().buffer)) };
}

// Bytes of a widget's state travel beside it: taken out before, put back after.
export function takeBuffers(state) {
  const [paths, buffers] = [[], []];
  const take = (value, path) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return void (paths.push(path), buffers.push(value));
    if (value === null || typeof value !== "object") return value;
    const kept = Object.entries(value).map(([name, each]) => [name, take(each, [...path, Array.isArray(value) ? Number(name) : name])]);
    return Array.isArray(value) ? kept.map(([, each]) => each ?? null) : Object.fromEntries(kept.filter(([, each]) => each !== undefined));
  };
  return { state: take(state, []), buffer_paths: paths, buffers };
}

export function putBuffers(state, paths = [], buffers = []) {
  paths.forEach((path, at) => (path.slice(0, -1).reduce((each, name) => each[name], state)[path.at(-1)] = buffers[at]));
  return state;
}

// ---------------------------------------------------------------- a kernel

export class Kernel {
  // on: what is told, each if it is there: message(message, run), opened(widget, state, run), changed(widget, state),
  // state("starting", "idle", "busy", "restarted" or "lost"). A run is what `run` was called with.
  constructor(base, on) {
    Object.assign(this, { base, on, runs: new Map(), asked: new Map(), widgets: new Map(), pythons: new Set(), count: 0 });
    this.session = crypto.randomUUID?.() ?? `${Math.random()}`.slice(2);
  }

  async ask(path, content) {
    const token = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";
    const reply = await fetch(`${this.base}api/${path}`, content && {
      method: "POST", headers: { "Content-Type": "application/json", "X-XSRFToken": token }, body: JSON.stringify(content),
    });
    if (!reply.ok) throw new Error(`the server answered ${reply.status} to ${path}`);
    return reply.status === 204 ? null : reply.json();
  }

  // The kernel of a notebook: the one that it has already, or a new one. Resolves once it answers.
  async start(notebook) {
    const name = notebook.split("/").at(-1);
    const { kernel } = await this.ask("sessions", { path: notebook, name, type: "notebook", kernel: { name: "python3" } });
    if (kernel.id !== this.id) this.widgets.clear();
    this.id = kernel.id;
    await this.connect();
  }

  async connect() {
    this.close();
    const socket = new WebSocket(`${new URL(this.base, location.href).href.replace(/^http/, "ws")}api/kernels/${this.id}/channels?session_id=${this.session}`, [PROTOCOL]);
    Object.assign(this, { socket, connecting: true });
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.socket === socket && this.hear(decode(data));
    await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: () => reject(new Error("no connection to Python")), onclose: () => reject(new Error("no connection to Python")) }));
    socket.onclose = () => this.socket === socket && this.lose("lost");
    await this.request("kernel_info_request", {});
    this.connecting = false;
  }

  close() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.drop();
  }

  // Nobody waits any longer for what will never come.
  drop() {
    for (const { reject } of this.asked.values()) reject(new Error("Python stopped"));
    for (const widget of this.widgets.values()) Object.assign(widget, { sent: null, waiting: null });
    this.asked.clear();
    this.runs.clear();
  }

  lose(state) {
    this.drop();
    this.on.state?.(state);
  }

  interrupt() {
    return this.ask(`kernels/${this.id}/interrupt`, {});
  }

  async restart() {
    this.close();
    this.widgets.clear();
    await this.ask(`kernels/${this.id}/restart`, {});
    await this.connect();
  }

  send(channel, msg_type, content, { metadata = {}, buffers = [] } = {}) {
    const msg_id = `${this.session}-${++this.count}`;
    const header = { msg_id, msg_type, session: this.session, username: "", version: "5.3", date: new Date().toISOString() };
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encode({ channel, header, metadata, content, buffers }));
    return msg_id;
  }

  // A question on the shell channel; its answer's content.
  request(type, content, options) {
    return new Promise((resolve, reject) => {
      if (this.socket?.readyState !== WebSocket.OPEN) return reject(new Error("Python stopped"));
      this.asked.set(this.send("shell", type, content, options), { resolve, reject });
    });
  }

  // Run code; resolves with the reply once all of its outputs have come. `run` is given back with each of them.
  async run(code, run, { cellId } = {}) {
    let finish;
    const idle = new Promise((resolve) => (finish = resolve));
    const replied = this.request("execute_request", { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true }, { metadata: { cellId } });
    const id = `${this.session}-${this.count}`;
    this.runs.set(id, { run, finish });
    const reply = await replied;
    await idle;
    this.runs.delete(id);
    return reply;
  }

  hear(message) {
    const { channel, header: { msg_type: type }, parent_header: { msg_id: parent }, content, buffers } = message;
    const speaker = message.header.session; // each Python that was ever started behind this kernel has its own; "restarting" says the server
    if (!this.pythons.has(speaker) && (channel === "shell" || ["starting", "busy", "idle"].includes(content.execution_state))) {
      this.pythons.add((this.python = speaker));
      if (!this.connecting) return this.lose("restarted"); // somebody else has started it anew, in JupyterLab perhaps
    }
    if (channel === "shell") {
      this.asked.get(parent)?.resolve(content);
      return void this.asked.delete(parent);
    }
    if (channel !== "iopub") return;
    const { run, finish } = this.runs.get(parent) ?? {};
    if (type === "status") this.status(content.execution_state, parent, finish);
    else if (type === "comm_open" && content.target_name === WIDGETS) {
      this.widgets.set(content.comm_id, new Widget(this, content.comm_id));
      this.on.opened?.(this.widgets.get(content.comm_id), putBuffers(content.data.state, content.data.buffer_paths, buffers), run);
    } else if (type === "comm_msg") {
      const widget = this.widgets.get(content.comm_id);
      // echo_update tells other pages what this one has said
      if (widget && content.data.method === "update") this.on.changed?.(widget, putBuffers(content.data.state, content.data.buffer_paths, buffers));
    } else if (type === "comm_close") this.widgets.delete(content.comm_id);
    else this.on.message?.(message, run);
  }

  status(state, parent, finish) {
    if (state === "restarting" || state === "autorestarting" || state === "dead") return this.lose("restarted");
    if (state === "idle") {
      finish?.();
      for (const widget of this.widgets.values()) if (widget.sent === parent) widget.next();
    }
    this.on.state?.(state);
  }

  // Widgets that live in the kernel already, since the page before this one: their ids.
  async living() {
    const { comms = {} } = await this.request("comm_info_request", { target_name: WIDGETS });
    for (const id of Object.keys(comms)) this.widgets.set(id, this.widgets.get(id) ?? new Widget(this, id));
    return Object.keys(comms);
  }
}

// The page's end of a widget. One message is on its way; what changes meanwhile goes with the next, the newest of it alone.
class Widget {
  constructor(kernel, id) {
    Object.assign(this, { kernel, id, sent: null, waiting: null });
  }

  say(data, buffers) {
    return this.kernel.send("shell", "comm_msg", { comm_id: this.id, data }, { buffers });
  }

  update(changes) {
    this.waiting = { ...this.waiting, ...changes };
    if (this.sent === null) this.next();
  }

  next() {
    const changes = this.waiting;
    Object.assign(this, { sent: null, waiting: null });
    if (!changes) return;
    const { buffers, ...data } = takeBuffers(changes);
    this.sent = this.say({ method: "update", ...data }, buffers);
  }

  custom(content, buffers) {
    this.say({ method: "custom", content }, buffers);
  }

  ask() {
    this.say({ method: "request_state" });
  }
}
