// A form that was opened on old data says so when the data changes underneath. What was typed stays; a form that nobody
// has touched is read again without a word.

function untouched(form) {
  return [...form.querySelectorAll("input, textarea")].every((field) =>
    field.matches("[type=checkbox], [type=radio]")
      ? field.checked === field.defaultChecked
      : field.type === "hidden" || field.value === field.defaultValue,
  );
}

function leftAlone(place) {
  const form = place.querySelector("form[data-digest]");
  return form && untouched(form) && !place.contains(document.activeElement);
}

async function readAgain(place, digest) {
  if (place.dataset.reading === digest) return;
  place.dataset.reading = digest;
  try {
    const answer = await fetch(place.dataset.reloadUrl, { headers: { "HX-Request": "true", Accept: "text/html" } });
    if (!answer.ok || !place.isConnected || !leftAlone(place)) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    if (fresh.content.firstElementChild?.matches("[data-act-place]")) place.replaceWith(fresh.content.firstElementChild);
  } catch {
    // The next push, or whoever touches the form, finds out: saving compares again.
  } finally {
    delete place.dataset.reading;
  }
}

// `digests` are the names of the values as they are now, by form.
export function compare(digests) {
  for (const form of document.querySelectorAll("[data-form][data-digest]")) {
    const now = digests[form.dataset.form];
    const note = form.querySelector("[data-changed]") ?? document.querySelector(`[data-changed="${form.dataset.form}"]`);
    if (!now || !note) continue;
    const place = form.closest("[data-act-place][data-reload-url]");
    const changed = now !== form.dataset.digest;
    if (changed && place && leftAlone(place)) readAgain(place, now);
    else note.hidden = !changed;
  }
}
