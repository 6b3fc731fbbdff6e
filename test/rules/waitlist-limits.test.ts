import { expect, it } from 'vitest';
import type { ClassRow } from '../../src/beds/waitlist.rules.js';
import { classesFault, waitlistRuleFault } from '../../src/beds/waitlist-limits.rules.js';

type Row = Omit<ClassRow, 'place'>;
const row = (more: Partial<Row> = {}): Row => ({
  ...{ rank: 1, category: null, levelMin: null, ageMin: null, atOnce: false },
  ...{ name: { zh: '类', en: 'class' } },
  ...more,
});
const others = row({ rank: 30 });
const fieldOf = (rows: readonly Row[]) => classesFault(rows)?.field.join('.');

it('takes the classes that come with the platform', () => {
  const rows = [
    row({ category: 'DESTITUTE', atOnce: true }),
    row({ category: 'MINIMUM_LIVING' }),
    row({ category: 'BEREAVED_FAMILY' }),
    row({ rank: 2, levelMin: 3 }),
    row({ rank: 3, ageMin: 80 }),
    row({ rank: 4 }),
  ];
  expect(classesFault(rows)).toBeUndefined();
});

it('refuses none, too many, and a last one that leaves somebody out', () => {
  expect(fieldOf([])).toBe('classes');
  expect(fieldOf(Array.from({ length: 31 }, () => others))).toBe('classes');
  expect(fieldOf([row({ ageMin: 80 })])).toBe('classes.0');
});

it('refuses a class that nobody can come to', () => {
  expect(fieldOf([row(), others])).toBe('classes.1');
  expect(fieldOf([row({ levelMin: 2 }), row({ levelMin: 3 }), others])).toBe('classes.1');
  expect(fieldOf([row({ ageMin: 80 }), row({ ageMin: 80, levelMin: 1 }), others])).toBe('classes.1');
  expect(fieldOf([row({ category: 'DESTITUTE' }), row({ category: 'DESTITUTE', ageMin: 90 }), others])).toBe(
    'classes.1',
  );
  // The other way round each has somebody.
  expect(fieldOf([row({ levelMin: 3 }), row({ levelMin: 2 }), others])).toBeUndefined();
  expect(fieldOf([row({ ageMin: 80, levelMin: 1 }), row({ ageMin: 80 }), others])).toBeUndefined();
});

it('refuses a class before the one above it', () => {
  expect(fieldOf([row({ rank: 2, ageMin: 80 }), row({ rank: 1, levelMin: 1 }), others])).toBe(
    'classes.1.rank',
  );
  expect(fieldOf([row({ ageMin: 80 }), row({ levelMin: 1, atOnce: true }), others])).toBe('classes.1.atOnce');
});

it('refuses numbers and names that cannot be', () => {
  expect(fieldOf([row({ rank: 0, ageMin: 80 }), others])).toBe('classes.0.rank');
  expect(fieldOf([row({ rank: 1.5, ageMin: 80 }), others])).toBe('classes.0.rank');
  expect(fieldOf([row({ levelMin: 5 }), others])).toBe('classes.0.levelMin');
  expect(fieldOf([row({ ageMin: 131 }), others])).toBe('classes.0.ageMin');
  expect(fieldOf([row({ ageMin: 80, name: { zh: ' ', en: 'x' } }), others])).toBe('classes.0.nameZh');
  expect(fieldOf([row({ ageMin: 80, name: { zh: '类', en: 'a\nb' } }), others])).toBe('classes.0.nameEn');
  expect(fieldOf([row({ ageMin: 80, name: { zh: '类', en: 'x'.repeat(121) } }), others])).toBe(
    'classes.0.nameEn',
  );
});

it('refuses a rule of offers beyond its limits, each number by name', () => {
  const rule = {
    ...{ offerHours: 72, moveInDaysMax: 14, refusalsMax: 2, refusalDays: 365, closedDays: 365 },
    ...{ silenceRefuses: false, passesOn: true },
  };
  expect(waitlistRuleFault(rule)).toBeUndefined();
  const wrong: Partial<typeof rule>[] = [
    { offerHours: 0 },
    { offerHours: 721 },
    { moveInDaysMax: -1 },
    { refusalsMax: 0 },
    { refusalDays: 0 },
    { closedDays: 3661 },
    { closedDays: 1.5 },
  ];
  for (const each of wrong) {
    expect(waitlistRuleFault({ ...rule, ...each })?.field).toEqual(['rule', ...Object.keys(each)]);
  }
});
