/** The package as a library: what it refuses, as a program without types may ask for anything. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MinesweepError, type Options, readAudit, scan } from '../src/library.ts';
import { REPO_ROOT } from './support/corpus.ts';

const file = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');

function asked(text: string): Promise<unknown> {
  const wrong: Options = { inputs: [file], ...JSON.parse(text) };
  return scan(wrong);
}

describe('scan', () => {
  it.each([
    ['{"inputs": []}', 'inputs', 'must name an input'],
    ['{"inputs": "one.pcap"}', 'options', 'inputs must be a list'],
    ['{"inputs": [3]}', 'options', 'inputs[0] must be text'],
    ['{"timeZone": "Mars/Olympus"}', undefined, '"Mars/Olympus" is not a time zone'],
    ['{"coverageThreshold": 99}', 'coverageThreshold', 'must be <= 1'],
    ['{"jobs": 0}', 'jobs', 'must be >= 1'],
    ['{"jobs": "2"}', 'jobs', 'must be a whole number'],
    ['{"since": "2026-03-01"}', 'since', 'must be a valid Date'],
    ['{"local": ["10.0.0.0/33"]}', undefined, "'10.0.0.0/33' is not a network"],
    ['{"inputFormat": "none"}', 'none', 'unknown input format: none'],
    ['{"objects": {}}', 'objects', 'env is missing'],
    ['{"signal": {}}', 'signal', 'must be an AbortSignal'],
    ['{"log": "debug"}', 'log', 'must be a function'],
    ['{"pools": ["list.txt"]}', 'pools', 'is no option of a scan'],
  ])('refuses %s', async (options, where, message) => {
    const error = new MinesweepError('USAGE', message);
    await expect(asked(options)).rejects.toMatchObject({ ...error, where, hint: expect.anything(), message });
  });

  it('refuses times that are none, or that end before they begin', async () => {
    const at = (ms: number): Date => new Date(ms);
    await expect(scan({ inputs: [file], until: at(Number.NaN) })).rejects.toThrow('must be a valid Date');
    await expect(scan({ inputs: [file], since: at(2), until: at(2) })).rejects.toThrow('is not before until');
  });

  it('takes what is absent, and what is right', async () => {
    const none: Options = JSON.parse('{}');
    await expect(scan(none)).rejects.toThrow('inputs is missing');
    const { hosts } = await scan({
      ...{ inputs: [file], timeZone: '+02:00', coverageThreshold: 0.5, jobs: 1, since: new Date(0) },
      ...{ objects: { env: process.env }, signal: new AbortController().signal },
    });
    expect(hosts.map(({ verdict }) => verdict)).toEqual(['confirmed']);
  });
});

it('reads no audit whose name is no text', async () => {
  const name: string = JSON.parse('3');
  await expect(readAudit(name)).rejects.toMatchObject({ code: 'USAGE', where: 'file' });
});
