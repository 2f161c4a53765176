// A form that was opened on old data says so when the data changes underneath. What was typed stays.

// `digests` are the names of the values as they are now, by form.
export function compare(digests) {
  for (const form of document.querySelectorAll("[data-form][data-digest]")) {
    const now = digests[form.dataset.form];
    const note = form.querySelector("[data-changed]") ?? document.querySelector(`[data-changed="${form.dataset.form}"]`);
    if (now && note) note.hidden = now === form.dataset.digest;
  }
}
