/** Coverage, inputs and damage as tables that every report for people prints. Inputs with damage come first. */
import type { Audit, Coverage } from '../audit/audit.ts';
import type { ReportText } from '../statements/codes.ts';
import { byteCount, grouped } from '../statements/figures.ts';
import { wire } from './phrase.ts';
import { damageOf } from './summary.ts';
import { type Column, type PlainTable, tableOf } from './tables.ts';

/** The shares of what was read, in the order in which they are told. */
export const COVERAGE_PARTS = [
  'decoded',
  'skipped',
  'encrypted',
  'oneSided',
  'truncated',
  'sampled',
] as const satisfies readonly (keyof Coverage)[];

interface CoverageParts {
  readonly parts: PlainTable;
  /** Why packets were skipped; null if none was. */
  readonly reasons: PlainTable | null;
  readonly inputs: PlainTable;
}

/** All three. */
export function coverageParts(audit: Audit, zone: string, text: ReportText): CoverageParts {
  const { coverage: words } = text.page;
  const reasons = Object.entries(audit.coverage.skippedReasons).sort((a, b) => b[1] - a[1]);
  const inputs = [...audit.inputs].sort((a, b) => b.damage.length - a.damage.length);
  const hashes: Column<(typeof inputs)[number]>[] = [
    ['SHA-256', ({ sha256 }) => [sha256 === null ? '–' : wire(sha256)], 'small'],
  ];
  return {
    parts: tableOf(COVERAGE_PARTS, [
      [words.part, (id) => words.parts[id].name],
      [words.ofBytes, (id) => text.figures.percent(audit.coverage[id].bytes), 'figure'],
      [words.ofRecords, (id) => text.figures.percent(audit.coverage[id].packets), 'figure'],
      [words.meaning, (id) => words.parts[id].meaning],
    ]),
    reasons:
      reasons.length === 0
        ? null
        : tableOf(reasons, [
            [words.reason, ([reason]) => [wire(text.word(reason))]],
            [words.count, ([, count]) => grouped(count), 'figure'],
          ]),
    inputs: tableOf(inputs, [
      [words.input, ({ path }) => [wire(path)]],
      [words.kind, ({ kind }) => [wire(text.word(kind))]],
      [words.size, ({ bytes }) => byteCount(bytes), 'figure'],
      [words.records, ({ packets, flows }) => grouped((packets ?? 0) + (flows ?? 0)), 'figure'],
      [
        words.time,
        ({ first, last }) => (first === null || last === null ? '–' : text.figures.span(first, last, zone)),
      ],
      [words.damage, (input) => (input.damage.length === 0 ? words.noDamage : damageOf(input, text))],
      ...(inputs.some(({ sha256 }) => sha256 !== null) ? hashes : []),
    ]),
  };
}
