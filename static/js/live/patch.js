// Making what is on the page like what the server says, node by node: focus, selection and what is being typed stay,
// and a cell that changed glows.

const GLOW = 2000;
// What scripts and the reader have put on a node, not the server.
const OURS = new Set([
  "aria-busy", "aria-current", "aria-expanded", "data-glow", "data-paused", "data-quality", "data-speaking", "tabindex",
]);

// Makes `from` like `to`; tells whether anything differed. A <time> that ticks for the same moment is the same.
export function morph(from, to) {
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data === to.data) return false;
    from.data = to.data;
    return true;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) return false;
  if (from.localName === "time" && from.dateTime === to.dateTime && from.dataset.tick === to.dataset.tick) return false;
  const attributes = morphAttributes(from, to);
  return morphChildren(from, to) || attributes;
}

function morphAttributes(from, to) {
  let changed = false;
  for (const { name } of [...from.attributes]) {
    if (to.hasAttribute(name) || OURS.has(name) || (name === "class" && from.className === "at")) continue;
    from.removeAttribute(name);
    changed = true;
  }
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) === value || (OURS.has(name) && from.hasAttribute(name))) continue;
    from.setAttribute(name, value);
    changed = true;
  }
  return changed;
}

function morphChildren(from, to) {
  let changed = false;
  let have = from.firstChild;
  for (const want of [...to.childNodes]) {
    const next = have?.nextSibling ?? null;
    if (!have) {
      from.append(want);
      changed = true;
    } else if (have.nodeType === want.nodeType && have.localName === want.localName && have.id === want.id) {
      changed = morph(have, want) || changed;
    } else {
      have.replaceWith(want);
      changed = true;
    }
    have = next;
  }
  while (have) {
    const next = have.nextSibling;
    have.remove();
    have = next;
    changed = true;
  }
  return changed;
}

function glow(cell, tone) {
  cell.dataset.glow = tone;
  setTimeout(() => delete cell.dataset.glow, GLOW);
}

export function parse(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content;
}

function put(row, fresh, tone) {
  morphAttributes(row, fresh);
  const cells = [...fresh.children];
  if (row.classList.contains("group")) tone = "";
  if (cells.length !== row.children.length) {
    morphChildren(row, fresh);
    return;
  }
  [...row.children].forEach((cell, place) => {
    if (morph(cell, cells[place]) && tone) glow(cell, tone);
  });
}

function move(body, row, before) {
  const focused = row.contains(document.activeElement) ? document.activeElement : null;
  if (body.moveBefore && row.isConnected) body.moveBefore(row, before);
  else body.insertBefore(row, before);
  if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

// When the row with the focus goes, the focus goes to the row that takes its place.
function leave(row) {
  const heir = row.contains(document.activeElement) ? (row.nextElementSibling ?? row.previousElementSibling) : null;
  row.remove();
  heir?.querySelector("a, button")?.focus({ preventScroll: true });
}

// `rows` are the HTML of what is new or different by id, `order` all ids in their order (absent: the order stays),
// `tone` how changes glow: "own", "any" or "".
export function patchRows(body, rows, order, tone) {
  // Not every live page has a list.
  if (!body) return;
  const fresh = new Map();
  for (const html of Object.values(rows)) {
    // A row parses only inside a table.
    const row = parse(`<table><tbody>${html}</tbody></table>`).querySelector("tr");
    if (row) fresh.set(row.id, row);
  }
  const known = new Map([...body.children].map((row) => [row.id, row]));
  for (const [id, row] of fresh) {
    const old = known.get(id);
    if (old) put(old, row, tone);
    else {
      known.set(id, row);
      if (tone && !row.classList.contains("group")) for (const cell of row.children) glow(cell, tone);
    }
  }
  if (!order) return;
  const wanted = new Set(order);
  for (const row of [...body.children]) if (!wanted.has(row.id)) leave(row);
  let cursor = body.firstElementChild;
  for (const id of order) {
    const row = known.get(id);
    if (!row) continue;
    if (row === cursor) cursor = cursor.nextElementSibling;
    else move(body, row, cursor);
  }
}

export function patchPart(id, html) {
  const part = document.getElementById(id);
  if (!part) return;
  const box = document.createElement(part.localName);
  box.innerHTML = html;
  morphChildren(part, box);
}
