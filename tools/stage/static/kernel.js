// One Jupyter kernel: its REST calls and its websocket (v1.kernel.websocket.jupyter.org). What is said there: messages.js.
import { Python } from "./messages.js";

const PROTOCOL = "v1.kernel.websocket.jupyter.org";
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

// ---------------------------------------------------------------- the server

// Its answer to a question, or to what it is given.
export async function ask(address, content) {
  const token = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";
  const reply = await fetch(address, content && {
    method: "POST", headers: { "Content-Type": "application/json", "X-XSRFToken": token }, body: JSON.stringify(content),
  });
  if (!reply.ok) throw new Error(`the server answered ${reply.status} to ${address}`);
  return reply.status === 204 ? null : reply.json();
}

// ---------------------------------------------------------------- a kernel

export class Kernel extends Python {
  constructor(base, on) {
    super(on);
    Object.assign(this, { base, pythons: new Set() });
  }

  ask(path, content) {
    return ask(`${this.base}api/${path}`, content);
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

  interrupt() {
    return this.ask(`kernels/${this.id}/interrupt`, {});
  }

  async restart() {
    this.close();
    this.widgets.clear();
    await this.ask(`kernels/${this.id}/restart`, {});
    await this.connect();
  }

  get connected() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  carry(message) {
    this.socket.send(encode(message));
  }

  hear(message) {
    const { channel, content } = message;
    const speaker = message.header.session; // each Python that was ever started behind this kernel has its own; "restarting" says the server
    if (!this.pythons.has(speaker) && (channel === "shell" || ["starting", "busy", "idle"].includes(content.execution_state))) {
      this.pythons.add((this.python = speaker));
      if (!this.connecting) return this.lose("restarted"); // somebody else has started it anew, in JupyterLab perhaps
    }
    super.hear(message);
  }
}
