// Meters: how many bytes of UTF-8 a field holds (data-limit on the field, data-gauge="id" on its meter), or all fields
// of a table together (data-limit on the meter's box, data-gauge-sum="selector of the fields"). A row of the table that
// is deleted, or whose value is empty, holds nothing: LiveKit has no empty values.

const encoder = new TextEncoder();
const figures = new Intl.NumberFormat("en");

function count(fields) {
  return fields.reduce((sum, field) => sum + encoder.encode(field.value).length, 0);
}

// `fields` are the key and the value of each row.
function stays(field, _, fields) {
  const row = field.closest("tr");
  const value = fields.findLast((each) => row.contains(each));
  return value.value !== "" && !row.querySelector("[name^=delete-]:checked");
}

function tell(gauge, used, limit) {
  const over = used - limit;
  const words =
    over > 0
      ? `${figures.format(used)} of ${figures.format(limit)} bytes, ${figures.format(over)} too many`
      : `${figures.format(used)} of ${figures.format(limit)} bytes`;
  gauge.querySelector("[data-gauge-words]").textContent = words;
  const meter = gauge.querySelector("meter");
  meter.max = limit;
  meter.value = used;
  gauge.toggleAttribute("data-over", over > 0);
}

// What is advised may depend on another choice: lossy data should be smaller than reliable data.
document.addEventListener("change", (event) => {
  const { advises } = event.target.dataset;
  const field = advises && event.target.form?.querySelector("[data-limit]");
  if (!field) return;
  field.dataset.limit = advises;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.dataset.limit) {
    const gauge = document.querySelector(`[data-gauge="${CSS.escape(field.id)}"]`);
    if (gauge) tell(gauge, count([field]), Number(field.dataset.limit));
  }
  for (const gauge of field.form?.querySelectorAll("[data-gauge-sum]") ?? []) {
    const fields = [...field.form.querySelectorAll(gauge.dataset.gaugeSum)].filter(stays);
    tell(gauge, count(fields), Number(gauge.dataset.limit));
  }
});
