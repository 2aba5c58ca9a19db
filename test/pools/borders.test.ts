/** Endpoints that come in from one list and go out as another: no part of one is lost, or it is said aloud. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli.ts';
import type { Endpoint } from '../../src/pools/endpoint.ts';
import { POOL_EXPORT_FORMATS } from '../../src/pools/export.ts';
import { loadPools } from '../../src/pools/load.ts';
import { endpointTable } from '../../src/pools/pool-list.ts';
import { capture } from '../cli/streams.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let count = 0;
function file(text: string): string {
  const where = path.join(folder, `list-${count++}`);
  writeFileSync(where, text);
  return where;
}

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const to = capture();
  const status = await main(['pools', ...args], {}, to.streams);
  return { status, out: to.out(), err: to.err() };
}

/** Each says 45.77.10.5 with port 3333 of the pool Lab, and nothing else. */
const SAME = {
  'commas without a header': '45.77.10.5,3333,Lab\n',
  semicolons: '45.77.10.5;3333;Lab\n',
  'commas and blanks': '45.77.10.5, 3333, Lab\n',
  'semicolons and blanks': '45.77.10.5 ; 3333 ; Lab\n',
  bars: '45.77.10.5|3333|Lab\n',
  tabs: '45.77.10.5\t3333\tLab\n',
  blanks: '45.77.10.5   3333  Lab\n',
  quotes: '"45.77.10.5","3333","Lab"\n',
  'its transport first': '45.77.10.5,tcp,3333,Lab\n',
  'its transport behind': '45.77.10.5 3333/tcp Lab\n',
  'a colon': '45.77.10.5:3333 Lab\n',
  'CRLF and a mark': '\uFEFF45.77.10.5,3333,Lab\r\n',
  'a head: address': 'address,port,pool\n45.77.10.5,3333,Lab\n',
  'a head: addr': 'addr,port,pool\n45.77.10.5,3333,Lab\n',
  'a head: addr, as Akvorado stores it': 'addr,port,pool\n::ffff:45.77.10.5,3333,Lab\n',
  'a head: IP Address': 'IP Address,Port,Pool Name\n45.77.10.5,3333,Lab\n',
  'a head between tabs': 'IP Address\tPort\tPool\n45.77.10.5\t3333\tLab\n',
  'a head between blanks': 'address port pool\n45.77.10.5 3333 Lab\n',
  'a head of two words between blanks': 'IP Address   Port   Pool\n45.77.10.5   3333   Lab\n',
  'a head between semicolons': 'ip;dst_port;pool\n45.77.10.5;3333;Lab\n',
  'a head in another order': 'pool,port,address\nLab,3333,45.77.10.5\n',
  'a head in quotes': '"ip","port","pool"\n"45.77.10.5","3333","Lab"\n',
};

