/** Exported endpoints, as the programs that they are for read them. Those that are not installed are skipped. */
import { spawn, spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/pools/catalogue.ts';
import { type Exported, exportedEndpoints, POOL_EXPORT_FORMATS } from '../../src/pools/export.ts';
import { exportedNames } from '../../src/pools/exported-names.ts';
import { loadPools } from '../../src/pools/load.ts';
import { PoolSet } from '../../src/pools/pool-set.ts';
import { writePcap } from '../support/capture-writer.ts';
import { flowsFolder } from '../support/corpus.ts';
import { dnsLookup } from '../support/dns-answer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const list = path.join(folder, 'pools.txt');
writeFileSync(list, '198.51.100.20:443\n198.51.100.30:18081\n[2001:db8::5]:3333\n203.0.113.0/24:5555\n');

const NO_NAMES = { names: [], doubtful: 0, domainsLeft: 0 };
const NO_ENDPOINTS = { endpoints: [], remarks: [] };
const formatOf = (id: string) => {
  const format = POOL_EXPORT_FORMATS.find((each) => each.id === id);
  if (format === undefined) throw new Error(`${id} is no format`);
  return format;
};
const write = (id: string, rows: Exported): string => formatOf(id).write(rows);
const rowsOf = async (id: string, files: readonly string[], shared = false): Promise<Exported> => ({
  ...exportedEndpoints((await loadPools(files)).endpoints(), formatOf(id), { kinds: [], shared }),
  ...NO_NAMES,
});
const exported = async (id: string): Promise<string> => write(id, await rowsOf(id, [list]));
const named = (id: string, domains = false): string =>
  write(id, { ...NO_ENDPOINTS, ...exportedNames(new PoolSet(), domains, []) });

const has = (program: string): boolean => spawnSync(program, ['-V']).error === undefined;
const flows = flowsFolder();

describe('exported endpoints', () => {
  it('are rows of address, port and pool', async () => {
    expect((await exported('csv')).split('\n').map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      'ip port',
      '198.51.100.20 443',
      '198.51.100.30 18081',
      '2001:db8::5 3333',
      '203.0.113.0/24 5555',
      '',
    ]);
  });

  it('have IPv4 as Akvorado stores it, and no networks there', async () => {
    const text = await exported('akvorado');
    expect(text).toContain('::ffff:198.51.100.20,443,');
    expect(text).not.toContain('/24');
  });

  it.skipIf(flows === null || !has('nfdump'))(
    'are a filter that finds the flows (skipped without nfdump)',
    async () => {
      const filter = path.join(folder, 'filter');
      writeFileSync(filter, await exported('nfdump'));
      const file = path.join(flows ?? '', 'office-a-v9.nfcapd');
      const run = (...args: string[]): string =>
        spawnSync('nfdump', ['-q', '-r', file, '-o', 'fmt:%dp %sp', ...args], { encoding: 'utf8' }).stdout;
      const found = run('-f', filter).trim().split('\n');
      const all = run('proto tcp and ((ip 198.51.100.20 and port 443) or (ip 198.51.100.30 and port 18081))');
      expect(found.length).toBeGreaterThan(1);
      expect(found).toEqual(all.trim().split('\n'));
    },
  );

  it.skipIf(!has('suricata'))('are rules that Suricata takes (skipped without it)', async () => {
    const files = formatOf('suricata-dataset').files?.(await rowsOf('suricata-dataset', [list])) ?? new Map();
    expect([...files.keys()].sort()).toEqual(
      ['18081', '3333', '443'].map((port) => `minesweep-pools-${port}.lst`),
    );
    for (const [name, text] of files) writeFileSync(path.join(folder, name), text);
    writeFileSync(path.join(folder, 'pools.rules'), await exported('suricata-rules'));
    const test = suricata('-T', '-S', path.join(folder, 'pools.rules'));
    expect([test.status, `${test.stdout}${test.stderr}`]).toEqual([0, expect.any(String)]);
    expect(readFileSync(path.join(folder, 'minesweep-pools-3333.lst'), 'utf8')).toContain('2001:db8::5');
  });
});

function suricata(...args: readonly string[]) {
  const config = path.join(folder, 'suricata.yaml');
  writeFileSync(
    config,
    `%YAML 1.1\n---\nvars:\n  address-groups:\n    HOME_NET: "[192.0.2.0/24]"\n    EXTERNAL_NET: "any"\ndefault-log-dir: ${folder}\nclassification-file: /etc/suricata/classification.config\noutputs:\n  - eve-log:\n      enabled: yes\n      filename: eve.json\n      types: [alert]\napp-layer:\n  protocols:\n    dns:\n      udp:\n        enabled: yes\n        detection-ports:\n          dp: 53\n`,
  );
  return spawnSync('suricata', ['-c', config, '-l', folder, ...args], { encoding: 'utf8', cwd: folder });
}

