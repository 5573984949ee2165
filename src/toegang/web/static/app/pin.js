// Asking for a PIN, and choosing one.

import { ask } from "./screens.js";

const DIGITS = 5;
const UP = "0123456789012345";
const DOWN = [...UP].reverse().join("");

// Asks until what is typed has the form of a PIN; `values` may say what was wrong before.
export async function askPin(values = {}) {
  for (let shown = values; ; shown = { ...values, error: "pin-form" }) {
    const { pin } = await ask("pin", shown);
    if (isPin(pin)) {
      return pin;
    }
  }
}

// Asks for a new PIN twice. The hub never sees it, so what is too easy is refused here.
export async function choosePin() {
  for (let error = ""; ; ) {
    const { new_pin: pin, new_pin_again: again } = await ask("new-pin", { error });
    error = !isPin(pin) ? "pin-form" : isEasy(pin) ? "pin-easy" : pin !== again ? "pin-differs" : "";
    if (!error) {
      return pin;
    }
  }
}

const isPin = (text) => text.length === DIGITS && /^[0-9]+$/.test(text);

// One digit five times, or digits in a row.
export const isEasy = (pin) => new Set(pin).size === 1 || UP.includes(pin) || DOWN.includes(pin);
