import { errors, type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';

/** A secret that access tokens are signed with, and the name by which a token tells which one it was. */
export interface SigningKey {
  id: string;
  secret: Uint8Array;
}

/** Whom an access token stands for: a session of an account. What they may do is asked for every request. */
export interface TokenClaims {
  accountId: number;
  sessionId: number;
}

/** The one algorithm: a token that names another, or none, is not looked at further. */
const algorithm = 'HS256';
const tokenType = 'at+jwt';
const issuer = 'yinling';
const audience = 'yinling-graph';

/** Makes and reads the short-lived signed tokens of sessions. */
export class AccessTokens {
  /** @param keys the first signs; all are accepted, so that a key can be replaced while sessions go on */
  constructor(
    private readonly keys: readonly [SigningKey, ...SigningKey[]],
    private readonly minutes: number,
  ) {}

  /** A token that counts from `now` until a little later, and never longer than its session. */
  async issue(
    { accountId, sessionId }: TokenClaims,
    now: Date,
    sessionExpiresAt: Date,
  ): Promise<{ token: string; expiresAt: Date }> {
    const [{ id, secret }] = this.keys;
    const expiresAt = new Date(Math.min(now.getTime() + this.minutes * 60_000, sessionExpiresAt.getTime()));
    const token = await new SignJWT({ sid: String(sessionId) })
      .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: id })
      .setSubject(String(accountId))
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(expiresAt)
      .sign(secret);
    return { token, expiresAt };
  }

  /** Undefined for a token that is forged, expired, signed otherwise, or meant for somebody else. */
  async read(token: string, now: Date): Promise<TokenClaims | undefined> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.secretOf(header), {
        algorithms: [algorithm],
        typ: tokenType,
        issuer,
        audience,
        currentDate: now,
        requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      });
      const accountId = numberIn(payload.sub);
      const sessionId = numberIn(payload.sid);
      return accountId && sessionId ? { accountId, sessionId } : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  private secretOf({ kid }: JWTHeaderParameters): Uint8Array {
    const key = this.keys.find(({ id }) => id === kid);
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key.secret;
  }
}

function numberIn(claim: unknown): number | undefined {
  return typeof claim === 'string' && /^[1-9]\d{0,9}$/.test(claim) ? Number(claim) : undefined;
}
