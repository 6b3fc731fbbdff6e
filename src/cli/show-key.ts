import type { OpenedAccount } from '../access/open-account.js';
import type { Surroundings } from './carry-out.js';

/** Shows a key for the first and only time. */
export function showKey({ accountId, token }: OpenedAccount, { print }: Surroundings): void {
  print(`Number: ${accountId}\nKey:    ${token}\n`);
  print('This key is shown once and kept nowhere: store it now. 密钥只显示这一次,请立即保存。\n');
}
