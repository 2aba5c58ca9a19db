import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MinesweepError } from '../../src/errors.ts';
import { discover } from '../../src/sources/discover.ts';

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'minesweep-discover-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));
for (const folder of ['day/night', 'day/.git', 'empty', '[odd]'])
  mkdirSync(path.join(root, folder), { recursive: true });
const FILES = [
  'day/b.pcap',
  'day/a.pcap',
  'day/night/c.pcap.gz',
  'day/.hidden',
  'day/.git/x',
  'z.csv',
  '[odd]/f.pcap',
];
for (const file of FILES) writeFileSync(path.join(root, file), file);
symlinkSync('..', path.join(root, 'day/night/up'));
symlinkSync('nowhere', path.join(root, 'day/night/gone.pcap'));
symlinkSync('../z.csv', path.join(root, 'day/linked.csv'));

const found = async (...inputs: string[]) =>
  (await discover(inputs.map((input) => (input === '-' ? input : path.join(root, input))))).map(
    ({ path: at, size }) => [at === '-' ? at : path.relative(root, at), size],
  );

const DAY = [
  ['day/a.pcap', 10],
  ['day/b.pcap', 10],
  ['day/linked.csv', 5],
  ['day/night/c.pcap.gz', 19],
  ['day/night/gone.pcap', null],
];

describe('inputs', () => {
  const cases = [
    { name: 'a file', inputs: ['z.csv'], expected: [['z.csv', 5]] },
    {
      name: 'files in the order named',
      inputs: ['z.csv', 'day/b.pcap', 'day/a.pcap'],
      expected: [
        ['z.csv', 5],
        ['day/b.pcap', 10],
        ['day/a.pcap', 10],
      ],
    },
    { name: 'standard input, once', inputs: ['-', '-'], expected: [['-', null]] },
    {
      name: 'a folder, walked in order, without hidden files, through links but not in circles, with what cannot be read',
      inputs: ['day'],
      expected: DAY,
    },
    {
      name: 'a folder with a link to one above it, without what lies there',
      inputs: ['day/night'],
      expected: [
        ['day/night/c.pcap.gz', 19],
        ['day/night/gone.pcap', null],
      ],
    },
    {
      name: 'a glob',
      inputs: ['day/*.pcap'],
      expected: [
        ['day/a.pcap', 10],
        ['day/b.pcap', 10],
      ],
    },
    { name: 'a glob over folders', inputs: ['**/c.*'], expected: [['day/night/c.pcap.gz', 19]] },
    { name: 'a folder whose name looks like a glob', inputs: ['[odd]'], expected: [['[odd]/f.pcap', 12]] },
    {
      name: 'the same files by several names, once',
      inputs: ['day', 'day/../day', 'day/a.pcap', 'day/*.pcap'],
      expected: DAY,
    },
    { name: 'a hidden file that is named', inputs: ['day/.hidden'], expected: [['day/.hidden', 11]] },
  ];
  for (const { name, inputs, expected } of cases) {
    it(`can be ${name}`, async () => {
      expect(await found(...inputs)).toEqual(expected);
    });
  }

  const ABSENT = ['absent.pcap', 'absent/*.pcap', 'empty', 'z.csv/x'];
  for (const input of ABSENT) {
    it(`fail with NO_INPUT where ${input} stands for nothing and there is no other`, async () => {
      const error = await found(input, 'nowhere').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(MinesweepError);
      expect(error).toMatchObject({ code: 'NO_INPUT', where: path.join(root, input) });
    });

    it(`go on where ${input} stands for nothing beside others, once and with damage`, async () => {
      expect(await found(input, 'z.csv', input)).toEqual([
        [input, 0],
        ['z.csv', 5],
      ]);
      const [ref] = await discover([path.join(root, input), path.join(root, 'z.csv')]);
      const source = await ref?.open();
      expect([(await source?.peek(1))?.length, source?.damage]).toEqual([0, 'not-found']);
      await source?.close();
    });

    it(`fail with NO_INPUT where all have to be there and ${input} is not`, async () => {
      const error = await discover(
        [path.join(root, 'day'), path.join(root, input)],
        () => {},
        null,
        true,
      ).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'NO_INPUT', where: path.join(root, input) });
    });
  }

  it('open to their bytes, and where they cannot be opened to damage', async () => {
    const opened: unknown[] = [];
    for (const ref of await discover([path.join(root, 'day')])) {
      const source = await ref.open();
      opened.push([Buffer.from(await source.peek(100)).toString(), source.damage]);
      await source.close();
    }
    expect(opened).toEqual([
      ['day/a.pcap', null],
      ['day/b.pcap', null],
      ['z.csv', null],
      ['day/night/c.pcap.gz', null],
      ['', 'unreadable'],
    ]);
  });
});
