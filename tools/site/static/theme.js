// Light or dark, before the first pixel: as the reader has chosen, or as the system has it.
"use strict";

const lectureTheme = (() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try {
      return localStorage.getItem("lecture-theme");
    } catch {
      return null; // a browser may keep nothing for files
    }
  };

  function show(theme) {
    document.documentElement.dataset.theme = theme;
    if (document.body) document.body.dataset.jpThemeLight = String(theme === "light"); // what the explorers look at
    for (const button of document.querySelectorAll("button.theme")) {
      button.hidden = false;
      button.textContent = theme === "light" ? "Dark" : "Light";
      button.setAttribute("aria-label", `Change to ${theme === "light" ? "dark" : "light"} colours`);
    }
  }

  const now = () => kept() ?? (system.matches ? "dark" : "light");

  function change() {
    const next = document.documentElement.dataset.theme === "light" ? "dark" : "light";
    try {
      localStorage.setItem("lecture-theme", next);
    } catch {} // then it lasts as long as the page
    show(next);
  }

  show(now());
  system.addEventListener("change", () => show(now()));
  addEventListener("beforeprint", () => show("light"));
  addEventListener("afterprint", () => show(now()));
  addEventListener("DOMContentLoaded", () => {
    show(now());
    for (const button of document.querySelectorAll("button.theme")) button.addEventListener("click", change);
  });
  return { show, change };
})();
