// System, light or dark, kept in a cookie so that the server prints it and no page flashes.

const YEAR = 365 * 24 * 60 * 60;
const root = document.documentElement;

function show() {
  for (const radio of document.querySelectorAll("[data-theme-choice] input")) {
    radio.checked = radio.value === (root.dataset.theme ?? "system");
  }
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-theme-choice] input")) return;
  const theme = event.target.value;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${theme === "system" ? 0 : YEAR}; samesite=lax`;
  show();
});

show();
