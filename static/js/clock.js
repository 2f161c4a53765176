// <time datetime="…" data-tick="since|ago|clock|day">: the server prints the moment, this file makes "4 min 12 s" of it
// and keeps it going with one timer for the page.

const SECOND = 1000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIMES = "time[data-tick]";

const timeOfDay = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

// Milliseconds that this computer's clock is ahead of the server's; small differences are the network's.
const ahead = (() => {
  const told = document.querySelector('meta[name="server-time"]');
  const arrival = performance.getEntriesByType("navigation")[0];
  if (!told || arrival?.type === "back_forward") return 0;
  const difference = Date.now() - Date.parse(told.content);
  return Math.abs(difference) > 5 * SECOND ? difference : 0;
})();

export function duration(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < MINUTE) return `${s} s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)} min ${String(s % MINUTE).padStart(2, "0")} s`;
  if (s < DAY) return `${Math.floor(s / HOUR)} h ${String(Math.floor((s % HOUR) / MINUTE)).padStart(2, "0")} min`;
  return `${Math.floor(s / DAY)} d ${Math.floor((s % DAY) / HOUR)} h`;
}

function words(time) {
  const moment = Date.parse(time.dateTime);
  if (Number.isNaN(moment)) return time.textContent;
  switch (time.dataset.tick) {
    case "clock":
      return timeOfDay.format(moment);
    case "day":
      return `${dayOfYear.format(moment)}, ${timeOfDay.format(moment)}`;
    case "ago":
      return `${duration((Date.now() - ahead - moment) / SECOND)} ago`;
    default:
      return duration((Date.now() - ahead - moment) / SECOND);
  }
}

function tell(time) {
  const said = words(time);
  if (time.textContent !== said) time.textContent = said;
}

function tellAll(within = document) {
  for (const time of within.querySelectorAll(TIMES)) tell(time);
}

function tick() {
  if (!document.hidden) tellAll();
  setTimeout(tick, SECOND - (Date.now() % SECOND));
}

// What is put on the page between two ticks is told before it is painted.
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") tell(change.target);
    for (const node of change.addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      if (node.matches(TIMES)) tell(node);
      else tellAll(node);
    }
  }
}).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["datetime"] });

document.addEventListener("visibilitychange", () => document.hidden || tellAll());
tick();
