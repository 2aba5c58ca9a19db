/** Records of flow logs that could not be read lower the decoded share, whatever the format and the reason. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CORPUS_ABSENT, corpusFolder } from '../../support/corpus.ts';
import { nfcapd2, v3Record } from '../../support/flow-writer.ts';
import { mergeAll, partOf } from '../../support/merging.ts';
import { scanInputs } from '../../support/scanning.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
let files = 0;
function file(bytes: string | Uint8Array): string {
  const name = path.join(folder, `${files++}.log`);
  writeFileSync(name, bytes);
  return name;
}

const HEADER = 'start,end,src,sport,dst,dport,proto,packets,bytes\n';
const ROW = '1700000000,1700000060,10.0.0.5,40000,198.51.100.9,3333,6,10,1000000\n';
const BAD = '1700000000,1700000060,nobody,40000,198.51.100.9,3333,6,10,1000000\n';
const OBJECT = JSON.stringify({
  ...{ start: 1700000000, src: '10.0.0.5', dst: '198.51.100.9', dport: 3333, bytes: 1000, packets: 10 },
});
const FLOW = {
  ...{ firstMs: 1_700_000_000_000, lastMs: 1_700_000_060_000, packets: 5, bytes: 640 },
  ...{ source: '192.0.2.10', destination: '198.51.100.20', sourcePort: 51000, destinationPort: 3333 },
};

/** With names of the servers, without which short conversations are not judged. */
const names = path.join(folder, 'names.txt');
writeFileSync(names, '198.51.100.9 www.example.org\n198.51.100.20 www.example.net\n');
const decoded = async (...inputs: string[]) => (await scanInputs(inputs, { nameFiles: [names] })).coverage;

describe('the decoded share', () => {
  it('is that of the rows that were read', async () => {
    const { decoded: part, complete, skippedReasons } = await decoded(file(HEADER + ROW + BAD.repeat(3)));
    expect(part.bytes).toBeCloseTo(0.25, 1);
    expect(complete).toBe(false);
    expect(skippedReasons['refused flow record']).toBeGreaterThan(0);
  });

  it('does not rise with what the rows say that were read', async () => {
    const rich = ROW.replace('1000000', '9000000000000');
    expect((await decoded(file(HEADER + rich + BAD.repeat(3)))).decoded.bytes).toBeCloseTo(0.25, 1);
  });

  it.each([
    { name: 'rows of a table whose columns are not known', log: `when,who,whom\n${'1,2,3\n'.repeat(9)}` },
    { name: 'objects that break', log: `${OBJECT}\n${'{"start":broken}\n'.repeat(9)}` },
    { name: 'objects without addresses', log: `${OBJECT}\n${OBJECT.replace('"src"', '"x"')}\n`.repeat(3) },
    { name: 'a line that is too long', log: `${HEADER}${ROW}${'x'.repeat(3_000_000)}\n` },
    { name: 'blocks of nfcapd', log: nfcapd2([[v3Record(FLOW)], [v3Record(FLOW)]]).slice(0, -40) },
  ])('is lowered by $name', async ({ log }) => {
    expect((await decoded(file(log))).complete).toBe(false);
  });

  it('is whole where all was read', async () => {
    for (const log of [HEADER + ROW, `${OBJECT}\n`, nfcapd2([[v3Record(FLOW)]])]) {
      const { decoded: part, complete } = await decoded(file(log));
      expect([part.bytes, complete]).toEqual([1, true]);
    }
  });

  it('is the same after a merge', async () => {
    const inputs = [file(HEADER + ROW + BAD), file(HEADER + ROW.repeat(2))];
    const whole = await scanInputs(inputs);
    const parts = [];
    for (const input of inputs) parts.push(partOf(await scanInputs([input]), input));
    expect((await mergeAll(parts)).coverage.decoded).toEqual(whole.coverage.decoded);
  });
});

const corpus = corpusFolder();
const bad = corpus === null ? '' : path.join(corpus, 'hostile', 'bad.csv');
it.skipIf(!existsSync(bad))(
  `is next to nothing for 1 row of 501 (${CORPUS_ABSENT} where skipped)`,
  async () => {
    const { decoded: part, complete } = await decoded(bad);
    expect(part.bytes).toBeLessThan(0.01);
    expect(complete).toBe(false);
  },
);
