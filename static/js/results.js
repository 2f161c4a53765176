// The dock: what came of an act. Newest first, at most three. A success goes by itself, a failure stays.

const MOST = 3;
const LINGER = 8000;
const SIGNS = { danger: "#circle-x", warn: "#triangle-alert" };
const dock = document.getElementById("results");

function leaveLater(note) {
  setTimeout(() => {
    if (note.matches(":hover, :focus-within")) leaveLater(note);
    else note.remove();
  }, LINGER);
}

// Every result can be put away; a fragment of the server need not say so.
function dismissal() {
  return document.getElementById("note").content.querySelector(".acts").cloneNode(true);
}

// Puts an answered fragment (one or more notes) into the dock.
export function show(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  const notes = [...box.content.children];
  dock.prepend(...notes);
  for (const note of notes) {
    if (!note.querySelector("[data-dismiss]")) note.append(dismissal());
    const tone = note.dataset.tone;
    if (tone !== "danger" && tone !== "warn") leaveLater(note);
  }
  while (dock.children.length > MOST) dock.lastElementChild.remove();
}

// A note in our own words, for what no server could answer.
export function note(tone, lead, text = "") {
  const made = document.getElementById("note").content.cloneNode(true).firstElementChild;
  made.dataset.tone = tone;
  made.querySelector("use").setAttribute("href", SIGNS[tone] ?? "#info");
  made.querySelector(".lead").textContent = lead;
  made.querySelector("[data-text]").textContent = text;
  return made;
}

export function showNote(tone, lead, text) {
  show(note(tone, lead, text).outerHTML);
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".note").remove();
});
