/**
 * Every format of the registry, told by its content however it comes in: as a file of any name, packed by each
 * compression (those whose tool is installed), in a folder with all the others, through standard input.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { FLOW_FORMATS } from '../../src/readers/index.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { DEVICE_LOGS, JSON_LOGS } from '../support/device-logs.ts';
import { BIN } from '../support/dist.ts';
import { FIELD_LINES } from '../support/field-lines.ts';
import {
  ipfixMessage,
  ipv4,
  nfcapd1,
  nfcapd2,
  set,
  template,
  v3Record,
  Writer,
  type WrittenFlow,
} from '../support/flow-writer.ts';
import { runs } from '../support/runs.ts';
import { scanInputs } from '../support/scanning.ts';
import { logOf, TEXT_FORMATS } from '../support/text-flows.ts';

const work = mkdtempSync(path.join(tmpdir(), 'minesweep-ways-in-'));
afterAll(() => rmSync(work, { recursive: true }));

const FLOW: WrittenFlow = {
  firstMs: 1_700_000_000_000,
  lastMs: 1_700_000_001_000,
  source: '10.0.0.5',
  destination: '198.51.100.20',
  sourcePort: 51000,
  destinationPort: 3333,
  packets: 25,
  bytes: 4000,
};
const IPFIX_FLOW = new Writer()
  .u32(ipv4('10.0.0.5'), ipv4('198.51.100.20'))
  .u16(51000, 3333)
  .u64(FLOW.firstMs, FLOW.lastMs)
  .u32(25, 4000)
  .take();
const IPFIX_FIELDS: readonly (readonly [number, number])[] = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [152, 8],
  [153, 8],
  [2, 4],
  [1, 4],
];

/** Two flows in each. */
const LOGS: readonly { readonly id: string; readonly name: string; readonly bytes: Uint8Array }[] = [
  ...TEXT_FORMATS.map((format) => ({
    id: format.id,
    name: format.id,
    bytes: Buffer.from(logOf(format, null)),
  })),
  ...[...DEVICE_LOGS, ...JSON_LOGS].map(({ id, lines }) => ({
    id,
    name: id,
    bytes: Buffer.from(`${lines.join('\n')}\n`),
  })),
  ...FIELD_LINES.filter(({ flow }) => flow !== null).map(({ id, what, line }) => ({
    id,
    name: `${id}: ${what}`,
    bytes: Buffer.from(`${line}\n${line}\n`),
  })),
  { id: 'nfcapd', name: 'nfcapd of layout 1', bytes: nfcapd1([], [FLOW, FLOW]) },
  { id: 'nfcapd', name: 'nfcapd of layout 2', bytes: nfcapd2([[v3Record(FLOW), v3Record(FLOW)]]) },
  {
    id: 'nfcapd',
    name: 'nfcapd, big-endian',
    bytes: nfcapd2([[v3Record(FLOW, false), v3Record(FLOW, false)]], { little: false }),
  },
  {
    id: 'ipfix',
    name: 'ipfix',
    bytes: ipfixMessage([
      set(2, template(256, IPFIX_FIELDS)),
      set(256, Buffer.concat([IPFIX_FLOW, IPFIX_FLOW])),
    ]),
  },
  {
    id: 'parquet',
    name: 'parquet',
    bytes: readFileSync(path.join(REPO_ROOT, 'fixtures', 'flowlogs', 'words.parquet')),
  },
];

const packed = (tool: string, bytes: Uint8Array): Uint8Array =>
  spawnSync(tool, ['-c', '-q'], { input: bytes, maxBuffer: 1 << 28 }).stdout;
const hasTool = (tool: string): boolean => spawnSync(tool, ['--version'], { input: '' }).status === 0;

const COMPRESSIONS: readonly {
  readonly name: string;
  readonly isHere: boolean;
  readonly pack: (bytes: Uint8Array) => Uint8Array;
}[] = [
  { name: 'nothing', isHere: true, pack: (bytes) => bytes },
  { name: 'gzip', isHere: true, pack: (bytes) => gzipSync(bytes) },
  ...['zstd', 'bzip2', 'lz4'].map((tool) => ({
    name: tool,
    isHere: hasTool(tool),
    pack: (bytes: Uint8Array) => packed(tool, bytes),
  })),
];

it('has a log of every format that holds flows', () => {
  const flows = FLOW_FORMATS.filter(({ fields }) => fields.bytes !== undefined);
  const missing = flows.filter(({ id }) => !LOGS.some((log) => log.id === id));
  expect(missing.map(({ id }) => id)).toEqual([]);
});

describe('a folder of logs of every format', () => {
  for (const { name, isHere, pack } of COMPRESSIONS) {
    it.skipIf(!isHere)(
      `packed by ${name} is read by content (skipped where the tool is absent)`,
      async () => {
        const folder = path.join(work, name);
        mkdirSync(folder);
        for (const [at, { bytes }] of LOGS.entries())
          writeFileSync(path.join(folder, `${100 + at}.dat`), pack(bytes));
        const { inputs } = await scanInputs([folder]);
        const said = inputs.map((input) => [
          path.basename(input.path),
          input.kind,
          input.flows,
          input.damage,
        ]);
        expect(said.sort()).toEqual(LOGS.map(({ id }, at) => [`${100 + at}.dat`, id, 2, []]));
      },
    );
  }
});

it('says of an input that it is packed by what is not taken off', async () => {
  const folder = path.join(work, 'packed');
  mkdirSync(folder);
  const heads = ['fd377a585a000004e6d6b446', '377abcaf271c0004', '504b0304140000000800', 'deadbeef'];
  for (const [at, head] of heads.entries())
    writeFileSync(path.join(folder, `${at}`), Buffer.from(head, 'hex'));
  const { inputs } = await scanInputs([folder]);
  expect(inputs.map(({ kind, damage }) => [kind, damage.map((row) => row.kind)])).toEqual([
    ['unreadable', ['unsupported-compression']],
    ['unreadable', ['unsupported-compression']],
    ['unreadable', ['unsupported-compression']],
    ['unreadable', ['not-a-capture']],
  ]);
});

/** One of each way to read, as each is a start of the program; the slow tier has them all. */
const PIPED = ['zeek', 'hubble', 'nfcapd', 'parquet'];

describe('standard input', () => {
  it.each(LOGS.filter(({ id }) => PIPED.includes(id) || runs(0, 1) > 0))('may be $name', ({ id, bytes }) => {
    const { stdout } = spawnSync(process.execPath, [BIN, 'scan', '-', '--format', 'json', '--quiet'], {
      input: gzipSync(bytes),
      encoding: 'utf8',
    });
    const { inputs }: { inputs: { kind: string; flows: number }[] } = JSON.parse(stdout);
    expect(inputs.map(({ kind, flows }) => [kind, flows])).toEqual([[id, 2]]);
  });
});