describe('a list that names one port of an address', () => {
  it.each(Object.entries(SAME))('by %s means this port alone', async (_, text) => {
    const pools = await loadPools([file(text)]);
    expect(pools.imports[0]?.refused).toEqual([]);
    expect(pools.byAddress('45.77.10.5', 3333)).toMatchObject({ port: 3333, pool: { name: 'Lab' } });
    expect(pools.byAddress('45.77.10.5', 443)).toBeNull();
  });

  it.each([
    ['line-no-port', '45.77.10.5,99999,Lab'],
    ['line-no-port', '45.77.10.5,3333-3335,Lab'],
    ['line-two-ports', '45.77.10.5:4444,3333,Lab'],
    ['line-unclear-number', '45.77.10.5,Lab,3333'],
    ['line-unclear-number', 'address,prt,pool\n45.77.10.5,3333,Lab'],
    ['line-no-port', 'address,port,pool\n45.77.10.5,stratum,Lab'],
    ['line-no-use', 'address,port,use\n45.77.10.5,3333,both'],
    ['line-unclear-number', 'Lab,45.77.10.5,3333'],
    ['line-two-endpoints', '45.77.10.5,45.77.10.6'],
    ['line-no-host-name', '45.77.10.5-9:3333'],
    ['line-web-address', 'https://mine.badactor.net/'],
    ['line-no-port', 'alert tcp any any -> 45.77.10.5 $PORTS (msg:"coinminer"; sid:1;)'],
    ['line-no-port', 'alert tcp any any -> 45.77.10.5 3333:3335 (msg:"coinminer"; sid:1;)'],
  ])('is refused aloud (%s) if it is unclear: %s', async (reason, text) => {
    const pools = await loadPools([file(`${text}\n`)]);
    expect(pools.imports[0]?.refused.map((row) => row.reason)).toContain(reason);
    if (reason !== 'line-no-use') expect(pools.byAddress('45.77.10.5', 443)).toBeNull();
  });

  it('of a rule for several ports means these ports alone', async () => {
    const rule = 'alert tcp $HOME_NET any -> [45.77.10.5, 45.77.10.6] [3333, 4444] (msg:"coinminer"; sid:1;)';
    const pools = await loadPools([file(`${rule}\n`)]);
    expect(pools.endpoints().map(({ place, port }) => `${place} ${port}`)).toEqual([
      '45.77.10.5 3333',
      '45.77.10.5 4444',
      '45.77.10.6 3333',
      '45.77.10.6 4444',
    ]);
  });

  it('does not let a bare mention of the address widen what is known of the port', async () => {
    const pools = await loadPools([file('45.77.10.5\n45.77.10.5:3333\n')]);
    expect(pools.byAddress('45.77.10.5', 3333)).toMatchObject({ port: 3333, pool: { dedicated: true } });
    expect(pools.byAddress('45.77.10.5', 443)).toMatchObject({ port: null, pool: { dedicated: false } });
  });

  it('keeps two pools of an address apart', async () => {
    const pools = await loadPools([file('45.77.10.5,3333,Lab\n45.77.10.5,4444,Other\n')]);
    expect(pools.byAddress('45.77.10.5', 4444)?.pool.name).toBe('Other');
    expect(pools.byAddress('45.77.10.5', 3333)?.pool.name).toBe('Lab');
  });
});

const SHARED = `address,port,transport,pool,name,use,reason,ttl,looked_up_at
45.77.10.5,3333,tcp,Lab,xmr.lab.com,shared,cdn,300,2026-11-30T00:00:00Z
45.77.10.6,3333,tcp,Lab,xmr.lab.com,dedicated,,300,2026-11-30T00:00:00Z
`;
const OF_ADDRESSES = POOL_EXPORT_FORMATS.filter(({ takes }) => takes !== 'names').map(({ id }) => id);

describe('an export', () => {
  it.each(OF_ADDRESSES)('as %s has shared addresses only with --shared', async (id) => {
    const list = file(SHARED);
    const without = await run('export', id, '--pools', list);
    expect([without.status, without.out.includes('45.77.10.5')]).toEqual([0, false]);
    expect(`${without.out}${without.err}`).toContain('1 shared address is not here');
    if (id !== 'suricata-rules') {
      expect(without.out).toContain('45.77.10.6');
      expect((await run('export', id, '--pools', list, '--shared')).out).toContain('45.77.10.5');
    }
  });

  it('for Suricata has one rule a port, and networks in rules', async () => {
    const list = file('45.77.10.5:3333\n45.77.10.6:3333\n45.77.10.6:4444\n45.77.12.0/24:3333\n45.77.13.7\n');
    const { out } = await run('export', 'suricata-rules', '--pools', list);
    const rules = out.split('\n').filter((line) => line.startsWith('alert'));
    expect(rules.map((rule) => /-> (\S+ \S+)/.exec(rule)?.[1])).toEqual([
      'any any',
      'any 3333',
      '[45.77.12.0/24] 3333',
      'any 4444',
    ]);
    expect(rules.map((rule) => /load (\S+?)[;,]/.exec(rule)?.[1])).toEqual([
      'minesweep-pools-any.lst',
      'minesweep-pools-3333.lst',
      undefined,
      'minesweep-pools-4444.lst',
    ]);
    const ids = rules.map((rule) => /sid:(\d+)/.exec(rule)?.[1]);
    expect(new Set(ids).size).toBe(rules.length);
    const { err } = await run('export', 'suricata-dataset', '--pools', list);
    expect(err).toContain('1 network is not here');
  });

  it('that has no ports says so, and is refused if it is read again', async () => {
    const { out } = await run('export', 'plain', '--pools', file('45.77.10.5:3333\n45.77.12.0/24:3333\n'));
    expect(out.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      '45.77.10.5',
      '45.77.12.0/24',
      '',
    ]);
    expect(out).toMatch(/^# 2 entries hold for one port only/m);
    const again = await loadPools([file(out)]);
    expect(again.imports[0]?.refused).toMatchObject([{ reason: 'line-port-left-out', count: 2 }]);
    expect(again.byAddress('45.77.10.5', 443)).toBeNull();
  });

  it.each(OF_ADDRESSES)('as %s read again means no more than before', async (id) => {
    const list = file('45.77.10.5,3333,Lab\n45.77.12.0/24:4444\n');
    const { out } = await run('export', id, '--pools', list);
    const again = await loadPools([file(out)]).catch(() => null);
    // A dataset of Suricata has its port in the name of its file alone.
    for (const [ip, port] of [
      ['45.77.10.5', 443],
      ['45.77.12.7', 3333],
    ] as const)
      if (id !== 'suricata-dataset') expect(again?.byAddress(ip, port) ?? null).toBeNull();
  });

  it.each(['hosts', 'dnsmasq', 'rpz', 'adblock', 'zeek-intel', 'misp-warninglist', 'plain'])(
    'of names as %s gives the same names if it is read again',
    async (id) => {
      const { out } = await run(
        'export',
        id,
        '--pools',
        file('host,port,pool,kind\nmine.badactor.net,5555,Bad,donation\n'),
        '--names',
        '--class',
        'donation',
      );
      const again = (await loadPools([file(out)])).endpoints();
      expect(again.some(({ place }) => place === 'mine.badactor.net')).toBe(true);
      const strangers = again.filter(({ place }) => !out.includes(place.replace('*.', '')));
      expect(strangers).toEqual([]);
      if (!['adblock', 'zeek-intel', 'misp-warninglist', 'plain'].includes(id))
        expect(again.find(({ place }) => place === 'mine.badactor.net')?.pool).toBe('Bad');
    },
  );
});

