// JSON Web Signatures in compact form (RFC7515-7.1), by keys that WebCrypto holds.

const ALGORITHMS = {
  ES256: { name: "ECDSA", hash: "SHA-256" }, // WebCrypto answers r and s after each other, as RFC7518-3.4 asks
  EdDSA: { name: "Ed25519" },
};
const utf8 = new TextEncoder();

export const base64url = (octets) =>
  btoa(String.fromCharCode(...new Uint8Array(octets)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const encoded = (value) => base64url(utf8.encode(JSON.stringify(value)));

// Two signatures are compared by the octets under them, so a payload is written once.
export const written = (payload) => encoded(payload);

// Signs what `written` made; `kid` is left out where there is no app id yet.
export async function sign(key, header, payload) {
  const input = `${encoded(header)}.${payload}`;
  const signature = await crypto.subtle.sign(ALGORITHMS[header.alg], key, utf8.encode(input));
  return `${input}.${base64url(signature)}`;
}
