/** What of exports in captures never came, exporter by exporter, in words. */
import type { ExportCollector } from '../flowlogs/export-collector.ts';

/** Exporters that are named; the rest is counted. */
const MOST_NAMED = 5;

/** Those with most losses first. */
export function exportNotes(collector: Pick<ExportCollector, 'losses' | 'missingTemplates'>): string[] {
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
      ({ exporter, templateId, sets }) =>
        `exports of ${exporter}: ${sets} ${sets === 1 ? 'set' : 'sets'} of template ${templateId} not read, as the template never came`,
    );
  return [...named(losses, 'exporters lost some'), ...named(templates, 'templates never came')];
}

function named(notes: readonly string[], words: string): string[] {
  const more = notes.length - MOST_NAMED;
  return more > 0 ? [...notes.slice(0, MOST_NAMED), `exports: ${more} more ${words}`] : [...notes];
}
