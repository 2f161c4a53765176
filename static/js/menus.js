// Menus are popovers: they open, close on a click beside and on Escape without a script. This file adds the arrow keys
// and, in browsers that know no anchors, the place beside the button.

const ITEMS = "a.item, button.item, input";
const anchored = CSS.supports("position-area", "block-end");

// The button that opened a menu; the menu of the rows has none of its own.
export function invokerOf(menu) {
  return (
    document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`) ??
    document.querySelector('[data-row-menu][aria-expanded="true"]')
  );
}

function putBeside(menu, button) {
  const box = button.getBoundingClientRect();
  menu.style.top = `${Math.min(box.bottom + 4, innerHeight - menu.offsetHeight - 4)}px`;
  menu.style.left = `${Math.max(4, Math.min(box.left, innerWidth - menu.offsetWidth - 4))}px`;
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.matches?.(".menu[popover]")) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    if (button && !anchored) putBeside(menu, button);
    menu.querySelector(ITEMS)?.focus({ preventScroll: true });
  },
  true,
);

// A link that is announced as a button answers to Space as buttons do.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches?.('a[role="button"]')) return;
  event.preventDefault();
  event.target.click();
});

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
