import { isIPv6 } from 'node:net';

/** So many of the eight groups of an IPv6 address name a network, and the rest a machine in it. */
const networkGroups = 4;

/**
 * What addresses of one hand have in common: whoever has one IPv6 address has 2^64 of them, and would have as many
 * tries. An IPv4 address stands for itself, also where it is written as an IPv6 one.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::')) return address;
  const [head = '', tail] = address.split('::');
  const before = head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return groups
    .slice(0, networkGroups)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
