/**
 * Leases in lines: the files of dnsmasq (dnsmasq.leases) and arpwatch (arp.dat), logs of dnsmasq, ISC dhcpd, Kea, RouterOS and
 * Windows Server's DHCP, and what `ip neigh` prints with a time in front of each line or on a line of its own above. Other lines are skipped, so that
 * a whole syslog may be given.
 */
import leaseLines from '../../data/lease-lines.tsv?raw';
import { leaseOfEvent } from '../readers/lines/dhcp-event.ts';
import { oneOf, pattern, table } from '../schema/table.ts';
import type { FoundLease, LeaseFormat } from './lease.ts';

const SHAPES = table('lease-lines.tsv', leaseLines, { at: oneOf('from', 'to', 'own'), pattern });

/** arpwatch writes its file every 15 minutes. */
const SEEN_US = 900e6;

export const LEASE_LINES: LeaseFormat = {
  id: 'lines',
  title:
    '`dnsmasq.leases`, arpwatch `arp.dat`, logs of dnsmasq, dhcpd, Kea, RouterOS and Windows DHCP, `ip neigh` with a time',
  sniff: () => true,
  *read(text, timeUs) {
    let aboveUs = Number.NaN;
    for (const line of text.split(/\r?\n/)) {
      if (line === '') continue;
      const found = readLine(line, timeUs, aboveUs);
      if (found !== null) yield found;
      // A time alone holds for the lines below it.
      else if (line.length < 60 && !Number.isNaN(timeUs(line.trim()))) aboveUs = timeUs(line.trim());
    }
  },
};

function readLine(line: string, timeUs: (text: string) => number, aboveUs: number): FoundLease | null {
  for (const { pattern, at } of SHAPES()) {
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
    const ownUs = timeUs('time' in groups ? (groups.time ?? '').replace(',', ' ') : line);
    const us = Number.isNaN(ownUs) ? aboveUs : ownUs;
    if (Number.isNaN(us)) return null;
    if (at === 'to') return { ...found, toUs: us };
    return { ...found, fromUs: us, ...(seconds === '' ? {} : { toUs: us + Number(seconds) * 1e6 }) };
  }
  return null;
}

export const FORTIGATE: LeaseFormat = {
  id: 'fortigate',
  title: 'event logs of FortiGate (`dhcp_msg=`)',
  sniff: (head) => /(?:\blogid="?\d{10}\b|FTNTFGTlogid=|\bdhcp_msg=)/.test(head),
  *read(text, timeUs) {
    for (const line of text.split(/\r?\n/)) {
      const found = line.includes('dhcp_msg=') ? leaseOfEvent(line, timeUs) : null;
      if (found !== null) yield found;
    }
  },
};
