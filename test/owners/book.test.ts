import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWords } from '../../src/address.ts';
import { ownersBuild } from '../../src/commands/owners.ts';
import { OWNER_CLASSES } from '../../src/owners/answer.ts';
import { type OwnerBook, openOwnerBook } from '../../src/owners/book.ts';
import { compileEmbedded } from '../../src/owners/embedded.ts';
import type { MmdbValue } from '../../src/owners/mmdb-encode.ts';
import { MmdbWriter } from '../../src/owners/mmdb-writer.ts';
import { statement } from '../../src/statements/index.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { LABELLED } from './labelled.ts';

const NONE = { ownersFile: null, asnDb: null, cityDb: null, embedded: null };
const DAY = Date.UTC(2026, 2, 2, 8) * 1000;
let folder = '';

function file(name: string, content: string | Buffer): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

function mmdb(
  name: string,
  rows: readonly (readonly [from: string, to: string, value: MmdbValue])[],
): string {
  const writer = new MmdbWriter();
  for (const [from, to, value] of rows) {
    const [first, last] = [parseWords(from), parseWords(to)];
    if (first === null || last === null) throw new Error(`no range: ${from}`);
    writer.paint(first, last, writer.record(value));
  }
  return file(
    name,
    writer.finish({ databaseType: 'minesweep-test', description: '', buildEpoch: 1_750_000_000 }),
  );
}

