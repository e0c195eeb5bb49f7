// The hall votes by phone on a poll or a quiz of the slide, and the lecturer's tablet has the notes: both only while asked for.
// What the hall reaches is a program of its own (tools/stage/room.py); this page speaks with it on loopback.
import { ask } from "./kernel.js";

const deck = lectureDeck;
const NAME = location.pathname.split("/").at(-1);
const NOBODY = "This computer is in no network that phones could reach.";
const HANDS = " Count hands: +\u00a0and\u00a0−.";
const NO_TABLET = "This computer is in no network that a tablet could reach. n opens the notes in a window.";
const TABLET = "Notes, clock, next and back on your phone or tablet. Who has this link can step the slides: show it to nobody. It ends with the lecture.";

const node = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
const press = (words, act) => node("button", { type: "button", textContent: words, onclick: act });

// Our address in one of this computer's networks, for a camera and in letters. Places: { network, shown, picture } of each;
// `again` draws anew when another network is chosen.
function way(places, again) {
  const at = Math.max(0, places.findIndex(({ network }) => network === deck.kept("network")));
  const { network, shown, picture } = places[at];
  const [host, ...path] = shown.split("/");
  const address = node("p", { className: "address" }, host, ...path.flatMap((each) => [node("wbr", {}), `/${each}`]));
  const other = () => {
    deck.keep("network", places[(at + 1) % places.length].network);
    again();
  };
  return [node("div", { className: "code", innerHTML: picture }), node("p", { textContent: "Scan, or type in a browser:" }), address, ...(places.length > 1 ? [press(`Network ${network}: another`, other)] : [])];
}

// The link to the notes, in a window above the slides, or in the presenter's.
function showTablet(places, end) {
  document.querySelector("dialog.tablet")?.remove();
  const parts = places.length ? [...way(places, () => showTablet(places, end)), node("p", { textContent: TABLET })] : [node("p", { textContent: NO_TABLET })];
  const dialog = deck.open("tablet", "Notes on a tablet", ...parts, press("End the link", () => (dialog.remove(), end())));
}

class Room {
  constructor() {
    this.poll = null; // { at, door, watch, tally } while phones may vote
    addEventListener("lecture-slide", ({ detail: { at } }) => this.poll && at !== this.poll.at && this.close());
    addEventListener("lecture-reset", ({ target }) => this.poll && target.contains?.(this.group()) && this.send({ wipe: true }), true);
    deck.key(["v"], "v", "phones vote on this slide's poll or quiz, and no longer", () => this.vote());
    deck.key(["V"], "V", "their votes, or hands, as bars, and hidden again", () => this.show());
    deck.key(["N"], "N", "notes on a phone or tablet", () => this.notes(false, (places) => showTablet(places, () => this.notes(true))));
    deck.tablet = (ends, answer) => this.notes(ends, answer);
    if (deck.kept("far")) this.share();
  }

  // ---------------------------------------------------------------- the program that the hall reaches

  async send(what) {
    await (this.opening ??= this.open());
    this.socket?.send(JSON.stringify(what));
  }

