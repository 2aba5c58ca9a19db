/** What a row of a history tells of its machines: for the page and for the terminal. */
import type { Verdict } from '../../audit/audit.ts';
import { pseudonymsIn } from '../../audit/pseudonyms.ts';
import type { ReportText } from '../../statements/codes.ts';
import { byteCount, grouped } from '../../statements/figures.ts';
import { countOf, type History, type OwnerDay, rangeOf } from './days.ts';

/** Verdicts that a history shows. */
export const SHOWN: readonly Verdict[] = ['confirmed', 'probable', 'suspected'];

type FigureColumn = readonly [title: string, cell: (sum: OwnerDay) => readonly [string, ...string[]]];

/** What in the audits is a pseudonym, a sentence for each kind. */
export function pseudonymTexts({ pseudonyms }: History, text: ReportText): string[] {
  return [...pseudonyms.values()].map((audit) =>
    text.page.history.pseudonyms(pseudonymsIn(audit, text) ?? ''),
  );
}

/** Titles, and what stands below them, the longest form first; by the id of the column. */
export function figureColumns(text: ReportText): Readonly<Record<string, FigureColumn>> {
  const words = text.page.history;
  const kwh = (energy: OwnerDay['kwh'], tier = ''): readonly [string, ...string[]] => {
    if (energy === null) return [''];
    const [low, central, high] = rangeOf(energy);
    return [text.figures.energyRange(central, low, high, tier), text.figures.energy(central, tier)];
  };
  const count = (verdict: Verdict): FigureColumn => [
    text.verdict[verdict],
    ({ machines }) => [grouped(countOf(machines, verdict))],
  ];
  return {
    ...Object.fromEntries(SHOWN.map((verdict) => [verdict, count(verdict)])),
    traffic: [words.traffic, (sum) => [byteCount(sum.bytesOut + sum.bytesIn)]],
    energy: [words.energy, (sum) => kwh(sum.kwh)],
    modelled: [words.modelled, (sum) => kwh(sum.modelledKwh, 'C')],
  };
}
