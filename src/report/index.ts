/**
 * The registry of report formats. A new one is one file and one line here; help texts and option checks come from
 * this list.
 */
import type { Audit } from '../audit/audit.ts';
import { fail } from '../errors.ts';
import type { Format, ReportOptions } from './format.ts';

export const FORMATS: readonly Format[] = [
  {
    id: 'table',
    title: 'totals and one line per host, for people',
    extension: 'txt',
    contentType: 'text/plain; charset=utf-8',
    load: async () => (await import('./table.ts')).renderTable,
  },
  {
    id: 'ticket',
    title: 'twenty lines to paste: totals, first hosts, what to do',
    extension: 'txt',
    contentType: 'text/plain; charset=utf-8',
    load: async () => (await import('./ticket.ts')).renderTicket,
  },
  {
    id: 'json',
    title: 'the whole audit',
    extension: 'json',
    contentType: 'application/json',
    load: async () => (await import('./json.ts')).renderJson,
  },
  {
    id: 'ndjson',
    title: 'one object a line: hosts, sessions, pools, totals',
    extension: 'ndjson',
    contentType: 'application/x-ndjson',
    load: async () => (await import('./json.ts')).renderNdjson,
  },
  {
    id: 'csv',
    title: 'the host list',
    extension: 'csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    load: async () => (await import('./csv.ts')).renderHostsCsv,
  },
  {
    id: 'markdown',
    title: 'the table for a ticket or a wiki',
    extension: 'md',
    contentType: 'text/markdown; charset=utf-8',
    load: async () => (await import('./markdown.ts')).renderMarkdown,
  },
  {
    id: 'html',
    title: 'one page with charts, for people',
    extension: 'html',
    contentType: 'text/html; charset=utf-8',
    load: async () => (await import('./html/load.ts')).loadHtml(),
  },
  {
    id: 'eve',
    title: 'one Suricata alert line per host',
    extension: 'json',
    contentType: 'application/x-ndjson',
    tellsHosts: true,
    load: async () => (await import('./alerts.ts')).renderAlerts('eve'),
  },
  {
    id: 'ecs',
    title: 'one Elastic Common Schema document per host',
    extension: 'json',
    contentType: 'application/x-ndjson',
    tellsHosts: true,
    load: async () => (await import('./alerts.ts')).renderAlerts('ecs'),
  },
  {
    id: 'ocsf',
    title: 'one OCSF Detection Finding per host',
    extension: 'json',
    contentType: 'application/x-ndjson',
    tellsHosts: true,
    load: async () => (await import('./alerts.ts')).renderAlerts('ocsf'),
  },
  {
    id: 'misp',
    title: 'a MISP event: pools, names, accounts, miners',
    extension: 'json',
    contentType: 'application/json',
    tellsHosts: true,
    load: async () => (await import('./misp.ts')).renderMisp,
  },
  {
    id: 'stix',
    title: 'a STIX 2.1 bundle: indicators and sightings',
    extension: 'json',
    contentType: 'application/stix+json;version=2.1',
    tellsHosts: true,
    load: async () => (await import('./stix.ts')).renderStix,
  },
  {
    id: 'arkime',
    title: 'tags of hosts for Arkime (a tagger file of WISE)',
    extension: 'txt',
    contentType: 'text/plain; charset=utf-8',
    tellsHosts: true,
    load: async () => (await import('./arkime.ts')).renderArkime,
  },
  {
    id: 'prometheus',
    title: 'totals for the textfile collector',
    extension: 'prom',
    contentType: 'text/plain; version=0.0.4',
    load: async () => (await import('./prometheus.ts')).renderPrometheus,
  },
  {
    id: 'junit',
    title: 'test results for CI servers',
    extension: 'xml',
    contentType: 'application/xml',
    load: async () => (await import('./junit.ts')).renderJunit,
  },
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
  const render = await format.load();
  return render(audit, options);
}
