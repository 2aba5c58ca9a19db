/** Leases in files of blocks: ISC dhcpd's dhcpd.leases (dhcpd.leases(5)), and FreeRADIUS accounting in detail files. */
import type { FoundLease, LeaseFormat } from './lease.ts';

/** `lease 10.0.0.1 {`, of which the rest may stand in the same line. */
const BEGIN = /^\s*lease\s+([\d.]{7,15})\s*\{/;
/** A statement of a lease: `ends 2 2026/11/24 10:00:00;`. Host names and client ids are quoted, and may hold any sign. */
const STATEMENT = /\s*((?:"(?:\\.|[^"\\])*"|[^";{}])+);|\s*(\})/y;
/** Longer lines are no server's, and no more of a block is looked at. */
const LONGEST_LINE = 4096;
const MOST_STATEMENTS = 100;

export const DHCPD_LEASES: LeaseFormat = {
  id: 'dhcpd',
  title: 'ISC dhcpd, `dhcpd.leases`',
  sniff: (head) => /^\s*lease\s+[\d.]+\s*\{/m.test(head),
  *read(text, timeUs) {
    let ip = '';
    let statements: string[] = [];
    for (const line of linesOf(text)) {
      const begin = BEGIN.exec(line);
      if (begin !== null) [ip, statements] = [begin[1], []];
      if (ip === '') continue;
      STATEMENT.lastIndex = begin?.[0].length ?? 0;
      for (let found = STATEMENT.exec(line); found !== null; found = STATEMENT.exec(line)) {
        if (found[1] !== undefined && statements.length < MOST_STATEMENTS) statements.push(found[1]);
        if (found[2] === undefined) continue;
        yield leaseOf(ip, statements, timeUs);
        ip = '';
        break;
      }
    }
  },
};

function leaseOf(ip: string, statements: readonly string[], timeUs: (text: string) => number): FoundLease {
  const value = (name: string): string => {
    const found = statements.find((each) => each.startsWith(`${name} `));
    return found === undefined ? '' : found.slice(name.length).trim();
  };
  // 'starts 2 2026/11/24 10:00:00' has the day of the week in front, and is UTC; 'starts epoch 1795514400' has none.
  const time = (name: string): number =>
    timeUs(value(name).replace(/^epoch\s+|^\d\s+(.*)$/, (_, utc) => (utc === undefined ? '' : `${utc}Z`)));
  return {
    ip,
    mac: value('hardware').replace(/^\w+\s+/, ''),
    hostname: value('client-hostname').replaceAll('"', ''),
    fromUs: time('starts'),
    toUs: time('ends'),
  };
}

/** 'Tue Nov 24 10:00:00 2026' above, then lines of `Attribute = value`, and a blank line. */
export const RADIUS_DETAIL: LeaseFormat = {
  id: 'radius',
  title: 'FreeRADIUS accounting, detail files',
  sniff: (head) => /^[ \t]+Acct-Status-Type\s*=/m.test(head),
  *read(text, timeUs) {
    let head = '';
    let values = new Map<string, string>();
    for (const line of linesOf(`${text}\n\n`)) {
      const at = line.indexOf('=');
      if (line.trim() === '') {
        const found = accountingOf(head, values, timeUs);
        if (found !== null) yield found;
        [head, values] = ['', new Map()];
      } else if (at === -1 || !/^\s/.test(line)) head ||= line.trim();
      else if (values.size < MOST_STATEMENTS) {
        const name = line.slice(0, at).trim();
        if (!values.has(name))
          values.set(
            name,
            line
              .slice(at + 1)
              .trim()
              .replace(/^"|"$/g, ''),
          );
      }
    }
  },
};

function accountingOf(
  head: string,
  values: ReadonlyMap<string, string>,
  timeUs: (text: string) => number,
): FoundLease | null {
  const of = (name: string): string => values.get(name) ?? '';
  const status = of('Acct-Status-Type');
  if (!/^(?:Start|Stop|Interim-Update|Alive|[123])$/.test(status)) return null;
  const atUs = [of('Timestamp'), of('Event-Timestamp'), head].map(timeUs).find((us) => !Number.isNaN(us));
  if (atUs === undefined) return null;
  const seconds = Number(of('Acct-Session-Time') || 0);
  const found: FoundLease = {
    ip: of('Framed-IP-Address') || of('Framed-IPv6-Address'),
    mac: of('Calling-Station-Id'),
    user: of('User-Name'),
    fromUs: atUs - seconds * 1e6,
  };
  return /^(?:Stop|2)$/.test(status) ? { ...found, toUs: atUs } : found;
}

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    yield to - from > LONGEST_LINE ? '#' : text.slice(from, to).replace(/\r$/, '');
    from = to + 1;
  }
}
