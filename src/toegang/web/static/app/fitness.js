// Whether this browser can be an app: without a place to keep keys, or without a kind of key, it cannot.

import { dropDraft, saveDraft } from "./store.js";

// Returns "" or why not: "insecure", "ed25519", "storage".
export async function fits() {
  if (!globalThis.crypto?.subtle || !navigator.locks) {
    return "insecure"; // no TLS, or a browser from before them
  }
  try {
    await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  } catch {
    return "ed25519";
  }
  try {
    const key = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    await saveDraft({ key });
    await dropDraft();
  } catch {
    return "storage"; // a private window of some browsers, or a disk that is full
  }
  return "";
}
