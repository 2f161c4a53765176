// What the project's observer hears, where it listens: who speaks, how well people are connected, and how loud the person
// is whose panel is open. It comes several times a second and belongs to no version of the page.
const POOR = { poor: "Poor connection", lost: "Connection lost" };

let speaking = new Set();
let quality = {};
let level = null;
let metered = null;

export function overheard(frame) {
  if (frame.speaking) speaking = new Set(frame.speaking);
  if (frame.quality) quality = frame.quality;
  if (frame.level !== undefined) level = frame.level;
  mark();
}

export function forget() {
  speaking = new Set();
  quality = {};
  level = null;
  mark();
}

// Again after rows came or a panel opened.
export function mark() {
  for (const row of document.querySelectorAll("#rows > tr[data-identity]")) {
    row.toggleAttribute("data-speaking", speaking.has(row.dataset.identity));
    warn(row.querySelector(".who"), POOR[quality[row.dataset.identity]]);
  }
  const panel = document.querySelector("#side [data-person]");
  if (panel) markPanel(panel);
}

function warn(place, words) {
  if (!place) return;
  if (words) place.dataset.quality = words;
  else delete place.dataset.quality;
}

function markPanel(panel) {
  const who = panel.dataset.person;
  panel.toggleAttribute("data-speaking", speaking.has(who));
  if (metered !== panel) {
    // Another panel: what was measured belongs to somebody else.
    metered = panel;
    level = null;
  }
  const voice = panel.querySelector("[data-voice]");
  if (!voice) return;
  const link = voice.querySelector("[data-link]");
  const known = quality[who];
  link.hidden = !known;
  link.textContent = known ? `Connection ${known}` : "";
  link.toggleAttribute("data-poor", known in POOR);
  const loud = voice.querySelector("[data-loud]");
  loud.hidden = level === null;
  loud.querySelector("meter").value = level ?? 0;
  voice.hidden = link.hidden && loud.hidden;
}
