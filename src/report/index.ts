/**
 * The registry of report formats. A new one is one file and two lines here: how its code is loaded, and what it is. Help
 * texts and option checks come from these.
 */
import type { Audit } from '../audit/audit.ts';
import { fail } from '../errors.ts';
import type { Format, Render, ReportOptions } from './format.ts';

/** Loads the code of a format, when it is used and not before. */
const RENDERERS = {
  table: async () => (await import('./table.ts')).renderTable,
  ticket: async () => (await import('./ticket.ts')).renderTicket,
  json: async () => (await import('./json.ts')).renderJson,
  ndjson: async () => (await import('./json.ts')).renderNdjson,
  csv: async () => (await import('./csv.ts')).renderHostsCsv,
  markdown: async () => (await import('./markdown.ts')).renderMarkdown,
  html: async () => (await import('./html/load.ts')).loadHtml(),
  eve: async () => (await import('./alerts.ts')).renderAlerts('eve'),
  ecs: async () => (await import('./alerts.ts')).renderAlerts('ecs'),
  ocsf: async () => (await import('./alerts.ts')).renderAlerts('ocsf'),
  misp: async () => (await import('./misp.ts')).renderMisp,
  stix: async () => (await import('./stix.ts')).renderStix,
  arkime: async () => (await import('./arkime.ts')).renderArkime,
  prometheus: async () => (await import('./prometheus.ts')).renderPrometheus,
  junit: async () => (await import('./junit.ts')).renderJunit,
} satisfies Record<string, () => Promise<Render>>;

const TEXT = { extension: 'txt', contentType: 'text/plain; charset=utf-8' };
const JSON_OBJECT = { extension: 'json', contentType: 'application/json' };
const JSON_LINES = { extension: 'json', contentType: 'application/x-ndjson' };

export const FORMATS: readonly (Format & { readonly id: keyof typeof RENDERERS })[] = [
  { id: 'table', ...TEXT, title: 'totals and one line per host, for people' },
  { id: 'ticket', ...TEXT, title: 'twenty lines to paste: totals, first hosts, what to do' },
  { id: 'json', ...JSON_OBJECT, title: 'the whole audit' },
  {
    id: 'ndjson',
    extension: 'ndjson',
    contentType: 'application/x-ndjson',
    title: 'one object a line: hosts, sessions, pools, totals',
  },
  {
    id: 'csv',
    extension: 'csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    title: 'the host list',
  },
  {
    id: 'markdown',
    extension: 'md',
    contentType: 'text/markdown; charset=utf-8',
    title: 'the table for a ticket or a wiki',
  },
  {
    id: 'html',
    extension: 'html',
    contentType: 'text/html; charset=utf-8',
    title: 'one page with charts, for people',
  },
  { id: 'eve', ...JSON_LINES, tellsHosts: true, title: 'one Suricata alert line per host' },
  { id: 'ecs', ...JSON_LINES, tellsHosts: true, title: 'one Elastic Common Schema document per host' },
  { id: 'ocsf', ...JSON_LINES, tellsHosts: true, title: 'one OCSF Detection Finding per host' },
  { id: 'misp', ...JSON_OBJECT, tellsHosts: true, title: 'a MISP event: pools, names, accounts, miners' },
  {
    id: 'stix',
    extension: 'json',
    contentType: 'application/stix+json;version=2.1',
    tellsHosts: true,
    title: 'a STIX 2.1 bundle: indicators and sightings',
  },
  { id: 'arkime', ...TEXT, tellsHosts: true, title: 'tags of hosts for Arkime (a tagger file of WISE)' },
  {
    id: 'prometheus',
    extension: 'prom',
    contentType: 'text/plain; version=0.0.4',
    title: 'totals for the textfile collector',
  },
  { id: 'junit', extension: 'xml', contentType: 'application/xml', title: 'test results for CI servers' },
];

/** Prints the audit in the format of this id. Throws USAGE if there is none. */
export async function renderAudit(
  id: string,
  audit: Audit,
  options: ReportOptions,
): Promise<Iterable<string>> {
  const format = FORMATS.find((each) => each.id === id);
  if (format === undefined) {
    fail('USAGE', `there is no format ${id}`, {
      hint: `Formats: ${FORMATS.map((each) => each.id).join(', ')}.`,
    });
  }
  const render: Render = await RENDERERS[format.id]();
  return render(audit, options);
}
