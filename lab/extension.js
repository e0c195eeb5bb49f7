// The lecture's extension of JupyterLab, written by hand, without a build: what a bundler would have made of alive.js.
"use strict";

(() => {
  const BASE = document.currentScript.src.replace(/[^/]*$/, "");
  let shared; // JupyterLab's own packages, of which an extension must not have a second copy

  const style = (name) => new Promise((onload, onerror) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${BASE}${name}`, onload, onerror }));
  });
  const its = async (name) => (await Object.values(shared[`@${name}`])[0].get())();

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
    return () => ({ __esModule: true, default: [alive] });
  }

  // What JupyterLab expects of an extension that a bundler has made.
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.lecture = {
    init: async (scope) => void (shared = scope),
    get: async (name) => (name === "./extension" ? extension() : () => ({})),
  };
})();
