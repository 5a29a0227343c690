"use strict";
// Keeps a page as the record is: when the server says that something changed, the page asks for itself again and puts the new
// content in the place of the old. Where somebody is writing, a link says so instead. Without this file the page is as it was.
(() => {
  const script = document.currentScript;
  const main = document.querySelector("main");
  if (!script || !main || !window.EventSource || !window.fetch) return;
  const page = script.dataset.page || location.pathname + location.search;
  const english = document.documentElement.lang === "en";
  const say = (chinese, other) => (english ? other : chinese);
  let streams = script.dataset.streams;
  let source = null;
  let isAsking = false;
  let isBehind = false;
  let wasOpen = false;

  const told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  main.before(told);

  const isWriting = () => {
    const fields = main.querySelectorAll("form input, form select, form textarea");
    for (const field of fields) {
      if (field.type === "hidden") continue;
      if (field === document.activeElement && !["checkbox", "radio", "submit", "button"].includes(field.type)) return true;
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked !== field.defaultChecked) return true;
      } else if (field.tagName === "SELECT") {
        const chosen = [...field.options].some((option) => option.defaultSelected);
        const isSame = chosen ? [...field.options].every((option) => option.selected === option.defaultSelected) : field.selectedIndex <= 0;
        if (!isSame) return true;
      } else if (field.type === "file" ? field.value : field.value !== field.defaultValue) {
        return true;
      }
    }
    return false;
  };

  const keyOf = (details) => details.id || (details.querySelector("summary") || details).textContent.trim();
  const focusable = (root) => [...root.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];

  const focusOf = () => {
    const focused = document.activeElement;
    if (!focused || focused === main || !main.contains(focused)) return () => {};
    const place = focusable(main).indexOf(focused);
    const { id, tagName } = focused;
    const text = focused.textContent.trim();
    return () => {
      const all = focusable(main);
      const same = (id && document.getElementById(id))
        || all.find((one, index) => index === place && one.tagName === tagName && one.textContent.trim() === text)
        || all.find((one) => one.tagName === tagName && text && one.textContent.trim() === text);
      (same || main).focus({ preventScroll: true });
    };
  };

  const replace = (fresh) => {
    const open = new Set([...main.querySelectorAll("details[open]")].map(keyOf));
    const refocus = focusOf();
    main.replaceChildren(...fresh.childNodes);
    for (const details of main.querySelectorAll("details")) {
      if (open.has(keyOf(details))) details.open = true;
    }
    refocus();
    told.textContent = say("页面已更新", "The page has been brought up to date");
  };

  const offer = () => {
    if (document.getElementById("news")) return;
    const bar = document.createElement("p");
    bar.id = "news";
    bar.className = "news";
    bar.setAttribute("role", "status");
    const link = document.createElement("a");
    link.href = page;
    link.textContent = say("页面有更新,点此查看(未提交的内容不会保留)", "There is news: show it (what is not sent is lost)");
    bar.append(link);
    main.before(bar);
  };

  const refresh = async () => {
    if (isAsking) {
      isBehind = true;
      return;
    }
    isAsking = true;
    try {
      const answer = await fetch(page, { headers: { Accept: "text/html" }, credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) {
        offer();
        stop();
        return;
      }
      const text = await answer.text();
      const next = new DOMParser().parseFromString(text, "text/html");
      const fresh = next.querySelector("main");
      const again = next.querySelector("script[data-streams]");
      if (again) streams = again.dataset.streams;
      if (!fresh) return;
      if (isWriting()) offer();
      else replace(fresh);
    } catch {
      // The server is away; the stream comes back with it, and says what is new.
    } finally {
      isAsking = false;
      if (isBehind) {
        isBehind = false;
        refresh();
      }
    }
  };

  const stop = () => {
    if (source) source.close();
    source = null;
  };

  const start = () => {
    stop();
    source = new EventSource(streams);
    source.addEventListener("changed", refresh);
    source.addEventListener("open", () => {
      // A page that does not say which state it shows may have missed something while it was not connected.
      if (wasOpen && !streams.includes("seen=")) refresh();
      wasOpen = true;
    });
  };

  // A page that nobody sees holds no connection: browsers have few of them for one server.
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => event.persisted && refresh().then(start));
  if (!document.hidden) start();
})();
