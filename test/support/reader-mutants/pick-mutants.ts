import type { Mutant } from './mutant.js';

const subsidy = 'src/meals/subsidy.rules.ts';
const picked = 'src/meals/rules/passed-over.rules.ts';

/** Wrong readers: of which rules and sets count. */
export const pickMutants: readonly Mutant[] = [
  [
    'stops at the first rule of ALL that gives nothing',
    subsidy,
    'for (const rule of group.rules) add(given, offerOf(set, group, rule, meal, given));',
    'for (const rule of group.rules) { const before = given.fen; add(given, offerOf(set, group, rule, meal, given)); if (given.fen === before) break; }',
  ],
  [
    'stops after the first group that gives',
    subsidy,
    'for (const group of set.document.groups) giveGroup(set, group, meal, given);',
    'for (const group of set.document.groups) { if (!given.uses.some((use) => use.set === set)) giveGroup(set, group, meal, given); }',
  ],
  [
    'adds up the BEST sets',
    subsidy,
    "if (set.document.alongside === 'ADD') addSet",
    'if (set !== given.uses[0]?.set) addSet',
  ],
  ['adds no ADD sets', subsidy, "if (set.document.alongside === 'ADD') addSet", 'if (false) addSet'],
  [
    'adds ADD sets from the last on',
    subsidy,
    "for (const set of sets) {\n    if (set.document.alongside === 'ADD')",
    "for (const set of [...sets].reverse()) {\n    if (set.document.alongside === 'ADD')",
  ],
  ['tries an ADD set among the best', subsidy, "if (set.document.alongside !== 'BEST') continue;", ''],
  ['takes the last of equal sets', subsidy, 'given.fen > best.fen)', 'given.fen >= best.fen)'],
  ['takes the set that gives least', subsidy, 'given.fen > best.fen)', '(given.fen < best.fen || !bestOne))'],
  ['takes the first set', subsidy, 'given.fen > best.fen)', '!bestOne)'],
  [
    'tries each set on top of the best before',
    subsidy,
    'const given = nothing();\n    giveSet',
    'const given = { ...best, uses: [...best.uses], shares: [...best.shares], looked: [] };\n    giveSet',
  ],
  ['adds sets without end', subsidy, 'given.uses.length <= usesMax - usesOfSetMax', 'true'],
  [
    'adds a set until 13 rules gave',
    subsidy,
    'given.uses.length <= usesMax - usesOfSetMax',
    'given.uses.length < usesMax - usesOfSetMax',
  ],
  [
    'adds a set until 15 rules gave',
    subsidy,
    'given.uses.length <= usesMax - usesOfSetMax',
    'given.uses.length <= usesMax - usesOfSetMax + 1',
  ],
  [
    'gives the first group alone',
    subsidy,
    'for (const group of set.document.groups) giveGroup',
    'for (const group of set.document.groups.slice(0, 1)) giveGroup',
  ],
  [
    'gives groups from the last on',
    subsidy,
    'for (const group of set.document.groups) giveGroup',
    'for (const group of [...set.document.groups].reverse()) giveGroup',
  ],
  ['takes ALL for BEST', subsidy, "if (group.pick === 'ALL') {", 'if (false) {'],
  [
    'takes BEST for ALL',
    subsidy,
    "if (group.pick === 'ALL') {",
    "if (group.pick === 'ALL' || group.pick === 'BEST') {",
  ],
  [
    'takes FIRST for ALL',
    subsidy,
    "if (group.pick === 'ALL') {",
    "if (group.pick === 'ALL' || group.pick === 'FIRST') {",
  ],
  [
    'offers all rules of ALL on what was given before the group',
    subsidy,
    'for (const rule of group.rules) add(given, offerOf(set, group, rule, meal, given));',
    'for (const offer of group.rules.map((rule) => offerOf(set, group, rule, meal, given))) add(given, offer);',
  ],
  [
    'offers on the whole price',
    subsidy,
    'const offers = group.rules.map((rule) => offerOf(set, group, rule, meal, given));',
    'const offers = group.rules.map((rule) => offerOf(set, group, rule, meal, nothing()));',
  ],
  [
    'takes BEST for FIRST',
    subsidy,
    "group.pick === 'BEST' ? bestOf(offers) : firstOf(offers)",
    'firstOf(offers)',
  ],
  [
    'takes FIRST for BEST',
    subsidy,
    "group.pick === 'BEST' ? bestOf(offers) : firstOf(offers)",
    "group.pick !== 'ONE' ? bestOf(offers) : firstOf(offers)",
  ],
  [
    'takes the best of ONE',
    subsidy,
    "group.pick === 'BEST' ? bestOf(offers) : firstOf(offers)",
    "group.pick === 'ONE' ? offers[0] : group.pick === 'BEST' ? bestOf(offers) : firstOf(offers)",
  ],
  [
    'takes the last of equal rules',
    picked,
    'if (fenOf(offer) > (best ? fenOf(best) : 0))',
    'if (fenOf(offer) >= (best ? fenOf(best) : 1))',
  ],
  [
    'takes the worst rule',
    picked,
    'if (fenOf(offer) > (best ? fenOf(best) : 0))',
    'if (fenOf(offer) > 0 && (!best || fenOf(offer) < fenOf(best)))',
  ],
  [
    'lets the next rule take the place of one that gives nothing',
    picked,
    "finding.found !== 'UNMET'",
    "finding.found === 'APPLIED'",
  ],
  [
    'lets the next rule take the place of one with a cap',
    picked,
    "finding.found !== 'UNMET'",
    "finding.found !== 'UNMET' && finding.found !== 'CAP'",
  ],
  [
    'lets the next rule take the place of one that finds nothing left',
    picked,
    "finding.found !== 'UNMET'",
    "finding.found !== 'UNMET' && finding.found !== 'NOTHING_LEFT'",
  ],
  [
    'lets the next rule take the place of one that nobody bears',
    picked,
    "finding.found !== 'UNMET'",
    "finding.found !== 'UNMET' && finding.found !== 'LOST'",
  ],
  [
    'takes the first rule though it is not for the meal',
    picked,
    "offers.find(({ finding }) => finding.found !== 'UNMET')",
    'offers[0]',
  ],
];
