import { describe, expect, it } from 'vitest';
import { zip301 } from '../../src/dialects/zip301.ts';
import { dialogue, factsOf } from '../support/dialogue.ts';
import type { Fact } from '../support/recording-sink.ts';

const H = '9e2fc768bd1977528c8d6096d46376758179e25bf3293428b65f120100000000';
const NONCE = '43040000000000000000000000000000';
const notify = (job: string, more = ''): string =>
  `{"id":null,"method":"mining.notify","params":["${job}","04000000","${H}","${H}","${H}","a9cc405a","09d8151c",true${more}]}`;
const submit = (id: number, job: string, solution: string): string =>
  `{"id":${id},"method":"mining.submit","params":["acct.rig4","${job}","a9cc405a","${NONCE}","${solution}"]}`;
const share = (token: number, jobId: string): Fact => ({
  kind: 'share',
  token,
  jobId,
  account: 'acct',
  worker: 'rig4',
  nonce: NONCE,
});

describe('ZIP 301', () => {
  const cases: { name: string; said: string; expected: Fact[] }[] = [
    {
      name: 'reads a session of 200,9 with its target',
      said: `
        C {"id":1,"method":"mining.subscribe","params":["EWBF 0.3.4b",null,"zec.pool.example","3333"]}
        S {"id":1,"result":[null,"04d567b212"],"error":null}
        C {"id":2,"method":"mining.authorize","params":["acct.rig4","x"]}
        S {"id":2,"result":true,"error":null}
        S {"id":null,"method":"mining.set_target","params":["${'0'.repeat(3)}8${'0'.repeat(60)}"]}
        S ${notify('j1')}
        C ${submit(4, 'j1', `fd4005${'a'.repeat(2688)}`)}
        S {"id":4,"result":null,"error":[22,"duplicate share",null]}`,
      expected: [
        { kind: 'request', method: 'mining.subscribe' },
        { kind: 'agent', agent: 'EWBF 0.3.4b' },
        { kind: 'target', host: 'zec.pool.example', port: 3333 },
        { kind: 'service', method: 'mining.subscribe' },
        { kind: 'login', account: 'acct', worker: 'rig4' },
        { kind: 'admission', admitted: true, reason: '' },
        { kind: 'difficulty', difficulty: { scale: 'hashes', value: 8192 } },
        {
          kind: 'algorithm',
          algorithm: 'equihash',
          source: 'family',
          detail: 'jobs of ZIP 301',
          side: 'pool',
        },
        { kind: 'job', jobId: 'j1', difficulty: null },
        {
          kind: 'algorithm',
          algorithm: 'equihash',
          source: 'job',
          detail: 'length of the solution',
          side: 'miner',
        },
        share(0, 'j1'),
        { kind: 'answer', token: 0, outcome: 'duplicate', text: 'duplicate share' },
      ],
    },
    {
      name: 'reads the parameters from the job, and from the length of a solution in mid-session',
      said: `
        C ${submit(4, 'j1', `34${'a'.repeat(104)}`)}
        S ${notify('j2', ',"144_5","BgoldPoW"')}
        C ${submit(4, 'j2', `64${'b'.repeat(200)}`)}`,
      expected: [
        {
          kind: 'algorithm',
          algorithm: 'equihash125_4',
          source: 'job',
          detail: 'length of the solution',
          side: 'miner',
        },
        share(0, 'j1'),
        {
          kind: 'algorithm',
          algorithm: 'equihash144_5',
          source: 'job',
          detail: 'parameters in mining.notify',
          side: 'pool',
        },
        { kind: 'job', jobId: 'j2', difficulty: null },
        share(1, 'j2'),
      ],
    },
    {
      name: 'tells Verus by the template in its jobs, and by the version in its shares',
      said: `
        C ${submit(4, 'j1', `fd400507000100${'a'.repeat(2680)}`)}
        S ${notify('j2', `,"07000000${'0'.repeat(136)}"`)}
        C ${submit(4, 'j2', `fd400507000000${'b'.repeat(2680)}`)}`,
      expected: [
        {
          kind: 'algorithm',
          algorithm: 'verushash',
          source: 'job',
          detail: 'version of Verus in the share',
          side: 'miner',
        },
        share(0, 'j1'),
        { kind: 'job', jobId: 'j2', difficulty: null },
        share(1, 'j2'),
      ],
    },
  ];
  for (const { name, said, expected } of cases) {
    it(name, () => expect(factsOf(zip301, dialogue(said))).toEqual(expected));
  }
});
