() => {
  const faults = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const text = (element) => (element.textContent || "").replace(/\s+/g, " ").trim();
  const where = (element) =>
    `<${element.tagName.toLowerCase()}${element.id ? ` id=${element.id}` : ""}${element.getAttribute("name") ? ` name=${element.getAttribute("name")}` : ""}> ${text(element).slice(0, 40)}`;
  const fault = (what, element) => faults.push(element ? `${what}: ${where(element)}` : what);
  const isShown = (element) => element.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true });
  const isHidden = (element) => Boolean(element.closest("[aria-hidden=true]"));
  const isRead = (element) => isShown(element) && !isHidden(element);

  // The page as a whole.
  const first = document.querySelector("body a[href]");
  if (!first || !first.getAttribute("href").startsWith("#") || !document.querySelector(first.getAttribute("href"))) fault("no link to skip to the content");

  // Headings.
  const headings = all("h1, h2, h3, h4, h5, h6").filter(isRead);
  if (headings.filter((one) => one.tagName === "H1").length !== 1) fault("there is not exactly one h1");

  // References.
  const seen = new Set();
  for (const element of all("[id]")) {
    if (seen.has(element.id)) fault("an id is there twice", element);
    seen.add(element.id);
  }
  for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for"]) {
    for (const element of all(`[${name}]`)) {
      for (const id of element.getAttribute(name).split(/\s+/)) if (!seen.has(id)) fault(`${name} names nothing (${id})`, element);
    }
  }

  // Names.
  const named = (element) => {
    const by = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    const said = by.map((id) => document.getElementById(id)).filter(Boolean).map(text).join(" ");
    return (said || element.getAttribute("aria-label") || "").trim();
  };
  const spoken = (element) => {
    if (named(element)) return named(element);
    const copy = element.cloneNode(true);
    all("[aria-hidden=true]", copy).forEach((one) => one.remove());
    all("img[alt]", copy).forEach((one) => one.replaceWith(one.alt));
    all("svg[aria-label]", copy).forEach((one) => one.replaceWith(one.getAttribute("aria-label")));
    return text(copy);
  };
  for (const field of all("input, select, textarea")) {
    if (field.type === "hidden") continue;
    const labels = [...(field.labels || [])].map(text).join(" ");
    if (field.placeholder && !labels.trim() && !named(field)) fault("a placeholder is no label", field);
    if (field.getAttribute("aria-invalid") === "true" && !field.getAttribute("aria-describedby")) fault("an invalid field does not say what is wrong", field);
  }
  const buttons = all("button, [role=button], summary, a[href]").filter(isRead);
  const perName = new Map();
  for (const button of buttons.filter((one) => one.tagName === "BUTTON" || one.tagName === "SUMMARY")) {
    const key = `${button.tagName} ${spoken(button)}`;
    if (perName.has(key)) fault("two controls have the same name", button);
    perName.set(key, button);
  }
  for (const picture of all("svg").filter(isRead)) {
    if (!picture.parentElement.closest("svg") && !named(picture) && !picture.querySelector(":scope > title") && picture.getAttribute("role") !== "presentation") fault("a drawing has no name", picture);
  }
  for (const group of all("fieldset")) if (!group.querySelector(":scope > legend")) fault("a group has no legend", group);
  for (const region of all("nav, [role=group], section[aria-labelledby]").filter(isRead)) {
    if (!named(region)) fault("a landmark has no name", region);
  }

  // Tables.
  for (const table of all("table:not([role=presentation])").filter(isRead)) {
    if (!named(table) && !(table.caption && text(table.caption))) fault("a table has no caption", table);
    const heads = all("th", table);
    if (!heads.length) fault("a table has no header cells", table);
    for (const head of heads) if (!head.getAttribute("scope")) fault("a header cell has no scope", head);
  }
  // A cell is squeezed when one text in it takes three lines or more and none of them has room for four characters: the columns share
  // the width by force. It goes by single texts, for what stands on lines of its own by design, as the days of a calendar do, is no
  // squeeze; and by the fullest line, for a last word alone is none either. What is cut down to be heard only has no width to be judged by.
  const isCutAway = (element) => {
    for (let one = element; one; one = one.parentElement) if (getComputedStyle(one).clipPath !== "none") return true;
    return false;
  };
  const lines = (node) => {
    const perLine = new Map();
    const range = document.createRange();
    for (let at = 0; at < node.length; at += 1) {
      if (!node.data[at].trim()) continue;
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const top = Math.round(range.getBoundingClientRect().top);
      perLine.set(top, (perLine.get(top) || 0) + 1);
    }
    return [...perLine.values()];
  };
  const isSqueezed = (node) => {
    if (node.data.trim().length < 4 || !isShown(node.parentElement) || isCutAway(node.parentElement)) return false;
    const counts = lines(node);
    return counts.length >= 3 && Math.max(...counts) < 4;
  };
  for (const cell of all("th, td").filter(isShown)) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) if (isSqueezed(texts.currentNode)) { fault("a cell is squeezed", cell); break; }
  }

  // The borders of fields stand out from what is around them (1.4.11).
  const colour = (written) => {
    const parts = (written.match(/[\d.]+/g) || []).map(Number);
    return { r: parts[0] || 0, g: parts[1] || 0, b: parts[2] || 0, a: parts.length > 3 ? parts[3] : written.startsWith("rgb") ? 1 : 0 };
  };
  const over = (top, below) => ({ r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1 });
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.push(colour(getComputedStyle(one).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 });
  };
  const bright = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [light, dark] = [bright(one), bright(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const isWrittenIn = (field) => !["hidden", "checkbox", "radio", "file"].includes(field.type) && !field.disabled;
  for (const field of all("input, select, textarea").filter(isShown).filter(isWrittenIn)) {
    const found = contrast(colour(getComputedStyle(field).borderTopColor), ground(field.parentElement));
    if (found < 3) fault(`the border of a field is faint (${found.toFixed(2)})`, field);
  }
  return faults;
}
