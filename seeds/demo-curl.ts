import type { EntityManager } from 'typeorm';
import { type Day, dayOf } from '../src/shared/china-time.js';
import type { Clock } from '../src/shared/clock.js';
import type { Database } from '../src/shared/database.js';
import { credentialsPath, readCredentials } from './demo-credentials.js';

/** 12 yuan for two dishes and a soup. */
const grossFen = 1200;

const mutation =
  'mutation Swipe($input: SwipeInput!) { recordSwipe(input: $input) { outcome message receipt ' +
  '{ serial elderName meal mealDate grossFen subsidyFen selfPaidFen balanceFen } } }';

/**
 * A line for a shell that swipes a demo card at the demonstration canteen and is accepted at any hour, with
 * a comment above it. The card is one that had no lunch yet today; the key is read from the file when the
 * line runs, so that none is printed. Undefined when there are no credentials or everybody has eaten.
 */
export async function demoCurl(
  database: Database,
  { dataDir, graphqlUrl, clock }: { dataDir: string; graphqlUrl: string; clock: Clock },
): Promise<string | undefined> {
  const reader = readCredentials(dataDir)?.readers[0];
  if (!reader) return undefined;
  const canteenId = Number(reader.facilityId);
  const cardUid = await database.read((manager) => hungryCard(manager, dayOf(clock.now())));
  if (cardUid === undefined) return undefined;
  const sequence = await database.read((manager) => nextSequence(manager, canteenId));
  return [
    '# 每位老人每天一份午餐：再贴一次会得到 MEAL_ALREADY_TAKEN，重启服务器会换一张卡。',
    '# One lunch per elder and day: pasted again it answers MEAL_ALREADY_TAKEN, and a restart prints another card.',
    curlLine(graphqlUrl, credentialsPath(dataDir), { cardUid, sequence }),
  ].join('\n');
}

/** An active card of somebody who can pay, lives at home and had no lunch on that day, the oldest such card. */
async function hungryCard(manager: EntityManager, day: Day): Promise<string | undefined> {
  // Asked card by card and not as a join, so that the first one found ends the search in a city of millions.
  const rows: { uid: string }[] = await manager.query(
    `SELECT card.uid FROM meal_card card
      WHERE card.status = 'ACTIVE'
        AND (SELECT elder.status FROM elder WHERE elder.id = card.elderId) = 'ACTIVE'
        AND (SELECT account.balanceFen FROM ledger_account account
              WHERE account.kind = 'ELDER' AND account.ownerId = card.elderId) >= ?
        AND NOT EXISTS (SELECT 1 FROM swipe
              WHERE swipe.elderId = card.elderId AND swipe.mealDate = ? AND swipe.claimedMeal = 'LUNCH')
        AND NOT EXISTS (SELECT 1 FROM bed_stay stay
              WHERE stay.elderId = card.elderId AND (stay.toDay IS NULL OR stay.toDay > ?))
      ORDER BY card.id LIMIT 1`,
    [grossFen, day, day],
  );
  return rows[0]?.uid;
}

/** One more than the demonstration reader has counted, or its day would show lost swipes. */
async function nextSequence(manager: EntityManager, canteenId: number): Promise<number> {
  const rows: { last: number | null }[] = await manager.query(
    'SELECT MAX(sequence) AS last FROM swipe WHERE canteenId = ?',
    [canteenId],
  );
  return (rows[0]?.last ?? 0) + 1;
}

function curlLine(url: string, path: string, input: { cardUid: string; sequence: number }): string {
  const token = `$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).readers[0].token' ${quoted(path)})`;
  const body = JSON.stringify({
    query: mutation,
    variables: { input: { swipeId: 'SWIPE-ID', ...input, swipedAt: 'SWIPED-AT', grossFen } },
  });
  const filled = quoted(body)
    .replace('SWIPE-ID', `'"$(uuidgen 2>/dev/null || cat /proc/sys/kernel/random/uuid)"'`)
    .replace('SWIPED-AT', `'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'`);
  return `curl -sS ${quoted(url)} -H 'content-type: application/json' -H "authorization: Bearer ${token}" -d ${filled}`;
}

/** One word for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
