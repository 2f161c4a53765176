// The pane beside the list: the feed, or the panel of one person. It has its own address; back and forward work.
import { showElsewhere } from "./live.js";

const side = document.getElementById("side");
const split = document.querySelector("main.split");

// Panel and room both have a title; the page has one first heading.
function oneHeading(title, first) {
  const set = (name, value) => (value ? title.setAttribute(name, value) : title.removeAttribute(name));
  const native = title.localName === "h1";
  set("role", native ? (first ? "" : "none") : first ? "heading" : "");
  set("aria-level", !native && first ? "1" : "");
}

// The focus goes to what opened, or back to the row of whom the panel was about.
function focusOn(closed) {
  const row = document.querySelector(`#rows > tr[data-identity="${CSS.escape(closed ?? "")}"] a[data-panel]`);
  const title = side.querySelector("h1, h2");
  title?.setAttribute("tabindex", "-1");
  (row ?? title)?.focus({ preventScroll: !row });
}

function arrange(focus, closed) {
  const panel = side.querySelector("[data-person]");
  side.classList.toggle("panel", Boolean(panel));
  split.classList.toggle("panelled", Boolean(panel));
  split.querySelector(".pane").classList.toggle("behind", Boolean(panel));
  side.setAttribute("aria-labelledby", panel ? "person-title" : "feed-title");
  oneHeading(split.querySelector(".title .h1"), !panel);
  for (const row of document.querySelectorAll("#rows > tr")) {
    if (panel && row.dataset.identity === panel.dataset.person) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  if (focus) focusOn(panel ? null : closed);
}

async function load(address, focus) {
  const closed = side.querySelector("[data-person]")?.dataset.person;
  side.setAttribute("aria-busy", "true");
  await window.htmx.ajax("GET", address, { target: "#side", swap: "innerHTML" });
  side.removeAttribute("aria-busy");
  side.scrollTop = 0;
  document.dispatchEvent(new CustomEvent("greenroom:side"));
  arrange(focus, closed);
  await showElsewhere();
  const anchor = new URL(address, location.href).hash;
  if (anchor) document.querySelector(anchor)?.scrollIntoView();
}

function go(link) {
  const address = new URL(link.href);
  if (!address.search) address.search = location.search;
  history.pushState(null, "", address);
  load(address.href, true);
}

if (side) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-panel], a[data-panel-close]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !side.classList.contains("panel")) return;
    if (document.querySelector("dialog[open], :popover-open") || event.target.matches("input, textarea, select")) return;
    side.querySelector("a[data-panel-close]")?.click();
  });
  arrange(false);
}

addEventListener("popstate", () => {
  if (side) load(location.href, false);
  else showElsewhere();
});
