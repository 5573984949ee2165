// What the app states to the hub: one payload, signed by the device key and, where the PIN is asked, by the
// PIN key too (docs/protocols/app.md).

import { sign, written } from "./jws.js";
import { pinKey } from "./keys.js";

const DEVICE = "toegang-app+jwt";
const PIN = "toegang-app-pin+jwt";
const issuer = document.getElementById("main").dataset.issuer;

// By a device key that the hub does not know yet.
export const introduced = (device, claims) =>
  sign(device, { alg: "ES256", typ: DEVICE }, payloadOf(claims));

// By the device key alone.
export const stated = ({ app, device }, claims) =>
  sign(device, { alg: "ES256", typ: DEVICE, kid: app }, payloadOf(claims));

// By both, over the same octets; `key` is made of the PIN where it is not given.
export async function confirmed({ app, device, pinHalf }, claims, { pin, key }) {
  const payload = payloadOf(claims);
  const second = key ?? (await pinKey(pinHalf, app, pin));
  return {
    device: await sign(device, { alg: "ES256", typ: DEVICE, kid: app }, payload),
    pin: await sign(second, { alg: "EdDSA", typ: PIN, kid: app }, payload),
  };
}

// By these two and by the key of the PIN that is to be, over the same octets.
export async function replaced({ app, device, pinHalf }, claims, pin, fresh) {
  const payload = payloadOf(claims);
  const header = { alg: "EdDSA", typ: PIN, kid: app };
  return {
    device: await sign(device, { alg: "ES256", typ: DEVICE, kid: app }, payload),
    pin: await sign(await pinKey(pinHalf, app, pin), header, payload),
    new_pin: await sign(fresh, header, payload),
  };
}

const payloadOf = (claims) => written({ aud: issuer, ...claims, iat: Math.floor(Date.now() / 1000) });
