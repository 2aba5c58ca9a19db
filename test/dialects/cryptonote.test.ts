import { describe, expect, it } from 'vitest';
import { cryptonote } from '../../src/dialects/cryptonote.ts';
import { dialogue, factsOf } from '../support/dialogue.ts';
import type { Fact } from '../support/recording-sink.ts';

const blob = (major: string): string => `${major}0c8f9b98d806${'83'.repeat(32)}00000000${'4d'.repeat(33)}`;
const RESULT = '5b1e77c2a0d94413f6e8b7a1c2d3e4f5061728394a5b6c7d8e9fa0b1c2570300';
const job = (id: string, more = '', major = '10', target = 'b88d0600'): string =>
  `{"blob":"${blob(major)}","job_id":"${id}","target":"${target}"${more}}`;
const jobFact = (jobId: string, value: number, fixesNonce = false): Fact => ({
  kind: 'job',
  jobId,
  difficulty: { scale: 'hashes', value },
  ...(fixesNonce ? { fixesNonce } : {}),
});
const algorithm = (
  name: string,
  source: 'job' | 'agent' | 'family',
  detail: string,
  side: 'pool' | 'miner',
): Fact => ({
  kind: 'algorithm',
  algorithm: name,
  source,
  detail,
  side,
});

describe('CryptoNote JSON', () => {
  const cases: { name: string; said: string; expected: Fact[] }[] = [
    {
      name: 'reads login, jobs with 4- and 8-byte targets, shares, keepalives',
      said: `
        C {"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"wallet.rig","pass":"secret","agent":"XMRig/6.26.0","algo":["cn/r","rx/0"]}}
        S {"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"s1","job":${job('a', ',"algo":"rx/0"')},"extensions":["algo"],"status":"OK"}}
        S {"jsonrpc":"2.0","method":"job","params":${job('b', ',"algo":"rx/0"', '10', '780d7f02f3220000')}}
        S {"jsonrpc":"2.0","method":"job","params":${job('b', ',"algo":"rx/0"', '10', '780d7f02f3220000')}}
        C {"id":2,"jsonrpc":"2.0","method":"submit","params":{"id":"s1","job_id":"b","nonce":"a1070000","result":"${RESULT}"}}
        S {"id":2,"jsonrpc":"2.0","error":null,"result":{"status":"OK"}}
        C {"id":3,"jsonrpc":"2.0","method":"submit","params":{"id":"s1","job_id":"b","nonce":"a2070000","result":"${RESULT}"}}
        S {"id":3,"jsonrpc":"2.0","error":{"code":-1,"message":"Low difficulty share"}}
        C {"id":4,"jsonrpc":"2.0","method":"keepalived","params":{"id":"s1"}}
        S {"id":4,"jsonrpc":"2.0","error":null,"result":{"status":"KEEPALIVED"}}`,
      expected: [
        { kind: 'login', account: 'wallet', worker: 'rig' },
        { kind: 'agent', agent: 'XMRig/6.26.0' },
        { kind: 'admission', admitted: true, reason: '' },
        algorithm('rx/0', 'job', 'algo of the job', 'pool'),
        jobFact('a', 10_000),
        jobFact('b', 480_045),
        // What the hash reaches is an oracle of docs/reference/protocols.md 5.6.
        {
          kind: 'share',
          token: 0,
          jobId: 'b',
          account: null,
          worker: null,
          nonce: 'a1070000',
          reaches: 19_605,
          hash: RESULT,
        },
        { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
        {
          kind: 'share',
          token: 1,
          jobId: 'b',
          account: null,
          worker: null,
          nonce: 'a2070000',
          reaches: 19_605,
          hash: RESULT,
        },
        { kind: 'answer', token: 1, outcome: 'low-difficulty', text: 'Low difficulty share' },
        { kind: 'request', method: 'keepalived' },
        { kind: 'service', method: 'keepalived' },
      ],
    },
    {
      name: 'tells that part of the nonce is set, by the job’s own nonce and by the login’s extensions',
      said: `
        C {"id":1,"method":"login","params":{"login":"w","pass":"x","algo":["rx/0"]}}
        S {"id":1,"result":{"id":"s","job":${job('a', ',"algo":"rx/0"')},"extensions":["algo","nicehash"]}}
        S {"method":"job","params":${job('b', ',"algo":"rx/0"')}}`,
      expected: [
        { kind: 'login', account: 'w', worker: null },
        { kind: 'admission', admitted: true, reason: '' },
        algorithm('rx/0', 'job', 'algo of the job', 'pool'),
        jobFact('a', 10_000, true),
        jobFact('b', 10_000, true),
      ],
    },
    {
      name: 'keeps to a set nonce once a job had one',
      said: `
        S {"method":"job","params":${job('a', ',"algo":"rx/0"')}}
        S {"method":"job","params":${job('b', ',"algo":"rx/0"').replace('00000000', '000000c3')}}
        S {"method":"job","params":${job('c', ',"algo":"rx/0"')}}`,
      expected: [
        algorithm('rx/0', 'job', 'algo of the job', 'pool'),
        jobFact('a', 10_000),
        jobFact('b', 10_000, true),
        jobFact('c', 10_000, true),
      ],
    },
    {
      name: 'reads jobs of KawPow: header hash and 8 bytes of nonce, of which the pool may set some',
      said: `
        S {"method":"job","params":{"blob":"${'3b'.repeat(32)}${'00'.repeat(8)}","job_id":"a","target":"780d7f02f3220000","algo":"kawpow","height":3421900}}
        C {"id":2,"method":"submit","params":{"id":"s","job_id":"a","nonce":"00000000a1b2c3d4","result":"${RESULT}","mixhash":"${RESULT}"}}
        S {"method":"job","params":{"blob":"${'3b'.repeat(32)}64ab${'00'.repeat(6)}","job_id":"b","target":"780d7f02f3220000","algo":"kawpow","height":3421901}}
        S {"method":"job","params":{"blob":"${'3b'.repeat(32)}${'00'.repeat(8)}","job_id":"c","target":"780d7f02f3220000","algo":"rx/0"}}`,
      expected: [
        algorithm('kawpow', 'job', 'algo of the job', 'pool'),
        jobFact('a', 480_045),
        {
          ...{ kind: 'share', token: 0, jobId: 'a', account: null, worker: null },
          ...{ nonce: '00000000a1b2c3d4', reaches: 19_605, hash: RESULT },
        },
        jobFact('b', 480_045, true),
      ],
    },
    {
      name: 'takes the rig id for the worker, and the miner’s first algorithm where nobody else names one',
      said: `
        C {"id":1,"method":"login","params":{"login":"wallet","pass":"x","agent":"a/1","rigid":"lab-3","algo":["cn-pico","rx/0"]}}
        S {"id":1,"result":{"id":"s","job":${job('a', '', '08')},"status":"OK"}}`,
      expected: [
        { kind: 'login', account: 'wallet', worker: 'lab-3' },
        { kind: 'agent', agent: 'a/1' },
        { kind: 'admission', admitted: true, reason: '' },
        algorithm('cn-pico', 'agent', 'first of the algorithms that the miner offers', 'miner'),
        jobFact('a', 10_000),
      ],
    },
    {
      name: 'reads a refused login',
      said: `
        C {"id":1,"method":"login","params":{"login":"wallet","pass":"x","algo":["rx/0"]}}
        S {"id":1,"error":{"code":-1,"message":"Invalid payment address provided"}}`,
      expected: [
        { kind: 'login', account: 'wallet', worker: null },
        { kind: 'admission', admitted: false, reason: 'Invalid payment address provided' },
      ],
    },
    {
      name: 'starts in the middle, from a job asked for with getjob',
      said: `
        C {"id":7,"method":"getjob","params":{"id":"s"}}
        S {"id":7,"result":${job('c')},"error":null}`,
      expected: [
        { kind: 'request', method: 'getjob' },
        algorithm('randomx', 'family', 'time and version of the block', 'pool'),
        jobFact('c', 10_000),
      ],
    },
  ];
  for (const { name, said, expected } of cases) {
    it(name, () => expect(factsOf(cryptonote, dialogue(said))).toEqual(expected));
  }
});
