// Meeting a page on another device: the app shows a code, the person types it there, and then scans what the
// page shows, or types its number. So the app only answers a page where somebody typed a code of this app.

import { isGone, post, Refused } from "./api.js";
import { scan } from "./scan.js";
import { answer, ask, clock } from "./screens.js";

const ADDRESS = `${document.getElementById("main").dataset.issuer}/app/#`;
const TOKEN = /^[\w-]{22}$/;
const LIFE = 5 * 60_000; // milliseconds of a code that the app shows
const NUMBER = /^[0-9]{10}$/;

// Returns what the page asks: {kind, session, challenge, until, details}.
export async function meet() {
  document.getElementById("number").value = "";
  const { contact, code, until } = await post("contacts", {});
  const began = performance.now();
  const refused = new Set(); // or the camera, still held before an old code, would send it again and again
  let way = (await ask("code", { code, spelled: [...code].join(" "), until: clock(until) })).do;
  for (let error = ""; ; ) {
    const given = way === "scan" ? await scanned(error, refused) : await typed(error);
    error = given.error ?? "";
    way = given.do;
    if (given.proof) {
      try {
        return await post("scans", { contact, ...given.proof });
      } catch (refusal) {
        if (!isGone(refusal)) {
          throw refusal;
        }
        if (performance.now() - began > LIFE) {
          throw new Refused("contact-gone");
        }
        refused.add(given.proof.token);
        // The page makes a new one at a press of a button; the code that was typed there still counts.
        error = "scan-gone";
      }
    }
  }
}

// The token that an address of the app carries, else an empty text.
export function tokenIn(address) {
  const token = address.startsWith(ADDRESS) ? address.slice(ADDRESS.length) : "";
  return TOKEN.test(token) ? token : "";
}

async function scanned(error, refused) {
  const looking = new AbortController();
  const video = document.getElementById("camera");
  const pressed = ask("scan", { error });
  const found = (values) => looking.signal.aborted || answer(values); // else it would answer another screen
  const fresh = (address) => (refused.has(tokenIn(address)) ? "" : tokenIn(address));
  scan(video, fresh, looking.signal).then(
    (token) => found({ do: "scan", proof: { token } }),
    () => found({ do: "number", error: "camera" }),
  );
  try {
    return await pressed;
  } finally {
    looking.abort();
  }
}

async function typed(error) {
  const given = await ask("number", { error });
  const number = given.number.replaceAll(/\s/g, "");
  if (given.do !== "number") {
    return { do: given.do };
  }
  return NUMBER.test(number) ? { do: "number", proof: { number } } : { do: "number", error: "number-form" };
}
