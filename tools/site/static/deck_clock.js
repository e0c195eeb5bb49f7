// A countdown to a goal that the lecturer sets: minutes from now, or a time of day.
"use strict";

{
  const deck = lectureDeck;
  const shown = Object.assign(document.createElement("div"), { className: "countdown", hidden: true });
  shown.setAttribute("role", "timer");
  document.body.append(shown);
  let goal; // ms, as Date.now() counts

  // 65 → "1:05", −5 → "−0:05"
  deck.clock = (seconds) => {
    const [all, sign] = [Math.abs(Math.round(seconds)), Math.round(seconds) < 0 ? "−" : ""];
    const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60];
    return `${sign}${hours ? `${hours}:${String(minutes).padStart(2, "0")}` : minutes}:${String(all % 60).padStart(2, "0")}`;
  };

  // The time that words name, as Date.now() counts: "5" is minutes from now, "10:45" the next time that a clock shows that.
  deck.goalOf = (words, now = Date.now()) => {
    if (/^\d+([.,]\d+)?$/.test(words)) return now + Number(words.replace(",", ".")) * 60_000;
    const [, hours, minutes] = words.match(/^([01]?\d|2[0-3]):([0-5]\d)$/) ?? [];
    if (!hours) return undefined;
    const goal = new Date(now).setHours(Number(hours), Number(minutes), 0, 0);
    return goal + (goal < now ? 86_400_000 : 0);
  };

  function tick() {
    shown.hidden = !goal;
    if (!goal) return;
    const left = (goal - Date.now()) / 1000;
    shown.textContent = deck.clock(left);
    shown.classList.toggle("over", left < 0);
  }

  deck.setGoal = (to) => {
    goal = deck.goal = to;
    deck.keep("goal", goal);
    tick();
    dispatchEvent(new Event("lecture-goal"));
  };

  function ask() {
    const field = Object.assign(document.createElement("input"), { type: "text", placeholder: "5 or 10:45", autocomplete: "off" });
    const label = document.createElement("label");
    label.append("Countdown: minutes, or a time of day. Empty: none.", field);
    const dialog = deck.open("ask", "Countdown", label);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const to = deck.goalOf(field.value.trim());
      field.ariaInvalid = to === undefined && field.value.trim() ? "true" : null;
      if (field.ariaInvalid) return;
      deck.setGoal(to);
      dialog.remove();
    });
  }

  const read = () => {
    goal = deck.goal = deck.kept("goal");
    tick();
  };
  addEventListener("lecture-inherit", read); // a tab that takes the place of one that has crashed
  setInterval(tick, 250);
  read();
  deck.key(["c"], "c", "countdown", ask);
}
