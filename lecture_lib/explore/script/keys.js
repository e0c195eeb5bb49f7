// Keys that belong to an explorer, and where they lead.

// JupyterLab would take plain keys for commands: arrow keys change the cell, letters copy and delete cells.
const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape" || (event.shiftKey && event.key === "Enter"));

export function keepKeys(el, signal) {
  el.addEventListener("keydown", (event) => isPlain(event) && event.stopPropagation(), { signal });
  // Notebook 7 takes keys on their way to the explorer, before it can stop them, but for an element that says so.
  window.addEventListener("keydown", (event) => {
    if (el.contains(event.target)) event.target.toggleAttribute("data-lm-suppress-shortcuts", isPlain(event));
  }, { capture: true, signal });
}

// How many rows down and columns to the right a key leads; nothing for other keys.
export function moveOf(event) {
  const far = event.shiftKey ? 5 : 1;
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  return { ArrowLeft: [0, -far], ArrowRight: [0, far], ArrowUp: [-far, 0], ArrowDown: [far, 0],
    Home: [-1e9, -1e9], End: [1e9, 1e9] }[event.key];
}
