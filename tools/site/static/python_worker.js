// The worker in which a page's Python runs: Pyodide, with files that the page hands over. Nothing is asked of any network.
"use strict";

const PERIOD = 100; // ms between two looks at the page while Python runs
const SILENCE = 20; // seconds after which it is said that Python waits, and not for a file
const SIGUSR1 = 10;
const SIGINT = 2;
const SUSPENDS = "Suspending" in WebAssembly; // Python can wait for the page in the midst of a step
const BOOT = `
import IPython.core.pylabtools, logging
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # it takes its time, and says so
IPython.core.pylabtools.backend2gui = {}  # Matplotlib of this age asks newer IPythons for it
from lecture_lib.page import Kernel, Missing
from pyodide.ffi import can_run_sync, run_sync, to_js
waits = False
def wait(promise):
    global waits
    waits = True  # who comes meanwhile, by a timer, has no stack of its own that could be put aside
    try:
        run_sync(promise)
    finally:
        waits = False
def rest():
    if not can_run_sync():
        page.look()
    elif not waits:
        wait(page.rest())
Missing(page.missing.to_py(), lambda part: wait(page.need(part)))
kernel = Kernel(lambda message, buffers: page.post(message, to_js(buffers)), rest)
lambda message, buffers: kernel.hear(message, buffers.to_py())
`;
const parts = new Map(); // name → its pieces, and who waits for them
const compiled = new Set(); // paths of modules that no Python has loaded yet
let [pyodide, hear, last, stopped, rests, wire] = [null, null, 0, false, false, ""];
let [acts, needs, quiet] = [false, 0, 0];
let turn = Promise.resolve();

// ---------------------------------------------------------------- files

function partOf(name) {
  if (!parts.has(name)) {
    const part = { pieces: [], left: Infinity };
    part.whole = new Promise((resolve) => (part.done = resolve));
    parts.set(name, part);
  }
  return parts.get(name);
}

function take({ part: name, at, of, bytes }) {
  const part = partOf(name);
  part.pieces[at] = bytes;
  part.left = Math.min(part.left, of) - 1;
  if (!part.left) part.done();
}

// The files of a part, each [path, bytes], once all of its pieces are here; see packing.py.
async function filesOf(name) {
  const part = partOf(name);
  await part.whole;
  parts.delete(name);
  const stream = new Blob(part.pieces).stream().pipeThrough(new DecompressionStream("gzip"));
  part.pieces = null;
  const all = await new Response(stream).arrayBuffer();
  const length = new DataView(all).getUint32(0, true);
  const files = JSON.parse(new TextDecoder().decode(new Uint8Array(all, 4, length)));
  let end = 4 + length;
  return files.map(([path, bytes]) => [path, new Uint8Array(all, (end += bytes) - bytes, bytes)]);
}

async function write(name) {
  const [folders, libraries] = [new Set(), []];
  for (const [path, bytes] of await filesOf(name)) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!folders.has(folder)) pyodide.FS.mkdirTree(folder);
    folders.add(folder);
    pyodide.FS.writeFile(path, bytes.slice(), { canOwn: true }); // a piece of its own: it can go without the others
    if (folder === "/usr/lib") libraries.push(path);
    if (path.endsWith(".so")) compiled.add(path);
  }
  for (const each of libraries) await pyodide._api.loadDynlib(each, true); // others look for them by name
}

// A module that is loaded is not read again: its file gives back its room.
function empty() {
  for (const path of compiled) {
    if (!(path in pyodide._module.LDSO.loadedLibsByName)) continue;
    pyodide.FS.truncate(path, 0);
    compiled.delete(path);
  }
}

async function need(name) {
  needs++;
  postMessage({ need: name });
  await write(name).finally(() => needs--);
}

// ---------------------------------------------------------------- Python

async function begin({ missing, address }) {
  wire = address;
  const engine = new Map(await filesOf("engine"));
  self.fetch = async (url) => {
    const name = String(url).split("/").at(-1);
    return new Response(engine.get(name), { headers: { "Content-Type": name.endsWith(".wasm") ? "application/wasm" : "text/plain" } });
  };
  for (const name of ["pyodide.asm.js", "pyodide.js"]) {
    const address = URL.createObjectURL(new Blob([engine.get(name)], { type: "text/javascript" }));
    importScripts(address);
    URL.revokeObjectURL(address);
  }
  pyodide = await loadPyodide({
    indexURL: "https://lecture.invalid/",
    env: { JUPYTER_WIDGETS_ECHO: "0", MPLBACKEND: "module://matplotlib_inline.backend_inline", PYTHONDONTWRITEBYTECODE: "1" },
  });
  engine.clear();
  postMessage({ step: "start" });
  await write("start");
  if (!SUSPENDS) for (const name of new Set(Object.values(missing))) await need(name); // later nobody could wait for them
  postMessage({ step: "library" });
  const page = { missing: SUSPENDS ? missing : {}, need, post, rest, look };
  pyodide.globals.set("page", page);
  hear = await pyodide.runPythonAsync(BOOT);
  pyodide.setInterruptBuffer({
    get 0() {
      if (stopped && !rests) return (stopped = false), SIGINT; // in a rest trainings have their turn, which are not meant
      const now = performance.now();
      if (now - last < PERIOD) return 0;
      last = now;
      return SIGUSR1;
    },
    set 0(_) {}, // Pyodide clears what it has read
  });
  postMessage({ ready: true });
}

function post(message, buffers) {
  postMessage({ say: message, buffers }, buffers.map((each) => each.buffer));
}

// A turn of the worker, in which it hears the page.
async function rest() {
  rests = true;
  await new Promise((resolve) => setTimeout(resolve));
  rests = false;
  last = performance.now(); // on a busy computer that was long
}

// While Python computes, no timer comes here, or it has looked at the page since. What only waits, and long, may wait for ever.
setInterval(() => {
  const silent = acts && !needs && performance.now() - last > 1000;
  quiet = silent ? quiet + 1 : 0;
  if (quiet === SILENCE) postMessage({ silent: true });
}, 1000);

// Without a way to wait: an address that the page gives and takes back says whether it wants a stop.
function look() {
  if (!wire) return;
  try {
    const request = new XMLHttpRequest();
    request.open("GET", wire, false);
    request.send();
  } catch {
    wire = "";
    stopped = true;
  }
}

async function act(message, buffers) {
  [stopped, acts] = [false, true];
  try {
    await (SUSPENDS ? hear.callPromising(message, buffers) : hear(message, buffers));
  } finally {
    acts = false;
    empty();
  }
}

const fail = (error) => postMessage({ failed: String(error?.message ?? error) });

self.onmessage = ({ data }) => {
  if (data.part) take(data);
  else if (data.begin) void begin(data.begin).catch(fail);
  else if (data.stop) stopped = true;
  else if ("wire" in data) wire = data.wire;
  else turn = turn.then(() => act(data.message, data.buffers)).catch(fail);
};
