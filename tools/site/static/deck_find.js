// Ways to a slide: by its number, by words of its title, by its picture.
"use strict";

{
  const deck = lectureDeck;
  const node = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const name = (at) => [node("b", { textContent: at + 1 }), ` ${deck.titles[at]}${deck.slides[at].dataset.cut ? " ✂" : ""}`];

  // A copy of a slide in which nothing lives, with `shown` of its stops behind us; what is painted in it stands there as `images`, or painted.
  deck.copyOf = (slide, shown, images) => {
    const copy = slide.cloneNode(true);
    deck.show(copy, shown);
    const painted = [...slide.querySelectorAll("canvas")];
    for (const each of images ? copy.querySelectorAll("input") : []) each.setAttribute("value", each.value);
    for (const [i, each] of [...copy.querySelectorAll("canvas")].entries()) {
      if (!each.width || !each.height) continue;
      if (images) each.replaceWith(node("img", { src: painted[i].toDataURL("image/webp", 0.8), alt: "", className: "painted", style: each.style.cssText }));
      else each.getContext("2d").drawImage(painted[i], 0, 0);
    }
    for (const each of slide.dataset.ready === "yes" ? [] : copy.querySelectorAll(".explorer")) { // it has not drawn itself
      const still = each.dataset.still || each.querySelector("noscript")?.textContent;
      if (still) each.querySelector(".stage").innerHTML = still;
    }
    for (const each of [copy, ...copy.querySelectorAll("*")]) for (const { name } of [...each.attributes]) {
      if (name === "id" || name === "for" || /^data-(?!shrink)/.test(name)) each.removeAttribute(name);
    }
    copy.className = "slide copy";
    copy.inert = true;
    copy.ariaHidden = "true";
    copy.style.setProperty("--slide-scale", 1);
    return copy;
  };

  // The copy as a picture of this width.
  deck.picture = (slide, width) => {
    const copy = deck.copyOf(slide, Infinity);
    const scale = width / lectureFit.WIDE;
    copy.style.transform = `scale(${scale})`;
    const frame = node("div", { className: "picture" }, copy);
    Object.assign(frame.style, { width: `${width}px`, height: `${(width * lectureFit.HIGH) / lectureFit.WIDE}px` });
    frame.fit = () => slide.dataset.ready === "yes" || deck.fit(copy, scale); // once it is in the page
    return frame;
  };

  // ---------------------------------------------------------------- by number or words

  function find() {
    const field = node("input", { type: "text", ariaLabel: "Number of a slide, or words of its title", placeholder: "number, or words of the title", autocomplete: "off" });
    const list = node("ol", {});
    const dialog = deck.open("find", "Go to a slide", field, list);
    const goTo = (at) => {
      dialog.remove();
      deck.go(at);
    };
    const filter = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      const number = /^\d+$/.test(field.value.trim()) ? field.value.trim() : "";
      const fits = (at) => (number ? String(at + 1).startsWith(number) : words.every((each) => deck.titles[at].toLowerCase().includes(each)));
      const found = deck.titles.map((_, at) => at).filter(fits);
      list.replaceChildren(...found.map((at) => {
        const button = node("button", { type: "button", onclick: () => goTo(at) }, ...name(at));
        if (at === deck.at) button.ariaCurrent = "true";
        return node("li", {}, button);
      }));
    };
    field.addEventListener("input", filter);
    dialog.addEventListener("keydown", (event) => {
      const buttons = [...list.querySelectorAll("button")];
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) (buttons[buttons.indexOf(document.activeElement) + by] ?? field).focus();
      else if (event.key === "Enter" && document.activeElement === field) buttons[0]?.click();
      else return;
      event.preventDefault();
    });
    filter();
  }

  // ---------------------------------------------------------------- by picture

  const SIDE = 260; // px, about

  function overview() {
    const columns = Math.max(2, Math.floor((innerWidth - 24) / (SIDE + 16)));
    const width = Math.floor((innerWidth - 48) / columns) - 16;
    const seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        const picture = deck.picture(deck.slides[target.at], width);
        target.firstChild.replaceWith(picture);
        picture.fit();
      }
    }, { rootMargin: "200px" });
    const buttons = deck.slides.map((slide, at) => {
      const empty = node("div", { className: "picture" });
      Object.assign(empty.style, { width: `${width}px`, height: `${(width * 9) / 16}px` });
      const button = node("button", { type: "button", at }, empty, node("span", {}, ...name(at)));
      button.classList.toggle("cut", deck.short && Boolean(slide.dataset.cut));
      button.style.width = `${width}px`;
      return button;
    });
    const dialog = deck.open("overview", "All slides", ...buttons);
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      dialog.remove();
      deck.go(button.at);
    });
    dialog.addEventListener("keydown", (event) => {
      const far = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -Infinity, End: Infinity, PageDown: 3 * columns, PageUp: -3 * columns, o: NaN }[event.key];
      if (far === undefined) return;
      event.preventDefault();
      if (Number.isNaN(far)) return dialog.remove();
      const next = Math.max(0, Math.min(buttons.length - 1, buttons.indexOf(document.activeElement) + far));
      buttons[next].focus();
    });
    buttons[deck.at].ariaCurrent = "true";
    buttons[deck.at].focus();
    buttons[deck.at].scrollIntoView({ block: "center" });
    for (const each of buttons) seen.observe(each);
  }

  deck.key(["g"], "g", "go to a slide: its number, or words of its title", find);
  deck.key(["o"], "o", "all slides as pictures", overview);
}
