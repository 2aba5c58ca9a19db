/** Notes on what of exports in captures is missing or came too late, exporter by exporter. */
import type { ExportCollector } from '../readers/netflow/export-collector.ts';
import { type Code, type Statement, statement } from '../statements/index.ts';

/** Exporters that are named; the rest is counted. */
const MOST_NAMED = 5;

/** Those with most losses first. */
export function exportNotes(
  collector: Pick<
    ExportCollector,
    'losses' | 'missingTemplates' | 'unscaledFlows' | 'unreadOut' | 'makeshifts'
  >,
): Statement[] {
  const losses = collector
    .losses()
    .filter(({ lost }) => lost > 0)
    .sort((a, b) => b.lost - a.lost)
    .map(({ exporter, unit, lost, received }) =>
      statement('exports-lost', { exporter, unit, lost, of: lost + received }),
    );
  const templates = collector
    .missingTemplates()
    .sort((a, b) => b.sets - a.sets)
    .map(({ exporter, templateId: template, sets, isLate }) =>
      statement('exports-template', { exporter, template, sets, isLate }),
    );
  const unscaled = collector
    .unscaledFlows()
    .sort((a, b) => b.flows - a.flows)
    .map(({ exporter, samplerId, flows, interval }) =>
      statement('exports-unscaled', {
        exporter,
        sampler: samplerId > 0 ? samplerId : null,
        flows,
        interval: interval > 0 ? interval : null,
      }),
    );
  const out = collector
    .unreadOut()
    .filter(({ flows }) => flows > 0)
    .sort((a, b) => b.flows - a.flows)
    .map(({ exporter, flows }) => statement('exports-out-counters', { exporter, flows }));
  const makeshifts = collector.makeshifts();
  const clockless = makeshifts
    .filter((each) => each.clockless > 0)
    .map(({ exporter, clockless: messages }) => statement('exports-no-clock', { exporter, messages }));
  const bootless = makeshifts
    .filter((each) => each.bootless > 0)
    .map(({ exporter, bootless: flows }) => statement('exports-no-boot', { exporter, flows }));
  const timeless = makeshifts
    .filter((each) => each.timeless > 0)
    .map(({ exporter, timeless: flows }) => statement('exports-no-time', { exporter, flows }));
  const borrowed = makeshifts
    .filter((each) => each.borrowedSets > 0)
    .map(({ exporter, borrowedSets: sets }) => statement('exports-borrowed', { exporter, sets }));
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
