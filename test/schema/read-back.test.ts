/** What is read back is held against its schema: hostile files are refused with the place, and nothing of them is taken. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAudit } from '../../src/audit/read-audit.ts';
import { readCases } from '../../src/cases/file.ts';
import { publishedAuditOf } from '../../src/energy/published.ts';
import { beginning } from '../../src/errors.ts';
import { Networks } from '../../src/networks.ts';
import { problemIn, readBack } from '../../src/schema/check.ts';
import { address, date, type Type, time } from '../../src/schema/field.ts';
import { jsonOf } from '../../src/schema/json-document.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

function written(value: unknown): string {
  const file = path.join(folder, 'file.json');
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

/** A value with what a place holds replaced; '' is left out. */
function changed(value: unknown, place: string, to: unknown): unknown {
  const copy: unknown = structuredClone(value);
  const keys = place.split('.');
  const last = keys.pop() ?? '';
  let at = copy;
  for (const key of keys) at = Reflect.get(Object(at), key);
  Reflect.set(Object(at), last, to);
  return copy;
}

async function refusal(read: () => Promise<unknown>): Promise<string> {
  try {
    await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'FILE_INVALID') return error.message;
    throw error;
  }
  return '';
}

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('JSON', () => {
  it.each([
    ['{"a":1,"a":2}', "an object has 'a' twice"],
    ['{"rows":[[{"x":{"ip":1,"i\\u0070":2}}]]}', "an object has 'ip' twice"],
    ['{"a":{"\\u001b[2J":1,"\\u001b[2J":2}}', 'an object has a name twice'],
    [deep(101), 'nested deeper than 100 levels'],
    [`{"a":${deep(20_000)}}`, 'nested deeper than 100 levels'],
    ['{"a":[[[', 'it ends too early'],
    ['{\n"a": 1,\n"b": hunter2\n}', 'line 3 is not JSON'],
    ['{\n"a": [1,\n2\n"hunter2"]\n}', 'line 4 is not JSON'],
    ['{"a": "\t"}', 'line 1 is not JSON'],
    ['hunter2', 'line 1 is not JSON'],
    ['', 'it is not JSON'],
  ])('%s is refused without a word of it', (text, message) => {
    expect(() => jsonOf(text)).toThrow(new SyntaxError(message));
  });

  it.each([
    ['\uFEFF{"a":1}', { a: 1 }],
    [
      '{"a":"a:b","b":[{"a":1},{"a":2}],"__proto__":{"a":":"}}',
      JSON.parse('{"a":"a:b","b":[{"a":1},{"a":2}],"__proto__":{"a":":"}}'),
    ],
    [deep(100), JSON.parse(deep(100))],
  ])('%s is read', (text, value) => {
    expect(JSON.stringify(jsonOf(text))).toEqual(JSON.stringify(value));
  });

  it('is quoted by no refusal, whatever stands in it', () => {
    const secret = 'hunter2-secret';
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.nat(), (text, place) => {
        const at = place % (text.length + 1);
        const any: Type = { kind: 'map' };
        const said = (problem: { message: string }): never => {
          throw new Error(problem.message);
        };
        try {
          readBack(`${text.slice(0, at)}${secret}${text.slice(at)}`, any, said);
        } catch (error) {
          expect(String(error)).not.toContain(secret.slice(0, 7));
        }
      }),
      { seed: 55, numRuns: 500 },
    );
  });
});

it('what could not be read is quoted by its first twenty printable letters', async () => {
  expect(beginning('10.0.0.1 is\u001b[2J hunter2-hunter2')).toBe('10.0.0.1 is?[2J hunt…');
  await expect(Networks.parse([`password=hunter2-${'x'.repeat(99)}`])).rejects.toThrow(
    "'password=hunter2-xxx…' is not a network",
  );
});

describe('a text', () => {
  it.each([
    [date, ['2026-11-27', '2024-02-29'], ['2026-13-45', '2026-02-29', '2026-02-30', 'zzz', '2026-1-1', '']],
    [
      time,
      ['2026-11-27T20:05:31.000Z', '2026-11-27T20:05:31.000000001Z'],
      ['not a time', '2026-11-27', '2026-02-30T20:05:31.000Z', '2026-11-27T25:05:31.000Z'],
    ],
    [address, ['192.0.2.1', '2001:db8::1'], ['0.0.0.0/0', '', '192.0.2.256', '192.0.2', 'a.example']],
  ])('is what its type says', (type, right, wrong) => {
    for (const each of right) expect(problemIn(each, type)).toBeNull();
    for (const each of wrong) expect(problemIn(each, type)?.message).toMatch(/^must be an? /);
  });
});

