// Verbs without leaving the page. Buttons are submit buttons of the forms #act (acts at once) and #ask (asks in the
// dialog first), so everything works as plain page loads where this file does not run. What the server answers:
// 200 a result for the dock, 422 the form again with what is wrong, anything else a note in words.
import { focusFirst, open, remember } from "./dialogs.js";
import { note, show, showNote } from "./results.js";

const PATIENCE = 15_000;
const dialog = document.getElementById("dialog");
const token = document.querySelector("#act [name=csrfmiddlewaretoken]")?.value ?? "";
const pending = new Set();

function isOurs(form) {
  return form.id === "act" || form.id === "ask" || form.matches("[data-act]") || (dialog?.contains(form) && form.method === "post");
}

function why(button) {
  const described = button.getAttribute("aria-describedby");
  return (described && document.getElementById(described)?.textContent.trim()) || button.title || button.querySelector("small")?.textContent || "";
}

// Sends the form as its button says. Gives {status, html}, or leaves the page where the answer is another page.
async function send(form, button) {
  const method = (button?.getAttribute("formmethod") ?? form.method).toUpperCase();
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const body = method === "POST" ? new FormData(form, button) : undefined;
  const answer = await fetch(address, {
    method,
    body,
    headers: { "HX-Request": "true", "X-CSRFToken": token, Accept: "text/html" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const elsewhere = answer.headers.get("HX-Redirect") ?? (answer.redirected ? answer.url : "");
  if (elsewhere) {
    location.assign(elsewhere);
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

function again(form, html) {
  if (dialog.contains(form)) {
    dialog.innerHTML = html;
    focusFirst(dialog);
  } else if (form.matches("[data-act]")) {
    const place = form.closest("[data-act-place]") ?? form;
    const box = document.createElement("template");
    box.innerHTML = html;
    const fresh = box.content.firstElementChild;
    place.replaceWith(box.content);
    focusFirst(fresh);
  } else show(html);
}

function succeed(form, html, button) {
  if (dialog?.contains(form)) dialog.close();
  if (html.trim()) show(html);
  document.dispatchEvent(new CustomEvent("greenroom:acted", { detail: { verb: button?.dataset.verb ?? form.dataset.verb } }));
}

async function act(form, button) {
  const key = button ?? form;
  if (pending.has(key)) return;
  pending.add(key);
  key.setAttribute("aria-busy", "true");
  try {
    const { status, html } = await send(form, button);
    if (status === 422 && html) again(form, html);
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

document.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  if (event.defaultPrevented || !isOurs(form)) return;
  event.preventDefault();
  if (form.id === "ask") remember(button);
  button?.closest("[popover]")?.hidePopover();
  if (button?.getAttribute("aria-disabled") === "true") showNote("own", "Not possible here.", why(button));
  else act(form, button);
});
