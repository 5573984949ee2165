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
  let way = (await ask("code", { code, spelled: [...code].join(" "), until: clock(until) })).do;
  for (let error = ""; ; ) {
    const given = way === "scan" ? await scanned(error) : await typed(error);
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

async function scanned(error) {
  const looking = new AbortController();
  const video = document.getElementById("camera");
  const pressed = ask("scan", { error });
  scan(video, tokenIn, looking.signal).then(
    (token) => token && answer({ do: "scan", proof: { token } }),
    () => answer({ do: "number", error: "camera" }),
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
