// Adding the app to an account: keys of its own, a PIN, and where the account asks it a code from a letter.

import { post } from "./api.js";
import { devicePublic, makeKeys, pinKeyPair } from "./keys.js";
import { leave } from "./leaving.js";
import { shownOf } from "./login.js";
import { choosePin } from "./pin.js";
import { ask } from "./screens.js";
import { confirmed, introduced } from "./statements.js";
import { alone, dropDraft, load, save, saveDraft } from "./store.js";
import { challenged } from "./waiting.js";

const LONGEST_NAME = 40; // signs

// Asks whether it is to be added, and adds it; what was there before is replaced only at the end.
export async function activate(asked) {
  const before = await load();
  document.getElementById("device_name").value ||= navigator.userAgentData?.platform ?? navigator.platform;
  const by = asked.details.ground === "desk" ? { by_desk: "yes" } : { by_page: "yes" };
  const shown = { ...shownOf(asked), ...by, replaces: before?.status === "active" };
  const { do: choice, device_name: name } = await ask("link", shown);
  if (choice === "refuse") {
    await post(`activations/${asked.session}/refuse`, {});
    await ask("refused");
    return;
  }
  const record = await introduce(asked, name.trim().slice(0, LONGEST_NAME), await choosePin());
  await leave(before).catch(() => {}); // its keys are gone from here; My account still shows it
  await navigator.storage?.persist?.(); // or the browser may clear it when room is short
  if (record.status === "active") {
    await ask("linked");
  }
}

// Tells the hub the code of the letter.
export async function addLetterCode(code) {
  await alone(async () => {
    const { app, device, pinHalf, turn } = await load();
    // Over a challenge of its own: a letter that was asked again comes when the activation is long over.
    const { session, device: statement } = await challenged("letter", { turn });
    const answered = await post(`challenges/${session}/code`, { device: statement, code });
    await save({ app, device, pinHalf, status: answered.status, turn: answered.turn });
  });
  await ask("linked");
}

async function introduce(asked, name, pin) {
  const { session } = asked;
  const keys = await makeKeys();
  await saveDraft(keys);
  const key = await devicePublic(keys.devicePublic);
  const begin = { act: "key", session, challenge: asked.challenge };
  const opened = await post(`activations/${session}/key`, {
    device_key: key,
    statement: await introduced(keys.device, begin),
  });
  const own = { app: opened.app, device: keys.device, pinHalf: keys.pinHalf };
  const second = await pinKeyPair(keys.pinHalf, opened.app, pin);
  const claims = { act: "activate", session, challenge: opened.challenge, pin_key: second.public, name };
  return alone(async () => {
    const body = await confirmed(own, claims, second);
    const { status, turn } = await post(`activations/${session}/pin`, body);
    const record = { ...own, status, turn };
    await save(record);
    await dropDraft();
    return record;
  });
}
