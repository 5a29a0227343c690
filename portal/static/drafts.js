"use strict";
// Keeps what somebody writes into a form that asks for it (`data-draft`) until that form is answered, in this tab alone: when the
// session has ended meanwhile, it is there again after signing in. How to reach somebody, passwords and codes are not kept, nobody
// else's text is shown, and signing out forgets it. Without this file the page is as it was.
(() => {
  const script = document.currentScript;
  const main = document.querySelector("main");
  if (!script || !main || !window.sessionStorage) return;
  const here = `draft:${script.dataset.who}:${script.dataset.page}:`;
  const english = document.documentElement.lang === "en";

  const nameOf = (form) => {
    const about = form.querySelector("[name=do]");
    return about ? `${form.querySelector("[name=as]").value}-${about.value}` : form.getAttribute("action");
  };
  const keyOf = (form) => here + nameOf(form);
  const isSecret = (one) => one.type === "password" || one.autocomplete === "one-time-code";
  const isKept = (one) => one.name && !one.name.endsWith("contact") && !isSecret(one) && !["hidden", "file", "submit"].includes(one.type);
  const fieldsOf = (form) => [...form.elements].filter(isKept);
  const isTicked = (field) => field.type === "checkbox" || field.type === "radio";
  const isAsGiven = (field) => (isTicked(field)
    ? field.checked === field.defaultChecked
    : field.tagName === "SELECT"
      ? [...field.options].every((one) => one.selected === one.defaultSelected) || field.selectedIndex <= 0
      : field.value === field.defaultValue);
  const placeOf = (field) => (isTicked(field) ? `${field.name}=${field.value}` : field.name);
  const valueOf = (field) => (isTicked(field) ? field.checked : field.value);

  // All of a form is kept once anything of it is changed: shown again after a refusal, most of it is as it was given.
  const keep = (form) => {
    const fields = fieldsOf(form);
    if (fields.every(isAsGiven)) {
      sessionStorage.removeItem(keyOf(form));
      return;
    }
    const said = Object.fromEntries(fields.map((field) => [placeOf(field), valueOf(field)]));
    sessionStorage.setItem(keyOf(form), JSON.stringify({ id: form.querySelector("[name=command_id]").value, said }));
  };

  const forget = (isOver) => {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("draft:") && isOver(JSON.parse(sessionStorage.getItem(key)))) sessionStorage.removeItem(key);
    }
  };

  const restore = (form) => {
    const { said } = JSON.parse(sessionStorage.getItem(keyOf(form)) || "{}");
    if (!said || !fieldsOf(form).every(isAsGiven)) return;
    const changed = fieldsOf(form).filter((one) => placeOf(one) in said && said[placeOf(one)] !== valueOf(one));
    if (!changed.length) return;
    for (const field of changed) {
      if (isTicked(field)) field.checked = said[placeOf(field)];
      else field.value = said[placeOf(field)];
    }
    keep(form);
    for (let outer = form.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
    const told = document.createElement("p");
    told.className = "hint";
    told.setAttribute("role", "status");
    told.textContent = english ? "What you wrote before is here again. It has not been sent." : "这是您上次写下的内容，尚未办理。";
    form.prepend(told);
  };

  // The page says which form it answers: that one was carried out, or refused and is shown again with what was written.
  const { answered } = script.dataset;
  if (answered) forget((draft) => draft.id === answered);
  for (const form of main.querySelectorAll("form[data-draft]")) restore(form);
  for (const link of main.querySelectorAll("a[data-form]")) {
    if (!sessionStorage.getItem(here + link.dataset.form)) continue;
    link.append(english ? " (begun, not sent)" : "（已写，未提交）");
    link.closest("details").open = true;
  }
  for (const event of ["input", "submit"]) {
    document.addEventListener(event, ({ target }) => {
      const form = target.closest("form[data-draft]");
      if (form) keep(form);
    });
  }
  document.querySelector("form[action='/sign-out']")?.addEventListener("submit", () => forget(() => true));
})();
