/**
 * Files of leases (`--leases`) to who had an address at a time. A renewal prolongs a lease; one whose end is not told ends
 * when another machine has the address, or after eight days, the longest that a usual server gives; one whose beginning is
 * not told begins when the one before it ended, and at most eight days before its end. If two overlap, the one that began last
 * counts, and that is counted.
 */

import { canonicalAddress } from '../address.ts';
import { fail } from '../errors.ts';
import { textOf } from '../given-file.ts';
import { push } from '../order.ts';
import { readWhole } from '../owners/database.ts';
import { TimeCell } from '../readers/tables/time-cell.ts';
import { Zone } from '../readers/tables/zone.ts';
import { type TellSlow, toldIfSlow } from '../slow-list.ts';
import { type Statement, statement } from '../statements/index.ts';
import { DHCPD_LEASES, RADIUS_DETAIL } from './blocks.ts';
import { type FoundLease, isSameMachine, type Lease, type LeaseFormat, macOf } from './lease.ts';
import { FORTIGATE, LEASE_LINES } from './lines.ts';
import { LEASE_TABLES } from './tables.ts';

/** The registry; lines come last, for they take any file. */
const LEASE_FORMATS: readonly LeaseFormat[] = [
  DHCPD_LEASES,
  RADIUS_DETAIL,
  FORTIGATE,
  LEASE_TABLES,
  LEASE_LINES,
];

const HEAD_CHARACTERS = 8192;
const LONGEST_US = 8 * 86_400e6;
/** Before that only clocks that nobody set. */
const EARLIEST_US = Date.UTC(1990, 0) * 1000;
const LONGEST_NAME = 255;
/** A text of more than 512 MiB cannot be held. */
const MOST_BYTES = 400 * 2 ** 20;
const MOST_LEASES = 5_000_000;
/** Clocks of a server and of whoever writes its log differ by so much. */
const SLACK_US = 2e6;

export class LeaseBook {
  readonly #byAddress = new Map<string, Lease[]>();
  #isFinal = true;
  count = 0;
  #overlaps = 0;
  #example: Lease | null = null;
  /** Rows whose times or addresses make no sense, and those beyond the most that are kept. */
  wrong = 0;
  #left = 0;