function asn(number: number, name: string): MmdbValue {
  return {
    map: { autonomous_system_number: { uint32: number }, autonomous_system_organization: name },
  };
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-book-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the owners table', () => {
  const TABLE = [
    'prefix,organisation,class,department,city,contact,from,to',
    '203.0.0.0/16,Jiangsu Telecom,isp,,Nanjing,noc@example.net,,',
    '203.0.7.0/24,"Third Hospital, Suzhou",,IT,Suzhou,it@example.org,,',
    '203.0.7.8,苏州市教育局,政府,信息中心,苏州,,2026-03-01,2026-03-02',
    '203.0.7.8,Suzhou University,education,,Suzhou,,2026-03-03T00:00:00+08:00,',
    '203.0.9.10-203.0.9.13,Net Café,enterprise,,,,,',
    '2001:db8:5::/48,Six Ltd,company,,,,,',
    '203.0.8.0/33,broken,isp,,,,,',
    '203.0.8.0/24,Nobody,martian,,,,,',
    '203.0.8.0/24,Nobody,isp,,,,2026-02-30,',
    '203.0.8.0/24,Nobody,isp,,,,2026-03-02,2026-03-01',
    '203.0.11.0/24,First,isp,,,,,',
    '203.0.11.0/24,Second,education,,,,,',
  ].join('\n');
  let book: OwnerBook;
  beforeAll(async () => {
    book = await openOwnerBook({ ...NONE, ownersFile: file('owners.csv', `\ufeff${TABLE}\n`) });
  });
  const at = (ip: string, time: string) => {
    const {
      class: owner,
      name,
      department,
      city,
      contact,
      source,
      confidence,
    } = book.ownerOf(ip, Date.parse(time) * 1000);
    return [owner, name, department, city, contact, source, confidence];
  };

  it('says whose address it is, the longest prefix first', () => {
    expect(at('203.0.1.1', '2026-03-02T00:00:00Z')).toEqual([
      'isp',
      'Jiangsu Telecom',
      null,
      'Nanjing',
      'noc@example.net',
      'owners-table',
      0.98,
    ]);
    expect(at('203.0.7.9', '2026-03-02T00:00:00Z')).toEqual([
      'healthcare',
      'Third Hospital, Suzhou',
      'IT',
      'Suzhou',
      'it@example.org',
      'owners-table',
      0.8,
    ]);
    expect(
      ['203.0.9.9', '203.0.9.10', '203.0.9.13', '203.0.9.14'].map((ip) => at(ip, '2026-03-02')[1]),
    ).toEqual(['Jiangsu Telecom', 'Net Café', 'Net Café', 'Jiangsu Telecom']);
    expect(at('2001:db8:5::77', '2026-03-02')[1]).toBe('Six Ltd');
  });

  it('knows who had an address when', () => {
    const when = (time: string) => at('203.0.7.8', time)[1];
    expect({
      before: when('2026-02-28T23:59:59Z'),
      first: when('2026-03-01T00:00:00Z'),
      // A date as an end is that day's last moment; the next lease began at midnight in Suzhou.
      last: when('2026-03-02T15:59:59Z'),
      next: when('2026-03-02T16:00:00Z'),
      open: when('2030-01-01T00:00:00Z'),
    }).toEqual({
      before: 'Third Hospital, Suzhou',
      first: '苏州市教育局',
      last: '苏州市教育局',
      next: 'Suzhou University',
      open: 'Suzhou University',
    });
  });

  it('says which lines were not taken', () => {
    expect(book.table?.ignored('owners.csv')?.text).toBe(
      'owners.csv: 4 lines ignored (line 8: no prefix, line 9: no such class, line 10: no such time, …)',
    );
  });

  it('tells the class from a host or network name where it names no organisation', async () => {
    const named = await openOwnerBook({
      ...NONE,
      ownersFile: file(
        'named.csv',
        [
          'prefix,hostname,netname,city',
          '203.0.114.1,mail.tjj.suzhou.gov.cn,,Suzhou',
          '203.0.114.2,,NJ-DAXUE University of Nanjing,Nanjing',
          '203.0.114.3,,,Wuxi',
        ].join('\n'),
      ),
      asnDb: mmdb('line.mmdb', [['203.0.114.0', '203.0.114.255', asn(4134, 'CHINANET')]]),
    });
    const rows = [1, 2, 3].map((last) => {
      const { class: owner, source, city, rule } = named.ownerOf(`203.0.114.${last}`, DAY);
      return [owner, source, city, rule?.text];
    });
    expect(rows).toEqual([
      [
        'government',
        'owners-table',
        'Suzhou',
        'line 2 of the owners table, 203.0.114.1: host name mail.tjj.suzhou.gov.cn ends in "gov.cn"',
      ],
      [
        'education',
        'owners-table',
        'Nanjing',
        'line 3 of the owners table, 203.0.114.2: "universit" in the network name "NJ-DAXUE University of Nanjing"',
      ],
      ['isp', 'asn-table', 'Wuxi', 'AS4134 is China Telecom ChinaNet backbone'],
    ]);
  });

  it('is read as spreadsheets of Chinese systems write it', async () => {
    const bytes = Buffer.from(
      'cdf8b6ce2cb5a5cebbc3fbb3c62cb3c7cad00a3230332e302e3131332e302f32342ccbd5d6ddcad0bdccd3fdbed62ccbd5d6dd0a',
      'hex',
    );
    const chinese = await openOwnerBook({ ...NONE, ownersFile: file('gb18030.csv', bytes) });
    const { name, city, class: owner } = chinese.ownerOf('203.0.113.9', DAY);
    expect([name, city, owner]).toEqual(['苏州市教育局', '苏州', 'government']);
  });

  it('counts an address that changed hands once, for the owner with most activity, and names the other', () => {
    const owner = book.ownerThrough('203.0.7.8', [
      { timeUs: Date.parse('2026-03-01T12:00:00Z') * 1000, weight: 10 },
      { timeUs: Date.parse('2026-03-05T12:00:00Z') * 1000, weight: 30 },
      { timeUs: Date.parse('2026-03-01T13:00:00Z') * 1000, weight: 15 },
    ]);
    expect([owner.class, owner.name]).toEqual(['education', 'Suzhou University']);
    expect(owner.answers.map((answer) => answer.rule.text)).toContain(
      'at another time: line 4 of the owners table, 203.0.7.8',
    );
  });

  it('is less sure where two rows disagree', () => {
    expect(at('203.0.11.5', '2026-03-02').slice(0, 2)).toEqual(['education', 'Second']);
    expect(book.ownerOf('203.0.11.5', DAY).confidence).toBeLessThan(0.98);
    expect(book.ownerOf('203.0.11.5', DAY).answers.map((answer) => answer.name)).toContain('First');
  });

  it('reports the lines it cannot read', () => {
    expect(book.table?.refused).toEqual([
      { line: 8, reason: 'no prefix' },
      { line: 9, reason: 'no such class' },
      { line: 10, reason: 'no such time' },
      { line: 11, reason: 'ends before it begins' },
    ]);
  });

  it('is refused where its first line names no columns', async () => {
    const opening = openOwnerBook({ ...NONE, ownersFile: file('headless.csv', '10.0.0.0/8,Us,isp\n') });
    await expect(opening).rejects.toMatchObject({ code: 'FILE_INVALID' });
    const missing = openOwnerBook({ ...NONE, ownersFile: path.join(folder, 'absent.csv') });
    await expect(missing).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('may be Chinese, with semicolons', async () => {
    const chinese = await openOwnerBook({
      ...NONE,
      ownersFile: file('zh.csv', '网段;单位名称;类别;城市\n198.18.5.0/24;南京大学;高校;南京\n'),
    });
    const { class: owner, name, city } = chinese.ownerOf('198.18.5.1', DAY);
    expect([owner, name, city]).toEqual(['education', '南京大学', '南京']);
  });
});

describe('the order of sources', () => {
  const ask = async (value: MmdbValue, names: Parameters<OwnerBook['ownerOf']>[2] = {}) => {
    const book = await openOwnerBook({
      ...NONE,
      asnDb: mmdb('order.mmdb', [['1.0.0.0', '1.0.0.255', value]]),
    });
    const owner = book.ownerOf('1.0.0.1', DAY, names);
    return [owner.class, owner.source, owner.confidence];
  };

  it('takes the type of a database over the name of the organisation', async () => {
    const typed: MmdbValue = {
      map: { traits: { map: { user_type: 'hosting', organization: 'Acme University' } } },
    };
    expect(await ask(typed)).toEqual(['hosting', 'database-type', 0.85]);
  });

  it('takes the table of networks over the name, and a host name over an access network', async () => {
    expect(await ask(asn(4134, 'Chinanet'))).toEqual(['isp', 'asn-table', 0.9]);
    const campus = { names: [{ name: 'dhcp-12.cs.example.edu', trust: 'confirmed' as const }] };
    expect(await ask(asn(4134, 'Chinanet'), campus)).toEqual(['education', 'domain', 0.85]);
    const access: MmdbValue = { map: { traits: { map: { user_type: 'residential' } } } };
    expect(await ask(access, campus)).toEqual(['education', 'domain', 0.85]);
    const line = { names: [{ name: 'p57a8.dip0.t-ipconnect.example', trust: 'reverse' as const }] };
    expect(await ask(asn(64500, 'Acme University'), line)).toEqual(['education', 'keyword', 0.8]);
  });

  it('never makes the subscriber of an operator its own class', async () => {
    const owner = await ask(asn(9808, 'China Mobile'));
    expect(owner).toEqual(['mobile', 'asn-table', 0.9]);
  });

  it('takes those behind a research and education network for universities, less surely, and research as the second', async () => {
    const book = await openOwnerBook({
      ...NONE,
      asnDb: mmdb('networks.mmdb', [
        ['2.0.0.0', '2.0.0.255', asn(786, 'Jisc Services Limited')],
        ['2.0.1.0', '2.0.1.255', asn(64501, 'SURFnet bv')],
        ['2.0.2.0', '2.0.2.255', asn(270, 'National Aeronautics and Space Administration')],
        ['2.0.3.0', '2.0.3.255', asn(513, 'CERN - European Organization for Nuclear Research')],
      ]),
    });
    const owner = (ip: string, names = {}) => {
      const { class: first, secondClass, confidence } = book.ownerOf(ip, DAY, names);
      return [first, secondClass, (confidence ?? 0) < 0.7];
    };
    expect(owner('2.0.0.1')).toEqual(['education', null, true]);
    expect(owner('2.0.1.1')).toEqual(['education', null, true]);
    expect(owner('2.0.2.1')).toEqual(['government', 'research', false]);
    expect(owner('2.0.3.1')[0]).toBe('research');
    // What a reverse name shows decides.
    const named = (name: string) => owner('2.0.0.1', { names: [{ name, trust: 'confirmed' }] })[0];
    expect([named('cs.cam.ac.uk'), named('x.ecmwf.int'), named('mail.council.gov.uk')]).toEqual([
      'education',
      'research',
      'government',
    ]);
  });

  it('calls an organisation unknown of which only the legal form is known, and says so', async () => {
    const book = await openOwnerBook({
      ...NONE,
      asnDb: mmdb('legal.mmdb', [['1.0.0.0', '1.0.0.255', asn(64500, 'Zubrowka Umbrella GmbH')]]),
    });
    expect(book.ownerOf('1.0.0.1', DAY)).toEqual({
      class: 'unknown',
      secondClass: null,
      name: 'Zubrowka Umbrella GmbH',
      asn: 64500,
      country: null,
      region: null,
      city: null,
      department: null,
      contact: null,
      source: null,
      confidence: null,
      rule: null,
      answers: [
        {
          source: 'legal-form',
          class: 'enterprise',
          name: 'Zubrowka Umbrella GmbH',
          confidence: 0.3,
          rule: statement('owner-name-word', { word: 'gmbh', name: 'Zubrowka Umbrella GmbH' }),
        },
      ],
    });
  });

  it('knows private and shared space, and what is no address', async () => {
    const book = await openOwnerBook(NONE);
    expect(
      ['10.1.2.3', '100.64.0.9', '::ffff:192.168.1.1', 'fe80::1', '8.8.8.8', 'x'].map((ip) => {
        const { class: owner, source, name } = book.ownerOf(ip, DAY);
        return [owner, source, name];
      }),
    ).toEqual([
      ['unknown', 'reserved', 'private address space (RFC 1918)'],
      ['isp', 'reserved', 'carrier-grade NAT (shared) space (RFC 6598)'],
      ['unknown', 'reserved', 'private address space (RFC 1918)'],
      ['unknown', 'reserved', 'link-local (RFC 4291)'],
      ['unknown', null, null],
      ['unknown', null, null],
    ]);
  });

  it('takes places from the city database, the table before it', async () => {
    const city: MmdbValue = {
      map: {
        city: { map: { names: { map: { en: 'Xuzhou' } } } },
        country: { map: { iso_code: 'CN' } },
        subdivisions: { array: [{ map: { names: { map: { en: 'Jiangsu' } } } }] },
      },
    };
    const cityDb = mmdb('city.mmdb', [['1.0.0.0', '1.0.255.255', city]]);
    const ownersFile = file('city.csv', 'prefix,class,city\n1.0.1.0/24,isp,Suzhou\n');
    const book = await openOwnerBook({ ...NONE, ownersFile, cityDb });
    const place = (ip: string) => {
      const { country, region, city: town } = book.ownerOf(ip, DAY);
      return [country, region, town];
    };
    expect([place('1.0.0.1'), place('1.0.1.1')]).toEqual([
      ['CN', 'Jiangsu', 'Xuzhou'],
      ['CN', null, 'Suzhou'],
    ]);
  });

  it.each([
    { name: 'a table of networks', content: '1.0.0.0,1.0.0.255,64500,X\n' },
    { name: 'any other text', content: 'Nanjing is a city.\n' },
    { name: 'nothing', content: '' },
  ])('takes no places from $name', async ({ content }) => {
    const cityDb = file('no-places.csv', content);
    await expect(openOwnerBook({ ...NONE, cityDb })).rejects.toMatchObject({
      code: 'FILE_INVALID',
      where: cityDb,
    });
  });

  it('says how old a database is, half a year from the traffic on', async () => {
    const output = path.join(folder, 'dated.mmdb');
    const input = file('dated.csv', '1.0.0.0,1.0.0.255,64500,X\n');
    await ownersBuild([input], output, { dateMs: Date.UTC(2026, 5, 17) });
    const book = await openOwnerBook({ ...NONE, asnDb: output });
    const warnings = (year: number, month: number) => book.ageWarnings(Date.UTC(year, month, 17) * 1000);
    expect(warnings(2027, 5)).toEqual([]);
    book.ownerOf('1.0.0.1', DAY);
    expect(warnings(2026, 10)).toEqual([]);
    expect(warnings(2027, 5).map(({ text }) => text)).toEqual([
      'Owners come from dated.csv (owners build) of 2026-06-17, 12 months before the traffic: addresses may have changed hands.',
    ]);
    expect(warnings(2021, 9).map(({ text }) => text)).toEqual([
      'Owners come from dated.csv (owners build) of 2026-06-17, 56 months after the traffic: addresses may have changed hands.',
    ]);
  });
});

describe('what is credited', () => {
  const opened = async (table: string) => {
    const output = path.join(folder, 'old.mmdb');
    await ownersBuild([file('old.csv', '1.0.0.0,1.0.0.255,64500,Some Telecom Ltd\n')], output, {
      dateMs: Date.UTC(2020, 0, 1),
    });
    return openOwnerBook({ ...NONE, asnDb: output, ownersFile: file('named.csv', table) });
  };
  const roles = (book: OwnerBook) => book.sources().map(({ role }) => role);

  it('is no database where the table has named all there is to name', async () => {
    const book = await opened('prefix,class,organisation,asn\n1.0.0.0/24,education,A school,64500\n');
    book.ownerOf('10.0.0.1', DAY);
    book.ownerOf('1.0.0.1', DAY);
    expect(book.ageWarnings(DAY)).toEqual([]);
    expect(book.ownerOf('1.0.0.1', DAY)).toMatchObject({ name: 'A school', asn: 64500 });
  });

  it('is a database of which the network number is, though the owner is the table’s and not old', async () => {
    const book = await opened('prefix,class,organisation\n1.0.0.0/24,education,A school\n');
    expect(roles(book)).toEqual(['owners-table']);
    expect(book.ownerOf('1.0.0.1', DAY)).toMatchObject({ name: 'A school', asn: 64500 });
    expect(roles(book)).toEqual(['owners-table', 'asn-db']);
    expect(book.ageWarnings(DAY)).toEqual([]);
  });

  it('is a database that names an owner, and its age is told', async () => {
    const book = await opened('prefix,class,organisation\n1.0.0.0/25,education,A school\n');
    book.ownerOf('1.0.0.200', DAY);
    expect(roles(book)).toEqual(['owners-table', 'asn-db']);
    expect(book.ageWarnings(DAY)).toHaveLength(1);
  });
});

const PACKAGE = path.join(REPO_ROOT, 'node_modules/@ip-location-db/asn');
const INSTALLED = existsSync(path.join(PACKAGE, 'asn-ipv4.csv'));

describe.skipIf(!INSTALLED)('the embedded database (needs the development dependency)', () => {
  let book: OwnerBook;
  beforeAll(async () => {
    const cache = path.join(REPO_ROOT, '.cache');
    mkdirSync(cache, { recursive: true });
    const embedded = path.join(cache, 'embedded-owners.mmdb');
    compileEmbedded(PACKAGE, embedded);
    book = await openOwnerBook({ ...NONE, embedded });
  });

  it('is right for 95 % of labelled well-known networks that it classifies, and classifies 85 %', () => {
    expect(LABELLED.length).toBeGreaterThanOrEqual(150);
    const judged = LABELLED.map(([expected, address]) => ({
      expected,
      found: book.ownerOf(address, DAY).class,
    }));
    const classified = judged.filter(({ found }) => found !== 'unknown');
    const right = classified.filter(({ expected, found }) => expected === found);
    expect(right.length / classified.length).toBeGreaterThanOrEqual(0.95);
    expect(classified.length / judged.length).toBeGreaterThanOrEqual(0.85);
    const classes = new Set(LABELLED.map(([expected]) => expected));
    expect(OWNER_CLASSES.filter((owner) => owner !== 'unknown' && !classes.has(owner))).toEqual([]);
  });

  it.each([
    ['healthcare', '141.42.1.1', 'Charité, Berlin'],
    ['research', '130.183.9.1', 'Max Planck Society'],
    ['research', '131.154.1.1', 'INFN'],
    ['research', '150.146.2.1', 'CNR'],
    ['enterprise', '160.46.1.1', 'BMW'],
    ['enterprise', '9.1.2.3', 'IBM'],
    ['government', '25.1.2.3', 'UK Ministry of Defence'],
  ])(
    'has the organisation that a registry gave a network to before its carrier: %s of %s',
    (owner, ip, name) => {
      expect(book.ownerOf(ip, DAY)).toMatchObject({ class: owner, name });
    },
  );

  it('says where its data is from', () => {
    const [source] = book.sources();
    expect(source).toMatchObject({
      role: 'embedded',
      title: 'minesweep-ASN',
      builtMs: Date.UTC(2026, 5, 17, 19),
    });
    for (const credit of ['routeviews.org', 'db-ip.com', 'nro.net', 'CC BY 4.0']) {
      expect(source.attribution).toContain(credit);
    }
  });
});
