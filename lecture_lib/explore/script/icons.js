// Icons of an explorer's head, as paths: no font and no file is asked for.
const PATHS = {
  own: "M4 5h16v14H4z M4 16l5-5 4 4 3-3 4 4 M15.5 9.5h.01",
  compare: "M4 5h16v14H4z M12 3v18",
  undo: "M9 14L4 9l5-5 M4 9h10a5 5 0 0 1 0 10h-3",
  reset: "M4 4v5h5 M4.6 14a8 8 0 1 0 1.2-7.2L4 9",
  code: "M8 6l-6 6 6 6 M16 6l6 6-6 6",
  share: "M12 15V3 M8 7l4-4 4 4 M5 12v8h14v-8",
  full: "M4 9V4h5 M15 4h5v5 M20 15v5h-5 M9 20H4v-5",
};

// A button with an icon; its name is for screen readers, and its tip.
export function iconButton(icon, name, act) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "lecture-icon", title: name });
  button.setAttribute("aria-label", name);
  button.innerHTML = `<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="${PATHS[icon]}"/></svg>`;
  button.addEventListener("click", () => act(button));
  return button;
}
