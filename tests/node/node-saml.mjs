// A service provider on node-saml. Usage: node node-saml.mjs PORT FOLDER
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { generateServiceProviderMetadata, SAML, ValidateInResponseTo } from "@node-saml/node-saml";

const [port, folder] = process.argv.slice(2);
const read = (name) => readFile(`${folder}/${name}`, "utf8");
const { home, level, partner } = JSON.parse(await read("site.json"));
const privateKey = await read("key.pem");
const certificate = await read("certificate.pem");
const settings = {
  issuer: `${home}/metadata`,
  callbackUrl: `${home}/acs`,
  logoutCallbackUrl: `${home}/slo`,
  entryPoint: partner.login,
  logoutUrl: partner.logout,
  idpIssuer: partner.entity,
  idpCert: partner.certificates,
  audience: `${home}/metadata`,
  privateKey,
  signatureAlgorithm: "sha256",
  digestAlgorithm: "sha256",
  identifierFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  authnContext: [level],
  racComparison: "minimum",
  validateInResponseTo: ValidateInResponseTo.always,
  requestIdExpirationPeriodMs: 900_000,
  wantAuthnResponseSigned: true,
  wantAssertionsSigned: false,
  acceptedClockSkewMs: 0,
};
const saml = new SAML(settings);
// What comes by POST at the end of logging out names its request, but the library looks for that elsewhere.
const leaving = new SAML({ ...settings, validateInResponseTo: ValidateInResponseTo.never });
const people = new Map();
const cookie = (request) => /node-saml-session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
}

async function consume(url, request) {
  const { profile } = await saml.validatePostResponseAsync(await body(request));
  const { attributes, issuer, nameID, nameIDFormat, sessionIndex } = profile;
  const key = crypto.randomUUID();
  people.set(key, { profile, told: { here: true, name_id: nameID, format: nameIDFormat, issuer, session_index: sessionIndex, attributes, level: levelOf(profile) } });
  return { to: "/mine", cookie: key };
}

// It gives the level only with the whole assertion.
function levelOf(profile) {
  const statement = profile.getAssertion().Assertion.AuthnStatement[0];
  return statement.AuthnContext[0].AuthnContextClassRef[0]._;
}

async function leave(url, request) {
  const { profile } = people.get(cookie(request));
  return { to: await saml.getLogoutUrlAsync(profile, "", {}) };
}

async function finish(url, request) {
  const values = request.method === "POST" ? await body(request) : Object.fromEntries(url.searchParams);
  const { profile } = await validate(values, url, request);
  people.delete(cookie(request));
  if ("SAMLRequest" in values) {
    // It comes by a form, so without our cookie: who is meant stands in the request.
    for (const [key, { profile: known }] of people) {
      if (known.nameID === profile.nameID && known.sessionIndex === profile.sessionIndex) people.delete(key);
    }
    return { to: await saml.getLogoutResponseUrlAsync(profile, values.RelayState ?? "", {}, true) };
  }
  return { to: "/" };
}

function validate(values, url, request) {
  if (request.method !== "POST") return saml.validateRedirectAsync(values, url.search.slice(1));
  return "SAMLRequest" in values ? leaving.validatePostRequestAsync(values) : leaving.validatePostResponseAsync(values);
}

const pages = {
  "/login": async () => ({ to: await saml.getAuthorizeUrlAsync("", undefined, {}) }),
  "/acs": consume,
  "/mine": async (url, request) => ({ page: people.get(cookie(request))?.told ?? { here: false } }),
  "/logout": leave,
  "/slo": finish,
  "/metadata": async () => ({ xml: generateServiceProviderMetadata({ ...settings, publicCerts: certificate, signMetadata: true }) }),
};

createServer(async (request, response) => {
  const url = new URL(request.url, home);
  let answer = { page: { at: url.pathname } };
  try {
    answer = (await pages[url.pathname]?.(url, request)) ?? answer;
  } catch (error) {
    answer = { page: { error: error.name, description: error.message, status: error.xmlStatus } };
  }
  const headers = { "cache-control": "no-store" };
  if (answer.cookie) headers["set-cookie"] = `node-saml-session=${answer.cookie}; Path=/; HttpOnly; SameSite=Lax`;
  if (answer.to) {
    response.writeHead(303, { ...headers, location: answer.to }).end();
  } else {
    const kind = answer.xml ? "text/xml" : "application/json";
    response.writeHead(200, { ...headers, "content-type": kind }).end(answer.xml ?? JSON.stringify(answer.page));
  }
}).listen(Number(port), "127.0.0.1");
