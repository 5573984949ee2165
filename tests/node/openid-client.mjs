// A service provider on openid-client, as FAPI 2.0 asks: pushed requests, private_key_jwt, PKCE and DPoP.
// Usage: node openid-client.mjs ISSUER PORT KEY_FILE SERVICE
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import * as client from "openid-client";

const [issuer, port, keyFile, service] = process.argv.slice(2);
const home = `http://localhost:${port}`;
const jwk = JSON.parse(await readFile(keyFile, "utf8"));
const key = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
const metadata = { id_token_signed_response_alg: "ES256", userinfo_signed_response_alg: "ES256" };
const config = await client.discovery(
  new URL(issuer),
  "openid-client",
  metadata,
  client.PrivateKeyJwt({ key, kid: jwk.kid }),
  { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
);
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
let asked = {};
let held = {};

async function begin() {
  const verifier = client.randomPKCECodeVerifier();
  asked = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const parameters = {
    redirect_uri: `${home}/callback`,
    scope: `openid profile offline_access service:${service}`,
    acr_values: "http://eidas.europa.eu/LoA/low",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state: asked.expectedState,
    nonce: asked.expectedNonce,
  };
  return { to: (await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP })).href };
}

async function finish(url) {
  held = await client.authorizationCodeGrant(config, url, { ...asked, idTokenExpected: true }, undefined, { DPoP });
  const claims = held.claims();
  const userinfo = await client.fetchUserInfo(config, held.access_token, claims.sub, { DPoP });
  return { page: { claims, userinfo, token_type: held.token_type } };
}

async function renew() {
  const renewed = await client.refreshTokenGrant(config, held.refresh_token, undefined, { DPoP });
  const userinfo = await client.fetchUserInfo(config, renewed.access_token, renewed.claims().sub, { DPoP });
  return { page: { userinfo, another: renewed.access_token !== held.access_token } };
}

function leave() {
  const parameters = { id_token_hint: held.id_token, post_logout_redirect_uri: `${home}/` };
  return { to: client.buildEndSessionUrl(config, parameters).href };
}

const pages = { "/login": begin, "/callback": finish, "/renew": renew, "/logout": leave };

createServer(async (request, response) => {
  const url = new URL(request.url, home);
  let answer = { page: { at: url.pathname } };
  try {
    answer = (await pages[url.pathname]?.(url)) ?? answer;
  } catch (error) {
    answer = { page: { error: error.error ?? error.code, description: error.error_description ?? String(error) } };
  }
  if (answer.to) {
    response.writeHead(302, { location: answer.to }).end();
  } else {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer.page));
  }
}).listen(Number(port), "127.0.0.1");
