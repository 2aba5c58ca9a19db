/**
 * Leases among the lines of a FortiGate: `dhcp_msg` is `Ack` where the DHCP server gives or prolongs a
 * lease, and `Release` where a client gives it back (FortiOS log reference, ids 26001 and 26002). Fields come in any order, quoted or not,
 * and with a prefix where the log is sent as CEF.
 */
import type { MachineRecord } from '../../rows/flow-sink.ts';

const FIELD = /(?<![\w.-])(?:FTNTFGT)?([A-Za-z_]\w*)=(?:"([^"]*)"|(\S*))/g;
/** 2^32 − 1 s: a lease without an end. */
const ENDLESS = 4_294_967_295;

type FoundLease = Omit<MachineRecord, 'source'>;

/** The lease of a line; null if it tells none. `timeUs`: of what the line says beside `eventtime`, NaN for none. */
export function leaseOfEvent(line: string, timeUs: (text: string) => number): FoundLease | null {
  const fields = new Map<string, string>();
  for (const [, name, quoted, plain] of line.matchAll(FIELD)) fields.set(name, quoted ?? plain);
  const { dhcp_msg: message, ip, mac, hostname, dhost, lease, ...told } = Object.fromEntries(fields);
  const us = timeOf(told, line, timeUs);
  if (Number.isNaN(us) || (message !== 'Ack' && message !== 'Release')) return null;
  const name = hostname ?? dhost ?? '';
  const found = { ip, mac: mac ?? '', hostname: name === 'N/A' ? '' : name };
  if (message === 'Release') return { ...found, toUs: us };
  const seconds = Number(lease);
  return { ...found, fromUs: us, ...(seconds > 0 && seconds < ENDLESS ? { toUs: us + seconds * 1e6 } : {}) };
}

/** `eventtime` counts from 1970, s in FortiOS 6.0, ns later; before there is the time of the device alone. */
function timeOf(
  { eventtime = '', date = '', time = '', tz = '' }: Readonly<Record<string, string>>,
  line: string,
  timeUs: (text: string) => number,
): number {
  if (/^\d{10}(?:\d{3}){0,3}$/.test(eventtime)) return Number(eventtime.padEnd(19, '0').slice(0, 16));
  return date === '' ? timeUs(line) : timeUs(`${date} ${time} ${tz}`.trim());
}
