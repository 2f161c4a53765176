// Menus are popovers: they open, close on a click beside and on Escape without a script. This file adds the arrow keys,
// the place beside the button where the browser knows no anchors, and the one menu that all rows share: data-menu="x"
// on a row's button fills it from <template id="menu-x">, with addresses below the row's data-url.

const ITEMS = 'a.item, button.item, input';
const shared = document.getElementById("rowmenu");
const anchored = CSS.supports("position-area", "block-end");
let sharedBy = null;

export function invokerOf(menu) {
  return menu === shared ? sharedBy : document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
}

// Puts the verbs of the button's row into the shared menu; the verbs of another place on the stage are left out.
export function fill(button) {
  const { url, place } = button.closest("[data-url]").dataset;
  shared.replaceChildren(document.getElementById(`menu-${button.dataset.menu}`).content.cloneNode(true));
  shared.setAttribute("aria-label", button.getAttribute("aria-label"));
  sharedBy = button;
  for (const item of shared.querySelectorAll("[data-path]")) {
    const { path, only, unless } = item.dataset;
    if ((only && only !== place) || unless === place) item.remove();
    else if (item.matches("a")) item.href = url + path;
    else item.setAttribute("formaction", url + path);
  }
  return shared;
}

function putBeside(menu, button) {
  const box = button.getBoundingClientRect();
  const below = box.bottom + 4 + menu.offsetHeight <= innerHeight;
  menu.style.top = `${below ? box.bottom + 4 : Math.max(4, box.top - 4 - menu.offsetHeight)}px`;
  menu.style.left = `${Math.max(4, Math.min(box.right, innerWidth - 4) - menu.offsetWidth)}px`;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-menu]");
  if (button) {
    event.preventDefault();
    if (shared.matches(":popover-open")) shared.hidePopover();
    else fill(button).showPopover({ source: button });
  } else if (event.target.closest("#rowmenu a")) shared.hidePopover();
});

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    const button = invokerOf(menu);
    button?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") return;
    if (!anchored && button && !menu.matches(".from-start, .from-end")) putBeside(menu, button);
    menu.querySelector(ITEMS)?.focus({ preventScroll: true });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu || event.target.matches("[type=radio]")) return;
  const items = [...menu.querySelectorAll(ITEMS)];
  const here = items.indexOf(event.target);
  const wanted = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
  if (wanted === undefined || !items.length) return;
  event.preventDefault();
  items.at(wanted % items.length).focus();
});
