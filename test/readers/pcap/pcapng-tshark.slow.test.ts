/** Times and lengths of pcapng records as Wireshark reads them: of captures recorded by others, and of what we write. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCapture } from '../../support/capture-reading.ts';
import { type PcapngOptions, type WrittenPacket, writePcapng } from '../../support/capture-writer.ts';
import { CORPUS_ABSENT, corpusFolder } from '../../support/corpus.ts';

// 2^20 ticks a second divide a quarter of a second exactly, as do all other resolutions from 10^-2.
const PACKETS: WrittenPacket[] = Array.from({ length: 11 }, (_, i) => ({
  timeUs: 1574720899_000000 + i * 250_000,
  linkType: i % 3 === 1 ? 101 : 1,
  bytes: Buffer.alloc(57 + i, i),
  ...(i % 2 === 0 ? { wireBytes: 1500 } : {}),
}));

describe('Wireshark agrees', () => {
  const present = spawnSync('tshark', ['--version']).status === 0;
  const scratch = mkdtempSync(path.join(tmpdir(), 'minesweep-pcapng-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const dissected = (file: string): string[] =>
    execFileSync(
      'tshark',
      ['-n', '-r', file, '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.cap_len', '-e', 'frame.len'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
      .trimEnd()
      .split('\n');
  const ours = async (bytes: Uint8Array): Promise<string[]> =>
    (await readCapture(bytes)).records.map(({ timeUs, wireBytes, hex: text }) =>
      [timeUs, text.length / 2, wireBytes].join('\t'),
    );
  const inUs = (line: string): string => {
    const [time = '', ...rest] = line.split('\t');
    const [seconds = '', fraction = ''] = time.split('.');
    return [Number(seconds) * 1e6 + Number(fraction.padEnd(9, '0').slice(0, 9)) / 1000, ...rest].join('\t');
  };

  const folder = corpusFolder();
  it.skipIf(folder === null || !present)(
    `on every pcapng capture (skipped without tshark, or where ${CORPUS_ABSENT})`,
    async () => {
      let compared = 0;
      for (const sub of ['.', 'real', 'benign']) {
        const dir = path.join(folder ?? '', sub);
        for (const name of readdirSync(dir)) {
          if (!name.endsWith('.pcapng')) continue;
          const file = path.join(dir, name);
          expect(await ours(readFileSync(file)), name).toEqual(dissected(file).map(inUs));
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(20);
    },
  );

  it.skipIf(!present)('on what the test writer writes (skipped without tshark)', async () => {
    const options: PcapngOptions[] = [
      { resolution: 9, blocks: ['enhanced', 'obsolete'] },
      { resolution: 0x80 | 20, offsetSeconds: 1_500_000_000, littleEndian: false },
      { sections: 3, littleEndian: [true, false], resolution: 3 },
    ];
    for (const [index, option] of options.entries()) {
      const file = path.join(scratch, `${index}.pcapng`);
      const bytes = writePcapng(PACKETS, option);
      writeFileSync(file, bytes);
      expect(await ours(bytes)).toEqual(dissected(file).map(inUs));
    }
  });
});
