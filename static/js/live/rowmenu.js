// The menu of a row: one for the page, filled with the address of the row that asked. Without a script the same link
// leads to the person's panel, which holds every verb.

const menu = document.getElementById("row-menu");
const items = document.getElementById("menu-person");
const HIDDEN = { stage: ["promote"], hand: ["return_to_audience"], audience: ["return_to_audience"] };

function fill(row) {
  menu.replaceChildren(items.content.cloneNode(true));
  const hidden = HIDDEN[row.dataset.place] ?? [];
  for (const item of menu.querySelectorAll("[data-path]")) {
    if (hidden.includes(item.dataset.verb)) item.remove();
    else item.setAttribute("formaction", row.dataset.url + item.dataset.path);
  }
}

function place(button) {
  const box = button.getBoundingClientRect();
  const below = box.bottom + 4 + menu.offsetHeight <= innerHeight;
  menu.style.top = `${below ? box.bottom + 4 : Math.max(4, box.top - 4 - menu.offsetHeight)}px`;
  menu.style.left = `${Math.max(4, box.right - menu.offsetWidth)}px`;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("a[data-row-menu]");
  if (!button || !menu || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  fill(button.closest("tr"));
  for (const other of document.querySelectorAll("a[data-row-menu][aria-expanded]")) other.removeAttribute("aria-expanded");
  button.setAttribute("aria-expanded", "true");
  menu.showPopover();
  place(button);
  menu.querySelector("button")?.focus({ preventScroll: true });
});

menu?.addEventListener("toggle", (event) => {
  if (event.newState === "open") return;
  const button = document.querySelector("a[data-row-menu][aria-expanded]");
  button?.removeAttribute("aria-expanded");
  if (menu.contains(document.activeElement) || document.activeElement === document.body) button?.focus({ preventScroll: true });
});