const endpoint: fc.Arbitrary<Endpoint> = fc
  .record({
    of: fc.constantFrom(
      ['mine.badactor.net', 'name'],
      ['*.badactor.org', 'name'],
      ['45.77.10.5', 'address'],
      ['45.77.10.6', 'address'],
      ['2606:2800:220:1::5', 'address'],
      ['45.77.12.0/24', 'network'],
      ['2606:2800:230::/48', 'network'],
    ) as fc.Arbitrary<readonly [string, Endpoint['is']]>,
    port: fc.option(fc.integer({ min: 1, max: 65_535 }).filter((port) => ![8333, 30_303].includes(port))),
    tls: fc.boolean(),
    use: fc.constantFrom('dedicated', 'shared'),
    pool: fc.constantFrom('Lab', 'Lab, Inc "x"', '=cmd', 'Two Words', '矿池'),
    kind: fc.constantFrom('pool', 'marketplace', 'malware-proxy'),
    coins: fc.constantFrom([], ['XMR'], ['BTC', 'BCH']),
    lookUp: fc.option(
      fc.record({
        name: fc.constant('a.badactor.net'),
        atUs: fc.integer({ min: 1, max: 2e9 }).map((s) => s * 1e6),
      }),
    ),
    source: fc.constantFrom('a list', 'list.txt:7'),
  })
  .map(({ of: [place, is], ...more }) => ({ place, is, ...more }) as Endpoint)
  // Without a port there is no transport to tell.
  .map((each) => (each.port === null ? { ...each, tls: false } : each));

const order = (all: readonly Endpoint[]): string[] => all.map((each) => JSON.stringify(each)).sort();

