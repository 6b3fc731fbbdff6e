import { type Role, roles } from '../../entities/access/access-grant.entity.js';
import { policy, type Rule } from './policy.js';

/** The policy as a table in Markdown, for docs/access.md: one line for each operation, one column for each role. */
export function policyTable(): string {
  const lines = Object.entries(policy).map(([operation, rule]) => {
    const cells = roles.map((role) => (isOpenTo(rule, role) ? '●' : ''));
    return `| \`${operation}\` | ${[...cells, isOpenTo(rule, undefined) ? '●' : ''].join(' | ')} |`;
  });
  const heads = [...roles, 'no token'];
  return [`| operation | ${heads.join(' | ')} |`, `|---|${heads.map(() => ':-:').join('|')}|`, ...lines].join(
    '\n',
  );
}

/** `role` is undefined for a caller without a token. */
function isOpenTo(rule: Rule, role: Role | undefined): boolean {
  if (typeof rule === 'string') return rule === 'ANYONE' || role !== undefined;
  return role !== undefined && rule.includes(role);
}
