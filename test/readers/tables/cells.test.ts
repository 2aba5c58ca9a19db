import { describe, expect, it } from 'vitest';
import { addressText, canonicalAddress } from '../../../src/address.ts';
import { TimeCell } from '../../../src/readers/tables/time-cell.ts';
import { Zone } from '../../../src/readers/tables/zone.ts';
import { textKernel } from '../../../src/rows/records-kernel.ts';

/** The cell's text in the middle of others, and a line end. */
const among = (text: string): Uint8Array => Buffer.from(`9.9.9.9,${text},7\n`);
const AT = '9.9.9.9,'.length;

describe('an address', () => {
  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['198.51.100.7', '198.51.100.7'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:0db8:0000:0000:0000:0000:0000:0014', '2001:db8::14'],
    ['2001:DB8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['::ffff:c633:6407', '198.51.100.7'],
    ['64:ff9b::198.51.100.7', '64:ff9b::c633:6407'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('%s is %s', (text, canonical) => {
    const kernel = textKernel();
    expect(kernel.read('readAddress', among(text), AT)).toBe(AT + text.length);
    const { word0, word1, word2, word3 } = kernel.cell;
    expect(addressText([word0, word1, word2, word3])).toBe(canonical);
  });

  it.each([
    '',
    '-',
    '1.2.3',
    '1.2.3.',
    '256.1.1.1',
    '1..2.3',
    'abcd',
    ':',
    ':1',
    '1:',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '12345::',
    '::1.2.3',
    '1:2:3:4:5:6:7:1.2.3.4',
    'pool.example',
  ])('is not %j', (text) => {
    const end = textKernel().read('readAddress', among(text), AT);
    expect(end === AT + text.length ? 'read' : 'refused').toBe('refused');
    expect(canonicalAddress(text)).toBeNull();
  });
});

describe('a time', () => {
  it.each([
    ['1700000000', 1700000000e6],
    ['1700000000.1', 1700000000.1e6],
    ['1700000000.123456789', 1700000000123456],
    ['1700000000123', 1700000000123e3],
    ['1700000000123.5', 1700000000123500],
    ['1700000000123456', 1700000000123456],
    ['1700000000123456789', 1700000000123456],
    ['2023-11-14T22:13:20Z', 1700000000e6],
    ['2023-11-14T22:13:20.000000+0000', 1700000000e6],
    ['2023-11-14T23:13:20.5+01:00', 1700000000.5e6],
    ['2023-11-14 16:13:20-06', 1700000000e6],
    ['2023/11/14T22:13:20.123', 1700000000123e3],
    ['2023-11-14 22:13:20 UTC', 1700000000e6],
    ['2023-11-14 22:13', 1699999980e6],
    ['2024-02-29', Date.UTC(2024, 1, 29) * 1000],
    ['1999-12-31 23:59:60', Date.UTC(2000, 0, 1) * 1000],
  ])('%s', (text, us) => {
    const cell = new TimeCell();
    expect(cell.read(among(text), AT)).toBe(AT + text.length);
    expect(cell.timeUs).toBe(us);
  });

  it.each([
    '',
    '-',
    'now',
    '2023-13-01',
    '2023-00-01',
    '2023-01-32 00:00:00',
    '2023-11-14 24:00:00',
    '2023-11-14 22:61:00',
    '1'.repeat(30),
  ])('is not %j', (text) => {
    const end = new TimeCell().read(among(text), AT);
    expect(end === AT + text.length ? 'read' : 'refused').toBe('refused');
  });

  it('without a zone is counted, and of the zone that is set', () => {
    const cell = new TimeCell();
    cell.zone = new Zone('America/New_York');
    cell.read(among('2023-11-14 17:13:20'), AT);
    expect([cell.timeUs, cell.zoneless]).toEqual([1700000000e6, 1]);
    cell.read(among('2023-11-14T22:13:20Z'), AT);
    expect([cell.timeUs, cell.zoneless]).toEqual([1700000000e6, 1]);
  });

  it.each([
    ['UTC', 0],
    ['+02:00', 7200e6],
    ['-0330', -12600e6],
    ['Asia/Kathmandu', 20700e6],
  ])('in %s', (name, offsetUs) => {
    expect(new Zone(name).toUtc(1700000000e6)).toBe(1700000000e6 - offsetUs);
  });
});

describe('a number', () => {
  it.each([
    ['0', 0],
    ['65535', 65535],
    ['18446744073709551615', 2 ** 64],
    ['0x1b', 27],
    ['12.0', 12],
  ])('%s', (text, value) => {
    const kernel = textKernel();
    expect(kernel.read('readCount', among(text), AT)).toBe(AT + text.length);
    expect([kernel.cell.value, kernel.cell.isFractional]).toEqual([value, 0]);
  });

  it('knows a fraction when it meets one', () => {
    const kernel = textKernel();
    kernel.read('readCount', among('135.7'), AT);
    expect([kernel.cell.value, kernel.cell.isFractional]).toEqual([135, 1]);
  });

  it.each([
    ['tcp', 6],
    ['TCP', 6],
    ['UDP', 17],
    ['icmp', 1],
    ['IPv6-ICMP', 58],
    ['icmp6', 58],
    ['sctp', 132],
    ['T', 6],
    ['U', 17],
    ['17', 17],
    ['unknown_transport', 0],
  ])('is the protocol %s', (text, value) => {
    const kernel = textKernel();
    expect(kernel.read('readProtocol', among(text), AT)).toBe(AT + text.length);
    expect(kernel.cell.value).toBe(value);
  });

  it.each([
    ['...AP.SF', 0x1b],
    ['CEUAPRSF', 0xff],
    ['FS PA   ', 0x1b],
    ['27', 27],
    ['0x1b', 27],
  ])('is the flags %s', (text, value) => {
    const kernel = textKernel();
    expect(kernel.read('readFlags', among(text), AT)).toBe(AT + text.length);
    expect(kernel.cell.value).toBe(value);
  });
});
