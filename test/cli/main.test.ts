import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { EXIT, main } from '../../src/cli.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { parseKinds } from '../../src/commands/option-values.ts';
import { PUE_SETTINGS } from '../../src/energy/pue.ts';
import { MinesweepError } from '../../src/errors.ts';
import type { ScanOptions } from '../../src/scan.ts';
import * as engine from '../../src/scan.ts';
import { Secret } from '../../src/secret.ts';
import { quietAudit, sampleAudit } from '../support/sample-audit.ts';
import { type Captured, capture } from './streams.ts';

let scan: MockInstance<typeof engine.scan>;
let folder = '';
let home = '';
beforeEach(() => {
  home = process.cwd();
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-'));
  scan = vi.spyOn(engine, 'scan').mockImplementation(async () => quietAudit());
  vi.spyOn(process, 'cwd').mockImplementation(() => folder);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
  expect(process.cwd()).toBe(home);
});

async function run(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  to: Captured = capture(),
): Promise<{ status: number; out: string; err: string }> {
  const status = await main(argv, env, to.streams);
  return { status, out: to.out(), err: to.err() };
}

/** What the engine was asked for. */
function request(): Partial<ScanOptions> {
  const { signal: _signal, log: _log, onProgress: _onProgress, ...rest } = scan.mock.calls[0]?.[0] ?? {};
  return rest;
}

function damaged(): Audit {
  return { ...quietAudit(), inputs: sampleAudit().inputs.slice(0, 2) };
}

function unreadable(): Audit {
  return { ...quietAudit(), inputs: sampleAudit().inputs.slice(2) };
}

