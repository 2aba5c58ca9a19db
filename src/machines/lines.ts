/**
 * Leases in lines: the files of dnsmasq (dnsmasq.leases) and arpwatch (arp.dat), logs of dnsmasq, ISC dhcpd and Kea, and
 * what `ip neigh` prints with a time in front of each line or on a line of its own above. Other lines are skipped, so that
 * a whole syslog may be given.
 */
import type { FoundLease, LeaseFormat } from './lease.ts';

interface LineShape {
  /** Groups ip, mac, hostname; and of those that have times, from, to. */
  readonly pattern: RegExp;
  /** From the line's time on, up to it, or with a time of its own. */
  readonly at: 'from' | 'to' | 'own';
}

const SHAPES: readonly LineShape[] = [
  // dnsmasq.leases: expiry, mac, address, name, client id; IPv6 has the IAID in place of the mac.
  {
    pattern: /^(?<to>\d{1,10}) (?<mac>(?:\d\d-)?[\da-f:]{17}|\d+) (?<ip>[\da-f.:]+) (?<hostname>\S+) \S+$/i,
    at: 'own',
  },
  // arp.dat: mac, address, when it was seen last, name.
  {
    pattern:
      /^(?<mac>(?:[\da-f]{1,2}:){5}[\da-f]{1,2})\t(?<ip>[\da-f.:]+)\t(?<seen>\d{9,10})(?:\t(?<hostname>\S*))?/i,
    at: 'own',
  },
  {
    pattern:
      /\bdnsmasq-dhcp\[\d+\]: (?:\d+ )?DHCPACK\(\S+\) (?<ip>\S+) (?<mac>[\da-f:]{17})(?: (?<hostname>\S+))?/i,
    at: 'from',
  },
  {
    pattern: /\bdnsmasq-dhcp\[\d+\]: (?:\d+ )?DHCPRELEASE\(\S+\) (?<ip>\S+) (?<mac>[\da-f:]{17})/i,
    at: 'to',
  },
  {
    pattern:
      /\bdhcpd(?:\[\d+\])?: DHCPACK on (?<ip>\S+) to (?<mac>[\da-f:]{17})(?: \((?<hostname>[^)]*)\))?/i,
    at: 'from',
  },
  { pattern: /\bdhcpd(?:\[\d+\])?: DHCPRELEASE of (?<ip>\S+) from (?<mac>[\da-f:]{17})/i, at: 'to' },
  {
    pattern:
      /\bDHCP4_LEASE_(?:ALLOC|RENEW) \[hwtype=\d+ (?<mac>[\da-f:]{17})\].*?: lease (?<ip>\S+) has been (?:allocated|renewed) for (?<seconds>\d+) seconds/i,
    at: 'from',
  },
  {
    pattern: /\bDHCP4_RELEASE \[hwtype=\d+ (?<mac>[\da-f:]{17})\].*?: address (?<ip>\S+) was released/i,
    at: 'to',
  },
  {
    pattern: /^(?:(?<time>.{1,40}?)\s+)?(?<ip>[\da-f.:]+) dev \S+ lladdr (?<mac>[\da-f:]{17})\b/i,
    at: 'from',
  },
];

/** arpwatch writes its file every 15 minutes. */
const SEEN_US = 900e6;

export const LEASE_LINES: LeaseFormat = {
  id: 'lines',
  title: '`dnsmasq.leases`, arpwatch `arp.dat`, logs of dnsmasq, dhcpd and Kea, `ip neigh` with a time',
  sniff: () => true,
  *read(text, timeUs) {
    let aboveUs = Number.NaN;
    for (const line of text.split(/\r?\n/)) {
      const found = readLine(line, timeUs, aboveUs);
      if (found !== null) yield found;
      // A time alone holds for the lines below it.
      else if (line.length < 60 && !Number.isNaN(timeUs(line.trim()))) aboveUs = timeUs(line.trim());
    }
  },
};

function readLine(line: string, timeUs: (text: string) => number, aboveUs: number): FoundLease | null {
  for (const { pattern, at } of SHAPES) {
    const groups = pattern.exec(line)?.groups;
    if (groups === undefined) continue;
    const { ip, mac = '', hostname = '', to = '', seen = '', seconds = '' } = groups;
    const found = {
      ip,
      mac: mac.replace(/^\d\d-(?=.{17}$)/, ''),
      hostname: hostname === '*' ? '' : hostname,
    };
    // dnsmasq writes 0 for a lease without an end.
    if (at === 'own' && seen === '') return { ...found, ...(to === '0' ? {} : { toUs: Number(to) * 1e6 }) };
    if (at === 'own') return { ...found, toUs: Number(seen) * 1e6 + SEEN_US };
    const ownUs = timeUs('time' in groups ? (groups.time ?? '') : line);
    const us = Number.isNaN(ownUs) ? aboveUs : ownUs;
    if (Number.isNaN(us)) return null;
    if (at === 'to') return { ...found, toUs: us };
    return { ...found, fromUs: us, ...(seconds === '' ? {} : { toUs: us + Number(seconds) * 1e6 }) };
  }
  return null;
}
