// data-format="id of a textarea": one member on a line. Every token stays as it was typed, so that 1.10, big numbers and
// doubled keys survive; JSON.parse is asked only whether it is JSON at all.
import { say } from "./say.js";

// Beyond this depth the indentation would outweigh the text many times: participants write metadata too.
const DEPTH = 40;
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

export function indent(text) {
  const tokens = text.match(TOKENS) ?? [];
  let out = "";
  let depth = 0;
  tokens.forEach((token, at) => {
    const line = () => `\n${"  ".repeat(depth)}`;
    if (token === "{" || token === "[") {
      depth += 1;
      out += token + (/[}\]]/.test(tokens[at + 1]?.[0] ?? "") ? "" : line());
    } else if (token === "}" || token === "]") {
      depth -= 1;
      out += (tokens[at - 1] === "{" || tokens[at - 1] === "[" ? "" : line()) + token;
    } else if (token === ",") out += `,${line()}`;
    else if (token === ":") out += ": ";
    else out += token;
  });
  return out;
}

// Brackets inside strings count too, which only errs on the safe side.
function depth(text) {
  let deepest = 0;
  let level = 0;
  for (const each of text) {
    if (each === "{" || each === "[") deepest = Math.max(deepest, (level += 1));
    else if (each === "}" || each === "]") level -= 1;
  }
  return deepest;
}

function tell(button, words) {
  const place = button.parentElement.querySelector("[data-format-said]");
  if (place) place.textContent = words;
}

function answer(button, words) {
  tell(button, words);
  say(words);
}

// What was said of a text is not said of another one.
document.addEventListener("input", ({ target }) => {
  const button = target.id && document.querySelector(`[data-format="${CSS.escape(target.id)}"]`);
  if (button) tell(button, "");
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-format]");
  if (!button) return;
  const field = document.getElementById(button.dataset.format);
  try {
    JSON.parse(field.value);
  } catch (error) {
    answer(button, `Not JSON: ${error.message}. Left as it is.`);
    return;
  }
  if (depth(field.value) > DEPTH) {
    answer(button, "It is JSON, nested too deeply to be formatted. Left as it is.");
    return;
  }
  field.setRangeText(indent(field.value), 0, field.value.length, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  answer(button, "Formatted.");
});
