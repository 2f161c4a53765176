// Dialogs: data-open="id" opens, data-close closes, a click beside closes what nobody has typed in. Focus goes back to
// where it came from, or to what stands in that place now.

import { invokerOf } from "./menus.js";

const TYPED = 'input:not([type="hidden"], [readonly]), textarea, select';

let opener = null;

// What was typed into a form that came back from the server is what its fields have from the start.
export function keepTyped(dialog) {
  dialog.dataset.typed = "yes";
}

function typedIn(dialog) {
  if (dialog.dataset.typed) return true;
  return [...dialog.querySelectorAll("input, textarea, select")].some((field) =>
    field.matches("select")
      ? [...field.options].some((option) => option.selected !== option.defaultSelected)
      : field.matches("[type=checkbox], [type=radio]")
        ? field.checked !== field.defaultChecked
        : field.type !== "hidden" && field.value !== field.defaultValue,
  );
}

function rowsBeside(list) {
  return [...(list?.children ?? [])].filter((row) => !row.matches(".group"));
}

// Keeps where the focus goes back to: the button, or whatever then stands in its place.
export function remember(button) {
  const menu = button.closest("[popover]");
  const row = (menu ? invokerOf(menu) : button)?.closest("tr[id], li[id]");
  opener = {
    button,
    invoker: menu && invokerOf(menu),
    verb: button.dataset.verb,
    address: button.getAttribute("formaction"),
    row: row?.id,
    list: row?.parentElement,
    at: rowsBeside(row?.parentElement).indexOf(row),
  };
}

function standIn() {
  if (!opener) return null;
  const { button, invoker, verb, address, row, list, at } = opener;
  const there = (each) => each?.isConnected && each.checkVisibility();
  if (there(invoker)) return invoker;
  if (there(button)) return button;
  const same = [...document.querySelectorAll(`[data-verb="${verb}"]`)].find(
    (each) => each.getAttribute("formaction") === address && there(each),
  );
  const rest = row && document.getElementById(row)?.querySelector("[data-row-menu], a");
  const next = list?.isConnected && rowsBeside(list).slice(0, at + 1).at(-1)?.querySelector("a");
  return same ?? rest ?? (next || document.querySelector("main a"));
}

export function open(dialog) {
  if (!dialog.open) dialog.showModal();
}

export function focusFirst(dialog) {
  const wrong = dialog.querySelector('[aria-invalid="true"]');
  const alert = dialog.querySelector('[role="alert"]');
  if (wrong) wrong.focus();
  else if (alert) {
    alert.tabIndex = -1;
    alert.focus();
  } else dialog.querySelector(`[autofocus], .body :is(${TYPED}), .dfoot [data-close]`)?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open], [data-close]");
  if (button?.dataset.open) {
    remember(button);
    open(document.getElementById(button.dataset.open));
  } else if (button) button.closest("dialog")?.close();
  else if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    const inside = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    if (!inside && event.detail && !typedIn(event.target)) event.target.close();
  }
});

// The first Escape keeps what was typed and says so; a browser lets the second one through in any case.
document.addEventListener(
  "cancel",
  (event) => {
    const dialog = event.target;
    if (!(dialog instanceof HTMLDialogElement) || dialog.dataset.warned || !typedIn(dialog)) return;
    event.preventDefault();
    dialog.dataset.warned = "yes";
    const line = document.createElement("p");
    line.className = "discard";
    line.setAttribute("role", "status");
    line.textContent = "Escape once more throws away what you typed.";
    dialog.querySelector(".dfoot")?.prepend(line);
  },
  true,
);

document.addEventListener(
  "close",
  (event) => {
    if (!(event.target instanceof HTMLDialogElement)) return;
    delete event.target.dataset.warned;
    delete event.target.dataset.typed;
    standIn()?.focus();
    opener = null;
  },
  true,
);
