// Makes one slide fill its room and not more: the type as large as fits, then pictures and explorers in what is left.
// Everything is laid out on 1280 × 720 and then enlarged as a whole, so that each projector shows the same.
"use strict";

globalThis.lectureFit = (() => {
  const [WIDE, HIGH] = [1280, 720];
  const TYPES = [30, 28, 26, 24, 22, 20]; // px on 1280 × 720, of prose
  const WORDS = [40, 36, 33, ...TYPES]; // of a slide that is nothing but a few sentences
  const TYPES_ALONE = [38, 36, 34, 32]; // of words and formulas with no picture beside them
  const CODE = 16; // px: code is at least as large, and at most 0.8 of prose; a line that is too long for it wraps
  const ZOOMS = [2, 1.75, 1.6, 1.5, 1.4, 1.3, 1.25, 1.2, 1.15, 1.1, 1.05, 1]; // of an explorer
  const SMALLER = [0.95, 0.9]; // where even the smallest type leaves too little room: its labels have 13 px then
  const LETTERS = 24; // px on 1280 × 720, of what an explorer writes: the last row reads them
  const LEGIBLE = 1.5; // at which an explorer is laid out for letters of that size
  const LARGE = ZOOMS.filter((each) => each >= LEGIBLE);
  const TYPES_BESIDE = TYPES.filter((each) => each >= 24 && each <= 28); // of the words beside an explorer
  const DRAWN = 1.6; // at most, where an explorer draws; a question is only text and can be larger
  const PICTURES = [[360], [330, "quiet"], [270, "quiet"], [210, "quiet"], [150, "quiet"]]; // px of an explorer's pictures, on 1280 × 720; quiet: without its sentence
  const LEAST = 0.5; // of a picture's own size, before the type shrinks

  let letters = LETTERS; // of the slide that is fitted now

  const BAR = 52; // px of a window that the player's buttons stand on where a finger presses them: deck.css has the same
  const FOOT = 36; // px below what stands on a slide; the buttons may reach into that
  const touch = matchMedia("(hover: none)");

  // How much larger than 1280 × 720 the window is.
  const scale = () => Math.min(innerWidth / WIDE, innerHeight / HIGH, touch.matches ? (innerHeight - BAR) / (HIGH - FOOT) : Infinity);

  const tooWide = (part) => [...part.querySelectorAll("pre, table, .lecture, .formula")]
    .some((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0);

  // Height of everything between the upper edge of the first part and the lower edge of the last, on 1280 × 720.
  function height(parts, zoomed) {
    const boxes = parts.map((part) => part.getBoundingClientRect()).filter((box) => box.height > 0);
    return boxes.length ? (Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top))) / zoomed : 0;
  }

  // Of a picture's own size at least: as much as its letters need.
  const leastOf = (picture) => Math.max(LEAST, LETTERS / (Number(picture.dataset.letters) || Infinity));

  // Give the pictures the height that everything else leaves them; returns whether it is enough for them.
  function fitPictures(parts, pictures, room, zoomed) {
    for (const each of pictures) each.style.height = "0px";
    const seen = pictures.filter((each) => each.checkVisibility()).length || 1; // of a picture for each theme one is not there
    const free = (room - height(parts, zoomed)) / seen;
    let enough = true;
    for (const each of pictures) {
      const [own, wide] = [each.naturalHeight || Number(each.getAttribute("height")) || 1, each.naturalWidth || Number(each.getAttribute("width")) || 1];
      const wanted = Math.min((1180 / wide) * own, 1.6 * own);
      each.style.height = `${Math.max(Math.min(free, wanted), 60)}px`;
      enough &&= free >= Math.min(wanted, leastOf(each) * own);
    }
    return enough;
  }

  // The largest zoom at which an explorer fits; it wraps its controls anew each time. Its pictures take all the height that is
  // left, as long as that is enough for them.
  function fitExplorers(explorers, parts, room, zoomed, zooms, high) {
    const drawing = explorers.filter((each) => each.querySelector(".lecture-stage").checkVisibility());
    return zooms.filter((zoom) => !drawing.length || zoom <= DRAWN).some((zoom) => {
      for (const each of explorers) {
        each.style.zoom = zoom;
        each.style.setProperty("--slide-letters", letters ? `${letters / zoom}px` : "");
      }
      if (drawing.length) {
        const least = drawing.map((each) => Math.max(high / zoom, stand(each, high / zoom)));
        drawing.forEach((each, at) => stand(each, least[at]));
        const more = (room - height(parts, zoomed)) / zoom / drawing.length - 1;
        if (more < 0) return false;
        drawing.forEach((each, at) => stand(each, least[at] + more));
      }
      return height(parts, zoomed) <= room && !parts.some(tooWide);
    });
  }

  // Let an explorer draw its pictures so high, at most; returns how high they have to be.
  function stand(explorer, high) {
    const detail = { high, letters: letters / explorer.style.zoom };
    explorer.dispatchEvent(new CustomEvent("lecture-high", { detail }));
    return detail.least;
  }

  // The largest size at which no line of code or of output wraps; pictures need the room more than the code above them.
  function codeSize(parts, type, pictures) {
    const lines = parts.flatMap((part) => [...part.querySelectorAll("pre")])
      .filter((each) => each.checkVisibility()).flatMap((each) => each.textContent.split("\n"));
    const longest = Math.max(1, ...lines.map((line) => line.length));
    return Math.max(CODE, Math.min(pictures ? CODE : 0.8 * type, 1160 / (0.61 * longest)));
  }

  // printed: zooms of an explorer on paper, which nobody reads from the last row.
  // carriers: the elements that get --slide-type and --slide-code; parts: what stands on the slide, from top to bottom.
  function fit(carriers, parts, { room = HIGH - 56, zoomed = scale(), printed } = {}) {
    const pictures = parts.flatMap((part) => [...part.querySelectorAll("img")]).filter((each) => !each.closest("details:not([open]), .lecture, .paper"));
    const explorers = parts.flatMap((part) => [...part.querySelectorAll(".lecture")]);
    for (const each of explorers) each.style.zoom = "";
    const bare = !explorers.length && !pictures.length && !parts.some((part) => part.querySelector("h1, h2, h3, pre, table"));
    const set = (type) => {
      const code = codeSize(parts, type, pictures.length);
      for (const each of carriers) {
        each.style.setProperty("--slide-type", `${type}px`);
        each.style.setProperty("--slide-code", `${code}px`);
      }
    };
    const fits = () => height(parts, zoomed) <= room && !parts.some(tooWide);
    const code = parts.some((part) => part.querySelector("pre, table, details"));
    if (!explorers.length) return (bare ? WORDS : pictures.length || code ? TYPES : [...TYPES_ALONE, ...TYPES]).some((type) => {
      set(type);
      return (!pictures.length || fitPictures(parts, pictures, room, zoomed)) && fits();
    });
    // First all that is read large enough, with pictures as large as that leaves them; only then smaller letters.
    letters = printed ? 0 : LETTERS;
    const tries = printed ? [[TYPES_BESIDE, printed, 300], [TYPES, printed, 200], [TYPES.slice(-1), SMALLER, 150]] : [...PICTURES.map((how) => [TYPES_BESIDE, LARGE, ...how]), [TYPES_BESIDE, ZOOMS, ...PICTURES.at(-1)], [TYPES, ZOOMS, ...PICTURES.at(-1)], [TYPES.slice(-1), SMALLER, ...PICTURES.at(-1)]];
    for (const each of carriers) each.classList.toggle("one-explorer", explorers.length === 1);
    return tries.some(([types, zooms, high, how]) => types.some((type) => {
      for (const each of explorers) each.classList.toggle("lecture-quiet", how === "quiet");
      set(type);
      if (pictures.length) fitPictures(parts, pictures, room, zoomed);
      return fitExplorers(explorers, parts, room, zoomed, zooms, high);
    }));
  }

  return { WIDE, HIGH, scale, fit };
})();
