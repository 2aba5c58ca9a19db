/**
 * ArcSight's Common Event Format, version 0: a header of seven parts and an extension of key=value pairs. Escapes: `|` and
 * `\` in the header, `=` and `\` in values, line ends as \n.
 */
import fields from '../../data/alerts/cef.tsv?raw';
import { escapeTerminal } from '../escape.ts';
import { type AlertFormat, alertFields, sentenceOf, severityOf, valuesOf } from './fields.ts';

/** Severity of CEF is 0 to 10. */
const SEVERITY = { 1: 9, 2: 7, 3: 4 } as const;

export const CEF: AlertFormat = {
  id: 'cef',
  title: 'ArcSight Common Event Format',
  fields: alertFields('cef.tsv', fields, {
    rateLabel: ({ hashrate }) =>
      hashrate && ['hashrate', hashrate.unit, hashrate.basis].filter((word) => word !== undefined).join(' '),
    departmentAndContact: ({ owner }) =>
      [owner.department, owner.contact].flatMap((part) => part ?? []).join(', '),
  }),
  line(event, version) {
    const severity = String(SEVERITY[severityOf(event)]);
    const head = ['CEF:0', 'minesweep', 'minesweep', version, event.kind, sentenceOf(event), severity];
    const pairs = valuesOf(CEF.fields, event, version).map(
      ([name, value]) => `${name}=${escaped(String(value))}`,
    );
    return [...head.map(escapedHead), pairs.join(' ')].join('|');
  },
};

function escapedHead(part: string): string {
  return escapeTerminal(part.replaceAll(/[\r\n]+/g, ' '))
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|');
}

/** Lists are joined by commas. */
function escaped(value: string): string {
  return value
    .split(/\r\n|\r|\n/)
    .map((line) => escapeTerminal(line).replaceAll('\\', '\\\\').replaceAll('=', '\\='))
    .join('\\n');
}
