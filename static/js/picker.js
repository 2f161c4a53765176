// data-pick-search="address": narrows the list of choices that follows it (data-pick) by asking the server. What is
// chosen already stays in the list, whatever is searched for.

const PAUSE = 250;
let timer = 0;

async function narrow(field) {
  const list = field.closest("form").querySelector("[data-pick]");
  const address = new URL(field.dataset.pickSearch, location.href);
  address.searchParams.set("q", field.value);
  const answer = await fetch(address, { headers: { "HX-Request": "true", Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-pick]");
  if (!found || !list.isConnected) return;
  const chosen = [...list.querySelectorAll("input:checked")];
  for (const input of found.querySelectorAll("input")) {
    input.checked = false;
    if (chosen.some((each) => each.value === input.value)) input.closest("label").remove();
  }
  list.replaceChildren(...chosen.map((input) => input.closest("label")), ...found.children);
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
