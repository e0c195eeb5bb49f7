// A finger turns the slides: to the left is next, to the right is back. What a finger moves by itself keeps it.
"use strict";

{
  const deck = lectureDeck;
  const LEAST = 40; // px
  const KEEPS = "input, select, textarea, [contenteditable=true], .lecture canvas, .ink, dialog, .desk";
  let began = null;

  addEventListener("pointerdown", (event) => {
    const turns = event.pointerType === "touch" && event.isPrimary && !event.target.closest(KEEPS) && (window.visualViewport?.scale ?? 1) < 1.01;
    began = turns ? event : null; // who has enlarged the page moves it
  }, true);
  addEventListener("pointerup", (event) => {
    if (!began || event.pointerId !== began.pointerId) return;
    const [across, down] = [event.clientX - began.clientX, event.clientY - began.clientY];
    began = null;
    if (Math.abs(across) > LEAST && Math.abs(across) > 2 * Math.abs(down) && !deck.light()) deck.step(across < 0 ? 1 : -1);
  }, true);
  addEventListener("pointercancel", () => (began = null), true);
}
