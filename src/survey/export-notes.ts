/** What of exports in captures never came, or too late, exporter by exporter, in words. */
import type { ExportCollector } from '../readers/netflow/export-collector.ts';

/** Exporters that are named; the rest is counted. */
const MOST_NAMED = 5;

/** Those with most losses first. */
export function exportNotes(
  collector: Pick<
    ExportCollector,
    'losses' | 'missingTemplates' | 'unscaledFlows' | 'unreadOut' | 'makeshifts'
  >,
): string[] {
  const losses = collector
    .losses()
    .filter(({ lost }) => lost > 0)
    .sort((a, b) => b.lost - a.lost)
    .map(({ exporter, unit, lost, received }) => {
      const part = Number(((lost / (lost + received)) * 100).toPrecision(2));
      return `exports of ${exporter}: ${lost} of ${lost + received} ${unit} never came (${part} %)`;
    });
  const templates = collector
    .missingTemplates()
    .sort((a, b) => b.sets - a.sets)
    .map(
      ({ exporter, templateId, sets, isLate }) =>
        `exports of ${exporter}: ${sets} ${sets === 1 ? 'set' : 'sets'} of template ${templateId} not read, as the template ${isLate ? 'came too late' : 'never came'}`,
    );
  const unscaled = collector
    .unscaledFlows()
    .sort((a, b) => b.flows - a.flows)
    .map(({ exporter, samplerId, flows, interval }) => {
      const of = samplerId > 0 ? ` of sampler ${samplerId}` : '';
      const why =
        interval > 0
          ? `one packet in ${Number(interval.toPrecision(6))} was looked at, which was told too late`
          : 'in how many packets one was looked at was never told';
      return `exports of ${exporter}: ${flows} ${flows === 1 ? 'flow' : 'flows'}${of} not multiplied, as ${why}`;
    });
  const out = collector
    .unreadOut()
    .filter(({ flows }) => flows > 0)
    .sort((a, b) => b.flows - a.flows)
    .map(
      ({ exporter, flows }) =>
        `exports of ${exporter}: OUT counters of ${flows} ${flows === 1 ? 'flow' : 'flows'} left out, as they may be of the same packets as the IN counters`,
    );
  const makeshifts = collector.makeshifts();
  const clockless = makeshifts
    .filter((each) => each.clockless > 0)
    .map(
      ({ exporter, clockless: messages }) =>
        `exports of ${exporter}: its clock was not set in ${messages} ${messages === 1 ? 'message' : 'messages'}; the time of arrival is used`,
    );
  const bootless = makeshifts
    .filter((each) => each.bootless > 0)
    .map(
      ({ exporter, bootless: flows }) =>
        `exports of ${exporter}: ${flows} ${flows === 1 ? 'flow has times' : 'flows have times'} since a boot of unknown time; each is taken to end when it was exported`,
    );
  const timeless = makeshifts
    .filter((each) => each.timeless > 0)
    .map(
      ({ exporter, timeless: flows }) =>
        `exports of ${exporter}: ${flows} ${flows === 1 ? 'flow has' : 'flows have'} no time; the time of export is used`,
    );
  const borrowed = makeshifts
    .filter((each) => each.borrowedSets > 0)
    .map(
      ({ exporter, borrowedSets: sets }) =>
        `exports of ${exporter}: ${sets} ${sets === 1 ? 'set' : 'sets'} read by a template that came from another source port`,
    );
  return [
    ...named(clockless, 'exporters have no clock'),
    ...named(bootless, 'exporters do not tell when they booted'),
    ...named(timeless, 'exporters send no times'),
    ...named(borrowed, 'exporters send templates and data from unlike ports'),
    ...named(losses, 'exporters lost some'),
    ...named(templates, 'templates came too late or never'),
    ...named(unscaled, 'samplers were told too late or never'),
    ...named(out, 'exporters have OUT counters that were left out'),
  ];
}

function named(notes: readonly string[], words: string): string[] {
  const more = notes.length - MOST_NAMED;
  return more > 0 ? [...notes.slice(0, MOST_NAMED), `exports: ${more} more ${words}`] : [...notes];
}
