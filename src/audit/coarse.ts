/**
 * `--coarse`: an audit whose rows a flow log of the same site does not single out. Times to a minute, sizes to 1, 2 or 5
 * and zeros, no client ports, record numbers or hashes of inputs; what only a merge needs goes. Rates and duties are over whole
 * minutes: by the exact ones, the exact work would tell how many seconds a host worked. Totals are those of the rows. The pools,
 * and in which minutes a host had sessions with them, stay: they are what an audit tells.
 */
import { isObject } from '../json.ts';
import { statement } from '../statements/index.ts';
import type { Audit, AuditHost, AuditSession } from './audit.ts';
import { machineRows } from './machine-rows.ts';
import { hostRates, machineRates } from './machine-totals.ts';
import { observedSecondsOf } from './time.ts';
import { totalRates } from './total-rates.ts';
import { hostCounts } from './totals.ts';

const MINUTE_US = 60e6;
const TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}):\d{2}\.\d{3,9}Z$/;
const SIZE = /^(?:bytes|packets|flows|mbps)|(?:Bytes|Packets)$/;

/** A coarse copy. */
export function coarse(audit: Audit): Audit {
  const { merge: _, coverage, ...rest } = structuredClone(audit);
  // Sums of all traffic name no host; a conversation that could not be judged does.
  const { undecided, ...sums } = coverage;
  const rows = { ...rest, ...(undecided && { undecided }) };
  for (const host of rows.hosts) {
    const observedSeconds = observedSecondsOf(host, rows.window);
    const activeSeconds = (host.duty ?? 0) * observedSeconds;
    overMinutes(host, activeSeconds);
    if (host.duty !== null) host.duty = inMinutes(activeSeconds) / inMinutes(observedSeconds);
  }
  for (const session of rows.sessions) overMinutes(session, session.activeSeconds);
  blur(rows, '');
  const { undecided: blurred, ...copy } = rows;
  const whole: Audit = { ...copy, coverage: { ...sums, ...(blurred && { undecided: blurred }) } };
  whole.machines = machineRows(whole).rows;
  Object.assign(whole.totals, hostCounts(whole.hosts, whole.window.observedSeconds, whole.sessions), {
    hashrate: totalRates(machineRates(whole) ?? hostRates(whole)),
  });
  whole.notes.unshift(statement('coarse'));
  return whole;
}

/** Makes what is said per second of the active time hold for that time in whole minutes. */
function overMinutes(row: AuditHost | AuditSession, activeSeconds: number): void {
  const scale = (figures: object, pattern: RegExp, seconds: number): void => {
    const factor = seconds > 0 ? seconds / inMinutes(seconds) : 1;
    // The last digits depend on the order of sums.
    for (const [key, member] of Object.entries(figures))
      if (typeof member === 'number' && !key.endsWith('Seconds'))
        Reflect.set(figures, key, Number((pattern.test(key) ? member * factor : member).toPrecision(9)));
  };
  for (const rate of row.hashrate)
    scale(
      rate,
      /^(?:estimate|low95|high95)$/,
      ('activeSeconds' in rate && rate.activeSeconds) || activeSeconds,
    );
  if ('power' in row && row.power !== null) scale(row.power, /^watts/, activeSeconds);
  if ('sharesSeen' in row && row.sharesSeen != null)
    scale(row.sharesSeen, /^pacePerMinute$/, row.sharesSeen.activeSeconds);
}

/** The nearest whole minute, at least one. */
function inMinutes(seconds: number): number {
  return seconds <= 0 ? seconds : Math.max(1, Math.round(seconds / 60)) * 60;
}

function blur(value: object, parent: string): void {
  for (const [key, member] of Object.entries(value)) {
    const at = Array.isArray(value) ? parent : key;
    if (Array.isArray(member) || isObject(member)) {
      if (key === 'facts') Reflect.deleteProperty(value, key);
      else blur(member, at);
    } else Reflect.set(value, key, blurred(member, key, parent));
  }
}

function blurred(member: unknown, key: string, parent: string): unknown {
  if (typeof member === 'string') return key === 'sha256' ? null : member.replace(TIME, '$1:00.000Z');
  if (typeof member !== 'number') return member;
  if (
    key === 'record' ||
    key === 'at' ||
    (key === 'port' && (parent === 'miner' || parent === 'connections'))
  )
    return 0;
  if (key.endsWith('Us')) return Math.floor(member / MINUTE_US) * MINUTE_US;
  if (/[sS]econds$/.test(key)) return inMinutes(member);
  return SIZE.test(key) ? rounded(member) : member;
}

/** The nearest of 1, 2 and 5 with zeros, below or above. */
function rounded(size: number): number {
  if (size <= 0) return size;
  const unit = 10 ** Math.floor(Math.log10(size));
  const lead = size / unit;
  const nearest = lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10;
  // 10 ** -2 is no exact number.
  return Number((nearest * unit).toPrecision(1));
}