const NIGHT = {
  ...{ date: '2026-11-27', verdict: 'confirmed', algorithm: 'rx/0', rate: 1000, unit: 'H/s' },
  ...{ low95: 900, high95: 1100, kwh: 1.5, pool: 'SupportXMR' },
};
const CASES = {
  schema: 'minesweep.cases/1',
  cases: [
    {
      id: 'aaaaaaaa',
      machine: { ip: '192.0.2.1', mac: null, hostname: null, user: null },
      opened: '2026-11-27T20:00:00.000Z',
      lastSeen: '2026-11-27T21:00:00.000Z',
      state: 'acknowledged',
      changed: '2026-11-27T20:00:00.000Z',
      until: '2026-12-31',
      because: 'known',
      by: 'me',
      verdict: 'confirmed',
      owner: { class: 'unknown', name: null, department: null, contact: null },
      kwh: 1.5,
      nights: [NIGHT],
    },
  ],
  nights: [{ date: '2026-11-27', complete: true }],
  unsent: [],
  pairs: {},
};

describe('a file of cases', () => {
  it('is read as it was written', async () => {
    expect(await readCases(written(CASES))).toEqual(CASES);
    expect(await readCases(written(`\uFEFF${JSON.stringify(CASES)}`))).toEqual(CASES);
  });

  it.each<[place: string, to: unknown, said: string]>([
    ['cases.0.nights.0.rate', 5000, 'cases[0].nights[0].rate must be from low95 to high95'],
    ['cases.0.nights.0.low95', 1200, 'cases[0].nights[0].rate must be from low95 to high95'],
    ['cases.0.id', '', 'cases[0].id must match ^\\S{1,64}$'],
    ['cases.0.until', 'zzz', 'cases[0].until must be a date such as 2026-11-27'],
    ['cases.0.until', '2027-13-45', 'cases[0].until must be a date'],
    ['cases.0.until', 5, 'cases[0].until must be text'],
    ['cases.0.kwh', -1, 'cases[0].kwh must be >= 0'],
    ['cases.0.nights.0.rate', -1e308, 'cases[0].nights[0].rate must be >= 0'],
    ['cases.0.nights.0.kwh', 'much', 'cases[0].nights[0].kwh must be a number'],
    ['cases.0.lastSeen', 'not a time', 'cases[0].lastSeen must be a time'],
    ['cases.0.lastSeen', '2026-11-26T00:00:00.000Z', 'cases[0].lastSeen is before it was opened'],
    ['cases.0.machine.ip', '0.0.0.0/0', 'cases[0].machine.ip must be an address'],
    ['cases.0.machine.mac', 7, 'cases[0].machine.mac must be text'],
    ['cases.0.state', 'silent', 'cases[0].state must be one of'],
    ['cases.0.nights', [], 'cases[0].nights has no night'],
    ['cases.0.nights', [NIGHT, NIGHT], 'cases[0].nights has a date twice'],
    ['cases.0.nights.1', { ...NIGHT, date: '2026-11-26' }, 'cases[0].nights[1].date is before'],
    ['cases.0.nights.0.date', '9999-12-31', 'cases[0].nights[0].date is in the future'],
    ['cases.0.until', null, 'cases[0].until must be a date, as its state is acknowledged'],
    ['cases.0.because', null, 'cases[0].because must be text'],
    ['cases.0.state', 'closed', 'cases[0].until must be null, as its state is closed'],
    ['cases.0.changed', '9999-01-01T00:00:00.000Z', 'cases[0].changed is in the future'],
    ['cases.0.lastSeen', '9999-01-01T00:00:00.000Z', 'cases[0].lastSeen is in the future'],
    ['cases.0.verdict', 'suspected', 'cases[0].verdict is suspected, but that of its nights is confirmed'],
    ['cases.0.kwh', 3, 'cases[0].kwh is 3, but its nights make 1.5'],
    ['nights.0.date', '9999-12-31', 'nights[0].date is in the future'],
    ['nights.1', { date: '2026-11-26', complete: true }, 'nights[1].date is before'],
    ['cases.1', CASES.cases[0], 'cases has an id twice'],
    ['nights.0.date', '2026-02-30', 'nights[0].date must be a date'],
    ['pairs.x', 'never', 'pairs.x must be a date'],
    ['unsent.0', { to: 'mail:root', night: {} }, 'unsent[0].night.schema is missing'],
    ['schema', 'minesweep.cases/9', "schema must be 'minesweep.cases/1'"],
  ])('with %s = %j is refused with the place', async (place, to, said) => {
    const file = written(changed(CASES, place, to));
    expect(await refusal(() => readCases(file))).toContain(`not a file of cases: ${said}`);
  });

  it('that is nested beyond reason, or has a name twice, is refused', async () => {
    const text = JSON.stringify(CASES);
    const nested = written(text.replace('"known"', deep(20_000)));
    expect(await refusal(() => readCases(nested))).toContain('nested deeper than 100 levels');
    const twice = written(text.replace('"until"', '"until":"2099-12-31","until"'));
    expect(await refusal(() => readCases(twice))).toContain("an object has 'until' twice");
  });
});

