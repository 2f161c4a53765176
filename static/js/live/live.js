// The live page. A frame says from which version to which it leads; whenever that is not the version on the page, the
// page fetches its region once over HTTP. So a push that is lost, late or doubled never leaves a wrong page.
import { say } from "../say.js";
import { forget, mark, overheard } from "./aside.js";
import { disconnected, fresh, stale } from "./badge.js";
import { add, markAll, merge } from "./feed.js";
import { compare } from "./forms.js";
import { patchPart, patchRows } from "./patch.js";
import { Socket } from "./socket.js";

const root = document.querySelector("[data-live]");
const FETCH_PAUSE = 1000;
// A tab that was out of sight for this long may have been put to sleep: what it holds is read again.
const SLEEP = 30_000;

let version = root?.dataset.version ?? "";
let fetching = null;
let fetchAgain = false;
let fetchedAt = 0;

function parameters() {
  const query = new URLSearchParams(location.search);
  const person = document.querySelector("#side [data-person]")?.dataset.person;
  if (person !== undefined) query.set("person", person);
  return query;
}

function address() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}${root.dataset.socket}?${parameters()}`;
}

function applyRegion(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const region = page.querySelector("[data-version]");
  if (!region) throw new Error("The answer holds no region.");
  for (const part of region.querySelectorAll("[data-part]")) patchPart(part.id, part.innerHTML);
  const rows = [...region.querySelectorAll("#rows > tr")];
  const body = document.getElementById("rows");
  patchRows(body, Object.fromEntries(rows.map((row) => [row.id, row.outerHTML])), rows.map((row) => row.id), "");
  const feed = region.querySelector("#feed");
  if (feed) merge(feed, root.dataset.user);
  const digests = region.querySelector("#digests");
  if (digests) compare(JSON.parse(digests.textContent));
  mark();
  version = region.dataset.version;
  if (!("trouble" in region.dataset)) fresh();
}

async function read() {
  const answer = await fetch(`${root.dataset.region}?${parameters()}`, {
    headers: { "HX-Request": "true", Accept: "text/html" },
    signal: AbortSignal.timeout(15_000),
  });
  if (answer.redirected) location.reload();
  if (answer.ok) applyRegion(await answer.text());
}

// Fetches the region: at once, then at most once a second however often it is asked for.
export async function fetchRegion() {
  if (fetching) {
    fetchAgain = true;
    return fetching;
  }
  const wait = fetchedAt + FETCH_PAUSE - Date.now();
  fetching = (async () => {
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    fetchAgain = false;
    fetchedAt = Date.now();
    try {
      await read();
    } catch {
      disconnected();
    }
  })();
  await fetching;
  fetching = null;
  if (fetchAgain) return fetchRegion();
}

function step(frame) {
  if (frame.prev !== version) {
    fetchRegion();
    return;
  }
  version = frame.v;
  const own = frame.by !== "" && frame.by === root.dataset.user;
  for (const [id, html] of Object.entries(frame.parts)) patchPart(id, html);
  patchRows(document.getElementById("rows"), frame.rows, frame.order, own ? "own" : "any");
  mark();
  add(frame.feed, root.dataset.user);
  if (frame.digests) compare(frame.digests);
  if (frame.say) say(frame.say);
  fresh();
}

function heard(frame) {
  switch (frame.t) {
    case "step":
      step(frame);
      break;
    case "hello":
    case "beat":
      if (frame.v !== version && frame.v !== "") fetchRegion();
      else if (frame.v !== "") fresh();
      break;
    case "stale":
      stale(frame);
      break;
    case "aside":
      overheard(frame);
      if (frame.feed) add(frame.feed, root.dataset.user);
      break;
    case "fetch":
      fetchRegion();
  }
}

const socket = root
  ? new Socket({
      address,
      heard,
      lost: () => {
        disconnected();
        forget();
      },
      // The page that comes then says what is missing: the sign-in, or that there is no such project for this user.
      refused: () => location.reload(),
    })
  : null;

// The page shows something else now (a filter, an open panel): the socket is told by its address.
export async function showElsewhere() {
  fetchedAt = 0;
  await fetchRegion();
  socket?.connect();
}

if (socket) {
  socket.connect();
  markAll(root.dataset.user);
  document.addEventListener("greenroom:side", () => {
    markAll(root.dataset.user);
    mark();
  });
  document.addEventListener("greenroom:acted", () => {
    // The push brings it; where there is no push, one fetch does.
    if (!socket.open) fetchRegion();
  });
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (!socket.open || Date.now() - hiddenAt > SLEEP) fetchRegion();
  });
}
