// The lecture's slides for paper: one after the other is laid out as a deck would, its explorers drawn and kept as pictures.
"use strict";

{
  const FINE = 2; // dots a pixel of a slide
  const ZOOMS = [1.35, 1.3, 1.25, 1.2, 1.15, 1.1, 1.05, 1]; // of an explorer: who reads sits nearer than a room, and sees small numbers
  const opened = document.body.classList.contains("opened");
  const problems = [];
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

  // Where the controls stand that a slide shows: "Stride 2 · Padding 1".
  function settings(explorer) {
    const said = [...explorer.querySelectorAll(".lecture-controls .lecture-control:not([hidden], :has(.lecture-answers))")].map((each) => {
      const label = each.querySelector("label, .lecture-label")?.textContent ?? "";
      const value = each.querySelector(":checked + span, option:checked")?.textContent ?? each.querySelector("output, input[type='text']")?.value;
      return value === undefined || !each.matches(".lecture-slider, .lecture-choice, .lecture-menu") ? "" : `${label} ${value}`.trim();
    });
    return said.filter(Boolean).join(" · ");
  }

  // A picture as the smaller of two files: lines without loss, photos with a loss that paper does not show.
  function kept(canvas) {
    const made = ["image/png", "image/jpeg"].map((kind) => canvas.toDataURL(kind, 0.92));
    return made.reduce((one, other) => (other.length < 0.6 * one.length ? other : one));
  }

  // The explorer stays as what it shows now.
  async function freeze(place) {
    const explorer = place.querySelector(".lecture");
    for (const canvas of explorer.querySelectorAll("canvas")) {
      const image = Object.assign(new Image(), { src: kept(canvas), alt: canvas.ariaLabel ?? "" });
      image.style.cssText = `display: block; width: ${canvas.offsetWidth}px; height: ${canvas.offsetHeight}px`;
      await image.decode();
      canvas.after(image);
    }
    const still = explorer.cloneNode(true);
    for (const each of still.querySelectorAll("canvas, button")) each.remove();
    await lectureExplorers.end(place);
    place.querySelector(".stage").replaceChildren(still);
  }

  const drawn = (slide) => slide.querySelector(".lecture canvas")?.checkVisibility();

  async function lay(slide) {
    slide.classList.add("laying");
    slide.style.setProperty("--small", slide.parentElement.clientWidth / lectureFit.WIDE);
    const [parts, places] = [[...slide.querySelectorAll(".part")], [...slide.querySelectorAll("[data-explorer]")]];
    for (const each of slide.querySelectorAll("img")) each.loading = "eager";
    await Promise.all([...[...slide.querySelectorAll("img")].map((each) => each.decode()), ...places.map(lectureExplorers.show)]);
    for (const each of slide.querySelectorAll(".fragment")) each.classList.toggle("later", !opened);
    for (const place of places) {
      const explorer = place.querySelector(".lecture");
      for (let at = 0; at <= (opened ? Number(place.dataset.presses ?? 0) : 0); at++) {
        explorer.dispatchEvent(new CustomEvent("lecture-presses", { detail: { at, how: at ? "press" : "whole" } }));
      }
      const words = settings(explorer);
      if (words) explorer.querySelector(".lecture-stage").after(Object.assign(document.createElement("p"), { className: "settings", textContent: words }));
    }
    await painted();
    const fits = [1, 0.95, 0.9, 0.85, 0.8, 0.7].some((shrink) => {
      slide.style.setProperty("--shrink", shrink);
      return lectureFit.fit([slide], parts, { room: lectureFit.HIGH / shrink - 56, zoomed: FINE, ...(drawn(slide) && { printed: ZOOMS }) });
    });
    if (!fits) problems.push(`a slide is too long: ${slide.ariaLabel}`);
    await painted();
    for (const place of places) await freeze(place);
    slide.classList.remove("laying");
  }

  async function print() {
    await document.fonts.ready;
    for (const slide of document.querySelectorAll(".slide")) await lay(slide);
    document.body.dataset.problems = problems.join("\n");
    document.body.dataset.ready = "yes";
  }
  print().catch((error) => Object.assign(document.body.dataset, { problems: String(error?.stack ?? error), ready: "failed" }));
}
