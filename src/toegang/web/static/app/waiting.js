// A login that waits for this app, in a browser in which it was used before. What it is the app gets to see
// only after its person typed the number of that page: whoever did not begin it has no page to read it from.

import { isGone, post, Refused } from "./api.js";
import { ask, clock, Left } from "./screens.js";
import { stated } from "./statements.js";
import { load } from "./store.js";

const NUMBER = /^[0-9]{3}$/;

// Asks the hub what waits; returns what is asked, as after scanning, or nothing.
export async function waitingLogin() {
  const waits = await waiting();
  if (!waits) {
    await ask("nothing-waits");
    return null;
  }
  try {
    return await matched(waits);
  } catch (error) {
    if (error instanceof Left) {
      await refuse(waits, false).catch(() => {});
    }
    throw error;
  }
}

// A statement about nothing that was scanned needs a challenge of its own.
export async function challenged(act, members = {}, by = undefined) {
  const { session, challenge } = await post("challenges", {});
  return { session, device: await stated(by ?? (await load()), { act, session, challenge, ...members }) };
}

async function waiting() {
  const { session, device } = await challenged("waiting");
  return post(`challenges/${session}/waiting`, { device }).catch((error) => {
    if (isGone(error)) {
      return null;
    }
    throw error;
  });
}

// Asks the number until it fits, or the page has had enough.
async function matched(waits) {
  const { session, challenge, until } = waits;
  for (let error = ""; ; ) {
    const { do: choice, page_number: number } = await ask("called", { error, until: clock(until) });
    if (choice === "refuse") {
      await refuse(waits, true);
      await ask("refused");
      return null;
    }
    error = NUMBER.test(number) ? "" : "number-form";
    if (error) {
      continue;
    }
    try {
      const device = await stated(await load(), { act: "match", session, challenge, number });
      return await post(`logins/${session}/match`, { device });
    } catch (refusal) {
      if (!(refusal instanceof Refused && refusal.code === "credentials-wrong")) {
        throw isGone(refusal) ? new Refused("call-gone") : refusal;
      }
      error = refusal.code;
    }
  }
}

async function refuse({ session, challenge }, misuse) {
  const device = await stated(await load(), { act: "refuse", session, challenge });
  await post(`logins/${session}/refuse`, { device, misuse });
}
