// The app: an authenticator in the browser. Start here, then screens.js (what is asked of the person),
// login.js, activation.js and changing.js (what it does), waiting.js (a login that calls it), keys.js (why a PIN cannot be guessed).

import { activate, addLetterCode } from "./activation.js";
import { isGone, post, Refused, Unreachable } from "./api.js";
import { changePin } from "./changing.js";
import { meet, tokenIn } from "./contact.js";
import { fits } from "./fitness.js";
import { install, keepShell, offerToInstall } from "./install.js";
import { leave } from "./leaving.js";
import { logIn } from "./login.js";
import { keepTold, noticesOf, turnOff, turnOn } from "./notices.js";
import { ask, Left } from "./screens.js";
import { alone, erase, load, save } from "./store.js";
import { waitingLogin } from "./waiting.js";

// Refusals after which the app is something else than it was.
const BECOMES = { "app-blocked": "blocked", "app-stopped": "stopped" };
// Refusals with words of their own; the page has them.
const CALLED = "#waiting";
const TOLD = new Set(
  [...document.querySelectorAll("[data-screen=trouble] [data-if^='code=']")].map((part) =>
    part.dataset.if.slice("code=".length),
  ),
);

async function main() {
  offerToInstall();
  keepShell();
  addEventListener("hashchange", () => location.reload());
  let token = tokenIn(location.href);
  let called = location.hash === CALLED; // a notice was pressed
  // Not kept in the address: whoever comes back to it would bring a used one.
  history.replaceState(null, "", location.pathname + location.search);
  const problem = await fits();
  if (problem) {
    await ask("unfit", { problem });
  }
  for (;;) {
    try {
      await (token ? arrive(token) : called ? goToWaiting() : begin());
    } catch (error) {
      await tell(error).catch(ignoreLeaving);
    }
    token = "";
    called = false;
  }
}

// The start: what can be done depends on what became of the app.
async function begin(values = {}) {
  const record = await load();
  const notices = record?.status === "active" ? await noticesOf(record) : {};
  if (notices.told) {
    keepTold(record).catch(() => {}); // at the next start again
  }
  const start = `start-${record?.status ?? "new"}`;
  const { do: choice, letter_code: code } = await ask(start, { ...notices, ...values });
  if (choice === "contact") {
    await take(await meet());
  } else if (choice === "letter") {
    await bringLetter(code);
  } else if (choice === "desk") {
    await take(await fromDesk());
  } else if (choice === "waiting") {
    await goToWaiting();
  } else if (choice === "change") {
    await changePin();
  } else if (choice === "notices") {
    await turnOn();
  } else if (choice === "install") {
    await install();
  } else if (choice === "remove" && (await ask("remove")).do === "remove") {
    await turnOff().catch(() => {});
    // Alone, or another tab that just used the app would keep its keys again.
    await alone(async () => {
      await leave(await load()).catch(() => {}); // else it is stopped in My account, as the screen says
      await erase();
    });
  }
}

// At a desk: the code on paper opens the activation, where elsewhere a page does.
async function fromDesk() {
  document.getElementById("desk_code").value = "";
  for (let error = ""; ; ) {
    const { desk_code: code } = await ask("desk", { error });
    try {
      return await post("desk", { code: code.trim() });
    } catch (refusal) {
      if (!isGone(refusal)) {
        throw refusal;
      }
      error = "one-time-gone";
    }
  }
}

// A login that waits in a browser that knows this app.
async function goToWaiting() {
  const record = await load();
  if (record?.status !== "active") {
    throw new Refused(record?.status === "pending" ? "app-pending" : "no-app");
  }
  const asked = await waitingLogin();
  if (asked) {
    await logIn(asked);
  }
}

// On the same device: a page's link led here.
async function arrive(token) {
  const asked = await post("scans", { token }).catch((error) => {
    throw isGone(error) ? new Refused("link-gone") : error;
  });
  await take(asked);
}

async function take(asked) {
  if (asked.kind === "activation") {
    await activate(asked);
    return;
  }
  const record = await load();
  if (record?.status !== "active") {
    throw new Refused(record?.status === "pending" ? "app-pending" : "no-app");
  }
  await logIn(asked);
}

async function bringLetter(code) {
  try {
    await addLetterCode(code.trim());
  } catch (error) {
    if (!(error instanceof Refused && error.code === "credentials-wrong")) {
      throw error;
    }
    await begin({ error: error.code });
  }
}

// Says what went wrong and what to do now.
async function tell(error) {
  if (error instanceof Left) {
    return;
  }
  if (error instanceof Unreachable) {
    await ask("trouble", { code: "offline" });
  } else if (error instanceof Refused) {
    const status = BECOMES[error.code];
    const record = status && (await load());
    if (record) {
      await save({ status }); // its keys are of no use any more
      return; // the start says it
    }
    const code = TOLD.has(error.code) ? error.code : "other";
    await ask("trouble", { code, reference: error.reference });
  } else {
    reportError(error); // a mistake of ours: for whoever looks in the browser's own log
    await ask("trouble", { code: "other" });
  }
}

function ignoreLeaving(error) {
  if (!(error instanceof Left)) {
    throw error;
  }
}

await main();