describe('wrong usage ends with 2 and two lines', () => {
  it.each([
    {
      name: 'an unknown option',
      argv: ['scan', 'x', '--formt', 'json'],
      err: "minesweep: unknown option '--formt'\n  (Did you mean --format?)\n",
    },
    {
      name: 'an unknown command',
      argv: ['scna', 'x'],
      err: "minesweep: unknown command 'scna'\n  (Did you mean scan?)\n",
    },
    {
      name: 'no input',
      argv: ['scan'],
      err: "minesweep: missing required argument 'input'\n  input: capture or flow log. For example: minesweep scan edge.pcap.gz\n",
    },
    {
      name: 'an option without its value',
      argv: ['scan', 'x', '--format'],
      err: "minesweep: option '-f, --format <FORMAT>' argument missing\n  minesweep help scan lists its arguments and options.\n",
    },
    {
      name: 'an unknown format',
      argv: ['scan', 'x', '--format', 'xml'],
      err: "minesweep: --format: 'xml' is not a report format\n  One of: table, ticket, json, ndjson, csv, markdown, html, eve, ecs, ocsf, misp, stix, arkime, prometheus, junit, github, sarif.\n",
    },
    {
      name: 'an unknown verdict',
      argv: ['scan', 'x', '--fail-on', 'sure'],
      err: "minesweep: --fail-on: 'sure' is not a verdict\n  One of: confirmed, probable, suspected, attempted, listed, undecided, undecided:N.\n",
    },
    {
      name: 'a number of conversations that is none',
      argv: ['scan', 'x', '--fail-on', 'undecided:N'],
      err: "minesweep: --fail-on: 'undecided:N' is not a verdict\n  One of: confirmed, probable, suspected, attempted, listed, undecided, undecided:N.\n",
    },
    {
      name: 'a network that is none',
      argv: ['scan', 'x', '--local', '10.0.0.0/33'],
      err: "minesweep: --local: '10.0.0.0/33' is not a network\n  Write it as 192.0.2.0/24 or 2001:db8::/32.\n",
    },
    {
      name: 'a day that does not exist',
      argv: ['scan', 'x', '--since', '2026-02-30'],
      err: "minesweep: --since: '2026-02-30' is not a time\n  Write it as 2026-03-02T08:00:00Z, yesterday or today 08:00.\n",
    },
    {
      name: 'a zone that does not exist',
      argv: ['scan', 'x', '--tz', 'Mars/Olympus'],
      err: "minesweep: --tz: 'Mars/Olympus' is not a time zone\n  Use an IANA name such as Europe/Berlin.\n",
    },
    {
      name: 'an argument that would act on the terminal',
      argv: ['scan', 'x', '--format', '\u001b[2J'],
      err: "minesweep: --format: '?[2J' is not a report format\n  One of: table, ticket, json, ndjson, csv, markdown, html, eve, ecs, ocsf, misp, stix, arkime, prometheus, junit, github, sarif.\n",
    },
  ])('$name', async ({ argv, err }) => {
    expect(await run(argv)).toEqual({ status: 2, out: '', err });
    expect(scan).not.toHaveBeenCalled();
  });

  it('nothing at all, with the help', async () => {
    const { status, out, err } = await run([]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('Usage: minesweep');
  });
});

describe('the exit status of a scan', () => {
  const found = (): Audit => ({ ...sampleAudit(), inputs: sampleAudit().inputs.slice(0, 1) });
  it.each([
    { name: 'is 0 where all went well', audit: quietAudit, argv: [], status: 0 },
    { name: 'is 0 where miners were found and nobody asked', audit: found, argv: [], status: 0 },
    { name: 'is 1 where every input was unreadable', audit: unreadable, argv: [], status: 1 },
    { name: 'is 3 where a verdict matched', audit: found, argv: ['--fail-on', 'listed'], status: 3 },
    { name: 'is 3 where a stronger one did', audit: found, argv: ['--fail-on', 'suspected'], status: 3 },
    { name: 'is 0 where none did', audit: quietAudit, argv: ['--fail-on', 'listed'], status: 0 },
    { name: 'is 4 where some input was damaged', audit: damaged, argv: [], status: 4 },
    { name: 'is 1 where it was and --strict', audit: damaged, argv: ['--strict'], status: 1 },
    {
      name: 'is 3 where damage and a verdict meet',
      audit: sampleAudit,
      argv: ['--fail-on', 'confirmed'],
      status: 3,
    },
    {
      name: 'is 3 with --strict too',
      audit: sampleAudit,
      argv: ['--fail-on', 'confirmed', '--strict'],
      status: 3,
    },
    {
      name: 'is 5 where it was interrupted',
      audit: (): Audit => ({ ...sampleAudit(), partial: true }),
      argv: ['--fail-on', 'confirmed'],
      status: 5,
    },
  ])('$name', async ({ audit, argv, status }) => {
    scan.mockImplementation(async () => audit());
    const result = await run(['scan', 'x', ...argv]);
    expect(result.status).toBe(status);
    expect(JSON.parse(result.out)).toEqual(audit());
  });

  it('is 1 where the engine could not start, with its words', async () => {
    scan.mockRejectedValue(
      new MinesweepError('NO_INPUT', 'no file matches', { where: '*.pcap', hint: 'Check the folder.' }),
    );
    expect(await run(['scan', '*.pcap'])).toEqual({
      status: 1,
      out: '',
      err: 'minesweep: *.pcap: no file matches\n  Check the folder.\n',
    });
  });

  it('is 1 for a bug, which keeps its stack', async () => {
    scan.mockRejectedValue(new TypeError('oops \u001b[2J'));
    const { status, err } = await run(['scan', 'x']);
    expect(status).toBe(1);
    expect(err).toMatch(/^minesweep: this is a bug.*\nTypeError: oops \\u\{1b\}\[2J\n\s+at /);
  });

  it.each(COMMANDS.map(({ name, options }) => ({ name, options })))(
    'is told in the help of $name without options that it has not',
    async ({ name, options }) => {
      const { out } = await run([name, '--help', '--all']);
      const told = out.slice(out.lastIndexOf('Exit status:'));
      expect(told).toContain(`  0  ${EXIT.done.meaning}\n`);
      const named = [...told.matchAll(/--([a-z-]+)/g)].map(([, option]) => option);
      expect(named.filter((option) => !options.some((each) => each.name === option))).toEqual([]);
    },
  );

  it('has one table, and the help prints it', async () => {
    const { out } = await run(['scan', '--help', '--all']);
    for (const { status, meaning } of Object.values(EXIT)) expect(out).toContain(`  ${status}  ${meaning}\n`);
  });
});

describe('options', () => {
  it('reach the engine', async () => {
    await run([
      'scan',
      'a.pcap',
      'b.pcap',
      '--local',
      '10.0.0.0/8,192.168.0.0/16',
      '--local',
      '2001:db8::/32',
      '--pools',
      'p.csv',
      '--pools',
      'q.csv',
      '--allow',
      'known.txt',
      '--hash',
      '--since',
      '2026-03-02T08:00:00.000001+01:00',
      '--until',
      '2026-03-03',
      '--input-format',
      'pcap',
      '--coverage-threshold',
      '95%',
      '--jobs',
      '3',
      '--owners',
      'owners.csv',
      '--asn-db',
      'asn.mmdb',
      '--city-db',
      'city.mmdb',
      '--pue',
      '1.2',
      '--power-per-address',
      'zhejiang-2021',
      '--names',
      'dns.log',
      '--names',
      'hosts',
      '--leases',
      'leases.csv',
      '--blocks',
      'blocks.csv',
      '--model',
      '--assume',
      'pool=pool.example difficulty=5',
      '--trust-tunnel',
      '198.51.100.0/24',
      '--trust-exporter',
      '203.0.113.9',
    ]);
    expect(request()).toEqual({
      inputs: ['a.pcap', 'b.pcap'],
      local: ['10.0.0.0/8', '192.168.0.0/16', '2001:db8::/32'],
      malwareFiles: [],
      poolFiles: ['p.csv', 'q.csv'],
      lookUpMaxAgeUs: 604_800_000_000,
      storePassword: new Secret(''),
      objects: { env: {}, asksMachine: false },
      state: null,
      allowFile: 'known.txt',
      hash: true,
      sinceUs: 1_772_434_800_000_001,
      untilUs: 1_772_496_000_000_000,
      inputFormat: 'pcap',
      undecided: 0,
      coverageThreshold: 0.95,
      columns: null,
      timeZone: null,
      dateOrder: null,
      jobs: 3,
      limits: {},
      ownersFile: 'owners.csv',
      asnDb: 'asn.mmdb',
      cityDb: 'city.mmdb',
      pue: { name: '1.2', low: 1.2, central: 1.2, high: 1.2 },
      wattsPerAddress: 1317,
      nameFiles: ['dns.log', 'hosts'],
      leaseFiles: ['leases.csv'],
      blockFiles: ['blocks.csv'],
      model: true,
      assume: ['pool=pool.example difficulty=5'],
      trustExporters: ['203.0.113.9'],
      trustTunnels: ['198.51.100.0/24'],
    });
  });

  it('have defaults', async () => {
    await run(['scan', '-']);
    expect(request()).toEqual({
      inputs: ['-'],
      local: [],
      poolFiles: [],
      lookUpMaxAgeUs: 604_800_000_000,
      storePassword: new Secret(''),
      objects: { env: {}, asksMachine: false },
      state: null,
      allowFile: null,
      hash: false,
      sinceUs: null,
      untilUs: null,
      inputFormat: null,
      undecided: 0,
      coverageThreshold: 0.99,
      columns: null,
      timeZone: null,
      dateOrder: null,
      jobs: null,
      limits: {},
      ownersFile: null,
      asnDb: null,
      cityDb: null,
      malwareFiles: [],
      pue: null,
      wattsPerAddress: null,
      nameFiles: [],
      leaseFiles: [],
      blockFiles: [],
      model: false,
      assume: [],
      trustExporters: [],
      trustTunnels: [],
    });
  });

  it('take several networks after one --local, and no input for a network', async () => {
    await run(['scan', '--local', '10.0.0.0/8', '192.168.0.0/16', 'captures/a.pcap']);
    expect(request()).toMatchObject({ local: ['10.0.0.0/8', '192.168.0.0/16'], inputs: ['captures/a.pcap'] });
  });

  it('come from the flag, then the environment, then the file', async () => {
    const file = path.join(folder, 'minesweep.json');
    writeFileSync(
      file,
      JSON.stringify({ allow: 'file', local: ['10.0.0.0/8'], hash: true, 'input-format': 'pcap' }),
    );
    await run(['scan', 'x', '--allow', 'flag'], { MINESWEEP_ALLOW: 'env', MINESWEEP_INPUT_FORMAT: 'pcapng' });
    expect(request()).toMatchObject({
      allowFile: 'flag',
      inputFormat: 'pcapng',
      local: ['10.0.0.0/8'],
      hash: true,
    });
  });

  it('may be taken back by a stronger place', async () => {
    writeFileSync(path.join(folder, 'minesweep.json'), '{"hash": true}');
    await run(['scan', 'x'], { MINESWEEP_HASH: '0', MINESWEEP_LOCAL: '10.0.0.0/8, 192.0.2.0/24' });
    expect(request()).toMatchObject({ hash: false, local: ['10.0.0.0/8', '192.0.2.0/24'] });
  });

  it.each([
    {
      text: '{"failOn": "listed"}',
      said: "there is no option 'failOn'",
      hint: "Write 'fail-on', as the flag is written.",
    },
    {
      text: '{"format": ["json"]}',
      said: 'this is a list, but the option takes one value',
      hint: 'Write it without brackets.',
    },
    { text: '{"hash": "maybe"}', said: "'maybe' is neither true nor false", hint: 'Write true or false.' },
    {
      text: '{"local": [null]}',
      said: 'this is not text, a number, true or false',
      hint: 'Write the value in quotes.',
    },
    {
      text: '[]',
      said: 'the settings file is no object of JSON: must be an object',
      hint: 'Write { "format": "table" }.',
    },
    {
      text: '{',
      said: 'the settings file is no object of JSON: it is not JSON',
      hint: 'Write { "format": "table" }.',
    },
  ])('in minesweep.json have to make sense: $text', async ({ text, said, hint }) => {
    writeFileSync(path.join(folder, 'minesweep.json'), text);
    const { status, err } = await run(['scan', 'x']);
    expect(status).toBe(2);
    expect(err).toContain(said);
    expect(err).toContain('minesweep.json');
    expect(err.split('\n')[1]).toBe(`  ${hint}`);
  });

  it('of another file are named by it, and quoted in part', async () => {
    const file = path.join(folder, 'other.json');
    writeFileSync(file, JSON.stringify({ 'fail-on': 'x'.repeat(1000) }));
    const { status, err } = await run(['scan', 'x', '--config', file]);
    expect(status).toBe(2);
    expect(err).toContain(`fail-on in ${file}: '${'x'.repeat(20)}…' is not a verdict`);
  });

  it('do not end on nothing because a variable of a script is empty', async () => {
    const { status, err } = await run(['scan', 'x', '--fail-on', '']);
    expect(status).toBe(2);
    expect(err).toContain("--fail-on: '' is not a verdict");
  });

  it('of the environment are named where they are wrong', async () => {
    const { status, err } = await run(['scan', 'x'], { MINESWEEP_FAIL_ON: 'sure' });
    expect(status).toBe(2);
    expect(err).toContain("minesweep: MINESWEEP_FAIL_ON: 'sure' is not a verdict\n");
  });
});

describe('--last', () => {
  const HOUR_US = 3_600_000_000;

  it.each([
    ['24h', 24 * HOUR_US],
    ['7d', 168 * HOUR_US],
    ['90min', 1.5 * HOUR_US],
  ])('%s counts back from now', async (word, us) => {
    const before = Date.now() * 1000;
    await run(['scan', 'x', '--last', word]);
    const { sinceUs, untilUs } = request();
    expect(untilUs).toBeNull();
    expect((sinceUs ?? 0) + us).toBeGreaterThanOrEqual(before);
    expect((sinceUs ?? 0) + us).toBeLessThanOrEqual(Date.now() * 1000);
  });

  it('counts back from --until if that is given', async () => {
    await run(['scan', 'x', '--last', '24h', '--until', '2026-03-02T08:00:00Z']);
    expect(request().sinceUs).toBe(Date.UTC(2026, 2, 1, 8) * 1000);
  });

  it.each([
    [['--last', 'yesterday'], "--last: 'yesterday' is not a duration\n  Write 24h, 7d or 90min.\n"],
    [
      ['--last', '24h', '--since', '2026-03-02'],
      '--since and --last exclude each other\n  Give one of them.\n',
    ],
  ])('is refused as %j', async (argv, said) => {
    expect(await run(['scan', 'x', ...argv])).toMatchObject({ status: 2, err: `minesweep: ${said}` });
  });
});

describe('what users type by mistake', () => {
  it('is told: a file without a command, an own network without its mask', async () => {
    expect(await run(['edge.pcap'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('To scan it: minesweep scan edge.pcap'),
    });
    expect(await run(['scan', 'x', '--local', '10.20.0.0'])).toMatchObject({
      status: 2,
      err: expect.stringMatching(/'10\.20\.0\.0' has no prefix length\n +Write 10\.20\.0\.0\/16/),
    });
    expect((await run(['scan', 'x', '--local', '10.20.0.1'])).status).toBe(0);
  });
});

it('reads both as all kinds of pseudonyms', () => {
  expect(parseKinds(['accounts', 'addresses'], 'kind')(['both'], '--x')).toEqual(['accounts', 'addresses']);
});

describe('the help of a command', () => {
  it.each(COMMANDS.map(({ name }) => name))('fits a screen of 80 by 40: %s', async (name) => {
    const { out } = await run([name, '-h']);
    expect(out.split('\n').length - 1).toBeLessThanOrEqual(40);
    expect(out).not.toContain('; may be repeated');
  });

  it('lists some options, and all of them with --all, however it is asked for', async () => {
    const { options, usual = [] } = COMMANDS.find(({ name }) => name === 'scan') ?? { options: [] };
    const listed = (out: string): string[] =>
      [...out.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name);
    const short = (await run(['help', 'scan'])).out;
    expect(
      listed(short)
        .filter((name) => name !== 'help')
        .toSorted(),
    ).toEqual([...usual].toSorted());
    expect(usual.length).toBeLessThan(18);
    expect(short).toContain(`--all lists ${options.length - usual.length} more options`);
    const whole = (await run(['help', 'scan', '--all'])).out;
    expect(new Set(listed(whole))).toEqual(new Set(['help', ...options.map(({ name }) => name)]));
    expect((await run(['scan', '-h', '--all'])).out).toBe(whole);
  });
});

describe('the help of an option', () => {
  it('names every setting that it takes', async () => {
    const out = (await run(['scan', '--help', '--all'])).out.replace(/\s+/g, ' ');
    const [, pue = ''] = /--pue <PUE> ([^<]*?) --/.exec(out) ?? [];
    for (const { name } of PUE_SETTINGS) expect(pue).toContain(name);
  });
});

describe('results', () => {
  it('are the table on a terminal and JSON elsewhere', async () => {
    scan.mockImplementation(async () => sampleAudit());
    const onTerminal = await run(
      ['scan', 'x', '--no-progress'],
      {},
      capture({ terminal: true, columns: 100 }),
    );
    expect(onTerminal.out).toContain('\u001b[1;31mconfirmed\u001b[0m');
    const plain = await run(['scan', 'x'], { NO_COLOR: '1' }, capture({ terminal: true, columns: 100 }));
    expect(plain.out).not.toContain('\u001b');
    expect(plain.out).toBe(readFileSync(new URL('../report/golden/screen-100.txt', import.meta.url), 'utf8'));
    expect(JSON.parse((await run(['scan', 'x'])).out)).toEqual(sampleAudit());
  });

  it('are in the zone of --tz where people read them', async () => {
    const { out } = await run(['scan', 'x', '--format', 'table', '--tz', 'Asia/Shanghai']);
    expect(out).toContain('2026-03-02 16:00 – 16:15 Asia/Shanghai');
  });

  it('lie in the folder of --out as well, with hashes of the inputs', async () => {
    const out = path.join(folder, 'audit');
    const result = await run(['scan', 'x', '--out', out, '--format', 'csv']);
    expect(result.out).toMatch(/^ip,verdict,roles,/);
    expect(readdirSync(out).sort()).toEqual([
      'audit.json',
      'hosts.csv',
      'pools.csv',
      'report.html',
      'sessions.csv',
      'totals.csv',
    ]);
    expect(request().hash).toBe(true);
  });

  it('end with 1 where the folder cannot be made', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    const { status, err } = await run(['scan', 'x', '--out', path.join(folder, 'file')]);
    expect(status).toBe(1);
    expect(err.split('\n')[1]).toBe('  Check that the folder can be written to and that the disk has room.');
  });
});

describe('messages', () => {
  beforeEach(() => {
    scan.mockImplementation(async ({ log, onProgress }: ScanOptions) => {
      const place = { input: 'x', ordinal: 1, inputs: 1, heapBytes: 0 };
      onProgress?.({ doneBytes: 50, totalBytes: 100, packets: 3, flows: 0, ...place });
      log?.('info', 'reading x');
      for (let i = 0; i < 3; i++) log?.('warn', 'odd \u001b[2J packet');
      return quietAudit();
    });
  });

  it('are coloured on a terminal, repeated ones with their count', async () => {
    const { err } = await run(['scan', 'x', '--no-progress'], {}, capture({ terminal: true }));
    expect(err).toBe(
      'minesweep: \u001b[33mwarning\u001b[0m: odd \\u{1b}[2J packet\nminesweep: \u001b[33mwarning\u001b[0m: odd \\u{1b}[2J packet (2 more times)\n',
    );
  });

  it('are lines of level, time and message elsewhere', async () => {
    const { err } = await run(['scan', 'x']);
    expect(err.split('\n')[0]).toMatch(/^warn \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ odd \\u\{1b\}\[2J packet$/);
  });

  it('are JSON lines if that is asked for', async () => {
    const { err } = await run(['scan', 'x', '--log-level', 'info', '--log-format', 'json']);
    const lines = err.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'reading x',
      'odd \\u{1b}[2J packet',
      'odd \\u{1b}[2J packet (2 more times)',
    ]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'minesweep', level: 30 });
  });

  it('of a service come each time if they are no warnings, and warnings again after a while', async () => {
    let minutes = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => minutes * 60_000);
    scan.mockImplementation(async ({ log }: ScanOptions) => {
      for (const at of [0, 1, 2, 30, 31]) {
        minutes = at;
        log?.('info', 'written');
        log?.('warn', 'gone');
      }
      return quietAudit();
    });
    const { err } = await run(['scan', 'x', '--log-level', 'info']);
    const written = Array.from({ length: 5 }, () => 'written');
    const lines = err.trimEnd().split('\n');
    const said = lines.map((line) => line.split(' ').slice(2).join(' '));
    expect(said.filter((line) => line === 'written')).toEqual(written);
    expect(said.filter((line) => line !== 'written')).toEqual([
      'gone',
      'gone (2 more times)',
      'gone (1 more times)',
    ]);
  });

  it('and progress are silent with --quiet', async () => {
    expect((await run(['scan', 'x', '--quiet'], {}, capture({ terminal: true }))).err).toBe('');
    expect((await run(['scan', 'x', '--quiet'])).err).toBe('');
  });

  it('come with a progress bar on a terminal only', async () => {
    const { err } = await run(['scan', 'x'], {}, capture({ terminal: true }));
    expect(err).toContain('50 %');
    expect((await run(['scan', 'x'])).err).not.toContain('50 %');
  });
});

