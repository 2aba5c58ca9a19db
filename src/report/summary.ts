/**
 * The totals of an audit in sentences, in the order in which an administrator asks: what was looked at, how much of
 * it could be read, what was found, what could not be seen, what was damaged. Every share states its whole, and an
 * audit with too little coverage is never called clean.
 */
import type { Audit, AuditInput, AuditSession, Verdict } from '../audit/audit.ts';
import { VERDICTS } from '../audit/audit.ts';
import {
  bitrate,
  byteCount,
  counted,
  duration,
  grouped,
  interval,
  percent,
  significant,
  span,
} from './figures.ts';
import type { Phrase } from './phrase.ts';
import { joined, wire } from './phrase.ts';

/** A label with one or more sentences; `rates` marks the place of the hashrate rows. */
export interface SummaryLine {
  readonly label: string;
  readonly phrases: readonly Phrase[];
}

/** Damage of at most this many inputs is told in full. */
const DAMAGED_INPUTS_SHOWN = 10;

/** What was looked at: above the hashrate rows. */
export function summaryAbove(audit: Audit, zone: string): SummaryLine[] {
  return [
    { label: 'Window', phrases: [[windowText(audit, zone)]] },
    { label: 'Inputs', phrases: [[inputsText(audit.inputs)]] },
    { label: 'Coverage', phrases: [[coverageText(audit)]] },
    ...(audit.hosts.length === 0 ? [] : foundLines(audit)),
  ];
}

/** Energy, blind spots and damage: below the hashrate rows. */
export function summaryBelow(audit: Audit): SummaryLine[] {
  const lines: SummaryLine[] = [];
  const { power } = audit.totals;
  if (power !== null) {
    const watts = interval(power.watts, power.wattsLow, power.wattsHigh, 'W');
    const kwh = `${significant(power.kwhPerDay)} kWh/day (${significant(power.kwhPerDayLow)}–${significant(power.kwhPerDayHigh)})`;
    lines.push({ label: 'Power', phrases: [[`${watts}, ${kwh}`]] });
  }
  const unseen = notObservable(audit);
  if (unseen.length > 0) lines.push({ label: 'Not seen', phrases: unseen });
  const damage = damagePhrases(audit.inputs);
  if (damage.length > 0) lines.push({ label: 'Damage', phrases: damage });
  return lines;
}

/** The warning of an interrupted run, or null. */
export function partialWarning(audit: Audit): string | null {
  return audit.partial
    ? 'PARTIAL: the run was interrupted, and the rest of the inputs is not in this audit.'
    : null;
}

/** What it means that no host was found, or null where there are hosts. */
export function nothingFound(audit: Audit): string | null {
  if (audit.hosts.length > 0) return null;
  const looked = `${recordsText(audit.inputs)} from ${counted(audit.inputs.length, 'input')}`;
  const decoded = `${percent(audit.coverage.decoded.bytes)} of bytes`;
  if (audit.partial) {
    return `No mining was seen before the interruption, in ${looked}. Nothing can be said about the rest.`;
  }
  if (audit.window.start === null) {
    return `Nothing was read: no packet or flow in ${counted(audit.inputs.length, 'input')}. Nothing can be said.`;
  }
  if (!audit.coverage.complete) {
    return `No mining was seen, but only ${decoded} could be decoded, in ${looked}: too little to conclude that there is none.`;
  }
  return `No mining found in ${looked}, ${decoded} decoded.`;
}

function foundLines(audit: Audit): SummaryLine[] {
  const { totals } = audit;
  const verdicts = VERDICTS.filter((verdict: Verdict) => totals.hosts[verdict] > 0).map(
    (verdict) => `${grouped(totals.hosts[verdict])} ${verdict}`,
  );
  const { low, high } = totals.rigs;
  const rigs = low === high ? counted(low, 'machine') : `${grouped(low)} to ${grouped(high)} machines`;
  const { bytesOut, bytesIn, mbpsOut, mbpsIn } = totals.traffic;
  const lines: SummaryLine[] = [
    {
      label: 'Hosts',
      phrases: [[`${verdicts.join(', ')}; of ${counted(audit.hosts.length, 'host')} with evidence`]],
    },
    {
      label: 'Miners',
      phrases: [
        [
          `${counted(totals.minerAddresses, 'address', 'addresses')} confirmed or probable`,
          high > 0 ? `, ${rigs} behind ${totals.minerAddresses === 1 ? 'it' : 'them'}` : '',
        ],
      ],
    },
  ];
  const known = totals.owners.filter((owner) => owner.class !== 'unknown');
  if (known.length > 0) {
    const owners = totals.owners.map(
      (owner) => `${owner.class} ${grouped(owner.addresses)} (${percent(owner.share)})`,
    );
    const whole = `of ${counted(totals.minerAddresses, 'miner address', 'miner addresses')}`;
    lines.push({ label: 'Owners', phrases: [[`${owners.join(', ')}; ${whole}`]] });
  }
  lines.push({
    label: 'Traffic',
    phrases: [
      [
        `out ${bitrate(mbpsOut)}, in ${bitrate(mbpsIn)} on average over the window `,
        `(${byteCount(bytesOut + bytesIn)} with pools in ${counted(audit.sessions.length, 'session')})`,
      ],
    ],
  });
  return lines;
}

