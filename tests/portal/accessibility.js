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
  if (!/^(zh-CN|en)$/.test(document.documentElement.lang)) fault("the page does not say its language");
  if (!document.title.trim()) fault("the page has no title");
  if (all("main").length !== 1) fault("there is not exactly one main landmark");
  const viewport = document.querySelector("meta[name=viewport]");
  if (!viewport) fault("no viewport is set");
  else if (/user-scalable=no|maximum-scale/.test(viewport.content)) fault("the reader may not zoom");
  const first = document.querySelector("body a[href]");
  if (!first || !first.getAttribute("href").startsWith("#") || !document.querySelector(first.getAttribute("href"))) fault("no link to skip to the content");

  // Headings.
  const headings = all("h1, h2, h3, h4, h5, h6").filter(isRead);
  if (headings.filter((one) => one.tagName === "H1").length !== 1) fault("there is not exactly one h1");
  let level = 0;
  for (const heading of headings) {
    const mine = Number(heading.tagName[1]);
    if (mine > level + 1) fault("a heading leaves a level out", heading);
    if (!text(heading)) fault("a heading is empty", heading);
    level = mine;
  }

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
    if (!named(field) && !labels.trim()) fault("a field has no label", field);
    if (field.placeholder && !labels.trim() && !named(field)) fault("a placeholder is no label", field);
    if (field.getAttribute("aria-invalid") === "true" && !field.getAttribute("aria-describedby")) fault("an invalid field does not say what is wrong", field);
  }
  const buttons = all("button, [role=button], summary, a[href]").filter(isRead);
  for (const button of buttons) if (!spoken(button)) fault("a control has no name", button);
  for (const link of all("a:not([href])")) if (link.hasAttribute("tabindex")) fault("a link goes nowhere", link);
  const perName = new Map();
  for (const button of buttons.filter((one) => one.tagName === "BUTTON" || one.tagName === "SUMMARY")) {
    const key = `${button.tagName} ${spoken(button)}`;
    if (perName.has(key)) fault("two controls have the same name", button);
    perName.set(key, button);
  }
  for (const picture of all("img")) if (!picture.hasAttribute("alt")) fault("a picture has no alternative", picture);
  for (const picture of all("svg").filter(isRead)) {
    if (!picture.parentElement.closest("svg") && !named(picture) && !picture.querySelector(":scope > title") && picture.getAttribute("role") !== "presentation") fault("a drawing has no name", picture);
  }
  for (const group of all("fieldset")) if (!group.querySelector(":scope > legend")) fault("a group has no legend", group);
  for (const region of all("nav, [role=region], section[aria-labelledby]").filter(isRead)) {
    if (!named(region)) fault("a landmark has no name", region);
  }

  // Roles.
  const roles = new Set("alert alertdialog button cell checkbox columnheader combobox dialog figure grid group heading img link list listbox listitem log main menu menuitem meter navigation none note option presentation progressbar radio radiogroup region row rowgroup rowheader search searchbox slider status switch tab table tablist tabpanel term textbox timer toolbar tooltip tree treeitem".split(" "));
  for (const element of all("[role]")) if (!roles.has(element.getAttribute("role"))) fault("a role is none", element);
  for (const element of all("[tabindex]")) if (element.tabIndex > 0) fault("a tabindex leaps ahead", element);
  for (const element of all("[aria-hidden=true]")) {
    if (all("a[href], button, input, select, textarea, summary, [tabindex]", element).length) fault("what is hidden can be focused", element);
  }

  // Tables and lists.
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
  for (const item of all("li")) if (!/^(UL|OL|MENU)$/.test(item.parentElement.tagName)) fault("an item is in no list", item);
  for (const list of all("ul, ol")) {
    if ([...list.children].some((child) => !/^(LI|SCRIPT|TEMPLATE)$/.test(child.tagName))) fault("a list has other children than items", list);
  }
  for (const term of all("dt, dd")) if (!term.closest("dl")) fault("a term is in no list of terms", term);
  for (const element of all("*")) {
    const style = getComputedStyle(element);
    const scrolls = /(auto|scroll)/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
    const holdsFocus = element.tabIndex >= 0 || all("a[href], button, input, select, textarea, summary", element).length;
    if (scrolls && element !== document.documentElement && element !== document.body && !holdsFocus) fault("what scrolls cannot be reached by keyboard", element);
  }

  // Targets: at least 24 pixels, unless they stand in a sentence.
  for (const target of all("button, select, textarea, summary, a[href], input").filter(isShown)) {
    if (target.type === "hidden" || target.classList.contains("skip")) continue;
    const box = target.getBoundingClientRect();
    const isInline = target.tagName === "A" && getComputedStyle(target).display === "inline";
    if (!isInline && (box.height < 23.5 || box.width < 23.5) && !["checkbox", "radio"].includes(target.type)) fault(`a target is small (${Math.round(box.width)}×${Math.round(box.height)})`, target);
  }

  // Contrast.
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
  for (const element of all("body *")) {
    if (!isShown(element) || element.closest(".visually-hidden, svg") || element.disabled) continue;
    const isSaying = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (isSaying) {
      const below = ground(element);
      const found = contrast(over(colour(style.color), below), below);
      if (found < (isLarge ? 3 : 4.5)) fault(`contrast is ${found.toFixed(2)}`, element);
    }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName) && element.type !== "hidden" && !["checkbox", "radio", "file"].includes(element.type)) {
      const found = contrast(colour(style.borderTopColor), ground(element.parentElement));
      if (found < 3) fault(`the border of a field is faint (${found.toFixed(2)})`, element);
    }
  }
  return faults;
}