describe('an interruption', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s prints the partial audit and ends with 5', async (name) => {
    const listeners = process.listenerCount(name);
    scan.mockImplementation(
      ({ signal }: ScanOptions) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ ...sampleAudit(), partial: true }));
          process.emit(name);
        }),
    );
    const { status, out } = await run(['scan', 'x']);
    expect(status).toBe(5);
    expect(JSON.parse(out).partial).toBe(true);
    expect(process.listenerCount(name)).toBe(listeners);
  });

  it('leaves a second signal its usual effect', async () => {
    let after = -1;
    scan.mockImplementation(async () => {
      const before = process.listenerCount('SIGINT');
      process.emit('SIGINT');
      after = before - process.listenerCount('SIGINT');
      return { ...sampleAudit(), partial: true };
    });
    await run(['scan', 'x']);
    expect(after).toBe(1);
  });
});

describe('report', () => {
  const write = (value: unknown): string => {
    const file = path.join(folder, 'audit.json');
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    return file;
  };

  it('prints an audit again', async () => {
    const file = write(sampleAudit());
    const { status, out } = await run(['report', file, '--format', 'markdown']);
    expect(status).toBe(4);
    expect(out).toBe(readFileSync(new URL('../report/golden/report.md.txt', import.meta.url), 'utf8'));
  });

  it('reads standard input', async () => {
    const to = capture({ stdin: JSON.stringify(sampleAudit()) });
    const { out } = await run(['report', '-', '--format', 'json'], {}, to);
    expect(JSON.parse(out)).toEqual(sampleAudit());
  });

  it.each([
    { name: 'text', value: 'hello', said: 'not an audit of minesweep: it is not JSON' },
    { name: 'other JSON', value: { a: 1 }, said: 'not an audit of minesweep: schema is missing' },
    {
      name: 'an audit with a field of the wrong type',
      value: { ...sampleAudit(), hosts: [{ ...sampleAudit().hosts[0], traffic: null }] },
      said: 'not an audit of minesweep: hosts[0].traffic must be an object',
    },
  ])('refuses $name', async ({ value, said }) => {
    const file = write(value);
    expect(await run(['report', file])).toEqual({
      status: 1,
      out: '',
      err: `minesweep: ${file}: ${said}\n  Name an audit.json that minesweep scan wrote.\n`,
    });
  });

  it.each([
    { name: 'whole', audit: quietAudit, argv: [], status: 0 },
    { name: 'damaged', audit: damaged, argv: [], status: 4 },
    { name: 'damaged, and --strict', audit: damaged, argv: ['--strict'], status: 1 },
    { name: 'of nothing that could be read', audit: unreadable, argv: [], status: 1 },
    { name: 'partial', audit: (): Audit => ({ ...damaged(), partial: true }), argv: [], status: 5 },
  ])('ends as the scan did where the audit is $name', async ({ audit, argv, status }) => {
    const result = await run(['report', write(audit()), '--format', 'json', ...argv]);
    expect(result.status).toBe(status);
    expect(JSON.parse(result.out)).toEqual(audit());
    // Damaged and unreadable inputs are named.
    expect(result.err === '').toBe(status !== 1 && status !== 4);
  });

  it('says where there is no file', async () => {
    expect(await run(['report', '/nowhere/audit.json'])).toEqual({
      status: 1,
      out: '',
      err: 'minesweep: /nowhere/audit.json: no such file\n  Name an audit.json that minesweep scan wrote.\n',
    });
  });
});
