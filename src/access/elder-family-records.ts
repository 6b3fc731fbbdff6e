import { erasedText } from '../elders/erasure.rules.js';
import type { PersonalRecords } from '../elders/personal-records.js';
import { relativesOfElders } from './relatives.js';

/** What the platform keeps of an elder's relatives: handed over with the elder's file, and ended with it. */
export const elderFamilyRecords: PersonalRecords = {
  name: 'relatives',
  async collect(manager, elderId) {
    const relatives = (await relativesOfElders(manager, [elderId])).get(elderId) ?? [];
    return relatives.map(({ id, name, phoneMasked, rights, mayLetIn, fromAt, untilAt, consents }) => ({
      id,
      name,
      phone: phoneMasked,
      rights,
      mayLetIn,
      from: fromAt.toISOString(),
      until: untilAt?.toISOString() ?? null,
      consents: consents.map((consent) => ({
        ...consent,
        at: consent.at.toISOString(),
        untilAt: consent.untilAt.toISOString(),
      })),
    }));
  },
  /**
   * Consents are proofs and stay, without the names. Nobody is a relative of an erased person; a phone by which
   * somebody signed in for this elder alone is nobody's any more.
   */
  async erase(manager, elderId) {
    const rows: { accountId: number }[] = await manager.query(
      `SELECT DISTINCT accountId FROM access_grant WHERE role = 'FAMILY' AND elderId = ?
          AND accountId NOT IN (SELECT accountId FROM access_grant WHERE elderId IS NULL OR elderId <> ?)`,
      [elderId, elderId],
    );
    for (const { accountId } of rows) {
      await manager.query('DELETE FROM sign_in_code WHERE accountId = ?', [accountId]);
      await manager.query('DELETE FROM family_phone WHERE accountId = ?', [accountId]);
      await manager.query('UPDATE account SET name = ? WHERE id = ?', [erasedText, accountId]);
    }
    await manager.query(
      `UPDATE family_consent SET name = ?
        WHERE grantId IN (SELECT id FROM access_grant WHERE role = 'FAMILY' AND elderId = ?)`,
      [erasedText, elderId],
    );
    // It ends where it began; when it really ended stands in its consents.
    await manager.query("UPDATE access_grant SET untilAt = fromAt WHERE role = 'FAMILY' AND elderId = ?", [
      elderId,
    ]);
  },
};
