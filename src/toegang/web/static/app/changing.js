// Choosing another PIN: the one before and the new one sign the very same, so the hub puts one in the place of the other.

import { post, Refused, Unreachable } from "./api.js";
import { pinKeyPair } from "./keys.js";
import { choosePin, withPin } from "./pin.js";
import { ask } from "./screens.js";
import { replaced } from "./statements.js";
import { alone, load, save } from "./store.js";

export async function changePin() {
  let fresh = "";
  await withPin(async (old) => {
    if (!fresh || fresh === old) {
      fresh = await choosePin(old);
    }
    await send(old, fresh);
  }, "old-pin");
  await ask("pin-changed");
}

function send(old, fresh) {
  return alone(async () => {
    const record = await load(); // with the turn as another tab may have left it
    const { session, challenge } = await post("challenges", {});
    const second = await pinKeyPair(record.pinHalf, record.app, fresh);
    const claims = { act: "pin", session, challenge, turn: record.turn, pin_key: second.public };
    const body = await replaced(record, claims, old, second.key);
    const { turn } = await post(`challenges/${session}/pin`, body).catch((error) => {
      // The hub may have taken it, and its answer got lost: then the new PIN is the one.
      throw error instanceof Unreachable ? new Refused("pin-unsure") : error;
    });
    await save({ ...record, turn });
  });
}
