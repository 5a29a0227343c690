"use strict";
// Keeps what somebody writes into a form until it has been carried out, in this tab alone: when the session has ended meanwhile, it
// is there again after signing in. How to reach somebody, passwords and codes are not kept, nobody else's text is shown, and signing out
// forgets it. Without this file the page is as it was.
(() => {
  const script = document.currentScript;
  const main = document.querySelector("main");
  if (!script || !main || !window.sessionStorage) return;
  const here = `draft:${script.dataset.who}:${script.dataset.page}:`;
  const english = document.documentElement.lang === "en";

  const nameOf = (form) => {
    const about = form.querySelector("[name=do]");
    return about ? `${form.querySelector("[name=as]")?.value}-${about.value}` : form.getAttribute("action");
  };
  const isSecret = (one) => one.type === "password" || one.autocomplete === "one-time-code";
  const isKept = (one) => one.name && !one.name.endsWith("contact") && !isSecret(one) && !["hidden", "file", "submit"].includes(one.type);
  const fieldsOf = (form) => [...form.elements].filter(isKept);
  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
  const isAsGiven = (field) => (isTicked(field)
    ? field.checked === field.defaultChecked
    : field.tagName === "SELECT"
      ? [...field.options].every((one) => one.selected === one.defaultSelected) || field.selectedIndex <= 0
      : field.value === field.defaultValue);

  const keep = (form) => {
    const said = {};
    for (const field of fieldsOf(form)) if (!isAsGiven(field)) said[field.name] = isTicked(field) ? field.checked : field.value;
    const key = here + nameOf(form);
    if (Object.keys(said).length) sessionStorage.setItem(key, JSON.stringify(said));
    else sessionStorage.removeItem(key);
  };

  const forget = (isOver) => {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:") && isOver(key)) sessionStorage.removeItem(key);
  };

  const restore = (form) => {
    const said = JSON.parse(sessionStorage.getItem(here + nameOf(form)) || "null");
    if (!said || !fieldsOf(form).every(isAsGiven)) return;
    let isSome = false;
    for (const field of fieldsOf(form).filter((one) => one.name in said)) {
      if (isTicked(field)) field.checked = said[field.name];
      else field.value = said[field.name];
      isSome = true;
    }
    if (!isSome) return;
    for (let outer = form.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
    const told = document.createElement("p");
    told.className = "hint";
    told.setAttribute("role", "status");
    told.textContent = english ? "What you wrote before is here again. It has not been sent." : "这是您上次写下的内容，尚未办理。";
    form.prepend(told);
  };

  // The page says what came of a form: it was carried out, or it is shown again with what was written.
  if (main.querySelector(".good[role=status], #fault")) forget((key) => key.startsWith(here));
  for (const form of main.querySelectorAll("form[method=post]")) restore(form);
  document.addEventListener("input", (event) => {
    const form = event.target.closest("main form[method=post]");
    if (form) keep(form);
  });
  document.querySelector("form[action='/sign-out']")?.addEventListener("submit", () => forget(() => true));
})();
