// Marks what a form would change, as it is typed: a switch of the permission, an attribute.

function stateOf(row) {
  const box = row.querySelector("input[type=checkbox][name^=delete-]");
  const [key, value] = row.querySelectorAll("input.input, textarea");
  if (box?.checked) return "gone";
  if (!key || !value) return "";
  if (!key.readOnly) return key.value || value.value ? "new" : "";
  if (value.value === value.defaultValue) return "";
  return value.value ? "changed" : "gone";
}

function mark(field) {
  const line = field.closest(".perm tr");
  if (line) line.toggleAttribute("data-changed", field.checked !== field.defaultChecked);
  const row = field.closest(".kv tr");
  if (!row) return;
  const state = stateOf(row);
  if (state) row.dataset.state = state;
  else delete row.dataset.state;
}

// "Every source" and the sources under it cannot contradict each other.
function agree(field) {
  const row = field.closest(".perm tr");
  if (!row) return;
  let head = row;
  while (head.classList.contains("sub")) head = head.previousElementSibling;
  const all = head.querySelector(".switch");
  const parts = [];
  for (let next = head.nextElementSibling; next?.classList.contains("sub"); next = next.nextElementSibling) {
    parts.push(next.querySelector(".switch"));
  }
  if (field !== all && !field.checked) all.checked = false;
  if (field === all && all.checked) for (const part of parts) part.checked = true;
  for (const each of [all, ...parts]) mark(each);
}

document.addEventListener("input", (event) => {
  mark(event.target);
  agree(event.target);
});
document.addEventListener("reset", (event) => {
  // The fields have their first values only after the event; meters listen to the input that is told then.
  setTimeout(() => {
    for (const field of event.target.elements) {
      if (field.matches("input, textarea")) field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
});
