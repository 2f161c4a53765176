// data-pick-search="address": narrows the list of choices that follows it (data-pick) by asking the server. What is
// chosen already stays in the list, whatever is searched for. The list keeps its height: what stands below it does not
// move while one types.
import { say } from "./say.js";

const PAUSE = 250;
let timer = 0;
let asked = new AbortController();

// What the server finds, as a document; null when it cannot be had, or when something else was asked for meanwhile.
async function find(field) {
  asked.abort();
  asked = new AbortController();
  const address = new URL(field.dataset.pickSearch, location.href);
  address.searchParams.set("q", field.value);
  try {
    const headers = { "HX-Request": "true", Accept: "text/html" };
    const answer = await fetch(address, { headers, signal: asked.signal });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

// The line about what did not fit keeps its place when it has nothing to say, and takes none that it had not.
function tellMore(line, words) {
  if (!line?.textContent) return;
  if (words) line.textContent = words;
  line.style.visibility = words ? "" : "hidden";
}

async function narrow(field) {
  if (!field.isConnected) return;
  const page = await find(field);
  const found = page?.querySelector("[data-pick]");
  if (!found || !field.isConnected) return;
  const list = field.closest("form").querySelector("[data-pick]");
  say(`${found.querySelectorAll("label").length} to choose from.`);
  const chosen = [...list.querySelectorAll("input:checked")];
  for (const input of found.querySelectorAll("input")) {
    input.checked = false;
    if (chosen.some((each) => each.value === input.value)) input.closest("label").remove();
  }
  list.style.minBlockSize ||= `${list.offsetHeight}px`;
  list.replaceChildren(...chosen.map((input) => input.closest("label")), ...found.children);
  tellMore(list.parentElement.querySelector("[data-pick-more]"), page.querySelector("[data-pick-more]")?.textContent);
}

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-pick-search]")) return;
  clearTimeout(timer);
  timer = setTimeout(() => narrow(event.target), PAUSE);
});

// Enter in the search would send the whole form.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-pick-search]")) event.preventDefault();
});
