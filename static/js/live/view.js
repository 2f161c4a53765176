// Filters, search and pages in place: the address says what is shown, so it can be pasted to a colleague.
import { showElsewhere } from "./live.js";

const TYPING = 180;
let timer = 0;

function show(query) {
  history.pushState(null, "", query ? `?${query}` : location.pathname);
  showElsewhere();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-view]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(new URL(link.href).searchParams.toString());
});

function search(form) {
  clearTimeout(timer);
  const query = new URLSearchParams(location.search);
  const words = form.elements.q.value.trim();
  if (words === (query.get("q") ?? "")) return;
  query.delete("page");
  if (words) query.set("q", words);
  else query.delete("q");
  history.replaceState(null, "", `?${query}`);
  showElsewhere();
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-search]");
  if (!form || event.target.name !== "q") return;
  clearTimeout(timer);
  timer = setTimeout(() => search(form), TYPING);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-search]")) return;
  event.preventDefault();
  search(event.target);
});
