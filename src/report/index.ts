/**
 * The registry of report formats. A new one is one file and one line here: how its code is loaded. Help texts and option
 * checks come from it.
 */
import type { Audit } from '../audit/audit.ts';
import { fail } from '../errors.ts';
import type { Render, ReportOptions } from './format.ts';

/** Loads the code of a format, when it is used and not before. */
const RENDERERS = {
  table: async () => (await import('./table.ts')).renderTable,
  ticket: async () => (await import('./ticket.ts')).renderTicket,
  json: async () => (await import('./json.ts')).renderJson,
  ndjson: async () => (await import('./json.ts')).renderNdjson,
  csv: async () => (await import('./csv.ts')).renderHostsCsv,
  markdown: async () => (await import('./markdown.ts')).renderMarkdown,
  html: async () => (await import('./html/page.ts')).renderHtml,
  eve: async () => (await import('./alerts.ts')).renderAlerts('eve'),
  ecs: async () => (await import('./alerts.ts')).renderAlerts('ecs'),
  ocsf: async () => (await import('./alerts.ts')).renderAlerts('ocsf'),
  misp: async () => (await import('./misp.ts')).renderMisp,
  stix: async () => (await import('./stix.ts')).renderStix,
  arkime: async () => (await import('./arkime.ts')).renderArkime,
  prometheus: async () => (await import('./prometheus.ts')).renderPrometheus,
  junit: async () => (await import('./junit.ts')).renderJunit,
  github: async () => (await import('./pipelines/github.ts')).renderGithub,
  sarif: async () => (await import('./pipelines/sarif.ts')).renderSarif,
  official: async () => (await import('./official.ts')).renderOfficial,
} satisfies Record<string, () => Promise<Render>>;

type FormatId = keyof typeof RENDERERS;
/** Names of --format; the notice is a matter of --style. */
export const FORMATS = (Object.keys(RENDERERS) as FormatId[]).filter((id) => id !== 'official');
/** Those that tell other tools of hosts: a night prints them of the hosts that are news. */
export const FORMATS_OF_HOSTS: readonly FormatId[] = ['eve', 'ecs', 'ocsf', 'misp', 'stix', 'arkime'];

/** Prints the audit in the format of this id. Throws USAGE if there is none. */
export async function renderAudit(
  id: string,
  audit: Audit,
  options: ReportOptions,
): Promise<Iterable<string>> {
  const format = id === 'official' ? id : FORMATS.find((each) => each === id);
  if (format === undefined)
    fail('USAGE', `there is no format ${id}`, { hint: `Formats: ${FORMATS.join(', ')}.` });
  const render: Render = await RENDERERS[format]();
  return render(audit, options);
}
