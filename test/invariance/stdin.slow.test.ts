/** Standard input gives the audit that the file gives: the program as it is shipped, fed through a pipe. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BIN } from '../support/dist.ts';
import { laboratory } from '../support/truth.ts';

/** The audit on standard output, without what the contract leaves out of the word "equal". */
function scanProcess(input: string, content?: Uint8Array): unknown {
  const options = ['--format', 'json', '--quiet', '--no-progress'];
  const run = spawnSync(process.execPath, [BIN, 'scan', input, ...options], {
    input: content,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  expect([run.status, run.stderr]).toEqual([0, '']);
  const leftOut = ['generated', 'inputs', 'input', 'record'];
  return JSON.parse(run.stdout, (key, value: unknown) => (leftOut.includes(key) ? undefined : value));
}

describe('the audit from standard input is that of the file', () => {
  for (const name of ['btc-v1-full', 'xmr-nicehash-midsession', 'xmr-loopback-ipv6', 'neg-electrum']) {
    it(name, () => {
      const capture = laboratory().find((truth) => truth.name === name)?.capture ?? '';
      expect(scanProcess('-', readFileSync(capture))).toEqual(scanProcess(capture));
    });
  }
});
