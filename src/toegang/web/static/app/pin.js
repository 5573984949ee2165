// Asking for a PIN, and choosing one.

import { Refused } from "./api.js";
import { ask } from "./screens.js";

const DIGITS = 5;
const UP = "0123456789012345";
const DOWN = [...UP].reverse().join("");

// Asks until what is typed has the form of a PIN; `values` may say what was wrong before.
export async function askPin(values = {}, screen = "pin") {
  for (let shown = values; ; shown = { ...values, error: "pin-form" }) {
    const given = await ask(screen, shown);
    const pin = given.pin ?? given.old_pin;
    if (isPin(pin)) {
      return pin;
    }
  }
}

// Asks the PIN until the hub takes it, or the app has no tries left; `use` brings it to the hub.
export async function withPin(use, screen = "pin") {
  for (let before = {}; ; ) {
    const pin = await askPin(before, screen);
    try {
      return await use(pin);
    } catch (refusal) {
      if (!(refusal instanceof Refused && refusal.code === "pin-wrong")) {
        throw refusal;
      }
      if (refusal.triesLeft === 0) {
        throw new Refused("app-blocked");
      }
      before = { error: refusal.code, left: String(refusal.triesLeft) };
    }
  }
}

// Asks for a new PIN twice, and for another than `old`. The hub never sees it, so what is too easy is refused here.
// `before` says what was wrong before.
export async function choosePin(old = "", before = "") {
  for (let error = before; ; ) {
    const { new_pin: pin, new_pin_again: again } = await ask("new-pin", { error });
    error = !isPin(pin) ? "pin-form" : isEasy(pin) ? "pin-easy" : pin !== again ? "pin-differs" : "";
    error ||= pin === old ? "pin-same" : "";
    if (!error) {
      return pin;
    }
  }
}

const isPin = (text) => text.length === DIGITS && /^[0-9]+$/.test(text);

// One digit five times, or digits in a row.
export const isEasy = (pin) => new Set(pin).size === 1 || UP.includes(pin) || DOWN.includes(pin);
