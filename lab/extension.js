// The lecture's extension of JupyterLab, written by hand, without a build: what a bundler would have made of slides.js and alive.js.
"use strict";

(() => {
  const BASE = document.currentScript.src.replace(/[^/]*$/, "");
  let shared; // JupyterLab's own packages, of which an extension must not have a second copy

  const load = (tag, options) => new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement(tag), options, { onload: resolve, onerror: reject }));
  });
  const style = (name) => load("link", { rel: "stylesheet", href: `${BASE}${name}` });
  const its = async (name) => (await Object.values(shared[`@${name}`])[0].get())();

  const slides = {
    id: "lecture:slides",
    description: "Slides of the lecture: steps by slides, fits each to the window, speaker notes",
    autoStart: true,
    activate: async (app) => {
      const [{ Deck }] = await Promise.all([import(`${BASE}slides.js`), style("slides.css"), load("script", { src: `${BASE}fit.js` })]);
      const deck = new Deck(app);
      app.restored.then(() => deck.presentIfAsked()); // JupyterLab waits for its extensions, not they for it
    },
  };

  async function extension() {
    const [notebook, settings, cells, widgets] = await Promise.all(
      ["jupyterlab/notebook", "jupyterlab/settingregistry", "jupyterlab/cells", "lumino/widgets"].map(its));
    const alive = {
      id: "lecture:alive",
      description: "Notebooks of the lecture wake up when they are opened; cells are shown to whom they are for",
      autoStart: true,
      requires: [notebook.INotebookTracker],
      optional: [settings.ISettingRegistry],
      activate: async (app, tracker, registry) => {
        const [{ keepAlive }] = await Promise.all([import(`${BASE}alive.js`), style("alive.css")]);
        const chosen = await registry?.load("lecture:alive").catch(() => null); // what a student has set; without it, the default
        keepAlive(app, tracker, () => chosen?.composite.wakeUp ?? true, { ...cells, ...widgets, ...notebook });
      },
    };
    return () => ({ __esModule: true, default: [slides, alive] });
  }

  // What JupyterLab expects of an extension that a bundler has made.
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.lecture = {
    init: async (scope) => void (shared = scope),
    get: async (name) => (name === "./extension" ? extension() : () => ({})),
  };
})();
