// What a cell gives, as elements of a page: text, HTML, pictures. Explorers are not made here.
"use strict";

const lectureOutputs = (() => {
  const VIEW = "application/vnd.jupyter.widget-view+json";

  const element = (tag, className = "", parts = {}) => Object.assign(document.createElement(tag), { className }, parts);

  function shown({ text, data, wrong, about }) {
    if (text !== undefined) return element("pre", wrong ? "wrong" : "", { textContent: text.replace(/\x1b\[[\d;]*m/g, "").trimEnd() });
    if (data["text/html"]) return html([data["text/html"]].flat().join(""), about?.["image/png"]?.letters);
    if (data["image/svg+xml"]) return element("figure", "", { innerHTML: [data["image/svg+xml"]].flat().join("") });
    const kind = ["image/png", "image/jpeg"].find((each) => data[each]);
    if (kind) {
      const figure = element("figure");
      figure.append(element("img", "", { src: `data:${kind};base64,${data[kind]}`, alt: [data["text/plain"] ?? ""].flat().join("") }));
      return figure;
    }
    return element("pre", "", { textContent: [data["text/plain"] ?? ""].flat().join("") });
  }

  // The same as on a page of the site: a picture for each theme in a figure, a table in a frame that scrolls by itself.
  // `letters`: how large those of the picture are, if it says so; a slide keeps it as large as they need.
  function html(markup, letters) {
    const whole = element("div", "", { innerHTML: markup });
    const images = [...whole.querySelectorAll("img.lecture-light, img.lecture-dark")];
    for (const each of images) {
      each.removeAttribute("style"); // JupyterLab's way to hide one of them
      if (letters !== undefined) each.dataset.letters = letters ?? "";
    }
    if (images.length) {
      const figure = element("figure");
      figure.append(...images);
      return figure;
    }
    for (const each of whole.querySelectorAll("table")) {
      const frame = element("div", "table");
      each.replaceWith(frame);
      frame.append(each);
    }
    return whole;
  }

  // Formulas, between dollars: what was recorded had the same, set when the deck was made.
  const formulas = new Map([...document.querySelectorAll("math")].map((each) => [each.getAttribute("alttext"), each]));

  function setFormulas(within) {
    const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT, ({ data, parentElement }) => data.includes("$") && !parentElement.closest("pre, code") ? 1 : 2);
    const found = [];
    while (texts.nextNode()) found.push(texts.currentNode);
    for (const each of found) {
      each.replaceWith(...each.data.split(/\$([^$\n]+)\$/).map((part, at) => at % 2 ? formulas.get(part.trim())?.cloneNode(true) ?? `$${part}$` : part));
    }
  }

  // Resolves once all pictures in these elements can be painted at once.
  const pictures = (elements) => Promise.all(elements.flatMap((each) => [...each.querySelectorAll("img")]).map((each) => each.decode().catch(() => null)));

  return { VIEW, shown, setFormulas, pictures };
})();
