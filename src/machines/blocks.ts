/** Leases in files of blocks: ISC dhcpd's dhcpd.leases (dhcpd.leases(5)), and FreeRADIUS accounting in detail files. */
import type { FoundLease, LeaseFormat } from './lease.ts';

/** Host names and client ids are quoted, and may have a brace in them. */
const BLOCK = /^\s*lease\s+([\d.]+)\s*\{((?:"(?:\\.|[^"\\\n])*"|[^"}])*)\}/gm;

export const DHCPD_LEASES: LeaseFormat = {
  id: 'dhcpd',
  title: 'ISC dhcpd, `dhcpd.leases`',
  sniff: (head) => /^\s*lease\s+[\d.]+\s*\{/m.test(head),
  *read(text, timeUs) {
    for (const [, ip, body = ''] of text.matchAll(BLOCK)) {
      const value = (name: RegExp): string =>
        new RegExp(`^\\s*${name.source}\\s+(.*?);`, 'm').exec(body)?.[1] ?? '';
      // 'starts 2 2026/11/24 10:00:00' has the day of the week in front, and is UTC; 'starts epoch 1795514400' has none.
      const time = (name: RegExp): number =>
        timeUs(
          value(name).replace(/^epoch\s+|^\d\s+(.*)$/, (_, utc) => (utc === undefined ? '' : `${utc}Z`)),
        );
      yield {
        ip,
        mac: value(/hardware\s+\w+/),
        hostname: value(/client-hostname/).replaceAll('"', ''),
        fromUs: time(/starts/),
        toUs: time(/ends/),
      };
    }
  },
};

/** 'Tue Nov 24 10:00:00 2026' above, then lines of `Attribute = value`, and a blank line. */
export const RADIUS_DETAIL: LeaseFormat = {
  id: 'radius',
  title: 'FreeRADIUS accounting, detail files',
  sniff: (head) => /^\s+Acct-Status-Type\s*=/m.test(head),
  *read(text, timeUs) {
    for (const block of text.split(/\r?\n\s*\r?\n/)) {
      const of = (name: string): string =>
        new RegExp(`^\\s+${name}\\s*=\\s*"?(.*?)"?\\s*$`, 'm').exec(block)?.[1] ?? '';
      const status = of('Acct-Status-Type');
      if (!/^(?:Start|Stop|Interim-Update|Alive|[123])$/.test(status)) continue;
      const [head = ''] = block.trimStart().split('\n', 1);
      const atUs = [of('Timestamp'), of('Event-Timestamp'), head].map(timeUs).find((us) => !Number.isNaN(us));
      if (atUs === undefined) continue;
      const seconds = Number(of('Acct-Session-Time') || 0);
      const found: FoundLease = {
        ip: of('Framed-IP-Address') || of('Framed-IPv6-Address'),
        mac: of('Calling-Station-Id'),
        user: of('User-Name'),
        fromUs: atUs - seconds * 1e6,
      };
      yield /^(?:Stop|2)$/.test(status) ? { ...found, toUs: atUs } : found;
    }
  },
};
