/**
 * Text logs read in pieces by two threads against one reader: the same records, names, alerts and damage in the same
 * order, whatever stands between the lines, with a helper, without one, and where the helper ends amid a log.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PeekedSource, PieceHelper, readInPieces } from '../../src/batch/piece-reading.ts';
import { claimedPlaces, NUMBER, PLACE_WORDS, WAITING } from '../../src/batch/places.ts';
import type { FlowSink } from '../../src/flows/flow-record.ts';
import type { FlowFormat } from '../../src/readers/flow-format.ts';
import type { FlowReadResult, FlowSource } from '../../src/readers/flow-reading.ts';
import { flowFormat } from '../../src/readers/index.ts';
import { CertificateNames } from '../../src/readers/names/certificate-names.ts';
import { threadProgram } from '../../src/thread-program.ts';
import { bytesSource } from '../support/binary-flows.ts';
import { scanInputs } from '../support/scanning.ts';
import { logOf, TEXT_FORMATS, type TextFormat, TRAPS } from '../support/text-flows.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-pieces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Heard {
  readonly count: number;
  /** Of everything that the sink was told, in order; what an exporter is called at its first flow. */
  readonly digest: string;
  readonly result: FlowReadResult;
}

/** Undefined where the log is not to be read in pieces. */
type Reading = (
  source: FlowSource,
  sink: FlowSink,
  options: {
    readonly exporters: string[];
    readonly certificates: CertificateNames;
    readonly onBlock: () => boolean;
  },
) => Promise<FlowReadResult | null>;

async function heard(read: Reading, source: FlowSource): Promise<Heard | null> {
  const hash = createHash('sha1');
  const exporters: string[] = [];
  const met = new Set<number>();
  let count = 0;
  const tell = (what: unknown): void => {
    count++;
    hash.update(JSON.stringify(what));
  };
  const sink: FlowSink = {
    flow: (record) => {
      tell([record, met.has(record.exporter) ? '' : exporters[record.exporter]]);
      met.add(record.exporter);
    },
    name: tell,
    alert: tell,
  };
  const options = { exporters, certificates: new CertificateNames(), onBlock: () => true };
  const result = await read(source, sink, options);
  return result === null ? null : { count, digest: hash.digest('hex'), result };
}

/** A source that can be looked into, as inputs are. */
function peeked(bytes: Uint8Array, step?: number): PeekedSource {
  const source = bytesSource(bytes, step);
  return { fill: source.fill, peek: async (count) => bytes.subarray(0, count) };
}

function known(id: string): FlowFormat {
  const format = flowFormat(id);
  if (format === null) throw new Error(id);
  return format;
}

/** Rows of a format, with different counts; as many as make a piece or two. */
function rowsOf({ row, comma = '' }: TextFormat, from: number, bytes = 300_000): string {
  const rows: string[] = [];
  for (let i = from, length = 0; length < bytes; i++) {
    rows.push(`${row({ bytes: String(4000 + i) })}${comma}\n`);
    length += rows.at(-1)?.length ?? 0;
  }
  return rows.join('');
}

