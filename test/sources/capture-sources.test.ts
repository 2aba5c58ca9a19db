import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sniffCapture } from '../../src/readers/pcap/reader.ts';
import type { ByteSource } from '../../src/sources/byte-source.ts';
import { openPath, openStage } from '../../src/sources/open.ts';
import { StreamStage } from '../../src/sources/stored.ts';
import { type ReadRecord, readFrom } from '../support/capture-reading.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';

async function records(source: ByteSource): Promise<readonly ReadRecord[]> {
  const kind = sniffCapture(await source.peek(12));
  if (kind === null) throw new Error('no capture');
  const reading = await readFrom(source, kind);
  await source.close();
  expect(reading.damage).toEqual([]);
  expect(source.damage).toBeNull();
  return reading.records;
}

const folder = corpusFolder();
const zstdTool = spawnSync('zstd', ['--version']).status === 0;

describe.skipIf(folder === null)(`the records of a capture (skipped where ${CORPUS_ABSENT})`, () => {
  for (const name of ['xmr-daemon-solo.pcap', 'neg-eth-rpc-http.pcapng']) {
    it(`are the same from ${name}, from gzip, zstd and a stream of it`, async () => {
      const file = path.join(folder ?? '', name);
      const bytes = readFileSync(file);
      const plain = await records(await openPath(file));
      expect(plain.length).toBeGreaterThan(100);
      expect(await records(openStage(new StreamStage(Readable.from([bytes]))))).toEqual(plain);
      expect(await records(openStage(new StreamStage(Readable.from([gzipSync(bytes)]))))).toEqual(plain);
      if (!zstdTool) return;
      const packed = spawnSync('zstd', ['-c', '-q'], { input: bytes, maxBuffer: 1 << 26 }).stdout;
      expect(await records(openStage(new StreamStage(Readable.from([packed]))))).toEqual(plain);
    });
  }
});
