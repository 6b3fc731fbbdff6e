import type { FastifyBaseLogger } from 'fastify';
import type { IdentityLook, IdentityLookObserver } from '../access/identity-looks.js';

/** Writes one line for every unmasked look: who saw which field of whom, and never what it holds. */
export class IdentityLookLog implements IdentityLookObserver {
  constructor(private readonly log: FastifyBaseLogger) {}

  async looked(looks: readonly IdentityLook[]): Promise<void> {
    for (const { accountId, elderId, field, at } of looks) {
      this.log.info({ accountId, elderId, field, at: at.toISOString() }, 'identity shown');
    }
  }
}
