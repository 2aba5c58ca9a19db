/** Allow-lists: what holds and what has run out, and that a scan leaves out what holds and says so. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAllowList } from '../../src/pools/allow.ts';
import { headline } from '../../src/report/summary.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { conversation } from '../support/conversation.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { textsOf } from '../support/texts.ts';

const en = catalogueOf('en');

const folder = temporaryFolder();
const NOON_US = Date.parse('2026-11-24T12:00:00Z') * 1000;
let files = 0;

function list(...lines: readonly string[]): string {
  const file = path.join(folder, `allow-${++files}.txt`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

describe('an allow-list', () => {
  it('holds addresses, prefixes and names to their last day', async () => {
    const rules = await loadAllowList(
      list('192.0.2.1', '198.51.100.0/24 until 2026-11-24', 'pool.lab.test # ours', '*.rigs.test'),
    );
    expect(rules.expired('2026-11-24')).toEqual([]);
    expect(rules.expired('2026-11-25').map(({ line }) => line)).toEqual([2]);
    expect(rules.allowsAddress('198.51.100.9', null, '2026-11-25')).toBeNull();
    const addresses = ['192.0.2.1', '192.0.2.2', '198.51.100.9'].map((ip) => rules.allowsAddress(ip)?.place);
    expect(addresses).toEqual(['192.0.2.1', undefined, '198.51.100.0/24']);
    const names = ['POOL.lab.test.', 'x.pool.lab.test', 'a.b.rigs.test', 'rigs.test'];
    expect(names.map((name) => rules.allowsName(name)?.place)).toEqual([
      'pool.lab.test',
      undefined,
      '*.rigs.test',
      undefined,
    ]);
  });

  it('gives of networks one in another the first, and of those of IPv6 none to IPv4', async () => {
    const rules = await loadAllowList(
      list('2000::/3 # six', '10.1.0.0/16:3333 # port', '10.0.0.0/8 # wide', '10.1.2.0/24 # near'),
    );
    const asked = [
      ['10.1.2.3', 3333],
      ['10.1.2.3', 443],
      ['2001:db8::1', 443],
      ['192.0.2.1', 443],
    ] as const;
    expect(asked.map(([ip, port]) => rules.allowsAddress(ip, port)?.reason)).toEqual([
      'port',
      'wide',
      'six',
      undefined,
    ]);
  });

  it('of many networks takes no longer for an address than one of few', async () => {
    const networks = Array.from({ length: 40_000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`);
    const rules = await loadAllowList(list(...networks));
    const from = performance.now();
    for (let i = 0; i < 20_000; i++) expect(rules.allowsAddress(`172.16.${i >> 8}.${i & 255}`)).toBeNull();
    // One after the other: 800 million comparisons.
    expect(performance.now() - from).toBeLessThan(2000);
  });

  it('holds for a service alone where a port is written', async () => {
    const rules = await loadAllowList(
      list(
        '192.0.2.1:3333',
        '[2001:db8::1]:3333',
        '198.51.100.0/24:443',
        'pool.lab.test:3333',
        '*.rigs.test:80',
      ),
    );
    const PORTS = [3333, 443, 80, null];
    const ofAddress = (ip: string) => PORTS.filter((port) => rules.allowsAddress(ip, port) !== null);
    expect(['192.0.2.1', '2001:DB8::1', '198.51.100.9'].map(ofAddress)).toEqual([[3333], [3333], [443]]);
    const ofName = (name: string) => PORTS.filter((port) => rules.allowsName(name, port) !== null);
    expect(['pool.lab.test', 'a.rigs.test', 'other.test'].map(ofName)).toEqual([[3333], [80], []]);
    expect(rules.unread).toEqual([]);
  });

  it('has of one place the rule that holds longest', async () => {
    const ends = ['2026-11-20', '2026-11-26', '2026-11-25'];
    const rules = await loadAllowList(list(...ends.map((day) => `192.0.2.1 until ${day}`)));
    expect(rules.allowsAddress('192.0.2.1', null, '2026-11-26')?.line).toBe(2);
    expect(rules.allowsAddress('192.0.2.1', null, '2026-11-27')).toBeNull();
  });

  it('tells what has run out, and lines that are none', async () => {
    const file = list(
      '192.0.2.1 until 2026-11-23 # test rig',
      '192.0.2.1 till 2027-01-01',
      'x until 2026-02-30',
      '192.0.2.1:99999',
      '010.0.0.1',
      '192.0.02.18:3333',
      '192.0.2.18/',
      '*.0x7f',
    );
    const rules = await loadAllowList(file);
    expect(rules.expired('2026-11-24')).toEqual([
      {
        ...{ line: 1, place: '192.0.2.1', port: null, length: null, key: '192.0.2.1' },
        until: '2026-11-23',
        reason: 'test rig',
      },
    ]);
    expect(rules.allowsAddress('192.0.2.1', null, '2026-11-24')).toBeNull();
    expect(rules.unread).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('a scan with an allow-list', () => {
  const session = (miner: string, host: string) =>
    conversation({ miner, pool: '198.51.100.9:3333', startUs: NOON_US })
      .connect()
      .minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.13.1', null, host, 3333] })
      .poolSays({ id: 1, result: [[['mining.notify', 'a6']], '5e0a11c7', 4], error: null })
      .minerSays({ id: 2, method: 'mining.authorize', params: ['someone.1', 'x'] })
      .poolSays({ id: 2, result: true, error: null })
      .toPackets();
  const capture = writeCapture(folder, 'two', [
    ...session('192.0.2.11:4000', 'pool.lab.test'),
    ...session('192.0.2.12:4000', 'other.test'),
  ]);

  const cases = [
    { name: 'by address', line: '192.0.2.11 until 2027-01-01', left: ['192.0.2.12'] },
    { name: 'by the pool’s address', line: '198.51.100.9', left: [] },
    { name: 'by the pool’s endpoint', line: '198.51.100.9:3333', left: [] },
  ];
  it.each(cases)('leaves out what is allowed $name, and says how much', async ({ line, left }) => {
    const allowFile = list(line);
    const audit = await scanInputs([capture], { allowFile });
    expect(audit.hosts.map(({ ip }) => ip)).toEqual(left);
    expect(textsOf(audit.notes)).toEqual([
      `${allowFile}: known, not reported: ${left.length === 0 ? '2 sessions' : '1 session'}, 0 pool connections without a session`,
    ]);
    expect(audit.allowed).toEqual({ sessions: 2 - left.length, poolConnections: 0 });
    if (!left.includes('192.0.2.11')) expect(JSON.stringify(audit.merge)).not.toContain('192.0.2.11');
  });

  it.each(['*.lab.test', 'pool.lab.test:3333'])(
    'leaves out nothing by a name that only the miner says (%s)',
    async (line) => {
      const audit = await scanInputs([capture], { allowFile: list(line) });
      expect(audit.hosts.map(({ ip }) => ip)).toEqual(['192.0.2.11', '192.0.2.12']);
      expect(audit.allowed).toBeUndefined();
    },
  );

  it('leaves out nothing for another service of the same host', async () => {
    const allowFile = list('198.51.100.9:443', 'pool.lab.test:443', '192.0.2.11:22');
    const audit = await scanInputs([capture], { allowFile });
    expect(audit.hosts.map(({ ip }) => ip)).toEqual(['192.0.2.11', '192.0.2.12']);
    expect(textsOf(audit.notes)).toEqual([]);
  });

  it('never calls a network clean in which all mining is allowed for', async () => {
    const audit = await scanInputs([capture], { allowFile: list('198.51.100.9') });
    expect(headline(audit, en)).toMatch(
      /^No mining found apart from allowed hosts \(2 sessions and 0 pool connections, left out\) in \d+ conversations? /,
    );
    expect(headline({ ...audit, partial: true }, en)).toMatch(/^No mining was seen apart from allowed /);
    expect((await mergeAll([partOf(audit, 'whole')])).allowed).toEqual({ sessions: 2, poolConnections: 0 });
  });

  it('reports a rule that has run out and does not apply it', async () => {
    const allowFile = list('192.0.2.11 until 2026-11-23');
    const audit = await scanInputs([capture], { allowFile });
    expect(audit.hosts.map(({ ip }) => ip)).toEqual(['192.0.2.11', '192.0.2.12']);
    expect(textsOf(audit.notes)).toEqual([`${allowFile}:1: expired 2026-11-23, ignored`]);
  });
});
