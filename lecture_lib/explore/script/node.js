// An element with its properties and children.
export const node = (tag, attributes = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
};

// An element's text; the same text anew would cost a layout.
export const written = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

// Names and ids that no other explorer of the page has. Each brings a script of its own, which counts from 0: so they are drawn by lot, too.
const lot = Math.random().toString(36).slice(2);
let count = 0;
export const unique = () => `lecture-${lot}-${++count}`;

// Words with **bold** and an index such as M_g in them.
export const marked = (text) => text.split("**").flatMap((each, at) => {
  const parts = each.split(/(?<=\b[A-Z])_([a-z])\b/).map((part, nth) => (nth % 2 ? node("sub", { textContent: part }) : part));
  return at % 2 ? [node("b", {}, ...parts)] : parts;
});
