// Tells of many answers at once whether node-saml believes them. Usage: node node-saml-judge.mjs FOLDER
import { readFile, writeFile } from "node:fs/promises";
import { SAML, ValidateInResponseTo } from "@node-saml/node-saml";

const [folder] = process.argv.slice(2);
const asked = JSON.parse(await readFile(`${folder}/asked.json`, "utf8"));
// The same requests are answered again and again.
const known = { saveAsync: async () => null, getAsync: async (id) => (asked.requests.includes(id) ? new Date().toISOString() : null), removeAsync: async () => null };
const saml = new SAML({
  issuer: asked.audience,
  callbackUrl: asked.consumer,
  entryPoint: `${asked.partner}/sso`,
  idpIssuer: asked.partner,
  idpCert: asked.certificate,
  audience: asked.audience,
  validateInResponseTo: ValidateInResponseTo.always,
  cacheProvider: known,
  wantAuthnResponseSigned: false,
  wantAssertionsSigned: false,
  acceptedClockSkewMs: -1,
});
const verdicts = [];
for (const answer of asked.answers) {
  try {
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: answer });
    verdicts.push(profile ? "" : "nothing");
  } catch (error) {
    verdicts.push(`${error.name}: ${error.message}`);
  }
}
await writeFile(`${folder}/node-saml.json`, JSON.stringify(verdicts));
