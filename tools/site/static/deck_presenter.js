// The presenter window: the same page opened with "?presenter". It shows what the deck tells it, and asks it to go on. With
// "?presenter=far" it is on another device, which a stage lets see the notes and step (tools/stage/room.py), and nothing else.
"use strict";

if (lectureDeck.presenter) {
  const deck = lectureDeck;
  const far = new URLSearchParams(location.search).get("presenter") === "far";
  const channel = far ? distant() : new BroadcastChannel(`lecture ${location.pathname}`);
  const ask = (what) => channel.postMessage(what);
  const SIZES = [18, 20, 22, 24, 28, 32]; // px of notes
  document.body.classList.add("presenter");
  document.body.classList.toggle("far", far);
  document.title = `Notes · ${document.title}`;
  const view = document.createElement("div");
  view.className = "desk";
  view.innerHTML = `
    <section class="now"><h2>Now <b></b><span></span></h2><div class="picture"></div><h2>Next press <span></span></h2><div class="picture"></div></section>
    <section class="say"><header><p>Clock <b class="time"></b></p><p>Since the start <b class="since"></b></p><p class="goal">Countdown <b class="left"></b></p>
      <p class="planned"><span></span> <b class="late" role="status"></b></p></header><p class="lost" role="status"></p><h1 class="title"></h1><div class="words" tabindex="0" aria-label="notes"></div></section>
    <nav aria-label="deck"><button class="back" aria-label="Back">‹</button><button class="on">Next ›</button><button data-press="g">Go to</button>
      <button data-press="o">All slides</button><span></span><button class="sync" title="The clock stands where this slide is planned to begin">Clock to this slide</button><button data-press="c">Countdown</button>
      <button data-press="b">Black screen</button><button class="smaller" aria-label="Smaller notes">A−</button><button class="larger" aria-label="Larger notes">A+</button></nav>`;
  document.body.append(view);
  const find = (name) => view.querySelector(name);
  const [now, next] = view.querySelectorAll(".picture");
  let told = null;

  // The other end as a BroadcastChannel has it, through a websocket that is opened again until somebody is there.
  function distant() {
    const end = new EventTarget();
    let socket;
    end.postMessage = (what) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(what));
    end.open = () => {
      socket = new WebSocket(new URL("../link", location.href).href.replace(/^http/, "ws"));
      socket.onmessage = ({ data }) => end.dispatchEvent(new MessageEvent("message", { data: JSON.parse(data) }));
      socket.onopen = () => {
        find(".lost").textContent = "";
        ask({ hello: true });
      };
      socket.onclose = () => {
        find(".lost").textContent = "No connection to the deck. This page tries again by itself.";
        setTimeout(end.open, 1000);
      };
    };
    return end;
  }

  // What the keys and windows of this page do is done in the deck.
  Object.assign(deck, { far, ask, go: (at) => ask({ go: at }), step: (by) => ask({ step: by }), setGoal: (goal) => ask({ goal: goal ?? null }) });
  const local = deck.press;
  deck.press = (name) => !far && (["g", "o", "c", "?", "N", "Home", "End"].includes(name) ? local(name) : name.length === 1 ? (ask({ press: name }), true) : false);

  function draw(frame, copy) {
    const width = frame.clientWidth;
    frame.dataset.theme = told?.theme ?? "light";
    frame.style.height = `${(width * lectureFit.HIGH) / lectureFit.WIDE}px`;
    frame.innerHTML = copy?.html ?? "";
    if (!copy) return;
    frame.firstChild.style.transform = `scale(${width / lectureFit.WIDE})`;
    if (!copy.fits) deck.fit(frame.firstChild, width / lectureFit.WIDE);
  }

  function notes(at) {
    const words = find(".words");
    words.innerHTML = deck.slides[at].querySelector(".notes")?.innerHTML ?? "";
    for (const each of words.querySelectorAll("p")) {
      each.innerHTML = each.innerHTML.replace(deck.MARK, "").replace(/ \(([b-z])\) /g, "<br>($1) ");
      const begins = each.firstChild?.nodeName === "STRONG" || each.firstChild?.nodeName === "EM" ? each.firstChild.textContent : "";
      each.dataset.kind = begins.replace(/\W/g, "").toLowerCase();
    }
    words.scrollTop = 0;
  }

  function hear(state) {
    const other = told?.at !== state.at;
    told = state;
    if (far) for (const each of ["began", "goal"]) if (state[each]) state[each] += Date.now() - state.now; // its clock may go wrong
    Object.assign(deck, { at: state.at, shown: state.shown, short: state.short, goal: state.goal });
    if (other) notes(state.at);
    find(".now b").textContent = state.at + 1;
    find(".now h2 span").textContent = `of ${deck.slides.length}${state.short ? " · short" : ""}`;
    find(".now > h2:nth-of-type(2) span").textContent = !state.next ? "the end" : state.next[0] === state.at ? state.sets || "on this slide" : `slide ${state.next[0] + 1}`;
    find(".title").textContent = deck.titles[state.at];
    tick();
  }

  function tick() {
    if (!told) return;
    const [time, { at, began, goal }] = [new Date(), told];
    find(".time").textContent = `${time.getHours()}:${String(time.getMinutes()).padStart(2, "0")}`;
    const elapsed = began && (time - began) / 1000;
    find(".since").textContent = began ? deck.clock(elapsed) : "–";
    find(".left").textContent = goal ? deck.clock((goal - time) / 1000) : "–";
    const starts = deck.starts();
    find(".planned span").textContent = starts.at(-1) ? `planned ${deck.clock(starts[at])} of ${deck.clock(starts.at(-1))}` : "";
    const late = began && starts.at(-1) ? deck.late(at, elapsed) : 0;
    find(".late").textContent = !began || !starts.at(-1) ? "" : late > 0 ? `${deck.clock(late)} behind` : late < 0 ? `${deck.clock(-late)} ahead` : "on time";
    find(".late").classList.toggle("over", late > 0);
  }

  channel.addEventListener("message", ({ data }) => {
    if (data.begun) ask({ hello: true });
    if (data.at !== undefined) hear(data);
    if (data.tablet) dispatchEvent(new CustomEvent("lecture-tablet", { detail: data.tablet }));
    if (data.pictures) data.pictures.forEach((copy, i) => draw([now, next][i], copy));
  });

  function size(by) {
    const at = Math.max(0, Math.min(SIZES.length - 1, (deck.kept("size") ?? 3) + by));
    deck.keep("size", at);
    find(".words").style.fontSize = `${SIZES[at]}px`;
  }

  find(".back").addEventListener("click", () => deck.step(-1));
  find(".on").addEventListener("click", () => deck.step(1));
  find(".sync").addEventListener("click", () => ask({ clock: deck.starts()[told.at] }));
  find(".smaller").addEventListener("click", () => size(-1));
  find(".larger").addEventListener("click", () => size(1));
  for (const each of view.querySelectorAll("[data-press]")) each.addEventListener("click", () => deck.press(each.dataset.press));
  addEventListener("resize", () => ask({ hello: true }));
  setInterval(tick, 500);
  size(0);
  if (far) channel.open();
  ask({ hello: true });
}
