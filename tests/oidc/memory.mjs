// Where the server keeps things: in memory, without a limit (oidc-provider's own forgets the oldest).

const stored = new Map();

/** By user code, uid and grant, the keys of what they stand for. */
const userCodes = new Map();
const uids = new Map();
const grants = new Map();

export class MemoryAdapter {
  constructor(model) {
    this.model = model;
  }

  #key(id) {
    return `${this.model}:${id}`;
  }

  async upsert(id, payload, expiresIn) {
    const key = this.#key(id);
    stored.set(key, payload);
    if (payload.userCode) userCodes.set(payload.userCode, id);
    if (this.model === 'Session') uids.set(payload.uid, id);
    if (payload.grantId && this.model !== 'Grant') {
      if (!grants.has(payload.grantId)) grants.set(payload.grantId, new Set());
      grants.get(payload.grantId).add(key);
    }
    // A soak issues thousands of tokens: what is over goes. Refresh tokens outlive any test.
    if (expiresIn && expiresIn < 60) setTimeout(() => stored.delete(key), (expiresIn + 5) * 1000).unref();
  }

  async find(id) {
    return stored.get(this.#key(id));
  }

  async findByUserCode(userCode) {
    return this.find(userCodes.get(userCode));
  }

  async findByUid(uid) {
    return this.find(uids.get(uid));
  }

  async consume(id) {
    stored.get(this.#key(id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    stored.delete(this.#key(id));
  }

  async revokeByGrantId(grantId) {
    for (const key of grants.get(grantId) ?? []) stored.delete(key);
    grants.delete(grantId);
  }
}