  /** False if it says nothing. */
  add(found: FoundLease, source: string): boolean {
    const ip = canonicalAddress(found.ip ?? '');
    const mac = macOf(found.mac);
    const [hostname, user] = [found.hostname, found.user].map(
      (name = '') => name.trim().slice(0, LONGEST_NAME) || null,
    );
    const { fromUs = Number.NaN, toUs = Number.NaN } = found;
    const isWrong = toUs < fromUs || fromUs < EARLIEST_US || toUs < EARLIEST_US;
    if (ip === null || (mac === null && hostname === null && user === null) || isWrong) {
      this.wrong++;
      return false;
    }
    if (this.count >= MOST_LEASES) {
      this.#left++;
      return true;
    }
    this.#isFinal = false;
    this.count++;
    push(this.#byAddress, ip, { ip, mac, hostname, user, fromUs, toUs, source });
    return true;
  }

  /** Who had the address between two times, in order. */
  during(ip: string, fromUs: number, toUs: number): readonly Lease[] {
    this.#finalize();
    return (this.#byAddress.get(ip) ?? []).filter(
      (lease) =>
        !(lease.fromUs > toUs) &&
        !(lease.toUs < fromUs) &&
        (lease.toUs > fromUs || lease.fromUs === fromUs || Number.isNaN(lease.toUs)),
    );
  }

  /** What is wrong with the leases. */
  notes(): Statement[] {
    this.#finalize();
    const notes: Statement[] = [];
    if (this.wrong > 0) notes.push(statement('leases-wrong', { count: this.wrong }));
    if (this.#left > 0) notes.push(statement('leases-left', { count: this.#left, most: MOST_LEASES }));
    if (this.#example !== null) {
      const { ip, fromUs, toUs } = this.#example;
      const time = new Date((Number.isNaN(fromUs) ? toUs : fromUs) / 1000).toISOString();
      notes.push(statement('leases-overlap', { count: this.#overlaps, ip, time }));
    }
    return notes;
  }

  #finalize(): void {
    if (this.#isFinal) return;
    this.#isFinal = true;
    for (const [ip, leases] of this.#byAddress) this.#byAddress.set(ip, this.#inOrder(leases));
  }

  /** One after the other. */
  #inOrder(leases: readonly Lease[]): Lease[] {
    const key = ({ fromUs, toUs }: Lease): number =>
      Number.isNaN(fromUs) ? (Number.isNaN(toUs) ? Number.POSITIVE_INFINITY : toUs) : fromUs;
    const final: Lease[] = [];
    // Of one time: what ends then, then what begins; then by what they are, so that the order of files makes no difference.
    const rank = ({ fromUs, ...rest }: Lease): string =>
      `${Number.isNaN(fromUs) ? 0 : 1} ${JSON.stringify(rest)}`;
    const before = (a: Lease, b: Lease): number => key(a) - key(b) || (rank(a) < rank(b) ? -1 : 1);
    for (const lease of leases.toSorted(before)) {
      const last = final.at(-1);
      if (last === undefined) final.push(lease);
      else if (isSameMachine(last, lease) && isSameUser(last, lease) && follows(last, lease))
        final[final.length - 1] = prolonged(last, lease);
      else {
        const ended = this.#ended(last, lease);
        final[final.length - 1] = ended;
        const fromUs = Math.max(ended.toUs, lease.toUs - LONGEST_US) || ended.toUs;
        const next = Number.isNaN(lease.fromUs) ? { ...lease, fromUs } : lease;
        // All of its time is another one's.
        if (next.toUs <= next.fromUs) this.#overlap(lease);
        else final.push(next);
      }
    }
    return final.map((lease) => {
      const { fromUs, toUs } = lease;
      if (Number.isNaN(toUs)) return { ...lease, toUs: fromUs + LONGEST_US };
      return Number.isNaN(fromUs) ? { ...lease, fromUs: toUs - LONGEST_US } : lease;
    });
  }

  #overlap(lease: Lease): void {
    this.#overlaps++;
    this.#example ??= lease;
  }

  /** A lease that another one follows. */
  #ended(lease: Lease, next: Lease): Lease {
    if (Number.isNaN(next.fromUs)) {
      return Number.isNaN(lease.toUs)
        ? { ...lease, toUs: Math.min(lease.fromUs + LONGEST_US, next.toUs) }
        : lease;
    }
    if (lease.toUs <= next.fromUs) return lease;
    if (lease.toUs > next.fromUs + SLACK_US && !isSameMachine(lease, next)) this.#overlap(next);
    const latestUs = Number.isNaN(lease.toUs) ? lease.fromUs + LONGEST_US : next.fromUs;
    return { ...lease, toUs: Math.min(latestUs, next.fromUs) };
  }
}

/** False if another person uses the machine now. */
function isSameUser(a: Lease, b: Lease): boolean {
  return a.user === null || b.user === null || a.user === b.user;
}

/** True if nothing lies between the two but what may be one lease. */
function follows(lease: Lease, next: Lease): boolean {
  if (Number.isNaN(next.fromUs) || Number.isNaN(lease.toUs)) return true;
  return next.fromUs <= lease.toUs + SLACK_US;
}

function prolonged(lease: Lease, next: Lease): Lease {
  const isRelease = Number.isNaN(next.fromUs);
  const ends = [lease.toUs, next.toUs];
  const toUs = isRelease ? next.toUs : ends.some(Number.isNaN) ? next.toUs : Math.max(...ends);
  const { mac, hostname, user } = next;
  return {
    ...lease,
    fromUs: Number.isNaN(lease.fromUs) ? lease.toUs - LONGEST_US : lease.fromUs,
    mac: mac ?? lease.mac,
    hostname: hostname ?? lease.hostname,
    user: user ?? lease.user,
    toUs,
  };
}

/** Reads the files. Throws FILE_UNREADABLE, or FILE_INVALID if one holds no lease. */
export async function loadLeases(
  files: readonly string[],
  timeZone: string | null,
  tell?: TellSlow,
): Promise<LeaseBook> {
  const book = new LeaseBook();
  for (const file of files) {
    const { bytes, modifiedMs } = await readWhole(file);
    if (bytes.length > MOST_BYTES) {
      const hint = 'Give only the lines that tell of leases: grep -h DHCP FILE.';
      fail('FILE_INVALID', `it has more than ${MOST_BYTES} bytes`, { where: file, hint });
    }
    const text = textOf(bytes, file);
    const head = text.slice(0, HEAD_CHARACTERS);
    const format = LEASE_FORMATS.find(({ sniff }) => sniff(head)) ?? LEASE_LINES;
    const cell = new TimeCell();
    cell.seenFrom(modifiedMs);
    cell.zone = timeZone === null ? null : new Zone(timeZone);
    let kept = 0;
    const rows = format.read(text, (time) => timeOf(time, cell));
    for (const found of toldIfSlow(rows, file, tell)) {
      if (book.add(found, format.id)) kept++;
    }
    cell.seenFrom(Date.now());
    if (kept > 0) continue;
    const formats = LEASE_FORMATS.map(({ title }) => title.replaceAll('`', '')).join('; ');
    fail('FILE_INVALID', 'no lease in it', { where: file, hint: `Read are: ${formats}.` });
  }
  return book;
}

const CTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?: [A-Z]{2,5})? (\d{4})/;

/** us since 1970 of a time as servers write it; NaN if it is none. */
function timeOf(written: string, cell: TimeCell): number {
  // ip -ts has brackets, ip -t a word in front.
  const text = written.replace(/^\[(\d{4}-[^\]]+)\]|^Timestamp: /, '$1');
  if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return Number(text) * 1e6;
  if (text === '') return Number.NaN;
  if (text === 'never') return Number.POSITIVE_INFINITY;
  const ctime = CTIME.exec(text);
  const [, month, day, clock, year] = ctime ?? [];
  return cell.ofLine(ctime === null ? text : `${day?.padStart(2, '0')}-${month}-${year} ${clock}`);
}