function windowText(audit: Audit, zone: string): string {
  const { start, end, seconds } = audit.window;
  if (start === null || end === null) return 'none: no packet or flow was read';
  return `${span(start, end, zone)} (${duration(seconds)})`;
}

function recordsText(inputs: readonly AuditInput[]): string {
  let packets = 0;
  let flows = 0;
  for (const input of inputs) {
    packets += input.packets ?? 0;
    flows += input.flows ?? 0;
  }
  if (flows === 0) return counted(packets, 'packet');
  return packets === 0
    ? counted(flows, 'flow')
    : `${counted(packets, 'packet')} and ${counted(flows, 'flow')}`;
}

function inputsText(inputs: readonly AuditInput[]): string {
  const unreadable = inputs.filter((input) => input.kind === 'unreadable').length;
  const damaged = inputs.filter((input) => input.damage.length > 0).length - unreadable;
  let bytes = 0;
  for (const input of inputs) bytes += input.bytes;
  const states = [`${grouped(inputs.length - unreadable)} of ${grouped(inputs.length)} read`];
  if (damaged > 0) states.push(`${grouped(damaged)} of them damaged`);
  if (unreadable > 0) states.push(`${grouped(unreadable)} unreadable`);
  return `${states.join(', ')}; ${byteCount(bytes)}, ${recordsText(inputs)}`;
}

function coverageText(audit: Audit): string {
  const { complete, decoded, encrypted, oneSided, truncated, sampled } = audit.coverage;
  const parts = [`${percent(decoded.bytes)} of bytes decoded`];
  if (truncated.packets > 0) parts.push(`${percent(truncated.packets)} of packets cut by the snap length`);
  if (sampled.packets > 0) parts.push(`${percent(sampled.packets)} of records sampled`);
  const ofTcp: string[] = [];
  if (encrypted.bytes > 0) ofTcp.push(`${percent(encrypted.bytes)} encrypted`);
  if (oneSided.bytes > 0) ofTcp.push(`${percent(oneSided.bytes)} seen in one direction only`);
  if (ofTcp.length > 0) parts.push(`of TCP bytes ${ofTcp.join(', ')}`);
  return `${complete ? '' : 'INCOMPLETE: '}${parts.join('; ')}`;
}

/** Why a session that was gained has no rate. */
function blindness(session: AuditSession): string | null {
  if (session.hashrate.length > 0) return null;
  if (VERDICTS.indexOf(session.verdict) >= VERDICTS.indexOf('attempted')) return null;
  if (session.dialect === 'tls' || session.transport === 'tls')
    return 'encrypted, so only names and pace are known';
  if (session.dialect === 'flow') return 'known from flow records alone';
  if (session.shares.submitted === 0) return 'no share was seen';
  if (session.algorithm === null) return 'algorithm unknown, work kept in difficulty units';
  return 'difficulty of its shares unknown';
}

function notObservable(audit: Audit): Phrase[] {
  const reasons = new Map<string, { sessions: number; hosts: Set<string> }>();
  let unpricedShares = 0;
  for (const session of audit.sessions) {
    unpricedShares += session.work.unpricedShares;
    const reason = blindness(session);
    if (reason === null) continue;
    const tally = reasons.get(reason) ?? { sessions: 0, hosts: new Set<string>() };
    tally.sessions++;
    tally.hosts.add(session.miner.ip);
    reasons.set(reason, tally);
  }
  const phrases = [...reasons].map(([reason, tally]): Phrase => {
    return [
      `hashrate of ${counted(tally.sessions, 'session')} on ${counted(tally.hosts.size, 'host')}: ${reason}`,
    ];
  });
  if (unpricedShares > 0) {
    phrases.push([`work of ${counted(unpricedShares, 'share')}: their difficulty was not seen`]);
  }
  return phrases;
}

function damagePhrases(inputs: readonly AuditInput[]): Phrase[] {
  const damaged = inputs.filter((input) => input.damage.length > 0);
  const phrases = damaged.slice(0, DAMAGED_INPUTS_SHOWN).map((input): Phrase => {
    const kinds = input.damage.map((row): Phrase => {
      const place = `${row.count === 1 ? 'at' : 'first at'} ${grouped(row.at)}`;
      return [wire(row.kind), row.count === 1 ? ` ${place}` : ` ×${grouped(row.count)}, ${place}`];
    });
    return [wire(input.path), ': ', ...joined(kinds, '; ')];
  });
  const more = damaged.length - phrases.length;
  return more > 0 ? [...phrases, [`and ${counted(more, 'more input')}`]] : phrases;
}
