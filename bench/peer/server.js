// oidc-provider as its documentation asks for in production, with everything in memory: ES256, PKCE,
// a client with a secret, and one interaction that logs in and grants at once.
// Usage: node server.js '{"port": 0, "client": {...}, "key": {...}, "cookies": "...",
//                         "person": "...", "spared": false}'
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const asked = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${asked.port}`;
const INTERACTION = '/interaction/';

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: asked.client.id,
      client_secret: asked.client.secret,
      redirect_uris: [asked.client.redirect],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys: [asked.key] },
  cookies: { keys: [asked.cookies] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `${INTERACTION}${interaction.uid}` },
  pkce: { required: () => true },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
});

// Log in and grant at once, with nothing to look at. By default the visitor is then sent back to the
// authorization endpoint, as the documentation has it: five requests a login. A peer that is spared answers
// that one at once, without the browser, which no user of the library has: four, like the hub.
async function interaction(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: asked.person, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { login: { accountId: asked.person }, consent: { grantId: await grant.save() } };
  if (!asked.spared) return provider.interactionFinished(request, response, result);
  const back = await provider.interactionResult(request, response, result);
  request.url = new URL(back).pathname;
  return oidc(request, response);
}

const oidc = provider.callback();
const server = createServer((request, response) =>
  request.url.startsWith(INTERACTION) ? interaction(request, response) : oidc(request, response));
server.listen(asked.port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
