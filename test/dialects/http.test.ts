import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { getblocktemplate } from '../../src/dialects/getblocktemplate.ts';
import { getwork } from '../../src/dialects/getwork.ts';
import { moneroDaemon } from '../../src/dialects/monero-daemon.ts';
import { client, factsOf, post, respond, server, type Utterance } from '../support/dialogue.ts';
import type { Fact } from '../support/recording-sink.ts';

/** "user.w:secret" (RFC 7617). */
const BASIC = { Authorization: 'Basic dXNlci53OnNlY3JldA==' };
const LONGPOLL = { 'X-Mining-Extensions': 'longpoll midstate', 'User-Agent': 'bfgminer/5.2.0' };
const ETH = '/?miner=30@0x4b999ba68e017854ffb6b494bc2ddb9ef02bd745@OptionalRigName';
const [H, S] = ['d4'.repeat(32), '71'.repeat(32)];
/** Exactly 4.0e9 hashes (docs/reference/protocols.md 5.5). */
const BOUNDARY = '0000000112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba';
/** Version, previous hash, merkle root, time, bits, nonce, padding: 32 words. */
const data = (time: string, nonce: string): string =>
  `00000002${'aa'.repeat(32)}${'bb'.repeat(32)}${time}1a05db8b${nonce}${'00'.repeat(48)}`;
const xmrBlob = (nonce: string): string =>
  `10108f9b98d806${'83'.repeat(32)}${nonce}0289e6c20101ff${'cd'.repeat(60)}`;
const XMRIG = { 'User-Agent': 'XMRig/6.22.2 (Linux x86_64) libuv/1.48.0 gcc/14.2.0' };
const previous = '000000000000000000001a2b3c4d5e6f'.padEnd(64, '7');
const template = {
  previousblockhash: previous,
  bits: '1d00ffff',
  height: 905_123,
  coinbasevalue: 312_500_000,
  transactions: [],
};
const block = (prev: string): string =>
  `00000020${Buffer.from(prev, 'hex').reverse().toString('hex')}${'cc'.repeat(32)}00000000ffff001d0badcafe01${'dd'.repeat(80)}`;

const ETHASH: Fact = {
  kind: 'algorithm',
  algorithm: 'ethash-family',
  source: 'family',
  detail: 'work of header hash, seed hash and boundary',
  side: 'pool',
};
const login: Fact = { kind: 'login', account: 'user', worker: 'w' };
const admitted: Fact = { kind: 'admission', admitted: true, reason: '' };
const bfgminer: Fact = { kind: 'agent', agent: 'bfgminer/5.2.0' };

