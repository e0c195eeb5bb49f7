// A picture of one's own: from a file, pasted anywhere in the explorer, or from the camera.
import { shrunk, smaller } from "./upload.js";

const REFUSED = {
  NotAllowedError: "The camera was not allowed. Allow it for this page beside the browser's address, and press Camera again.",
  NotFoundError: "There is no camera. Open a file, or paste a picture.",
  NotReadableError: "Another program holds the camera. Close it there, and press Camera again.",
};

export function file(view, control) {
  const add = (parent, tag, attributes) => parent.appendChild(Object.assign(document.createElement(tag), attributes));
  const el = Object.assign(document.createElement("div"), { className: "lecture-own" });
  const input = add(el, "input", { type: "file", accept: "image/*,.pgm,.ppm", hidden: true });
  const button = add(el, "button", { type: "button", textContent: control.label, title: control.tip });
  const parts = [button];
  const words = document.createElement("span");
  words.ariaLive = "polite";
  const say = (text) => (words.textContent = text);
  let latest = 0;

  // Bytes that are on their way go to Python, if nothing was opened since.
  const send = async (name, content) => {
    const turn = ++latest;
    try {
      const bytes = await content;
      if (turn !== latest || view.signal.aborted) return;
      view.flush();
      view.remember(true); // the picture before can be brought back
      view.model.send({ picture: name }, undefined, [bytes]);
      view.ask(`Python looks at ${name} …`);
      view.show();
      say("");
    } catch (error) {
      if (turn === latest) say(error.message);
    }
  };
  const open = (chosen) => chosen && send(chosen.name, shrunk(chosen, say));
  button.addEventListener("click", () => input.click());
  const take = (event) => {
    open(event.target.files[0]);
    event.target.value = ""; // the same file may come again
  };
  input.addEventListener("change", take);
  view.el.addEventListener("paste", (event) => {
    const [pasted] = event.clipboardData?.files ?? [];
    if (!pasted || button.disabled) return;
    event.preventDefault();
    open(pasted);
  }, { signal: view.signal });

  if (navigator.mediaDevices?.getUserMedia) parts.push(camera(view, el, add, say, take, (content) => send("the camera's picture", content)));
  el.append(words);
  return { el, parts, show: () => {} };
}

// The button of the camera. A phone has a program of its own for it; elsewhere the picture is seen here until it is taken.
function camera(view, el, add, say, take, send) {
  const button = add(el, "button", { type: "button", textContent: "Camera", title: "take a picture with the camera" });
  if (matchMedia("(pointer: coarse)").matches) {
    const input = add(el, "input", { type: "file", accept: "image/*", hidden: true });
    input.setAttribute("capture", "environment");
    input.addEventListener("change", take);
    button.addEventListener("click", () => input.click());
    return button;
  }
  const live = add(el, "div", { className: "lecture-live", hidden: true });
  const video = add(live, "video", { muted: true, playsInline: true });
  video.setAttribute("aria-label", "what the camera sees");
  const shutter = add(live, "button", { type: "button", textContent: "Take the picture" });
  const cancel = add(live, "button", { type: "button", textContent: "Cancel" });
  let stream, asked = 0;
  const stop = () => {
    asked++;
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
    live.hidden = true;
  };
  button.addEventListener("click", async () => {
    stop();
    const turn = asked;
    say("");
    try {
      const found = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } });
      if (turn !== asked) return found.getTracks().forEach((track) => track.stop()); // cancelled while the browser asked
      stream = video.srcObject = found;
      live.hidden = false;
      await video.play();
      shutter.focus();
    } catch (error) {
      if (turn !== asked) return;
      stop();
      say(REFUSED[error.name] ?? `The camera gives no picture: ${error.message}`);
    }
  });
  shutter.addEventListener("click", async () => {
    if (!video.videoWidth) return; // it has not begun
    const content = smaller(video, video.videoWidth, video.videoHeight); // it is painted before the stream stops
    stop();
    button.focus();
    send(content);
  });
  cancel.addEventListener("click", () => {
    stop();
    button.focus();
  });
  live.addEventListener("keydown", (event) => event.key === "Escape" && cancel.click());
  view.signal.addEventListener("abort", stop);
  return button;
}
