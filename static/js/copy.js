// data-copy="text" copies the text; data-copy alone copies the code box in which the button stands.
import { say } from "./say.js";

const SHOWN = 1500;
const standing = new WeakMap();

// Pages over plain HTTP have no clipboard; there a selection is copied the old way.
async function put(text, button) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const box = document.createElement("textarea");
  box.value = text;
  box.className = "sr";
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  button.focus();
  if (!done) throw new Error("The browser refused to copy.");
}

// The sign stands for its time after the last press.
function answer(button, symbol) {
  const use = button.querySelector("use");
  const before = button.dataset.symbol ?? use?.getAttribute("href");
  button.dataset.symbol = before;
  use?.setAttribute("href", symbol);
  clearTimeout(standing.get(button));
  standing.set(
    button,
    setTimeout(() => use?.setAttribute("href", before), SHOWN),
  );
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.dataset.copy || button.closest(".codebox")?.querySelector("pre").textContent || "";
  try {
    await put(text, button);
    answer(button, "#check");
    say("Copied.");
  } catch {
    answer(button, "#x");
    say("Not copied: the browser refused.");
  }
});
