// Everything a page does by itself. Each file is one behaviour, wired by data- attributes and by delegation, so that
// rows may be replaced under it at any time.
import "./clock.js";
import "./dialogs.js";
import "./acts.js";
import "./menus.js";
import "./keys.js";
import "./copy.js";
import "./theme.js";
import "./sizes.js";
import "./jsonformat.js";
import "./picker.js";
import "./changes.js";
