// One screen at a time, each a section of the page. A flow asks (`await ask("pin")`) and goes on with the
// answer. Words stand in the page, in its language; nothing here makes markup out of text.

const heading = document.getElementById("title");
const status = document.getElementById("status");
const house = document.title;
let waiting = null;
let shown = null;
let inside = false;

// The person pressed Stop, or went back.
export class Left extends Error {}

// Shows a screen and waits for the button that is pressed: {do: its value, and every field by its name}.
export function ask(name, values = {}) {
  const screen = show(name, values);
  if (!inside && !("root" in screen.dataset)) {
    inside = true;
    history.pushState(null, ""); // so that Back leads to the start of the app, not out of it
  }
  return new Promise((resolve, reject) => {
    waiting = { resolve, reject };
  });
}

// Answers for the person: the camera saw a code.
export function answer(values) {
  const asked = waiting;
  waiting = null;
  asked?.resolve(values);
}

// Says in the page and to screen readers that something goes on that takes a while.
export function busy(yes) {
  status.hidden = !yes;
}

// The language of the page: what is shown in it is what is signed.
export const language = document.documentElement.lang;

// A text that exists in both languages.
export const say = (text) => text?.[language] ?? "";

// The wall clock in the Netherlands, such as 14:32.
export function clock(moment) {
  const hours = { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, hours).format(new Date(moment));
}

function show(name, values) {
  let chosen;
  for (const each of document.querySelectorAll("[data-screen]")) {
    each.hidden = each.dataset.screen !== name;
    chosen = each.hidden ? chosen : each;
  }
  forget(document); // also what was typed on a screen that was left by Back
  busy(false);
  heading.textContent = chosen.dataset.title;
  document.title = `${chosen.dataset.title} - ${house}`;
  for (const slot of chosen.querySelectorAll("[data-slot]")) {
    slot.textContent = values[slot.dataset.slot] ?? "";
  }
  for (const part of chosen.querySelectorAll("[data-if]")) {
    part.hidden = !holds(part.dataset.if, values);
  }
  const field = chosen.querySelector("input");
  field?.setAttribute("aria-invalid", String(Boolean(values.error)));
  scrollTo(0, 0);
  if (shown) {
    // Who cannot see the change hears it: the field with its screen's name, or the new heading.
    (field && !("later" in field.dataset) ? field : heading).focus();
  }
  shown = chosen;
  return chosen;
}

// "name" holds when there is such a value, "name=value" when it is that one.
function holds(condition, values) {
  const [name, wanted] = condition.split("=");
  return wanted === undefined ? Boolean(values[name]) : values[name] === wanted;
}

// Empties the fields of secrets within a part of the page.
function forget(part) {
  for (const secret of part.querySelectorAll("[data-secret]")) {
    secret.value = "";
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = waiting;
  if (!asked) {
    return; // pressed twice
  }
  waiting = null;
  const given = Object.fromEntries(new FormData(event.target));
  forget(event.target);
  const pressed = event.submitter?.value ?? "";
  busy(true);
  if (pressed === "stop") {
    asked.reject(new Left());
  } else {
    asked.resolve({ ...given, do: pressed });
  }
});

addEventListener("popstate", () => {
  inside = false;
  const asked = waiting;
  waiting = null;
  asked?.reject(new Left());
});
