// The feed: new lines on top. Paused, it keeps count and loses nothing. In a person's panel only that person's lines show.
import { parse } from "./patch.js";

const MOST = 400;
let paused = false;
let waiting = [];

function list() {
  return document.getElementById("feed") ?? document.getElementById("person-feed");
}

function mark(line, user) {
  if (!line.dataset.by || line.dataset.by !== user) return;
  line.dataset.own = "";
  const by = line.querySelector(".by-name");
  if (!by) return;
  by.className = "by";
  by.textContent = "by you";
}

function put(lines) {
  const feed = list();
  if (!feed) return;
  for (const line of lines) {
    if (feed.id === "person-feed" && line.dataset.identity !== feed.dataset.identity) continue;
    if (line.id && document.getElementById(line.id)) continue;
    feed.prepend(line);
  }
  while (feed.children.length > MOST) feed.lastElementChild.remove();
  const empty = document.getElementById("feed-empty");
  if (empty && feed.children.length) empty.hidden = true;
}

function count() {
  const strip = document.getElementById("feed-paused");
  if (!strip) return;
  strip.hidden = !paused;
  strip.firstElementChild.textContent = `${waiting.length} new. Show`;
}

// `lines` are HTML, the oldest first.
export function add(lines, user) {
  const fresh = lines.map((html) => parse(html).firstElementChild).filter(Boolean);
  for (const line of fresh) mark(line, user);
  if (paused && list()?.id === "feed") {
    waiting.push(...fresh);
    count();
  } else put(fresh);
}

// After a gap: whatever the server's list has and the page has not.
export function merge(feed, user) {
  const known = new Set([...(list()?.children ?? []), ...waiting].map((line) => line.id));
  const missed = [...feed.children].filter((line) => !known.has(line.id)).reverse();
  add(
    missed.map((line) => line.outerHTML),
    user,
  );
}

export function markAll(user) {
  for (const line of list()?.children ?? []) mark(line, user);
}

function pause(on) {
  paused = on;
  const button = document.querySelector("[data-pause]");
  button?.setAttribute("aria-pressed", String(on));
  const words = button?.querySelector("span");
  if (words) words.textContent = on ? "Resume" : "Pause";
  button?.querySelector("use")?.setAttribute("href", on ? "#play" : "#pause");
  if (!on) {
    put(waiting);
    waiting = [];
  }
  count();
}

// Chat among the changes, or the changes alone: kept for the next room.
const CHAT = "greenroom.chat";

function chat(on) {
  document.getElementById("side")?.toggleAttribute("data-no-chat", !on);
  document.querySelector("[data-chat]")?.setAttribute("aria-pressed", String(on));
}

function wantsChat() {
  return localStorage.getItem(CHAT) !== "off";
}

chat(wantsChat());

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-chat]")) {
    localStorage.setItem(CHAT, wantsChat() ? "off" : "on");
    chat(wantsChat());
  } else if (event.target.closest("[data-pause]")) pause(!paused);
  else if (event.target.closest("#feed-paused")) pause(false);
});

// Another panel, another list.
document.addEventListener("greenroom:side", () => {
  paused = false;
  waiting = [];
  chat(wantsChat());
});