/** Names that people know, looked up by hand: hosts of miners, and web sites of the same pools. */
const MINING = [
  ...['xmr-eu1.nanopool.org', 'stratum.antpool.com', 'pool.supportxmr.com', 'us-eth.2miners.com'],
  ...['pool.hashvault.pro', 'authedmine.eu'],
];
const SITES = [
  ...[
    'nanopool.org',
    'www.nanopool.org',
    'xmr.nanopool.org',
    'www.antpool.com',
    'antpool.com',
    'supportxmr.com',
  ],
  ...['www.f2pool.com', 'f2pool.com', 'www.nicehash.com', 'nicehash.com', '2miners.com', 'xmr.2miners.com'],
  ...['www.viabtc.com', 'pool.binance.com', 'hashvault.pro', 'monero.hashvault.pro', 'p2pool.observer'],
];

describe('exported names', () => {
  const { names, doubtful } = exportedNames(new PoolSet(), false, []);
  const list = new Set(names.map(({ name }) => name));

  it('are those of mining hosts and never of a web site', () => {
    expect(MINING.filter((name) => !list.has(name))).toEqual([]);
    const sites = CATALOGUE.filter(({ kind }) => kind === 'pool' || kind === 'marketplace').flatMap(
      (pool) => [...pool.sites, ...pool.domains.map((domain) => `www.${domain}`)],
    );
    expect(sites.filter((name) => list.has(name))).toEqual([]);
    expect(names.filter(({ name, kind }) => /^www\./.test(name) && kind === 'pool')).toEqual([]);
    expect(doubtful).toBeGreaterThan(100);
  });

  it('have a class, a pool and a day until which they hold', () => {
    const of = (name: string) => names.find((each) => each.name === name);
    expect(of('xmr-eu1.nanopool.org')).toMatchObject({ kind: 'pool', pool: 'Nanopool', coins: ['XMR'] });
    expect(new Set(names.map(({ kind }) => kind)).size).toBe(5);
    expect(names.every(({ until }) => until === '2027-11-01')).toBe(true);
    const only = exportedNames(new PoolSet(), false, ['malware-proxy']).names;
    expect(only.length).toBe(names.filter(({ kind }) => kind === 'malware-proxy').length);
  });

  it("have what an operator's file names, and its words cannot leave a comment", async () => {
    const file = path.join(folder, 'own.csv');
    writeFileSync(file, 'domain_pattern,pool,kind\nmine.badactor.net,"Evil\u001b[2J # ; x",malware-proxy\n');
    const own = exportedNames(await loadPools([file]), false, []);
    const line = (id: string): string =>
      write(id, { ...NO_ENDPOINTS, ...own })
        .split('\n')
        .find((each) => each.includes('mine.badactor.net')) ?? '';
    expect(line('hosts')).toMatch(/^0\.0\.0\.0 mine\.badactor\.net # malware-proxy; /);
    for (const { id, takes } of POOL_EXPORT_FORMATS)
      if (takes === 'names') expect(write(id, { ...NO_ENDPOINTS, ...own }), id).not.toContain('\u001b');
  });

  it('say how many whole domains of a file are left out', async () => {
    const file = path.join(folder, 'whole.txt');
    writeFileSync(file, '*.badactor.net:3333\nmine.example.org:3333\n');
    const pools = await loadPools([file]);
    const of = (domains: boolean) => write('rpz', { ...NO_ENDPOINTS, ...exportedNames(pools, domains, []) });
    expect(of(false)).toMatch(/^; 1 listed domains are not here: ask for them with --domains$/m);
    expect(of(false)).not.toContain('badactor.net');
    expect(of(true)).toMatch(/^\*\.badactor\.net CNAME \.$/m);
    expect(of(true)).not.toContain('listed domains');
  });

  it.skipIf(!has('suricata'))(
    'make Suricata see a look-up, and none of a web site (skipped without it)',
    () => {
      writeFileSync(path.join(folder, 'minesweep-names.lst'), named('suricata-dataset'));
      writeFileSync(path.join(folder, 'names.rules'), named('suricata-rules'));
      const asked = ['www.nanopool.org', 'xmr-EU1.nanopool.org'].flatMap((name, i) =>
        dnsLookup({ name, to: `192.0.2.${i + 1}`, timeUs: 1.7e15 + i * 1e6 }),
      );
      writeFileSync(path.join(folder, 'dns.pcap'), writePcap(asked));
      const run = suricata(
        '-k',
        'none',
        '-S',
        path.join(folder, 'names.rules'),
        '-r',
        path.join(folder, 'dns.pcap'),
      );
      expect([run.status, run.stderr]).toEqual([0, expect.any(String)]);
      const alerts = readFileSync(path.join(folder, 'eve.json'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(alerts.map(({ src_ip, alert }) => [src_ip, alert.signature])).toEqual([
        ['192.0.2.2', 'minesweep: name of a mining host in DNS'],
      ]);
    },
  );

  it.skipIf(!has('named-checkzone'))('are a zone that BIND loads (skipped without named-checkzone)', () => {
    for (const domains of [false, true]) {
      const file = path.join(folder, `${domains}.rpz`);
      writeFileSync(file, named('rpz', domains));
      // -D prints the zone as it was read.
      const { status, stdout } = spawnSync('named-checkzone', ['-D', 'rpz.minesweep', file], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      expect(status).toBe(0);
      const read = stdout.split('\n').filter((line) => /\sIN\s+CNAME\s+\.$/.test(line));
      const { names: given } = exportedNames(new PoolSet(), domains, []);
      expect(read.length).toBe(given.length + given.filter(({ whole }) => whole).length);
      expect(stdout.includes('*.nanopool.org.rpz.minesweep.')).toBe(domains);
    }
  });

  it.skipIf(!has('dnsmasq'))('are settings by which dnsmasq answers (skipped without it)', async () => {
    const port = 20_000 + (process.pid % 20_000);
    const hosts = path.join(folder, 'mining.hosts');
    writeFileSync(hosts, named('hosts'));
    for (const [settings, blocked] of [
      [named('dnsmasq'), ['xmr-eu1.nanopool.org']],
      [named('dnsmasq', true), ['xmr-eu1.nanopool.org', 'www.nanopool.org']],
      [`addn-hosts=${hosts}\n`, ['xmr-eu1.nanopool.org']],
    ] as const) {
      const file = path.join(folder, 'dnsmasq.conf');
      writeFileSync(file, settings);
      const args = [
        '-k',
        '-C',
        file,
        '-p',
        String(port),
        '--no-resolv',
        '--no-hosts',
        '--pid-file',
        '-a',
        '127.0.0.1',
      ];
      const server = spawn('dnsmasq', [...args, '--bind-interfaces', '-u', 'root'], { stdio: 'ignore' });
      try {
        const resolver = new Resolver({ timeout: 1000, tries: 20 });
        resolver.setServers([`127.0.0.1:${port}`]);
        const answer = (name: string) => resolver.resolve4(name).catch(({ code }) => [code]);
        let first = await answer('xmr-eu1.nanopool.org');
        for (let i = 0; i < 50 && first[0] === 'ECONNREFUSED'; i++) {
          await new Promise((wait) => setTimeout(wait, 100));
          first = await answer('xmr-eu1.nanopool.org');
        }
        expect(first).toEqual(['0.0.0.0']);
        if (!settings.startsWith('addn'))
          expect(await resolver.resolve6('xmr-eu1.nanopool.org')).toEqual(['::']);
        const web = await answer('www.nanopool.org');
        expect(web[0] === '0.0.0.0').toBe((blocked as readonly string[]).includes('www.nanopool.org'));
      } finally {
        server.kill();
        await new Promise((done) => server.once('exit', done));
      }
    }
  });

  it('are a warninglist by the schema of misp-warninglists', () => {
    // Facts of its schema.json: no other fields, these types.
    const schema = {
      type: 'object',
      additionalProperties: false,
      required: ['list', 'description', 'version', 'name', 'type'],
      properties: {
        ...{ name: { type: 'string' }, description: { type: 'string' }, version: { type: 'integer' } },
        type: { enum: ['string', 'substring', 'hostname', 'cidr', 'regex'] },
        ...{ list: { $ref: '#/definitions/words' }, matching_attributes: { $ref: '#/definitions/words' } },
      },
      definitions: { words: { type: 'array', uniqueItems: true, items: { type: 'string' } } },
    };
    const isValid = new Ajv().compile(schema);
    for (const domains of [false, true]) {
      const made = JSON.parse(named('misp-warninglist', domains));
      expect([isValid(made), isValid.errors]).toEqual([true, null]);
      expect(made.type).toBe(domains ? 'hostname' : 'string');
      expect(made.list).toEqual(made.list.toSorted());
    }
  });

  it("are a table of Zeek's intelligence framework, and a JSON array of Suricata", () => {
    const [fields = '', ...rows] = named('zeek-intel').trim().split('\n');
    expect(fields.split('\t')).toEqual([
      '#fields',
      'indicator',
      'indicator_type',
      'meta.source',
      'meta.desc',
    ]);
    expect(rows.every((row) => row.split('\t').length === 4 && row.split('\t')[1] === 'Intel::DOMAIN')).toBe(
      true,
    );
    // The keyword with the options of Suricata 8's documentation, and elements below its 1 kB.
    const use = POOL_EXPORT_FORMATS.find(({ id }) => id === 'suricata-json')?.use ?? '';
    expect(use).toMatch(
      /dataset:isset,[\w-]+,type string,load \w+,format json,context_key \w+,value_key name$/,
    );
    const json: object[] = JSON.parse(named('suricata-json'));
    expect(json.filter((each) => JSON.stringify(each).length >= 1024)).toEqual([]);
    expect(json).toContainEqual({
      ...{
        name: 'xmr-eu1.nanopool.org',
        class: 'pool',
        pool: 'Nanopool',
        coins: ['XMR'],
        until: '2027-11-01',
      },
    });
  });

  it('are filters of which none holds for a web site', () => {
    // ||name^ means the name and all below it.
    const rules = named('adblock')
      .split('\n')
      .flatMap((line) => /^\|\|(.+)\^$/.exec(line)?.[1] ?? []);
    expect(rules).toContain('xmr-eu1.nanopool.org');
    expect(SITES.filter((site) => rules.some((rule) => site === rule || site.endsWith(`.${rule}`)))).toEqual(
      [],
    );
  });
});
