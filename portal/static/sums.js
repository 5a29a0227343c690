"use strict";
// Adds up the amounts of a form's rows while somebody types. Without this file the sum is checked when the form is sent.
const PLACES = { "": 2, 元: 2, 万: 6, 万元: 6, 亿: 10, 亿元: 10 };
const AMOUNT = /^(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d+))?(元|万元?|亿元?)?$/;

// An amount as people write it, in fen; null when it is none.
function fenOf(text) {
  const found = AMOUNT.exec(text.normalize("NFKC").replace(/\s/g, ""));
  if (!found || !(found[1] || found[2])) return null;
  const places = PLACES[found[3] || ""];
  const decimals = (found[2] || "").replace(/0+$/, "");
  return decimals.length > places ? null : BigInt(found[1].replaceAll(",", "") + decimals.padEnd(places, "0"));
}

function inWan(fen) {
  const digits = String(fen).padStart(7, "0");
  const whole = digits.slice(0, -6).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${digits.slice(-6).replace(/0{1,4}$/, "")}万元`;
}

function tell(sum) {
  const inputs = [...sum.closest("fieldset").querySelectorAll("input.money")];
  const amounts = inputs.map((input) => input.value.trim()).filter(Boolean).map(fenOf);
  sum.hidden = amounts.length === 0;
  const isSum = amounts.length > 0 && !amounts.includes(null);
  sum.querySelector("output").textContent = isSum ? inWan(amounts.reduce((one, other) => one + other)) : "–";
}

// The page may be brought up to date meanwhile, so nothing is remembered of its parts.
document.addEventListener("input", (event) => {
  const sum = event.target.closest("fieldset")?.querySelector("[data-sum]");
  if (sum) tell(sum);
});
document.querySelectorAll("[data-sum]").forEach(tell);
