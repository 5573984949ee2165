// Confirming a login, or refusing it, which is as easy.

import { post } from "./api.js";
import { withPin } from "./pin.js";
import { ask, clock, language, Left, say } from "./screens.js";
import { confirmed, stated } from "./statements.js";
import { alone, load, save } from "./store.js";

// Shows what is asked and sends the answer; ends where the person goes on.
export async function logIn(asked) {
  const shown = shownOf(asked);
  try {
    const { do: choice } = await ask("confirm", shown);
    if (choice === "refuse") {
      await refuse(asked, true);
      await ask("refused");
      return;
    }
    await goOn(await withPin((pin) => send(asked, shown, pin)));
  } catch (error) {
    if (error instanceof Left) {
      // Stopping tells the page so, at once; when that does not arrive, its time ends by itself.
      await refuse(asked, false).catch(() => {});
    }
    throw error;
  }
}

function send(asked, { provider, service, level }, pin) {
  return alone(async () => {
    const record = await load(); // with the turn as another tab may have left it
    if (!record?.device) {
      throw new Left(); // removed, blocked or stopped in another tab: the start says which
    }
    const { session, challenge } = asked;
    const shown = { language, provider, service, level };
    const claims = { act: "confirm", session, challenge, turn: record.turn, ...shown };
    const answered = await post(`logins/${session}/confirm`, await confirmed(record, claims, { pin }));
    await save({ ...record, turn: answered.turn });
    return answered;
  });
}

function refuse({ session, challenge }, misuse) {
  return alone(async () => {
    const device = await stated(await load(), { act: "refuse", session, challenge });
    await post(`logins/${session}/refuse`, { device, misuse });
  });
}

// On the same device back to the page where the login began; it only goes on in that browser.
async function goOn({ return: address }) {
  if (address && new URL(address, location).origin === location.origin) {
    location.replace(address);
    await new Promise(() => {}); // the page goes
  }
  await ask("confirmed");
}

// What a screen shows of a login or an activation, in the language of the page.
export function shownOf({ details, until }) {
  const { reference, at } = details;
  const texts = ["provider", "service", "level", "place", "browser"];
  const said = Object.fromEntries(texts.map((name) => [name, say(details[name])]));
  return { ...said, reference, at: at && clock(at), until: clock(until) };
}