describe('import(export(x))', () => {
  it.each(['domain_pattern', 'ip'] as const)('is x, by the column %s', async (column) => {
    await fc.assert(
      fc.asyncProperty(
        // Of one endpoint twice there is one: the first stands for it here.
        fc.uniqueArray(endpoint, { maxLength: 12, selector: ({ place, port }) => `${place} ${port}` }),
        async (endpoints) => {
          const once = await loadPools([file(endpointTable(endpoints, column))]);
          expect(once.imports[0]?.refused).toEqual([]);
          const bare = ({ coins: _, ...each }: Endpoint) => each;
          expect(order(once.endpoints()).map((text) => bare(JSON.parse(text)))).toEqual(
            order(endpoints).map((text) => bare(JSON.parse(text))),
          );
          const again = await loadPools([file(endpointTable(once.endpoints(), column))]);
          expect(again.endpoints()).toEqual(once.endpoints());
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is x by the command, for what it takes from a plain list', async () => {
    const list = file('45.77.10.5,3333,Lab\n45.77.10.5,4444,Other\n45.77.13.7\n45.77.12.0/24:4444 Net\n');
    const before = (await loadPools([list])).endpoints();
    const out = path.join(folder, 'out.csv');
    expect((await run('export', 'csv', '--pools', list, '--out', out)).status).toBe(0);
    expect((await loadPools([out])).endpoints()).toEqual(before);
    expect((await run('import', list, '--out', out)).status).toBe(0);
    expect((await loadPools([out])).endpoints()).toEqual(before);
  });

  /** What each form can carry of 45.77.10.5 with two ports, an address with any, a network with one, and a name. */
  const LIST =
    '45.77.10.5,3333,Lab\n45.77.10.5,4444,Other\n45.77.13.7\n45.77.12.0/24:4444 Net\npool.lab.example:3333\n';
  const PORTS = ['45.77.10.5 3333', '45.77.10.5 4444', '45.77.12.0/24 4444', '45.77.13.7 null'];
  it.each([
    { form: 'csv', places: PORTS },
    { form: 'nfdump', places: PORTS },
    { form: 'suricata-rules', places: ['45.77.12.0/24 4444'] },
    { form: 'akvorado', places: ['45.77.10.5 3333', '45.77.10.5 4444'] },
    // Its address of any port was one before; those whose port it cannot carry do not come back as any.
    { form: 'plain', places: [] },
    { form: 'suricata-json', places: ['pool.lab.example null'] },
    { form: 'zeek-intel', places: ['pool.lab.example null'] },
    { form: 'rpz', places: ['pool.lab.example null'] },
    { form: 'hosts', places: ['pool.lab.example null'] },
    { form: 'dnsmasq', places: ['pool.lab.example null'] },
    { form: 'adblock', places: ['pool.lab.example null'] },
    { form: 'misp-warninglist', places: ['pool.lab.example null'] },
  ])('is what $form can carry', async ({ form, places }) => {
    const list = file(LIST);
    const out = file('');
    expect((await run('export', form, '--pools', list, '--out', out)).status).toBe(0);
    const { imports, endpoints } = await loadPools([out]).then((set) => ({
      imports: set.imports,
      endpoints: set.endpoints(),
    }));
    const own = endpoints.filter(({ place }) => /^45\.77|lab\.example$/.test(place));
    expect(own.map(({ place, port }) => `${place} ${port}`).sort()).toEqual(places);
    // What was not taken is told, line by line.
    const { kept = 0, refused = [] } = imports[0] ?? {};
    expect(kept + refused.length).toBeGreaterThan(0);
  });

  it('is what datasets of addresses can carry, by their names or where they stand one behind another', async () => {
    const list = file(LIST);
    const written = path.join(folder, 'datasets');
    expect((await run('export', 'suricata-dataset', '--pools', list, '--out', written)).status).toBe(0);
    const { out } = await run('export', 'suricata-dataset', '--pools', list);
    const placesOf = async (from: string) =>
      (await loadPools([from]))
        .endpoints()
        .map(({ place, port }) => `${place} ${port}`)
        .sort();
    expect(await placesOf(path.join(written, 'minesweep-pools-3333.lst'))).toEqual(['45.77.10.5 3333']);
    expect(await placesOf(path.join(written, 'minesweep-pools-any.lst'))).toEqual(['45.77.13.7 null']);
    expect(await placesOf(file(out))).toEqual(['45.77.10.5 3333', '45.77.10.5 4444', '45.77.13.7 null']);
  });

  it('takes no filter with conditions of its own for a list', async () => {
    const { imports, ...set } = await loadPools([
      file('proto tcp and (\n  ((ip in [ 45.77.10.5 ]) and not port 3333) or\n  (port 25)\n)\n'),
    ]).then((all) => ({ imports: all.imports, endpoints: all.endpoints() }));
    expect(set.endpoints).toEqual([]);
    expect(imports[0]?.refused.map(({ count }) => count)).toEqual([2]);
  });
});
