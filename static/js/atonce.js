// A form marked data-at-once is sent as soon as a switch or a choice in it changes; its button is for pages without
// scripts and goes.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  for (const button of form.querySelectorAll("button[type=submit]")) (button.closest(".formacts") ?? button).hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
