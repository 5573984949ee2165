// Choosing another PIN: the one before and the new one sign the very same, so the hub puts one in the place of the other.

import { isGone, post, Refused, Unreachable } from "./api.js";
import { pinKeyPair } from "./keys.js";
import { choosePin, withPin } from "./pin.js";
import { ask, Left } from "./screens.js";
import { replaced } from "./statements.js";
import { alone, load, save } from "./store.js";

export async function changePin() {
  await replacePin(); // which forgets both before the last screen waits
  await ask("pin-changed");
}

async function replacePin() {
  let fresh = "";
  await withPin(async (old) => {
    if (!fresh || fresh === old) {
      fresh = await choosePin(old, fresh && "pin-same");
    }
    await send(old, fresh);
  }, "old-pin");
}

function send(old, fresh) {
  return alone(async () => {
    const record = await load(); // with the turn as another tab may have left it
    if (!record?.device) {
      throw new Left(); // removed, blocked or stopped in another tab: the start says which
    }
    const { session, challenge } = await post("challenges", {});
    const second = await pinKeyPair(record.pinHalf, record.app, fresh);
    const claims = { act: "pin", session, challenge, turn: record.turn, pin_key: second.public };
    const body = await replaced(record, claims, old, second.key);
    const { turn } = await post(`challenges/${session}/pin`, body).catch((error) => {
      throw isUnsure(error) ? new Refused("pin-unsure") : error;
    });
    await save({ ...record, turn });
  });
}

// The hub may have taken it: its answer got lost, its database did not say, or what stands between sent it twice.
const isUnsure = (error) => error instanceof Unreachable || error.code === "unavailable" || isGone(error);
