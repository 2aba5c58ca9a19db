/** Alerts of a moment as one message to people. */

import { endpointText } from '../address.ts';
import type { Digest } from '../alerts/digest.ts';
import { ALERT_KINDS, type AlertEvent } from '../alerts/event.ts';
import { machineWords } from '../audit/machines.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/codes.ts';
import type { ReportOptions } from './format.ts';
import { printable, render, wire } from './phrase.ts';
import { timeForms } from './rows.ts';
import { WIDEST_LINE } from './ticket.ts';
import { clipEnd } from './width.ts';

/** `isQuiet`: no host mines any more. */
export function alertDigest(
  events: readonly AlertEvent[],
  isQuiet: boolean,
  { zone, language }: Pick<ReportOptions, 'zone' | 'language'>,
): Digest {
  const text = catalogueOf(language);
  const lines = events.map((event) => clipEnd(lineOf(event, zone, text), WIDEST_LINE));
  const [only] = events;
  return {
    subject: events.length === 1 && only !== undefined ? summaryOf(only, text) : titleOf(events, text),
    text: `${lines.join('\n')}\n`,
    more: text.night.moreLines,
    severity: severityOf(events),
    isOver: isQuiet,
    time:
      events
        .map(({ time }) => time)
        .sort()
        .at(-1) ?? new Date().toISOString(),
    alerts: events.map((event) => ({
      ...{ id: event.id, kind: event.kind, ip: event.ip, verdict: event.verdict },
      summary: summaryOf(event, text),
      ...{ pool: poolOf(event), algorithm: event.algorithm, account: event.account },
      department: event.owner.department ?? null,
      contact: event.owner.contact ?? null,
      ...{ first: event.first, last: event.last, isOver: event.kind === 'ended' },
    })),
    events,
    night: null,
  };
}

/** 'Cryptocurrency mining: 3 new, 1 over'. */
function titleOf(events: readonly AlertEvent[], text: ReportText): string {
  const { night, alert, comma } = text;
  const counts = ALERT_KINDS.flatMap((kind) => {
    const count = events.filter((event) => event.kind === kind).length;
    return count === 0 ? [] : [night.count(count, alert.kind[kind])];
  });
  return alert.title(counts.join(comma));
}

function summaryOf(event: AlertEvent, text: ReportText): string {
  const pool = poolOf(event);
  return printable([wire(text.finding.alert(event.kind, event.ip, event.verdict, pool, event.algorithm))]);
}

function lineOf(event: AlertEvent, zone: string, text: ReportText): string {
  const { machine, hashrate, owner, account } = event;
  const [since = []] = timeForms(event.first, zone);
  const known = [
    machine === undefined ? '' : machineWords(machine),
    owner.department ?? '',
    owner.contact ?? '',
    hashrate === null
      ? ''
      : text.figures.hashrate({ low95: null, high95: null, basis: 'shares', ...hashrate }),
    account ?? '',
    text.ticket.since(render(since, String)),
  ].filter((each) => each !== '');
  return [summaryOf(event, text), ...known.map((each) => printable([wire(each)]))].join(text.semicolon);
}

function poolOf({ pool }: AlertEvent): string | null {
  return pool === null ? null : pool.name || endpointText(pool.ip, pool.port);
}

function severityOf(events: readonly AlertEvent[]): Digest['severity'] {
  const going = events.filter(({ kind }) => kind !== 'ended');
  if (going.length === 0) return 'info';
  return going.some(({ verdict }) => verdict === 'confirmed') ? 'error' : 'warning';
}