const cases: { dialect: Dialect; name: string; said: Utterance[]; expected: Fact[] }[] = [
  {
    dialect: getwork,
    name: 'reads work, shares and the reason of a refusal, and of credentials the user alone',
    said: [
      post('/', { method: 'getwork', params: [], id: 0 }, { ...BASIC, ...LONGPOLL }),
      respond({
        id: 0,
        error: null,
        result: { data: data('50000000', '00000000'), target: `${'f'.repeat(56)}00000000` },
      }),
      post(
        '/',
        { method: 'getwork', params: [data('50000001', '12345678')], id: 1 },
        { ...BASIC, ...LONGPOLL },
      ),
      respond({ id: 1, error: null, result: true }),
      post(
        '/',
        { method: 'getwork', params: [data('50000002', '9abcdef0')], id: 1 },
        { ...BASIC, ...LONGPOLL },
      ),
      respond({ id: 1, error: null, result: false }, { 'X-Reject-Reason': 'stale-prevblk' }),
    ],
    expected: [
      login,
      bfgminer,
      { kind: 'request', method: 'getwork' },
      admitted,
      // Target 2^224 - 1, least significant byte first: 2^32 hashes.
      { kind: 'job', jobId: 'bb'.repeat(32), difficulty: { scale: 'hashes', value: 2 ** 32 } },
      { kind: 'share', token: 0, jobId: 'bb'.repeat(32), account: null, worker: null, nonce: '12345678' },
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
      { kind: 'share', token: 1, jobId: 'bb'.repeat(32), account: null, worker: null, nonce: '9abcdef0' },
      { kind: 'answer', token: 1, outcome: 'stale', text: 'stale-prevblk' },
    ],
  },
  {
    dialect: getwork,
    name: 'reads a refusal in a bare line',
    said: [
      post('/', { method: 'getwork', params: [], id: 0 }, { ...BASIC, ...LONGPOLL }),
      server('{"id":0,"result":null,"error":[20,"Parse error",null]}\n'),
    ],
    expected: [
      login,
      bfgminer,
      { kind: 'request', method: 'getwork' },
      { kind: 'admission', admitted: false, reason: 'Parse error' },
    ],
  },
  {
    dialect: getwork,
    name: 'reads Ethereum’s form with the wallet in the URL, answers in order whatever their ids',
    said: [
      post(ETH, { id: 1, method: 'eth_submitHashrate', params: ['0x0', `0x${S}`] }),
      post(ETH, { id: 1, method: 'eth_getWork' }),
      respond({ id: 73, result: true }),
      respond({ id: 1, result: [`0x${H}`, `0x${S}`, `0x${BOUNDARY}`] }),
      post(ETH, { id: 1, method: 'eth_submitWork', params: ['0x0123456789abcdef', `0x${H}`, `0x${S}`] }),
      post(ETH, { id: 1, method: 'eth_submitHashrate', params: ['0x1c9c380', `0x${S}`] }),
      respond({ id: 73, result: false }),
      respond({ id: 73, result: true }),
    ],
    expected: [
      { kind: 'login', account: '0x4b999ba68e017854ffb6b494bc2ddb9ef02bd745', worker: 'OptionalRigName' },
      { kind: 'request', method: 'eth_getWork' },
      ETHASH,
      admitted,
      { kind: 'job', jobId: H, difficulty: { scale: 'hashes', value: 4e9 } },
      { kind: 'share', token: 0, jobId: H, account: null, worker: null, nonce: '0123456789abcdef' },
      { kind: 'self-reported', hashrate: 30_000_000 },
      { kind: 'answer', token: 0, outcome: 'other', text: '' },
    ],
  },
  {
    dialect: getblocktemplate,
    name: 'takes polling for requests, and a block for a share of the network’s difficulty',
    said: [
      post('/', { id: 0, method: 'getblocktemplate', params: [{ rules: ['segwit'] }] }, BASIC),
      respond({ id: 0, result: template, error: null }),
      post('/', { id: 1, method: 'submitblock', params: [block(previous)] }, BASIC),
      respond({ id: 1, result: null, error: null }),
      post('/', { id: 2, method: 'submitblock', params: [block(previous)] }, BASIC),
      respond({ id: 2, result: 'duplicate', error: null }),
    ],
    expected: [
      { kind: 'request', method: 'getblocktemplate' },
      // 2^256 / (0xffff * 2^208), the exact difficulty 1 (docs/reference/protocols.md 5.3).
      { kind: 'difficulty', difficulty: { scale: 'hashes', value: 4_295_032_833.000_015 } },
      login,
      { kind: 'share', token: 0, jobId: previous, account: null, worker: null, nonce: '0badcafe' },
      admitted,
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
      { kind: 'share', token: 1, jobId: previous, account: null, worker: null, nonce: '0badcafe' },
      { kind: 'answer', token: 1, outcome: 'duplicate', text: 'duplicate' },
    ],
  },
  {
    dialect: getblocktemplate,
    name: 'passes over the templates of a chain for tests, whoever submits',
    said: [
      post('/', { id: 0, method: 'getblocktemplate', params: [{ rules: ['segwit'] }] }),
      respond({ id: 0, result: { ...template, bits: '207fffff' }, error: null }),
      post('/', { id: 1, method: 'submitblock', params: [block(previous)] }),
      respond({ id: 1, result: null, error: null }),
      post('/', { id: 2, method: 'getblocktemplate', params: [{ rules: ['segwit'] }] }),
      respond({ id: 2, result: { ...template, height: 905_124, bits: '207fffff' }, error: null }),
    ],
    expected: [
      { kind: 'request', method: 'getblocktemplate' },
      { kind: 'share', token: 0, jobId: previous, account: null, worker: null, nonce: '0badcafe' },
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
      { kind: 'request', method: 'getblocktemplate' },
    ],
  },
  {
    dialect: getblocktemplate,
    name: 'names the miner where its header fields show that it is one',
    said: [
      post('/', { id: 0, method: 'getblocktemplate', params: [] }, { ...BASIC, ...LONGPOLL }),
      server('{"id":0,"result":null,"error":[20,"Parse error",null]}\n'),
    ],
    expected: [
      login,
      bfgminer,
      { kind: 'request', method: 'getblocktemplate' },
      { kind: 'admission', admitted: false, reason: 'Parse error' },
    ],
  },
  {
    dialect: moneroDaemon,
    name: 'reads polls, templates and blocks; the block belongs to the template that it was made from',
    said: [
      client(`GET /getheight HTTP/1.1\r\nUser-Agent: ${XMRIG['User-Agent']}\r\n\r\n`),
      respond({ hash: 'e3'.repeat(32), height: 3_191_501, status: 'OK' }),
      post(
        '/json_rpc',
        { id: 1, method: 'getblocktemplate', params: { wallet_address: '44HXQ', extra_nonce: 'bf97' } },
        XMRIG,
      ),
      respond({
        id: 1,
        result: {
          blocktemplate_blob: xmrBlob('00000000'),
          difficulty: 90,
          wide_difficulty: '0x5a',
          prev_hash: '83'.repeat(32),
          height: 3_815_638,
        },
      }),
      post(
        '/json_rpc',
        { id: 2, method: 'submitblock', params: [xmrBlob('4c000000')] },
        { ...XMRIG, 'X-Hash-Difficulty': '241' },
      ),
      respond({ id: 2, result: { status: 'OK', untrusted: false } }),
      post(
        '/json_rpc',
        { id: 3, method: 'submitblock', params: [xmrBlob('4d000000')] },
        { ...XMRIG, 'X-Hash-Difficulty': '241' },
      ),
      respond({ id: 3, error: { code: -7, message: 'Block not accepted' } }),
    ],
    expected: [
      { kind: 'agent', agent: XMRIG['User-Agent'] },
      { kind: 'request', method: 'getheight' },
      { kind: 'login', account: '44HXQ', worker: null },
      { kind: 'request', method: 'getblocktemplate' },
      { kind: 'algorithm', algorithm: 'rx/0', source: 'job', detail: 'the block template', side: 'pool' },
      { kind: 'coin', coin: 'XMR', source: 'job', side: 'pool' },
      admitted,
      {
        kind: 'job',
        jobId: expect.stringMatching(/^[0-9a-f]{32}$/),
        difficulty: { scale: 'hashes', value: 90 },
      },
      { kind: 'share', token: 0, jobId: expect.any(String), account: null, worker: null, nonce: '4c000000' },
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
      { kind: 'share', token: 1, jobId: expect.any(String), account: null, worker: null, nonce: '4d000000' },
      { kind: 'answer', token: 1, outcome: 'other', text: 'Block not accepted' },
    ],
  },
];

describe('the dialects over HTTP', () => {
  for (const { dialect, name, said, expected } of cases) {
    it(`${dialect.id}: ${name}`, () => expect(factsOf(dialect, said)).toEqual(expected));
  }

  it('join a block of Monero to its template by everything but the nonce', () => {
    const facts = factsOf(moneroDaemon, cases[cases.length - 1].said);
    const jobs = facts.flatMap((fact) => (fact.kind === 'job' || fact.kind === 'share' ? [fact.jobId] : []));
    expect(new Set(jobs).size).toBe(1);
  });
});
