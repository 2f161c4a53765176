// What makes rooms and a room live.
import "./live.js";
import "./view.js";
import "./side.js";
import "./rowmenu.js";
