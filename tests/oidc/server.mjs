// A real authorization server for the tests: npm's oidc-provider on a free port of 127.0.0.1, with
// rotating refresh tokens, a user who agrees to everything, an API beside it, and a log of its own.
//
//   node server.mjs --modules FOLDER --access-ttl SECONDS --log FILE
//
// The first line on stdout is {"issuer": "http://127.0.0.1:PORT"}. It ends when its input ends, so
// it goes with the test that started it, however that ends.
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { browse } from './browser.mjs';
import { Ledger } from './ledger.mjs';
import { MemoryAdapter } from './memory.mjs';

const { values: given } = parseArgs({
  options: {
    modules: { type: 'string' },
    'access-ttl': { type: 'string', default: '3600' },
    log: { type: 'string' },
  },
});
const entry = path.join(path.resolve(given.modules), 'oidc-provider', 'lib', 'index.js');
const { Provider } = await import(pathToFileURL(entry));

const SCOPES = 'openid offline_access';
const USER = 'user-1';
const RESOURCE_SCOPES = 'orders.read orders.write';
const RESOURCES = ['https://x.example', 'https://y.example'];

const server = http.createServer();
// A kept-alive connection that node closes under a request would look like a fault of the client.
server.keepAliveTimeout = 3_600_000;
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const ledger = new Ledger((entry) => appendFileSync(given.log, `${JSON.stringify(entry)}\n`));

const lifetime = Number(given['access-ttl']);
const loopback = ['http://127.0.0.1/callback'];
const provider = new Provider(issuer, {
  adapter: MemoryAdapter,
  clients: [
    {
      client_id: 'web app',
      client_secret: 'its/secret:1',
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: loopback,
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
    },
    {
      client_id: 'cli',
      token_endpoint_auth_method: 'none',
      redirect_uris: loopback,
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    },
    {
      client_id: 'service',
      client_secret: 'its/secret:2',
      token_endpoint_auth_method: 'client_secret_post',
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
    },
  ],
  cookies: { keys: ['only for tests'] },
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => false,
      getResourceServerInfo: () => ({ scope: RESOURCE_SCOPES, accessTokenTTL: lifetime, accessTokenFormat: 'opaque' }),
    },
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  scopes: ['openid', 'offline_access', ...RESOURCE_SCOPES.split(' ')],
  ttl: {
    AccessToken: lifetime,
    ClientCredentials: lifetime,
    AuthorizationCode: 60,
    DeviceCode: 600,
    Grant: 86400,
    Interaction: 600,
    RefreshToken: 86400,
    Session: 86400,
  },
});

provider.on('grant.revoked', (_, grantId) => ledger.revoked(grantId));
provider.on('server_error', (_, error) => console.error(error));

/** A grant to everything that was asked for. */
async function agree(accountId, clientId, resource) {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(`${SCOPES} ${RESOURCE_SCOPES}`);
  for (const one of [resource].flat().filter(Boolean)) grant.addResourceScope(one, RESOURCE_SCOPES);
  return grant.save();
}

/** The user: signs in as who was asked for, and agrees. */
async function interact(ctx) {
  const { prompt, params } = await provider.interactionDetails(ctx.req, ctx.res);
  const result = prompt.name === 'login'
    ? { login: { accountId: USER } }
    : { consent: { grantId: await agree(USER, params.client_id, params.resource) } };
  await provider.interactionFinished(ctx.req, ctx.res, result);
  ctx.respond = false;
}

/** A sign-in without a browser, so that a test can have many. */
async function signIn(ctx) {
  const client = await provider.Client.find(ctx.query.client_id);
  const grantId = await agree(USER, client.clientId, RESOURCES);
  const shared = { accountId: USER, client, grantId, gty: 'authorization_code' };
  const access = await new provider.AccessToken({ ...shared, scope: SCOPES }).save();
  const granted = { scope: `${SCOPES} ${RESOURCE_SCOPES}`, resource: RESOURCES };
  const refresh = await new provider.RefreshToken({ ...shared, ...granted }).save();
  ctx.body = { access_token: access, refresh_token: refresh, expires_in: lifetime, token_type: 'Bearer' };
}

/** The API: takes any access token that is alive. */
async function api(ctx) {
  const token = /^Bearer (.+)$/.exec(ctx.get('authorization'))?.[1] ?? '';
  const found = await provider.AccessToken.find(token) ?? await provider.ClientCredentials.find(token);
  if (!found) {
    ctx.status = 401;
    ctx.set('www-authenticate', 'Bearer error="invalid_token"');
    ctx.body = { error: 'invalid_token' };
    return;
  }
  const { accountId, clientId, aud, scope } = found;
  ctx.body = { user: accountId ?? null, client: clientId, audience: aud ?? null, scope: scope ?? null };
}

provider.use(async (ctx, next) => {
  if (ctx.path === '/api') return api(ctx);
  if (ctx.path === '/test/sign-in') return signIn(ctx);
  if (ctx.path === '/test/browse') {
    ctx.body = await browse(ctx.query.url);
    return undefined;
  }
  if (ctx.path.startsWith('/interaction/')) return interact(ctx);
  await next();
  if (ctx.path === '/token') ledger.presented(ctx);
  return undefined;
});

server.on('request', provider.callback());
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
console.log(JSON.stringify({ issuer }));
