/** Notes on what of exports in captures is missing or came too late, exporter by exporter. */
import type { ExporterTold } from '../readers/netflow/export-collector.ts';
import { type Code, type Statement, statement } from '../statements/index.ts';

/** Exporters that are named; the rest is counted. */
const MOST_NAMED = 5;

/** Those with most losses first. */
export function exportNotes(told: readonly ExporterTold[]): Statement[] {
  const some = (
    countOf: (each: ExporterTold) => number,
    note: (count: number, each: ExporterTold) => Statement,
  ): Statement[] => told.filter((each) => countOf(each) > 0).map((each) => note(countOf(each), each));
  const byLosses = told.toSorted((a, b) => b.lost - a.lost).filter(({ lost }) => lost > 0);
  const losses = byLosses.map(({ exporter, unit, lost, received }) =>
    statement('exports-lost', { exporter, unit, lost, of: lost + received }),
  );
  const templates = told
    .flatMap(({ missing }) => missing)
    .sort((a, b) => b.sets - a.sets)
    .map(({ exporter, templateId: template, sets, isLate }) =>
      statement('exports-template', { exporter, template, sets, isLate }),
    );
  const unscaled = told
    .flatMap((each) => each.unscaled)
    .sort((a, b) => b.flows - a.flows)
    .map(({ exporter, samplerId, flows, interval }) =>
      statement('exports-unscaled', {
        exporter,
        sampler: samplerId > 0 ? samplerId : null,
        flows,
        interval: interval > 0 ? interval : null,
      }),
    );
  const out = told
    .filter(({ unreadOut }) => unreadOut > 0)
    .sort((a, b) => b.unreadOut - a.unreadOut)
    .map(({ exporter, unreadOut: flows }) => statement('exports-out-counters', { exporter, flows }));
  const clockless = some(
    (each) => each.clockless,
    (messages, { exporter }) => statement('exports-no-clock', { exporter, messages }),
  );
  const bootless = some(
    (each) => each.bootless,
    (flows, { exporter }) => statement('exports-no-boot', { exporter, flows }),
  );
  const timeless = some(
    (each) => each.timeless,
    (flows, { exporter }) => statement('exports-no-time', { exporter, flows }),
  );
  const borrowed = some(
    (each) => each.borrowedSets,
    (sets, { exporter }) => statement('exports-borrowed', { exporter, sets }),
  );
  return [
    ...named(clockless, 'exports-no-clock-more'),
    ...named(bootless, 'exports-no-boot-more'),
    ...named(timeless, 'exports-no-time-more'),
    ...named(borrowed, 'exports-borrowed-more'),
    ...named(losses, 'exports-lost-more'),
    ...named(templates, 'exports-template-more'),
    ...named(unscaled, 'exports-unscaled-more'),
    ...named(out, 'exports-out-more'),
  ];
}

function named(notes: readonly Statement[], rest: Extract<Code, `exports-${string}-more`>): Statement[] {
  const count = notes.length - MOST_NAMED;
  return count > 0 ? [...notes.slice(0, MOST_NAMED), statement(rest, { count })] : [...notes];
}