describe('an audit', () => {
  const read = (value: unknown): Promise<unknown> => readAudit(written(value), Readable.from([]));

  it.each<[place: string, to: unknown, said: string]>([
    ['totals.hosts.confirmed', 9999, 'totals.hosts.confirmed is 9999, but the rows of the hosts make 3'],
    ['totals.minerAddresses', 10, 'totals.minerAddresses is 10, but the rows of the hosts make 4'],
    ['totals.traffic.bytesOut', 1, 'totals.traffic.bytesOut is 1, but the rows of the hosts make 280000'],
    ['totals.owners.0.addresses', 77, 'totals.owners is '],
    ['totals.power.kwhPerDay', 9, 'totals.power.kwhPerDay is 9, but the rows of the hosts make 88.6'],
    ['totals.power', null, 'totals.power.kwhPerDay is 0, but the rows of the hosts make 88.6'],
    ['totals.hashrate.0.estimate', 1, 'totals.hashrate of rx/0 by shares is 1, but the rows of the hosts'],
    ['totals.hashrate', [], 'is 0, but the rows of the hosts make 88000000'],
    ['hosts.0.traffic.mbpsOut', 1e308, 'hosts[0].traffic.mbpsOut must be <= 1e+200'],
    ['coverage.judged.notJudged.other', { conversations: 1, bytes: 1 }, 'notJudged has other names than'],
    ['hosts.1.ip', sampleAudit().hosts[0].ip, 'hosts[1].ip 192.0.2.11 is there twice'],
    ['hosts.0.hashrate.0.low95', 1e200, 'hosts have a rate whose low95 is above its high95'],
    ['window.seconds', 1e21, 'window.seconds is 1e+21, but from start to end it is '],
    ['hosts.1.ip', '0.0.0.0/0', 'hosts[1].ip must be an address'],
    ['hosts.0.firstSeen', '2026-02-30T08:00:00.000Z', 'hosts[0].firstSeen must be a time'],
    [
      'notes',
      [{ code: 'x', params: { a: JSON.parse(deep(99)) }, text: '' }],
      'nested deeper than 100 levels',
    ],
  ])('with %s = %j is refused with the place', async (place, to, said) => {
    expect(await refusal(() => read(changed(sampleAudit(), place, to)))).toContain(said);
  });

  it('with an IPv6 address in two writings is refused', async () => {
    const twice = changed(sampleAudit(), 'hosts.0.ip', '2001:db8:10:4:0:0:1:2f');
    expect(await refusal(() => read(twice))).toContain('hosts[1].ip 2001:db8:10:4::1:2f is there twice');
  });

  it('with 20,000 brackets in a field that nobody reads is refused', async () => {
    const text = JSON.stringify(sampleAudit());
    expect(await refusal(() => read(text.replace('{', `{"other":${deep(20_000)},`)))).toContain(
      'nested deeper than 100 levels',
    );
  });
});

it('a published audit with a row of other cells is refused', async () => {
  const said = { en: 'x' };
  const own = {
    ...{
      id: 'x',
      name: said,
      by: said,
      addresses: 1,
      kwhPerDay: 1,
      mbps: null,
      sha256dHashesPerSecond: null,
    },
    ...{ hashrate: null, institutions: { share: 1, said }, coins: null, funnel: null, sources: [] },
    notes: [{ title: said, text: [], table: [[said, said], []] }],
  };
  expect(await refusal(async () => publishedAuditOf(written(own), '--compare'))).toContain(
    'notes[0].table[1] must have 2 cells',
  );
});