describe('a log that is read in pieces', () => {
  let helper: PieceHelper;
  let nobody: PieceHelper;
  beforeAll(() => {
    helper = new PieceHelper(threadProgram('reading'));
    nobody = new PieceHelper(null);
  });
  afterAll(async () => {
    await helper.close();
    await nobody.close();
  });

  /** Returns what was heard, and whether it was read in pieces. */
  async function expectSame(
    id: string,
    text: string | Uint8Array,
  ): Promise<{ here: Heard; isInPieces: boolean }> {
    const format = known(id);
    const bytes = Buffer.from(text);
    const here = await heard(
      (source, sink, options) => format.read(source, sink, options),
      bytesSource(bytes),
    );
    if (here === null) throw new Error('not read');
    let isInPieces = true;
    for (const [who, step] of [
      [helper, undefined],
      [nobody, 70_001],
    ] as const) {
      const source = peeked(bytes, step);
      const there = await heard(
        (_, sink, options) => readInPieces(who, format, source, sink, options),
        source,
      );
      if (there === null) isInPieces = false;
      else expect(there).toEqual(here);
    }
    return { here, isInPieces };
  }

  const formats = TEXT_FORMATS.filter(({ id }) => known(id).rows !== undefined);

  it.each(formats)('is told as one reader tells it: $id', async (format) => {
    const { foot = [] } = format;
    const log = [...format.head({}).map((line) => `${line}\n`), rowsOf(format, 0, 800_000)].join('');
    for (const text of [
      log,
      `${log}${foot.join('\n')}`,
      log.slice(0, -9),
      log.replaceAll('\n', '\r\n'),
      log.replaceAll(/\n/g, (_, at: number) => (at % 3 === 0 ? '\r\n' : '\n')),
      log.replaceAll(/\n/g, (_, at: number) => (at % 7 === 0 ? '\n\n' : '\n')),
    ]) {
      const { here, isInPieces } = await expectSame(format.id, text);
      expect(here.count).toBeGreaterThan(500);
      expect(isInPieces).toBe(true);
    }
  });

  it.each(TRAPS)('counts the same damage amid it: %s', async (trap) => {
    for (const format of formats) {
      const log = [...format.head({}).map((line) => `${line}\n`), rowsOf(format, 0)].join('');
      // Files that were joined: each has a header of its own.
      await expectSame(format.id, `${log}${logOf(format, trap)}\n${log}`);
    }
  });

  it('is told as one reader tells it where cells and objects go on over lines', async () => {
    const head = 'start,srcaddr,srcport,dstaddr,dstport,protocol,packets,bytes,note\n';
    const row = (i: number, note: string): string =>
      `${1_700_000_000 + i},10.0.0.1,${i % 60_000},198.51.100.20,3333,6,${i},${100 * i},${note}\n`;
    const rows = Array.from({ length: 20_000 }, (_, i) =>
      row(i, i % 9 === 8 ? '"over\ntwo ""lines"""' : 'none'),
    );
    await expectSame('csv', `${head}${rows.join('')}`);
    await expectSame('csv', `${head}${rows.join('')}${row(1, '"without end')}${rows.join('')}`);
    const object = (i: number): string =>
      JSON.stringify(
        {
          type: 'FLOW',
          first: '2023-11-14T22:13:20.000',
          last: '2023-11-14T22:13:20.000',
          in_packets: i,
          in_bytes: i,
          proto: 6,
          src_port: 40000,
          dst_port: 3333,
          src4_addr: '10.0.0.1',
          dst4_addr: '198.51.100.20',
        },
        null,
        i % 3000 > 2900 ? 2 : 0,
      );
    await expectSame(
      'nfdump-json',
      `[\n${Array.from({ length: 9000 }, (_, i) => object(i)).join(',\n')}\n]\n`,
    );
  });

  it('knows exporters by the order in which they come, and fills its table as one reader does', async () => {
    const head =
      'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n';
    const row = (i: number, interfaces: number): string =>
      `2 123456789010 eni-${(Math.imul(i, 7919) >>> 3) % interfaces} 10.0.0.1 198.51.100.20 40000 3333 6 ${i} 900 1700000000 1700000060 ACCEPT OK\n`;
    for (const interfaces of [40, 3000, 6000]) {
      const rows = Array.from({ length: 15_000 }, (_, i) => row(i, i < 4000 ? 5 : interfaces));
      await expectSame('aws-vpc', head + rows.join(''));
    }
  });

  it('is claimed by the helper in its order, even where a place is given anew as it is claimed', () => {
    const PLACES = 8;
    const control = new Int32Array(new SharedArrayBuffer(4 * (PLACES + 1) * PLACE_WORDS));
    const give = (number: number): void => {
      control[(number % PLACES) * PLACE_WORDS + NUMBER] = number;
      control[(number % PLACES) * PLACE_WORDS] = WAITING;
    };
    const claimed = claimedPlaces(control, PLACES, 3);
    for (let number = 3; number < 11; number++) give(number);
    control[PLACES * PLACE_WORDS] = 4;
    expect(claimed.next().value).toBe(3);
    // 4 was taken by the other thread, and 12 lies in its place before the helper hears that there are so many.
    give(12);
    control[PLACES * PLACE_WORDS] = 12;
    expect(claimed.next().value).toBe(4);
    // 5 is older than that.
    give(13);
    control[PLACES * PLACE_WORDS] = 14;
    expect(claimed.next().value).toBe(5);
    expect(control.subarray(6 * PLACE_WORDS, 6 * PLACE_WORDS + 1)[0]).toBe(WAITING);
  });

  it('is told to its end where the helper ends amid it', async () => {
    const code = `const { control } = require('node:worker_threads').workerData.pieces;
      const words = new Int32Array(control);
      for (;;) for (let at = 0; at < 128; at += 16) if (Atomics.compareExchange(words, at, 1, 2) === 1) process.exit(1);`;
    const file = path.join(folder, 'helper-ends.cjs');
    writeFileSync(file, code);
    for (const [name, program] of [
      ['ends', file],
      ['is not there', path.join(folder, 'nowhere.cjs')],
    ]) {
      const failing = new PieceHelper(program);
      const [format] = formats;
      const bytes = Buffer.from(`${format.head({}).join('\n')}\n${rowsOf(format, 0, 6_000_000)}`);
      const read: Reading = (source, sink, options) => known(format.id).read(source, sink, options);
      const here = await heard(read, bytesSource(bytes));
      const source = peeked(bytes);
      const there = await heard(
        (_, sink, options) => readInPieces(failing, known(format.id), source, sink, options),
        source,
      );
      expect(there, name).toEqual(here);
      await failing.close();
    }
  });
});

describe('a scan of a log that is read in pieces', () => {
  it.each(['first', 'late', 'never'])('gives the same audit where names come %s', async (when) => {
    const at = '"timestamp":"2023-11-14T22:13:20.000000+0000"';
    const flow = (i: number): string =>
      `{${at},"event_type":"flow","src_ip":"10.0.0.${i % 250}","src_port":${40_000 + (i % 9000)},"dest_ip":"198.51.100.${i % 200}","dest_port":${i % 3 === 0 ? 443 : 3333},"proto":"TCP","flow":{"pkts_toserver":${i},"pkts_toclient":2,"bytes_toserver":${60 * i},"bytes_toclient":200,"start":"2023-11-14T22:13:20.000000+0000","end":"2023-11-14T22:14:20.000000+0000"}}\n`;
    const name = `{${at},"event_type":"tls","src_ip":"10.0.0.9","src_port":40001,"dest_ip":"198.51.100.3","dest_port":443,"proto":"TCP","tls":{"sni":"xmr.nanopool.org"}}\n`;
    const flows = Array.from({ length: 9000 }, (_, i) => flow(i));
    if (when !== 'never') flows.splice(when === 'first' ? 1 : 6000, 0, name);
    const file = path.join(folder, `eve-${when}.json`);
    writeFileSync(file, flows.join(''));
    const here = await scanInputs([file], { thread: 'never' });
    const there = await scanInputs([file], { thread: 'always' });
    expect({ ...there, generated: '' }).toEqual({ ...here, generated: '' });
  });
});
