/** What makes two audits hard to compare (audit/diff.ts), and English words of `minesweep diff`. */

type Which = { which: 'old' | 'new' };

export const DIFF = {
  'diff-partial': (p: Which) => `The ${p.which} audit is partial: hosts may be missing in it.`,
  'diff-uncovered': (p: Which) => `The ${p.which} audit does not cover all of its input.`,
  'diff-lengths':
    'One window is more than four times as long as the other: the shorter one shows fewer hosts.',
  'diff-order': 'The new audit begins before the old one: they may stand in the wrong order.',
  'diff-overlap': (p: { seconds: number }) =>
    `The windows overlap by ${p.seconds} s: what is in both shows as unchanged.`,
};

export const enDiff = {
  title: 'Mining audit: what changed',
  columns: { change: 'Change', ip: 'IP', what: 'What' },
  label: { old: 'Old', new: 'New', changes: 'Changes', threshold: 'Threshold' },
  kind: {
    new: 'new',
    verdict: 'verdict',
    moved: 'moved',
    grew: 'grew',
    shrank: 'shrank',
    gone: 'gone',
  },
  moved: { pool: 'pool', account: 'account' },
  by: {
    shares: 'by shares',
    counter: 'by counter',
    'self-reported': 'by self-reported',
    modelled: 'by modelled',
  },
  noPacket: 'no packet',
  side: (when: string, addresses: string) => `${when}, ${addresses}`,
  count: (n: number, kind: string) => `${n} ${kind}`,
  changes: (kinds: string, unchanged: number) => `${kinds === '' ? 'none' : kinds}; ${unchanged} unchanged`,
  crossed: 'crossed',
  notCrossed: 'not crossed',
  at: '{what} at {pools}',
  was: (verdict: string) => `was ${verdict}`,
  verdicts: (before: string, after: string) => `${before} before, ${after} now`,
  from: '{what}: {from} to {to}',
  also: '{what}: also {to}',
  traffic: (before: string, after: string) => `traffic ${before} to ${after}`,
  rate: '{algorithm} {before} to {after}, {by}',
};
