import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWords } from '../../src/address.ts';
import { ownersBuild } from '../../src/commands/owners.ts';
import { openDatabase } from '../../src/owners/database.ts';
import type { MmdbValue } from '../../src/owners/mmdb-encode.ts';
import { MmdbWriter } from '../../src/owners/mmdb-writer.ts';
import { readRecord } from '../../src/owners/record.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-owners-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function words(text: string) {
  const parsed = parseWords(text);
  if (parsed === null) throw new Error(`no address: ${text}`);
  return parsed;
}

function mmdbOf(rows: readonly (readonly [from: string, to: string, value: MmdbValue])[]): Buffer {
  const writer = new MmdbWriter();
  for (const [from, to, value] of rows) writer.paint(words(from), words(to), writer.record(value));
  return writer.finish({
    databaseType: 'minesweep-test-ASN',
    description: 'test',
    buildEpoch: 1_750_000_000,
  });
}

async function opened(name: string, bytes: Buffer | string) {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return openDatabase(file);
}

const asn = (number: number, name?: string): MmdbValue => ({
  map: {
    autonomous_system_number: { uint32: number },
    ...(name === undefined ? {} : { autonomous_system_organization: name }),
  },
});

describe('the MMDB writer', () => {
  it('writes ranges that maxmind reads back at both ends and not beyond them', async () => {
    const database = await opened(
      'ranges.mmdb',
      mmdbOf([
        ['10.0.0.0', '10.255.255.255', asn(1, 'wide')],
        ['10.0.0.3', '10.0.2.7', asn(2, 'not aligned')],
        ['10.0.1.0', '10.0.1.0', asn(3)],
        ['2001:db8::5', '2001:db8::1:0', asn(4, 'six')],
        ['255.255.255.255', '255.255.255.255', asn(5, 'last')],
      ]),
    );
    const at = (ip: string) => database.lookup(ip)?.asn ?? null;
    expect({
      '9.255.255.255': at('9.255.255.255'),
      '10.0.0.0': at('10.0.0.0'),
      '10.0.0.2': at('10.0.0.2'),
      '10.0.0.3': at('10.0.0.3'),
      '10.0.0.255': at('10.0.0.255'),
      '10.0.1.0': at('10.0.1.0'),
      '10.0.1.1': at('10.0.1.1'),
      '10.0.2.7': at('10.0.2.7'),
      '10.0.2.8': at('10.0.2.8'),
      '10.255.255.255': at('10.255.255.255'),
      '11.0.0.0': at('11.0.0.0'),
      '::ffff:10.0.1.0': at('::ffff:10.0.1.0'),
      '2001:db8::4': at('2001:db8::4'),
      '2001:db8::5': at('2001:db8::5'),
      '2001:DB8:0::1:0': at('2001:DB8:0::1:0'),
      '2001:db8::1:1': at('2001:db8::1:1'),
      '255.255.255.255': at('255.255.255.255'),
      '255.255.255.254': at('255.255.255.254'),
      'no address': at('no address'),
    }).toEqual({
      '9.255.255.255': null,
      '10.0.0.0': 1,
      '10.0.0.2': 1,
      '10.0.0.3': 2,
      '10.0.0.255': 2,
      '10.0.1.0': 3,
      '10.0.1.1': 2,
      '10.0.2.7': 2,
      '10.0.2.8': 1,
      '10.255.255.255': 1,
      '11.0.0.0': null,
      '::ffff:10.0.1.0': 3,
      '2001:db8::4': null,
      '2001:db8::5': 4,
      '2001:DB8:0::1:0': 4,
      '2001:db8::1:1': null,
      '255.255.255.255': 5,
      '255.255.255.254': null,
      'no address': null,
    });
    expect(database.builtMs).toBe(1_750_000_000_000);
    expect(database.title).toBe('minesweep-test-ASN');
  });

  it.each([24, 28])('keeps %i-bit records apart', async (bits) => {
    // The record size follows from the size of the data section: a long filler makes the wider one.
    const filler = bits === 24 ? 0 : 17 * 2 ** 20;
    const writer = new MmdbWriter();
    const small = writer.record(asn(1, 'one'));
    for (let at = 0; at < filler; at += 2 ** 20) writer.record(`${at}`.padEnd(2 ** 20, 'x'));
    const far = writer.record(asn(2, 'two'));
    writer.paint(words('1.0.0.0'), words('1.255.255.255'), small);
    writer.paint(words('2.0.0.0'), words('2.0.0.255'), far);
    const bytes = writer.finish({ databaseType: 'minesweep-test-ASN', description: '', buildEpoch: 0 });
    const database = await opened(`wide-${bits}.mmdb`, bytes);
    expect([database.lookup('1.2.3.4')?.organisation, database.lookup('2.0.0.9')?.organisation]).toEqual([
      'one',
      'two',
    ]);
    expect(database.lookup('2.0.1.0')).toBeNull();
    expect(database.builtMs).toBeNull();
  });

  it('encodes every size class of text and each kind of value', async () => {
    const texts = [0, 28, 29, 284, 285, 65_820, 65_821, 70_000].map((size) =>
      'ü'.repeat(size / 2).padEnd(size / 2, 'x'),
    );
    const value: MmdbValue = {
      map: {
        asn: 'AS64500',
        array: { array: texts },
        big: { uint64: 2 ** 40 },
        zero: { uint16: 0 },
      },
    };
    const database = await opened('kinds.mmdb', mmdbOf([['1.0.0.0', '1.0.0.0', value]]));
    expect(database.lookup('1.0.0.0')?.asn).toBe(64_500);
    expect(database.damaged).toBe(0);
  });
});