  async open() {
    try {
      const { port, key } = await ask(new URL("../room", location.href), {});
      const socket = new WebSocket(`ws://127.0.0.1:${port}/deck?key=${key}`);
      socket.onmessage = ({ data }) => {
        for (const [name, value] of Object.entries(JSON.parse(data))) this[`on_${name}`](value);
      };
      await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: () => reject(new Error("no way to the hall")) }));
      socket.onclose = () => this.lose();
      this.socket = socket;
    } catch (error) {
      console.warn(error.message);
      this.lose();
    }
  }

  // It has ended, or never begun: nobody is listened to.
  lose() {
    this.opening = this.socket = deck.far = undefined;
    this.unmake();
    if (deck.kept("far")) setTimeout(() => this.share(), 1000);
  }

  // ---------------------------------------------------------------- a vote

  group() {
    return deck.slides[this.poll?.at ?? deck.at].querySelector(".lecture-answers");
  }

  vote() {
    if (this.poll) return void this.close();
    const [slide, group] = [deck.slides[deck.at], this.group()];
    if (!group) return false;
    const options = [...group.querySelectorAll("label > span")].map((each) => each.textContent);
    const door = slide.appendChild(node("aside", { className: "door", ariaLabel: "Vote by phone" }, node("p", { textContent: "One moment …" })));
    const watch = new MutationObserver(() => this.group()?.matches(".lecture-answered") && this.close()); // the right answer stands there
    if (!group.matches(".lecture-answered")) watch.observe(slide, { subtree: true, attributes: true, attributeFilter: ["class"] });
    this.poll = { at: deck.at, door, watch };
    document.activeElement?.blur();
    this.send({ vote: { question: group.ariaLabel, options } });
  }

  close() {
    this.send({ vote: null });
    this.unmake();
  }

  unmake() {
    this.poll?.watch.disconnect();
    this.poll?.door.remove();
    this.poll = null;
    dispatchEvent(new Event("lecture-votes"));
  }

  on_vote(places) {
    if (!this.poll) return;
    const { door } = this.poll;
    const [count, end] = [node("p", { className: "count" }, node("b", { textContent: 0 }), " voted"), press("Close the vote", () => this.close())];
    door.replaceChildren(...(places.length ? [...way(places, () => this.on_vote(places)), count] : [node("p", { textContent: NOBODY + (this.group().querySelector(".lecture-hands") ? HANDS : "") })]), end);
    if (this.poll.tally) this.on_tally(this.poll.tally);
    dispatchEvent(new Event("lecture-votes"));
  }

  on_tally(tally) {
    if (!this.poll) return;
    const [group, all] = [this.group(), tally.reduce((sum, each) => sum + each, 0)];
    this.poll.tally = tally;
    const count = this.poll.door.querySelector(".count b");
    if (count) count.textContent = all;
    if (group.querySelector(".lecture-hands")) group.dispatchEvent(new CustomEvent("lecture-phones", { detail: tally }));
    else group.querySelectorAll("label").forEach((label, at) => { // of a quiz, which has no counts of its own
      (label.querySelector(".votes") ?? label.appendChild(node("b", { className: "votes" }))).textContent = tally[at];
      label.style.setProperty("--share", `${(100 * tally[at]) / Math.max(1, all)}%`);
    });
    dispatchEvent(new Event("lecture-votes"));
  }

  // Before this nobody in the hall sees how many were for what.
  show() {
    const group = deck.slides[deck.at].querySelector(".lecture-answers");
    if (group?.querySelector(".lecture-hands")) group.dispatchEvent(new Event("lecture-counted"));
    else if (group?.querySelector(".votes")) group.classList.toggle("lecture-counted");
    else return false;
    dispatchEvent(new Event("lecture-votes"));
  }

  // ---------------------------------------------------------------- notes on a tablet

  // `answer` hears the ways to the notes; `ends`: there are none any longer.
  notes(ends, answer) {
    if (!ends) {
      this.answer = answer;
      return void this.share();
    }
    deck.keep("far", false);
    deck.far = undefined;
    this.send({ notes: null });
  }

  share() {
    deck.keep("far", true);
    deck.far = (what) => this.socket?.send(JSON.stringify({ tell: what }));
    this.send({ notes: NAME });
  }

  on_notes(places) {
    if (!places.length) deck.keep("far", false);
    this.answer?.(places);
    this.answer = undefined;
  }

  on_asked(what) {
    deck.asked(what);
  }
}

if (!deck.presenter) window.lectureRoom = new Room();
else if (!deck.far) {
  const notes = () => deck.ask({ tablet: false });
  deck.key(["N"], "N", "notes on a phone or tablet", notes);
  addEventListener("lecture-tablet", ({ detail }) => showTablet(detail, () => deck.ask({ tablet: true })));
  document.querySelector(".desk nav > span").before(press("On a tablet", notes));
}
