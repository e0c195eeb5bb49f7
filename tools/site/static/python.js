// Python inside the page, as it is behind a deck (tools/stage/static/kernel.js): the same messages, carried to a worker.
// Its files come as scripts that hand over strings: those a page from a file may load, too.
import { Python } from "./messages.js";

const { parts: PARTS, missing: MISSING, worker: WORKER } = lecturePacked; // written by packing.py
const PATIENCE = 5000; // ms for a cell to hear that it shall stop
const SHARES = { start: 0.6, library: 0.75 }; // of the way, when a step begins
const WORDS = { start: "Python starts", library: "the lecture's library wakes" };
const QUOTE = 0x22; // the text of a piece stands behind the third
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

// ---------------------------------------------------------------- the files

const waiting = new Map(); // "part 3" → who takes that piece
globalThis.lecturePiece = (part, at, length, text) => waiting.get(`${part} ${at}`)?.(lectureExplorers.packedBytes(length, text));

const gone = () => new Error("A file of Python did not come: is the network gone?");

// One piece of a part: from a file by a script, that leaves the page again; elsewhere by its text, of which nothing stays in memory.
async function piece(base, part, at) {
  const [file, size] = PARTS[part][at];
  const address = new URL(`python/${file}`, base).href;
  if (location.protocol === "file:") return byScript(address, part, at);
  const codes = await fetch(address).then((answer) => answer.ok && answer.arrayBuffer()).catch(() => null);
  if (!codes) throw gone();
  const text = new Uint16Array(codes, 2); // behind the mark that begins it
  return lectureExplorers.packedBytes(size, text.subarray(text.indexOf(QUOTE, text.indexOf(QUOTE, text.indexOf(QUOTE) + 1) + 1) + 1));
}

function byScript(address, part, at) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    const end = (act, value) => (waiting.delete(`${part} ${at}`), script.remove(), act(value));
    waiting.set(`${part} ${at}`, (bytes) => end(resolve, bytes));
    script.onerror = script.onload = () => end(reject, gone()); // loaded, it has handed over
    document.head.append(script);
  });
}

// ---------------------------------------------------------------- Python

class PagePython extends Python {
  // base: where the site begins, seen from this page ("./" or "../"). on.progress hears { done, total, words } while Python starts.
  constructor(base, on) {
    super(on);
    this.base = new URL(base, location.href);
  }

  // How many bytes come before it can begin.
  static get size() {
    return ["engine", "start"].flatMap((part) => PARTS[part]).reduce((sum, [, bytes]) => sum + bytes, 0);
  }

  // Resolves once Python answers; rejects with words for the reader, also if `close` stops it on the way.
  async start() {
    this.close();
    if (typeof WebAssembly !== "object") throw new Error("This browser has no WebAssembly, which Python in a page needs.");
    this.on.state?.("starting");
    const address = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
    const worker = (this.worker = new Worker(address));
    URL.revokeObjectURL(address);
    this.done = 0;
    this.tell("Python is on its way");
    await new Promise((resolve, reject) => {
      Object.assign(this, { begun: resolve, refuse: reject });
      worker.onmessage = ({ data }) => this.worker === worker && this.take(data);
      worker.onerror = (event) => this.worker === worker && this.fail(event.message);
      worker.postMessage({ begin: { missing: MISSING, address: this.wire() } });
      Promise.all([this.bring("engine", worker), this.bring("start", worker)]).catch(reject);
    }).catch((error) => {
      if (this.worker === worker) this.close();
      throw error;
    });
    Object.assign(this, { begun: null, refuse: null, connected: true });
    this.on.state?.("idle");
  }

  // A part's pieces to the worker, each as it comes.
  async bring(part, worker = this.worker) {
    const of = PARTS[part].length;
    await Promise.all(PARTS[part].map(async ([, size], at) => {
      const bytes = await piece(this.base, part, at);
      if (this.worker !== worker) return;
      worker.postMessage({ part, at, of, bytes }, [bytes.buffer]);
      if (!this.begun) return;
      this.done += size;
      this.tell(`Python is on its way: ${megabytes(this.done)} of ${megabytes(PagePython.size)} MB`);
    }));
  }

  tell(words, share = (this.done / PagePython.size) * SHARES.start) {
    this.on.progress?.({ done: Math.round(1000 * share), total: 1000, words });
  }

  take({ ready, step, need, say, buffers, failed, silent }) {
    if (ready) this.begun?.();
    else if (step) this.tell(WORDS[step], SHARES[step]);
    else if (need) this.bring(need).catch((error) => this.fail(error.message));
    else if (failed !== undefined) this.fail(failed);
    else if (silent) this.on.state?.("silent");
    else this.hear({ ...JSON.parse(say), buffers: buffers.map((each) => new DataView(each.buffer)) });
  }

  fail(words) {
    const memory = /memory|allocat/i.test(words);
    const said = memory ? "Python needs more memory than this browser gives a page." : words;
    console.warn(words);
    const { refuse } = this;
    if (refuse) return refuse(new Error(said));
    this.close();
    this.on.state?.("restarted");
  }

  // Where Python cannot wait for the page, it asks for this address while it runs; once it is gone, it stops.
  wire() {
    this.cut = false;
    const able = !("Suspending" in WebAssembly) && location.protocol !== "file:";
    return (this.line = able ? URL.createObjectURL(new Blob([""])) : "");
  }

  close() {
    const { worker, refuse } = this;
    Object.assign(this, { worker: null, connected: false, busy: false, begun: null, refuse: null });
    clearTimeout(this.patience);
    worker?.terminate();
    refuse?.(new Error("Stopped."));
    this.drop();
  }

  // The cell that runs stops; what does not hear within a few seconds, or cannot, ends with all that Python has: "restarted".
  async interrupt() {
    const { worker } = this;
    if (!this.busy) return;
    const hears = "Suspending" in WebAssembly || this.line;
    worker.postMessage({ stop: true });
    URL.revokeObjectURL(this.line);
    this.cut = true;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.worker === worker && (this.close(), this.on.state?.("restarted")), hears ? PATIENCE : 0);
  }

  async restart() {
    this.widgets.clear();
    await this.start();
  }

  carry({ buffers, ...message }) {
    this.worker.postMessage({ message: JSON.stringify(message), buffers: buffers.map((each) => new Uint8Array(each.buffer ?? each, each.byteOffset ?? 0, each.byteLength)) });
  }

  status(state, parent, finish) {
    this.busy = state === "busy";
    if (state === "idle") {
      clearTimeout(this.patience);
      if (this.cut) this.worker.postMessage({ wire: this.wire() });
    }
    super.status(state, parent, finish);
  }
}

globalThis.PagePython = PagePython;
