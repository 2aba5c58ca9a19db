/** Coverage, inputs and damage as tables that every report for people prints. Inputs with damage come first. */
import type { Audit, Coverage, Part } from '../audit/audit.ts';
import type { ReportText } from '../statements/en/report.ts';
import { grouped } from '../statements/figures.ts';
import { byteCount, percent, span } from './figures.ts';
import { type Phrase, wire } from './phrase.ts';
import { damageOf } from './summary.ts';
import type { PlainTable } from './tables.ts';

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
  const isHashed = inputs.some(({ sha256 }) => sha256 !== null);
  return {
    parts: {
      columns: [
        { title: words.part },
        { title: words.ofBytes, figure: true },
        { title: words.ofRecords, figure: true },
        { title: words.meaning },
      ],
      rows: COVERAGE_PARTS.map((id) => {
        const part: Part = audit.coverage[id];
        const { name, meaning } = words.parts[id];
        return [[name], [percent(part.bytes)], [percent(part.packets)], [meaning]];
      }),
    },
    reasons:
      reasons.length === 0
        ? null
        : {
            columns: [{ title: words.reason }, { title: words.count, figure: true }],
            rows: reasons.map(([reason, count]) => [[wire(text.word(reason))], [grouped(count)]]),
          },
    inputs: {
      columns: [
        { title: words.input },
        { title: words.kind },
        { title: words.size, figure: true },
        { title: words.records, figure: true },
        { title: words.time },
        { title: words.damage },
        ...(isHashed ? [{ title: 'SHA-256', small: true }] : []),
      ],
      rows: inputs.map((input) => [
        [wire(input.path)],
        [wire(text.word(input.kind))],
        [byteCount(input.bytes)],
        [grouped((input.packets ?? 0) + (input.flows ?? 0))],
        [input.first === null || input.last === null ? '–' : span(input.first, input.last, zone)],
        input.damage.length === 0 ? [words.noDamage] : damageOf(input, text),
        ...(isHashed ? [[input.sha256 === null ? '–' : wire(input.sha256)]] : []),
      ]) satisfies Phrase[][],
    },
  };
}
