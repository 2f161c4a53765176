// Verbs without leaving the page. Buttons are submit buttons of the forms #act (acts at once) and #ask (asks in the
// dialog first), so everything works as plain page loads where this file does not run. What the server answers:
// 200 a result for the dock, 422 the form again with what is wrong, anything else a note in words.
import { focusFirst, keepTyped, open, remember } from "./dialogs.js";
import { note, show, showNote } from "./results.js";
import { say } from "./say.js";

const PATIENCE = 15_000;
const dialog = document.getElementById("dialog");
const token = document.querySelector("#act [name=csrfmiddlewaretoken]")?.value ?? "";
const pending = new Set();

function isOurs(form) {
  return form.matches("#act, #ask, [data-act]") || (dialog?.contains(form) && form.method === "post");
}

function why(button) {
  const described = document.getElementById(button.getAttribute("aria-describedby"));
  return described?.textContent.trim() || button.title || button.querySelector("small")?.textContent || "";
}

// Sends the form as its button says. Gives {status, html}, or leaves the page where the answer is another page.
function send(form, button) {
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
  if (form.method !== "post") return get(address);
  return exchange(address, { method: "POST", body: new FormData(form, button) });
}

function get(address) {
  return exchange(address, {});
}

// The sign-in page leads back to the page that stands here, not to the verb that was refused.
function backHere(address) {
  const url = new URL(address, location.href);
  if (url.searchParams.has("next")) url.searchParams.set("next", location.pathname + location.search);
  return url;
}

async function exchange(address, request) {
  const answer = await fetch(address, {
    ...request,
    headers: { "HX-Request": "true", "X-CSRFToken": token, Accept: "text/html" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const elsewhere = answer.headers.get("HX-Redirect") ?? (answer.redirected ? answer.url : "");
  if (elsewhere) {
    location.assign(backHere(elsewhere));
    return new Promise(() => {});
  }
  const html = await answer.text();
  return { status: answer.status, html: /<!doctype/i.test(html) ? "" : html };
}

function lost(error) {
  return error.name === "TimeoutError"
    ? ["warn", "No answer within 15 s.", "Whether it worked is not known. Look at the page before you try again."]
    : ["danger", "Greenroom cannot be reached.", "Nothing may have happened. Check the connection and try again."];
}

function unexplained(status) {
  return status === 403
    ? ["danger", "Not done: this page was open for too long, or a right was taken away.", "Load the page again."]
    : ["danger", `Not done: Greenroom answered ${status}.`, "The log of the server says why."];
}

// A failure stands where it was started: in the open dialog, else in the dock.
function fail(form, html, [tone, lead, text]) {
  const body = dialog?.open && dialog.contains(form) ? dialog.querySelector(".body") : null;
  if (!body) {
    if (html) show(html);
    else showNote(tone, lead, text);
    return;
  }
  body.querySelector("[data-failure]")?.remove();
  const box = document.createElement("div");
  box.dataset.failure = "";
  if (html) box.innerHTML = html;
  else box.append(note(tone, lead, text));
  body.prepend(box);
  box.tabIndex = -1;
  box.focus();
}

function ask(html) {
  dialog.innerHTML = html;
  open(dialog);
  focusFirst(dialog);
}

function again(html) {
  dialog.innerHTML = html;
  delete dialog.dataset.warned;
  keepTyped(dialog);
  focusFirst(dialog);
}

// A section of a page that is a form answers for itself, with what came of it above its fields.
function replacePlace(place, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const section = fresh.content.firstElementChild;
  place.replaceWith(section);
  const note = section.querySelector(".note[data-outcome], .note[role=alert]");
  if (note) {
    say(note.querySelector(".lead")?.textContent ?? "");
    note.scrollIntoView({ block: "nearest" });
  }
  const wrong = section.querySelector('[aria-invalid="true"]');
  (wrong ?? section.querySelector(".formacts [type=submit]"))?.focus({ preventScroll: Boolean(note) });
}

function tellPage(form, button) {
  const verb = button?.dataset.verb ?? form.dataset.verb;
  document.dispatchEvent(new CustomEvent("greenroom:acted", { detail: { verb } }));
}

function succeed(form, html, button) {
  if (dialog?.contains(form)) dialog.close();
  if (html.trim()) show(html);
  tellPage(form, button);
}

async function act(form, button) {
  const key = button ?? form;
  if (pending.has(key)) return;
  pending.add(key);
  key.setAttribute("aria-busy", "true");
  try {
    const { status, html } = await send(form, button);
    const place = html.includes("data-act-place") ? form.closest("[data-act-place]") : null;
    if (place) {
      replacePlace(place, html);
      if (status < 400) tellPage(form, button);
    } else if (status === 422 && html && dialog?.contains(form)) again(html);
    else if (status >= 400 || (status === 200 && !html)) fail(form, html, unexplained(status));
    else if (form.id === "ask") ask(html);
    else succeed(form, html, button);
  } catch (error) {
    fail(form, "", lost(error));
  } finally {
    pending.delete(key);
    key.removeAttribute("aria-busy");
  }
}

// A link that asks: data-ask opens in the dialog what is a page of its own elsewhere. data-reload reads a section anew.
async function follow(link, address, then) {
  try {
    const { status, html } = await get(address);
    if (status >= 400 || !html) fail(link, html, unexplained(status));
    else then(html);
  } catch (error) {
    fail(link, "", lost(error));
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-ask], a[data-reload]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const place = link.closest("[data-act-place]");
  if (link.matches("[data-ask]")) {
    remember(link);
    follow(link, link.href, ask);
  } else follow(link, place.dataset.reloadUrl, (html) => replacePlace(place, html));
});

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (event.defaultPrevented || !isOurs(form)) return;
  event.preventDefault();
  if (form.id === "ask") remember(button);
  button?.closest("[popover]")?.hidePopover();
  const refused = form.id !== "ask" && button?.getAttribute("aria-disabled") === "true";
  if (refused) showNote("own", "Not possible here.", why(button));
  else act(form, button);
});
