import { type Role, roles } from '../../entities/access/access-grant.entity.js';
import { fieldGroups, groupPolicy } from './field-groups.js';
import { policy } from './policy.js';
import type { Rule } from './role-groups.js';

/** The policy as a table in Markdown, for docs/access.md: one line for each operation, one column for each role. */
export function policyTable(): string {
  const lines = Object.entries(policy).map(([operation, rule]) => {
    const cells = roles.map((role) => (isOpenTo(rule, role) ? markOf(operation, role) : ''));
    return `| \`${operation}\` | ${[...cells, isOpenTo(rule, undefined) ? '●' : ''].join(' | ')} |`;
  });
  const heads = [...roles, 'no token'];
  return [`| operation | ${heads.join(' | ')} |`, `|---|${heads.map(() => ':-:').join('|')}|`, ...lines].join(
    '\n',
  );
}

/** The second table: what each group of fields is, and to whom it is shown. */
export function groupTable(): string {
  const lines = Object.entries(groupPolicy).map(([group, showing]) => {
    const fields = Object.keys(fieldGroups).filter((field) => fieldGroups[field] === group);
    const cells = roles.map(
      (role) => ({ always: '●', 'by grant': '◐', 'to the door': '◐', never: '' })[showing[role]],
    );
    return `| ${group}: ${fields.map((field) => `\`${field}\``).join(', ')} | ${cells.join(' | ')} |`;
  });
  return [`| group | ${roles.join(' | ')} |`, `|---|${roles.map(() => ':-:').join('|')}|`, ...lines].join(
    '\n',
  );
}

/** Where the role sees the group of a field only when its grant says so, half a dot. */
function markOf(operation: string, role: Role): string {
  const group = fieldGroups[operation];
  const showing = group === undefined || group === 'IDENTITY' ? 'always' : groupPolicy[group][role];
  return showing === 'always' ? '●' : showing === 'by grant' ? '◐' : '';
}

/** `role` is undefined for a caller without a token. */
function isOpenTo(rule: Rule, role: Role | undefined): boolean {
  if (typeof rule === 'string') return rule === 'ANYONE' || role !== undefined;
  return role !== undefined && rule.includes(role);
}
