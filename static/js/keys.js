// Keys act on the row with the blue bar: the one that was reached with j and k, else the one with the focus. Which key
// means which verb is printed into the list of keys by the server; a verb that the row does not offer does nothing.

const ROWS = "main .grid tbody tr:not(.group), main .projects > li";
const list = document.getElementById("keys");
const verbs = new Map(
  [...(list?.querySelectorAll("kbd[data-verbs]") ?? [])].map((kbd) => [kbd.textContent, kbd.dataset.verbs.split(" ")]),
);

function rows() {
  return [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
}

function current() {
  return document.activeElement?.closest(ROWS) ?? document.querySelector(":is(tr, li).at");
}

// Where a row leads: its details where it has such a link, else whom or what it is about.
function linkOf(row) {
  return row?.querySelector(".c-acts a:not([data-row-menu])") ?? row?.querySelector("a");
}

function go(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(current());
  const row = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, here + step))];
  document.querySelector(":is(tr, li).at")?.classList.remove("at");
  row.classList.add("at");
  row.scrollIntoView({ block: "nearest" });
  linkOf(row)?.focus({ preventScroll: true });
}

function press(names) {
  const wanted = names.map((name) => `[data-verb="${name}"]`).join(",");
  // An open menu is of the row that it was opened from, wherever the blue bar stands.
  const menu = document.querySelector("#row-menu:popover-open");
  if (menu) {
    menu.querySelector(wanted)?.click();
    return;
  }
  const place = document.activeElement?.closest(".panel") ?? current() ?? document.querySelector(".panel");
  const button = place?.querySelector(wanted) ?? document.querySelector(`.title :is(${wanted})`);
  if (button) {
    button.click();
    return;
  }
  place?.querySelector("[data-row-menu]")?.click();
  document.querySelector(`#row-menu:popover-open :is(${wanted})`)?.click();
}

const plain = {
  "/": () => document.querySelector("main input[type=search]")?.focus(),
  j: () => go(1),
  k: () => go(-1),
  ".": () => current()?.querySelector("[data-row-menu]")?.click(),
  "?": () => document.querySelector('[data-open="keys"]')?.click(),
  Enter: () => linkOf(current())?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && target.matches("input[type=search]")) target.blur();
  if (target.matches("input, textarea, select, [contenteditable]")) return;
  if (event.key === "Enter" && target.matches("a, button, summary, [tabindex]")) return;
  const act = plain[event.key] ?? (verbs.has(event.key) ? () => press(verbs.get(event.key)) : null);
  if (!act) return;
  event.preventDefault();
  act();
});
