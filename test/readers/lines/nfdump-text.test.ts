/** What nfdump prints for people: its own sums must come out, and a miner that the file shows must be found in the text, too. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { flowFormat } from '../../../src/readers/index.ts';
import { REPO_ROOT } from '../../support/corpus.ts';
import { readFlows } from '../../support/flow-reading.ts';
import { scanInputs } from '../../support/scanning.ts';

const FLOWS = path.join(REPO_ROOT, '..', 'shared', 'flows');
const MINING = path.join(FLOWS, 'behaviour', 'mining');
const has = existsSync(FLOWS) && spawnSync('nfdump', ['-V']).status === 0;
// Without the program nothing runs here, what clears up neither.
const work = has ? mkdtempSync(path.join(tmpdir(), 'minesweep-nfdump-text-')) : '';
afterAll(() => rmSync(work, { recursive: true }));

const print = (file: string, form: string): string =>
  spawnSync('nfdump', ['-r', file, '-N', '-6', '-o', form], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, TZ: 'UTC' },
  }).stdout;

describe.skipIf(!has)('nfdump text (skipped without nfdump and ../shared/flows)', () => {
  it.each(['line', 'long', 'extended', 'raw'])('has the sums of nfdump as %s', async (form) => {
    const file = path.join(FLOWS, 'office-a-v9.nfcapd');
    const [, flows, bytes, packets] =
      /total flows: (\d+), total bytes: (\d+), total packets: (\d+)/.exec(print(file, 'line')) ?? [];
    const format = flowFormat(form === 'raw' ? 'nfdump-raw' : 'nfdump-text') ?? expect.fail();
    const text = print(file, form);
    expect(format.sniff(Buffer.from(text).subarray(0, 4096))).toBe(true);
    const read = await readFlows(format, text);
    const sum = (at: 0 | 1): number => read.flows.reduce((all, { sent }) => all + sent[at], 0);
    expect([read.flows.length, sum(1), sum(0)]).toEqual([flows, bytes, packets].map(Number));
    expect(read.damage['bad-row']).toBe(undefined);
  });

  it.each(['long', 'extended', 'raw'])('shows a real miner by its behaviour, as %s', async (form) => {
    const [name = ''] = readdirSync(MINING).filter((each) => each.includes('.60-15.'));
    const file = path.join(MINING, name);
    const text = path.join(work, `${form}.txt`);
    writeFileSync(text, print(file, form));
    const verdicts = async (input: string): Promise<unknown> =>
      (await scanInputs([input])).hosts.map(({ ip, verdict }) => [ip, verdict]);
    const seen = await verdicts(file);
    expect(seen).toHaveLength(1);
    expect(await verdicts(text)).toEqual(seen);
  });
});
