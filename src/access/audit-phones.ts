import type { EntityManager } from 'typeorm';
import { UnreadableField } from '../shared/field-cipher.js';
import { openPhone, phoneHashOf } from './family-phone.js';

/** A relative's phone that is not what it should be; the number is not named. */
export interface BrokenPhone {
  accountId: number;
  what: string;
}

const phonesPerBatch = 1000;

/** Reads every phone of a relative, a batch at a time, and tells of each that cannot be read or found. */
export async function* brokenPhones(manager: EntityManager): AsyncGenerator<BrokenPhone> {
  for (let afterId = 0; ; ) {
    const phones: { accountId: number; phoneSealed: string; phoneHash: string }[] = await manager.query(
      `SELECT accountId, phoneSealed, phoneHash FROM family_phone
        WHERE accountId > ? ORDER BY accountId LIMIT ${phonesPerBatch}`,
      [afterId],
    );
    for (const { accountId, phoneSealed, phoneHash } of phones) {
      const what = faultOf(manager, phoneSealed, phoneHash);
      if (what) yield { accountId, what };
    }
    const last = phones.at(-1);
    if (!last) return;
    afterId = last.accountId;
  }
}

function faultOf(manager: EntityManager, phoneSealed: string, phoneHash: string): string | undefined {
  try {
    const phone = openPhone(manager, phoneSealed);
    return phoneHashOf(manager, phone) === phoneHash ? undefined : 'the phone is not the one of its hash';
  } catch (error) {
    if (error instanceof UnreadableField) return error.message;
    throw error;
  }
}
