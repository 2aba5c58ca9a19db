/** Notes on what of exports in captures is missing or came too late, exporter by exporter. */
import type { ExporterTold } from '../readers/netflow/export-collector.ts';
import { type Code, type Statement, statement } from '../statements/index.ts';

/** Exporters that are named; the rest is counted. */
const MOST_NAMED = 5;

/** Those with most losses first. */
export function exportNotes(told: readonly ExporterTold[]): Statement[] {
  return [
    ...named('exports-no-clock-more', told, 'clockless', ({ exporter, clockless: messages }) =>
      statement('exports-no-clock', { exporter, messages }),
    ),
    ...named('exports-no-boot-more', told, 'bootless', ({ exporter, bootless: flows }) =>
      statement('exports-no-boot', { exporter, flows }),
    ),
    ...named('exports-no-time-more', told, 'timeless', ({ exporter, timeless: flows }) =>
      statement('exports-no-time', { exporter, flows }),
    ),
    ...named('exports-borrowed-more', told, 'borrowedSets', ({ exporter, borrowedSets: sets }) =>
      statement('exports-borrowed', { exporter, sets }),
    ),
    ...named('exports-lost-more', told, 'lost', ({ exporter, unit, lost, received }) =>
      statement('exports-lost', { exporter, unit, lost, of: lost + received }),
    ),
    ...named(
      'exports-template-more',
      told.flatMap(({ missing }) => missing),
      'sets',
      ({ exporter, templateId: template, sets, isLate }) =>
        statement('exports-template', { exporter, template, sets, isLate }),
    ),
    ...named(
      'exports-unscaled-more',
      told.flatMap(({ unscaled }) => unscaled),
      'flows',
      ({ exporter, samplerId, flows, interval }) =>
        statement('exports-unscaled', {
          exporter,
          flows,
          sampler: samplerId > 0 ? samplerId : null,
          interval: interval > 0 ? interval : null,
        }),
    ),
    ...named('exports-out-more', told, 'unreadOut', ({ exporter, unreadOut: flows }) =>
      statement('exports-out-counters', { exporter, flows }),
    ),
  ];
}

/** Notes on the rows of which anything is counted, those of most first. */
function named<Count extends string, Row extends Readonly<Record<Count, number>>>(
  rest: Extract<Code, `exports-${string}-more`>,
  rows: readonly Row[],
  count: Count,
  noteOf: (row: Row) => Statement,
): Statement[] {
  const told = rows.filter((row) => row[count] > 0).sort((a, b) => b[count] - a[count]);
  const left = told.length - MOST_NAMED;
  const notes = told.slice(0, MOST_NAMED).map(noteOf);
  return left > 0 ? [...notes, statement(rest, { count: left })] : notes;
}
