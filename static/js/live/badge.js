// How old is what is shown: "live" while LiveKit was read a moment ago, else its age, else since when it is stale.

const LIVE_FOR = 9_000;
const badge = document.getElementById("fresh");
const note = document.getElementById("stale");
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

let heardAt = 0;
let connected = false;
let staleSince = null;

function age(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s old` : `${Math.floor(seconds / 60)} min old`;
}

function show() {
  if (!badge || !heardAt) return;
  const old = Date.now() - heardAt;
  const [kind, words] = staleSince
    ? ["stale", `stale since ${clock.format(staleSince)}`]
    : connected && old < LIVE_FOR
      ? ["live", "live"]
      : ["old", connected ? age(old) : `${age(old)}, connecting`];
  if (badge.dataset.age !== kind) badge.dataset.age = kind;
  if (badge.textContent !== words) badge.textContent = words;
}

// LiveKit was read, just now as far as this page knows.
export function fresh() {
  heardAt = Date.now();
  connected = true;
  staleSince = null;
  if (note) note.hidden = true;
  show();
}

export function disconnected() {
  heardAt ||= Date.now();
  connected = false;
  show();
}

export function stale({ since, title, words, remedy }) {
  heardAt ||= Date.now();
  connected = true;
  staleSince = Date.parse(since);
  if (note) {
    note.querySelector("[data-title]").textContent = title;
    note.querySelector("[data-words]").textContent = words;
    note.querySelector("[data-remedy]").textContent = remedy;
    note.hidden = false;
  }
  show();
}

setInterval(show, 1000);
