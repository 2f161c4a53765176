// Who speaks, where the project's observer listens: a mark on their rows and on an open panel. It comes several times a
// second and belongs to no version of the page.
let now = new Set();

export function speaking(who) {
  now = new Set(who);
  mark();
}

// Again after rows came or a panel opened.
export function mark() {
  for (const row of document.querySelectorAll("#rows > tr[data-identity]")) {
    row.toggleAttribute("data-speaking", now.has(row.dataset.identity));
  }
  const panel = document.querySelector("#side [data-person]");
  panel?.toggleAttribute("data-speaking", now.has(panel.dataset.person));
}
