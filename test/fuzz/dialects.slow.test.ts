/**
 * Whatever parameters and results strangers send with the methods of pools, recognition and reading end, without an
 * exception, in facts whose numbers are finite. MINESWEEP_FUZZ_SEED and MINESWEEP_FUZZ_RUNS widen the search.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../src/dialects/index.ts';
import { client, messagesOf, post, respond, server, type Utterance } from '../support/dialogue.ts';
import { saidOf } from '../support/recording-sink.ts';

const seed = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260802);
const numRuns = Number(process.env.MINESWEEP_FUZZ_RUNS ?? 300);

const METHODS = [
  'login',
  'job',
  'submit',
  'keepalived',
  'getjob',
  'getwork',
  'getblocktemplate',
  'submitblock',
  'eth_submitLogin',
  'eth_getWork',
  'eth_submitWork',
  'eth_submitHashrate',
  'mining.subscribe',
  'mining.authorize',
  'mining.configure',
  'mining.submit',
  'mining.notify',
  'mining.hello',
  'mining.set',
  'mining.set_difficulty',
  'mining.set_target',
  'mining.set_extranonce',
  'mining.set_version_mask',
  'mining.hashrate',
  'mining.reconnect',
  'client.reconnect',
  'client.get_version',
];
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits });
const scalar = fc.oneof(
  hex(8),
  hex(64),
  hex(64).map((digits) => `0x${digits}`),
  hex(86),
  hex(256),
  hex(16).map((digits) => `0x${digits}`),
  fc.constantFrom<unknown>(
    '',
    'a.b',
    '0',
    true,
    false,
    null,
    0,
    -1,
    1e308,
    'EthereumStratum/1.0.0',
    'ok',
    65536,
  ),
  fc.double(),
  fc.string({ maxLength: 20 }),
);
const KEYS = [
  'login',
  'pass',
  'agent',
  'algo',
  'rigid',
  'id',
  'job_id',
  'nonce',
  'result',
  'blob',
  'target',
  'height',
  'job',
  'status',
  'proto',
  'host',
  'port',
  'epoch',
  'wallet_address',
  'extra_nonce',
  'data',
  'blocktemplate_blob',
  'difficulty',
  'wide_difficulty',
  'previousblockhash',
  'bits',
  'message',
  'code',
  '__proto__',
  'toString',
];
const record = fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), {
  maxKeys: 8,
});
const value = fc.oneof(
  scalar,
  record,
  fc.array(fc.oneof({ weight: 8, arbitrary: scalar }, record, fc.array(scalar, { maxLength: 3 })), {
    maxLength: 10,
  }),
  record.map((job) => ({ id: 's', job })),
);

const utterance: fc.Arbitrary<Utterance> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...METHODS), fc.integer({ min: 0, max: 3 }), value, fc.boolean(), fc.boolean())
    .map(([method, id, params, fromServer, overHttp]) => {
      const call = { id, method, params, worker: 'w' };
      if (overHttp)
        return post('/json_rpc', call, { 'X-Mining-Extensions': 'longpoll', 'User-Agent': 'XMRig/6' });
      return (fromServer ? server : client)(`${JSON.stringify(call)}\n`);
    }),
  fc
    .tuple(fc.integer({ min: 0, max: 3 }), value, fc.oneof(fc.constant(null), value), fc.boolean())
    .map(([id, result, error, overHttp]) => {
      const reply = { id, result, error };
      return overHttp ? respond(reply) : server(`${JSON.stringify(reply)}\n`);
    }),
);

describe(`the dialects (seed ${seed})`, () => {
  it('read whatever comes', () => {
    fc.assert(
      fc.property(fc.array(utterance, { maxLength: 25 }), (said) => {
        const messages = messagesOf(said);
        for (const dialect of DIALECTS) {
          for (const message of messages)
            expect(['certain', 'possible', 'foreign']).toContain(dialect.recognise(message));
          for (const fact of saidOf(dialect, messages)) {
            for (const item of Object.values(fact).flatMap((part) =>
              typeof part === 'object' && part !== null ? Object.values(part) : [part],
            )) {
              if (typeof item === 'number') expect(Number.isFinite(item) && item >= 0).toBe(true);
            }
          }
        }
      }),
      { seed, numRuns },
    );
  });
});
