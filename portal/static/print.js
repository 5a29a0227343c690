"use strict";
// Shows the buttons that print the page, and prints one that was opened to be printed. Without this file the browser's own command does.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
if (window.location.hash === "#print") window.addEventListener("load", () => window.print());
