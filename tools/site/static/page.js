// A page: explorers, the line of the contents that is being read.
"use strict";

{
  const text = document.querySelector("main");
  const reach = () => { // a formula or a picture wider than the page scrolls: by keys, too
    for (const each of text.querySelectorAll(".formula, figure")) {
      if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
      else each.removeAttribute("tabindex");
    }
  };
  new ResizeObserver(reach).observe(text);
  const places = [...document.querySelectorAll("[data-explorer]")];
  if (places.length) lectureExplorers.showAll(places);

  if (location.protocol === "file:") document.querySelector(".around .lite")?.remove(); // JupyterLite needs a web server

  // A link into a folded part opens it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folds = target ? [...text.querySelectorAll("details:not([open])")].filter((each) => each.contains(target)) : [];
    for (const each of folds) each.open = true;
    if (folds.length) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  const contents = document.querySelector(".contents details");
  if (contents) {
    const wide = matchMedia("(min-width: 1180px)");
    const fold = () => (contents.open = wide.matches);
    fold();
    wide.addEventListener("change", fold);
    contents.addEventListener("click", (event) => !wide.matches && event.target.closest("a") && (contents.open = false));
    const lines = new Map([...contents.querySelectorAll("a")].map((each) => [decodeURIComponent(each.hash.slice(1)), each]));
    const seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const each of lines.values()) each.removeAttribute("aria-current");
        lines.get(target.id)?.setAttribute("aria-current", "location");
      }
    }, { rootMargin: "0px 0px -75% 0px" });
    for (const id of lines.keys()) seen.observe(document.getElementById(id));
  }

  // On paper all code and all that goes deeper is open; hints and solutions stay closed for who has not asked for them. An
  // explorer that nobody has scrolled to is its picture. What prints waits for that, even from the command line.
  let opened = [];
  let pictures = [];
  addEventListener("beforeprint", () => {
    opened = [...text.querySelectorAll(":is(details.code, details.deeper):not([open])")];
    for (const each of opened) each.open = true;
    pictures = places.filter((each) => !each.classList.contains("ready")).map((each) => {
      const still = (each.dataset.still ?? each.querySelector("noscript")?.textContent ?? "").replaceAll('loading="lazy"', "");
      const picture = Object.assign(document.createElement("div"), { className: "paper", innerHTML: still });
      each.querySelector(".stage").before(picture);
      return picture;
    });
  });
  addEventListener("afterprint", () => {
    opened.forEach((each) => (each.open = false));
    pictures.forEach((each) => each.remove());
  });
}