describe('an address database', () => {
  it('is told apart by the shape of its records', () => {
    const shapes = {
      'GeoLite2-ASN': { autonomous_system_number: 15169, autonomous_system_organization: 'Google LLC' },
      'GeoIP2-ISP': { isp: 'Comcast', organization: 'Acme Dental', autonomous_system_number: 7922 },
      'GeoIP2-Connection-Type': { connection_type: 'Cellular' },
      'GeoIP2-Enterprise': {
        city: { names: { en: 'Suzhou', 'zh-CN': '苏州' } },
        country: { iso_code: 'CN' },
        subdivisions: [{ names: { en: 'Jiangsu' } }],
        traits: { user_type: 'college', organization: 'Some College', autonomous_system_number: 4538 },
      },
      'IPinfo Lite': { asn: 'AS15169', as_name: 'Google LLC', as_domain: 'google.com', country_code: 'US' },
      'IPinfo nested': {
        asn: { asn: 'AS3', name: 'MIT', domain: 'mit.edu', type: 'education' },
        company: { name: 'A Lab', domain: 'lab.mit.edu', type: 'business' },
      },
      'bare text': 'AS680 Verein zur Foerderung eines Deutschen Forschungsnetzes',
      'unknown type': { user_type: 'astronaut', autonomous_system_number: 64500 },
      nothing: { foo: 1 },
      array: [1, 2],
    };
    const read = Object.fromEntries(Object.entries(shapes).map(([name, value]) => [name, readRecord(value)]));
    const empty = {
      asn: null,
      organisation: null,
      domain: null,
      country: null,
      region: null,
      city: null,
      types: [],
      isBusiness: false,
    };
    expect(read).toEqual({
      'GeoLite2-ASN': { ...empty, asn: 15169, organisation: 'Google LLC' },
      'GeoIP2-ISP': { ...empty, asn: 7922, organisation: 'Acme Dental' },
      'GeoIP2-Connection-Type': { ...empty, types: [{ word: 'Cellular', class: 'mobile' }] },
      'GeoIP2-Enterprise': {
        ...empty,
        asn: 4538,
        organisation: 'Some College',
        country: 'CN',
        region: 'Jiangsu',
        city: 'Suzhou',
        types: [{ word: 'college', class: 'education' }],
      },
      'IPinfo Lite': {
        ...empty,
        asn: 15169,
        organisation: 'Google LLC',
        domain: 'google.com',
        country: 'US',
      },
      'IPinfo nested': {
        ...empty,
        asn: 3,
        organisation: 'A Lab',
        domain: 'lab.mit.edu',
        types: [{ word: 'education', class: 'education' }],
        isBusiness: true,
      },
      'bare text': {
        ...empty,
        asn: 680,
        organisation: 'Verein zur Foerderung eines Deutschen Forschungsnetzes',
      },
      'unknown type': { ...empty, asn: 64500 },
      nothing: null,
      array: null,
    });
  });

  it.each([
    {
      name: 'ip-location-db text',
      text: '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."\n2001:200::,2001:200:ffff:ffff:ffff:ffff:ffff:ffff,2500,WIDE\n',
    },
    {
      name: 'ip-location-db numbers',
      text: '16777216,16777471,13335,"Cloudflare, Inc."\r\n42540528726795050063891204319802818560,42540528806023212578155541913346768895,2500,WIDE\r\n',
    },
    {
      name: 'iptoasn',
      text: '1.0.0.0\t1.0.0.255\t13335\tUS\tCloudflare, Inc.\n1.0.1.0\t1.0.3.255\t0\tNone\tNot routed\n2001:200::\t2001:200:ffff:ffff:ffff:ffff:ffff:ffff\t2500\tJP\tWIDE\n',
    },
  ])('may be a table: $name', async ({ name, text }) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const database = await opened(`${name}.${bytes.length}`, bytes);
      expect([database.lookup('1.0.0.9')?.organisation, database.lookup('2001:200::1')?.asn]).toEqual([
        'Cloudflare, Inc.',
        2500,
      ]);
      expect(database.lookup('1.0.2.0')).toBeNull();
    }
  });

  it.each([
    {
      name: 'cut in front',
      bytes: () => mmdbOf([['1.0.0.0', '1.0.0.0', asn(1)]]).subarray(40),
      code: 'FILE_INVALID',
    },
    {
      name: 'cut at the end',
      bytes: () => mmdbOf([['1.0.0.0', '1.0.0.0', asn(1)]]).subarray(0, 800),
      code: 'FILE_INVALID',
    },
    { name: 'empty', bytes: () => Buffer.alloc(0), code: 'FILE_INVALID' },
    { name: 'something else', bytes: () => Buffer.from('\x7fELF\0\0\0\0\n,,,,\n'), code: 'FILE_INVALID' },
    {
      name: 'marker and noise',
      bytes: () =>
        Buffer.concat([Buffer.from('abcdef4d61784d696e642e636f6d', 'hex'), Buffer.alloc(99, 0xff)]),
      code: 'FILE_INVALID',
    },
  ])('that is $name is refused by name', async ({ name, bytes, code }) => {
    await expect(opened(`bad-${name}`, bytes())).rejects.toMatchObject({
      code,
      where: path.join(folder, `bad-${name}`),
    });
  });

  it('counts records that its bytes break, and goes on', async () => {
    const whole = mmdbOf([
      ['1.0.0.0', '1.0.0.0', asn(1, 'first')],
      ['9.0.0.0', '9.0.0.0', asn(2, 'second')],
    ]);
    const at = whole.indexOf('first') - 1;
    const broken = Buffer.from(whole);
    broken.fill(0, at - 8, at);
    const database = await opened('broken.mmdb', broken);
    expect(database.lookup('9.0.0.0')?.asn ?? 'null').toBeDefined();
    database.lookup('1.0.0.0');
    expect(database.damaged).toBeLessThanOrEqual(2);
  });

  it('never throws, whatever byte is changed', async () => {
    const whole = mmdbOf([
      ['1.0.0.0', '1.255.255.255', asn(1, 'first')],
      ['2001:db8::', '2001:db8::ffff', asn(2, 'second')],
    ]);
    for (let at = 0; at < whole.length; at += 7) {
      const broken = Buffer.from(whole);
      broken[at] ^= 0xff;
      const database = await opened('fuzzed.mmdb', broken).catch((error: unknown) => error);
      if (database instanceof Error) expect(database).toMatchObject({ code: 'FILE_INVALID' });
      else if (typeof database === 'object' && database !== null && 'lookup' in database) {
        const lookup = database.lookup;
        if (typeof lookup === 'function')
          for (const ip of ['1.2.3.4', '2001:db8::1']) lookup.call(database, ip);
      }
    }
  });
});

