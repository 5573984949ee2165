// The keys of the app. Two live in this browser and never leave it: a device key that signs, and a key that
// makes, with the PIN, the seed of a third. That one is made anew for each use and kept nowhere: a wrong PIN
// gives another key, which only the hub can tell. So who has the device has nothing to compare a guess with.

// Ed25519 as PKCS#8 (RFC8410-7) up to the 32 octets of the seed.
const PKCS8 = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const PURPOSE = "toegang pin 1"; // another way to make the seed gets another number

export async function makeKeys() {
  const [device, pinHalf] = await Promise.all([
    crypto.subtle.generateKey(P256, false, ["sign", "verify"]),
    crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]),
  ]);
  return { device: device.privateKey, devicePublic: device.publicKey, pinHalf };
}

// The public key as a JWK with its required members only (RFC7638-3.2).
export async function devicePublic(key) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key);
  return { kty, crv, x, y };
}

// The key that signs beside the device key, for one confirmation.
export const pinKey = (pinHalf, app, pin) => imported(pinHalf, app, pin, false);

// The same with its public half, which the hub is told once.
export async function pinKeyPair(pinHalf, app, pin) {
  const { kty, crv, x } = await crypto.subtle.exportKey("jwk", await imported(pinHalf, app, pin, true));
  return { key: await pinKey(pinHalf, app, pin), public: { kty, crv, x } };
}

async function imported(pinHalf, app, pin, extractable) {
  const text = new TextEncoder().encode(PURPOSE + app + pin);
  const seed = new Uint8Array(await crypto.subtle.sign("HMAC", pinHalf, text));
  const octets = new Uint8Array([...PKCS8, ...seed]);
  try {
    return await crypto.subtle.importKey("pkcs8", octets, { name: "Ed25519" }, extractable, ["sign"]);
  } finally {
    seed.fill(0);
    octets.fill(0);
    text.fill(0);
  }
}
