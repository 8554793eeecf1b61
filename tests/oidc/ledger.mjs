// What came to the token endpoint, one entry for each presentation.
import { createHash } from 'node:crypto';

export class Ledger {
  #write;

  /** How often each refresh token came, and whether one of them was answered with tokens. */
  #tokens = new Map();

  #revoked = new Set();

  #started = performance.now();

  constructor(write) {
    this.#write = write;
  }

  /** The server has revoked a family, since a spent token came again. */
  revoked(grantId) {
    this.#revoked.add(grantId);
    this.#write({ at: this.#now(), event: 'family_revoked', family: short(grantId) });
  }

  /** The token endpoint has answered. */
  presented(ctx) {
    const { params = {}, entities = {} } = ctx.oidc ?? {};
    const entry = {
      at: this.#now(),
      event: 'token',
      grant: params.grant_type ?? null,
      client: ctx.oidc?.client?.clientId ?? params.client_id ?? null,
      status: ctx.status,
      error: ctx.body?.error ?? null,
    };
    if (params.refresh_token) Object.assign(entry, this.#spend(params.refresh_token, ctx.status === 200));
    const grantId = entities.Grant?.jti ?? entities.RefreshToken?.grantId;
    if (grantId) {
      entry.family = short(grantId);
      entry.family_revoked = this.#revoked.has(grantId);
    }
    this.#write(entry);
  }

  #spend(token, rotated) {
    const known = this.#tokens.get(token) ?? { number: this.#tokens.size + 1, times: 0, spent: false };
    const before = known.spent;
    known.times += 1;
    known.spent ||= rotated;
    this.#tokens.set(token, known);
    return { token: known.number, times: known.times, spent_before: before };
  }

  #now() {
    return Math.round(performance.now() - this.#started);
  }
}

function short(id) {
  return createHash('sha256').update(id).digest('hex').slice(0, 8);
}
