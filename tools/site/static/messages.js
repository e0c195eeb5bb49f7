// What a page and a Python say to each other, whatever carries it: Jupyter's messages, runs of cells, and widgets
// (Jupyter's widget messages 2: comm_open, update, echo_update, custom, request_state). It knows no page and no server.

const WIDGETS = "jupyter.widget";

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

// ---------------------------------------------------------------- a Python

// The one who carries gives `connected` (whether anything can be said now) and `carry(message)`, and calls `hear(message)`.
export class Python {
  // on: what is told, each if it is there: message(message, run), opened(widget, state, run), changed(widget, state),
  // state("starting", "idle", "busy", "silent", "restarted" or "lost"). A run is what `run` was called with.
  constructor(on) {
    Object.assign(this, { on, runs: new Map(), asked: new Map(), widgets: new Map(), count: 0 });
    this.session = crypto.randomUUID?.() ?? `${Math.random()}`.slice(2);
  }

  // Nobody waits any longer for what will never come.
  drop() {
    for (const { reject } of this.asked.values()) reject(new Error("Python stopped"));
    for (const { finish } of this.runs.values()) finish(); // its reply may have come already
    for (const widget of this.widgets.values()) Object.assign(widget, { sent: null, waiting: null });
    this.asked.clear();
    this.runs.clear();
  }

  lose(state) {
    this.drop();
    this.on.state?.(state);
  }

  send(channel, msg_type, content, { metadata = {}, buffers = [] } = {}) {
    const msg_id = `${this.session}-${++this.count}`;
    const header = { msg_id, msg_type, session: this.session, username: "", version: "5.3", date: new Date().toISOString() };
    if (this.connected) this.carry({ channel, header, metadata, content, buffers });
    return msg_id;
  }

  // A question on the shell channel; its answer's content.
  request(type, content, options) {
    return new Promise((resolve, reject) => {
      if (!this.connected) return reject(new Error("Python stopped"));
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
  constructor(python, id) {
    Object.assign(this, { python, id, sent: null, waiting: null });
  }

  say(data, buffers) {
    return this.python.send("shell", "comm_msg", { comm_id: this.id, data }, { buffers });
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