describe('owners build', () => {
  it('makes a database that says what it was made of', async () => {
    const input = path.join(folder, 'newer.csv');
    const output = path.join(folder, 'newer.mmdb');
    writeFileSync(input, '1.0.0.0,1.0.0.255,64500,New Holder\nnot,a,range\n1.0.1.0,1.0.1.255,x,No Number\n');
    const said = await ownersBuild([input], output, {
      dateMs: Date.UTC(2026, 9, 1),
      attribution: 'Data by X',
    });
    expect(said).toBe(
      `${output}: 1 ranges, ${(readFileSync(output).length / 1000).toFixed(2)} kB, data of 2026-10-01\n  1 rows left out: no address range in it\n  1 rows left out: no AS number in it\n`,
    );
    const database = await openDatabase(output);
    expect(database.lookup('1.0.0.1')?.organisation).toBe('New Holder');
    expect(database.description).toBe('Data by X; address ranges of newer.csv, compiled by minesweep');
    expect(database.builtMs).toBe(Date.UTC(2026, 9, 1));
    // Its own name, never that of the database that ships.
    expect(database.title).toBe('newer.csv (owners build)');
  });

  it('wants at least one table, and one that holds a range', async () => {
    await expect(ownersBuild([], path.join(folder, 'x.mmdb'))).rejects.toMatchObject({ code: 'NO_INPUT' });
    const input = path.join(folder, 'none.csv');
    writeFileSync(input, 'a,b,c\n');
    await expect(ownersBuild([input], path.join(folder, 'x.mmdb'))).rejects.toMatchObject({
      code: 'FILE_INVALID',
    });
  });
});
