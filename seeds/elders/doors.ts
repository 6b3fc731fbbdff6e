import type { EntityManager } from 'typeorm';
import { authenticatedName } from '../../src/elders/sealed-fields.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { placeholders } from '../../src/shared/statements.js';
import { bitsOf } from '../deterministic.js';

const doorBits = bitsOf('door');

/**
 * Phones and addresses of elders who are visited, where none are known. The numbers are nobody's: no subscriber
 * of the city's area code begins with a zero.
 */
export async function describeDoors(manager: EntityManager, elderIds: readonly number[]): Promise<void> {
  const rows: { id: number; station: string }[] = await manager.query(
    `SELECT elder.id, facility.name AS station FROM elder JOIN facility ON facility.id = elder.homeStationId
      WHERE elder.id IN (${placeholders(elderIds)}) AND elder.phoneSealed IS NULL AND elder.addressSealed IS NULL`,
    [...elderIds],
  );
  const cipher = cipherOf(manager);
  for (const { id, station } of rows) {
    const bits = doorBits(id);
    const community = `南阳市${station.replace('居家养老服务站', '')}`;
    const door = `${1 + (bits % 20)}号楼${1 + ((bits >>> 8) % 4)}单元${1 + ((bits >>> 12) % 6)}01室`;
    const phone = `03770${String(bits % 1_000_000).padStart(6, '0')}`;
    await manager.query('UPDATE elder SET phoneSealed = ?, addressSealed = ? WHERE id = ?', [
      cipher.encrypt(authenticatedName('phone'), phone),
      cipher.encrypt(authenticatedName('address'), `${community}${door}`),
      id,
    ]);
  }
}
