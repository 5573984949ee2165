// Practising with the app: the same screens, with made-up answers. No key is made, nothing is asked of the hub,
// and the PIN is forgotten with the page; so whoever helps somebody can show each step, and use nobody's app.

import { askPin, choosePin } from "./pin.js";
import { ask, clock, Left } from "./screens.js";

const CODE = "BDFG";
const REFERENCE = "0000-0000-0000";
const LIFE = 5 * 60_000; // milliseconds
const TRIES = 5;
const example = document.getElementById("practice").dataset;
let status = "new";
let pin = "";

async function main() {
  for (;;) {
    try {
      await begin();
    } catch (error) {
      if (!(error instanceof Left)) {
        throw error;
      }
    }
  }
}

async function begin() {
  const { do: choice } = await show(`start-${status}`);
  if (choice === "contact") {
    await met();
    await (status === "active" ? logIn() : add({ by_page: "yes" }));
  } else if (choice === "desk") {
    await show("desk");
    await add({ by_desk: "yes" });
  } else if (choice === "waiting") {
    await digits("called", "page_number", 3, "number-form");
    await logIn();
  } else if (choice === "change") {
    await changePin();
  } else if (choice === "remove" && (await show("remove")).do === "remove") {
    status = "new";
  }
}

// There is no page to scan, so both ways lead to typing a number.
async function met() {
  await show("code", { code: CODE, spelled: [...CODE].join(" "), ...times() });
  await digits("number", "number", 10, "number-form");
}

async function digits(screen, field, count, wrong) {
  document.getElementById(field).value = "";
  for (let error = ""; ; error = wrong) {
    const given = await show(screen, { error, ...times() });
    if (given.do === "refuse") {
      await refused();
    }
    const typed = given[field].replaceAll(/\s/g, "");
    if (given.do !== "scan" && typed.length === count && /^[0-9]+$/.test(typed)) {
      return;
    }
  }
}

async function add(ground) {
  const { place, browser } = example;
  const { do: choice } = await show("link", { ...ground, place, browser, reference: REFERENCE, ...times() });
  if (choice === "refuse") {
    await refused();
  }
  beside("new-pin");
  pin = await choosePin();
  status = "active";
  await show("linked");
}

async function logIn() {
  const { do: choice } = await show("confirm", { ...example, reference: REFERENCE, ...times() });
  if (choice === "refuse") {
    await refused();
  }
  if (await typedRight("pin")) {
    await show("confirmed");
  }
}

async function changePin() {
  if (await typedRight("old-pin")) {
    beside("new-pin");
    pin = await choosePin(pin);
    await show("pin-changed");
  }
}

// Whether the PIN was typed; the last wrong one blocks the app.
async function typedRight(screen) {
  let before = {};
  for (let left = TRIES - 1; left >= 0; left -= 1) {
    beside(screen);
    if ((await askPin(before, screen)) === pin) {
      return true;
    }
    before = { error: "pin-wrong", left: String(left) };
  }
  status = "blocked";
  return false;
}

async function refused() {
  await show("refused");
  throw new Left();
}

function times() {
  const now = Date.now();
  return { at: clock(new Date(now).toISOString()), until: clock(new Date(now + LIFE).toISOString()) };
}

// Shows a screen, and what is said beside it for practice.
function show(screen, values = {}) {
  beside(screen);
  return ask(screen, values);
}

function beside(screen) {
  for (const each of document.querySelectorAll("[data-practice]")) {
    each.hidden = each.dataset.practice !== screen;
  }
}

await main();
