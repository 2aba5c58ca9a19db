/**
 * One canonical conversation per dialect, and what a session of it comes to: observed from its beginning, and from the
 * middle on. Keys, wallets, jobs and nonces are made up; the arithmetic in the expectations is docs/reference/protocols.md 5.
 */
import {
  type Conversation,
  type ConversationOptions,
  conversation,
  Framed,
} from '../support/conversation.ts';
import type { SessionFacts } from '../support/hearing.ts';
import { frame, opening } from '../support/websocket.ts';

export interface Canonical {
  readonly conversation: Conversation;
  readonly expected: SessionFacts;
  /** The same, observed from `captureMayStartHere` on. */
  readonly late: SessionFacts;
}

export const ENDS = { miner: '10.7.0.21:49152', pool: '198.51.100.40:3333' };
export const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
export const I = '9ac1d4f0772b1e35c8a06b9d21e4f7088356fa1db2c9e0473f16588ad07b2c94';
const BLOB = `1010${'d7a1b2c306'}${H}00000000${I}05`;
const WALLET = '0xed4465beb77a9122de24fa3ca844e062e727a98d';
const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
const RVN = 'RLroKV5DzXPKmkYXxaTuiBQgAP8rQnnKYP';
const UNIT = 2 ** 32;
const COINBASE1 =
  '01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff1c03a3cf0d2f6d696e6573776565702d746573742f';
const COINBASE2 = 'ffffffff01205fa01200000000160014aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa00000000';

export const subscribe = (agent: string, ...rest: readonly unknown[]): object => ({
  id: 1,
  method: 'mining.subscribe',
  params: [agent, ...rest],
});
export const authorize = (...params: readonly string[]): object => ({
  id: 2,
  method: 'mining.authorize',
  params,
});
export const says = (method: string, params: unknown): object => ({ id: null, method, params });
export const submit = (id: number, params: unknown): object => ({ id, method: 'mining.submit', params });
export const ok = (id: unknown): object => ({ id, result: true, error: null });
export const no = (id: unknown, code: number, words: string): object => ({
  id,
  result: null,
  error: [code, words, null],
});

export const rpc = (id: unknown, method: string, more: object): object => ({
  ...{ id, jsonrpc: '2.0', method, ...more },
});

interface FamilyTalk {
  readonly agent: string;
  readonly handshake?: readonly unknown[];
  readonly subscribed: unknown;
  readonly login: readonly string[];
  /** Said by the pool before the first job, and again before the second. */
  readonly before?: readonly object[];
  readonly job: (id: string) => unknown;
  readonly share: (jobId: string, count: number) => unknown;
}

/** Subscribe, authorize, a job with two shares; here a capture may start; another job with two shares, one of them stale. */
export function family(talk: FamilyTalk): Conversation {
  const before = talk.before ?? [];
  const job = (id: string): object => says('mining.notify', talk.job(id));
  return conversation(ENDS)
    .connect()
    .minerSays(subscribe(talk.agent, ...(talk.handshake ?? [])))
    .poolSays({ id: 1, result: talk.subscribed, error: null })
    .minerSays(authorize(...talk.login))
    .poolSays(ok(2), ...before, job('1a'))
    .after(11)
    .minerSays(submit(4, talk.share('1a', 1)))
    .poolSays(ok(4))
    .after(7)
    .minerSays(submit(4, talk.share('1a', 2)))
    .poolSays(ok(4))
    .captureMayStartHere()
    .poolSays(...before, job('1b'))
    .after(3)
    .minerSays(submit(5, talk.share('1b', 3)), submit(6, talk.share('1b', 4)))
    .poolSays(ok(5), no(6, 21, 'Job not found'));
}

/**
 * What a conversation comes to: two jobs and two shares of whom the pool admits, if nothing else is said; from the middle on the second
 * half of it, in which nobody says who they are. The same from both without `late`.
 */
export function heardAs(
  dialect: string,
  algorithms: readonly string[],
  coins: readonly string[],
  said: Partial<SessionFacts>,
  late?: Partial<SessionFacts>,
): Pick<Canonical, 'expected' | 'late'> {
  const nobody = { dialect, agent: '', logins: [], answers: {}, work: {}, algorithms, coins };
  const expected = { ...nobody, admitted: true, jobs: 2, shares: 2, ...said };
  return {
    expected,
    late: late === undefined ? expected : { ...nobody, admitted: null, jobs: 1, shares: 1, ...late },
  };
}

/** `family` and what it comes to, where a share is worth so much; `late` where it says something else from the middle on. */
export function member(
  dialect: string,
  work: Readonly<Record<string, number>>,
  algorithms: readonly string[],
  coins: readonly string[],
  talk: FamilyTalk,
  late: Partial<SessionFacts> = {},
): Canonical {
  const { agent, login } = talk;
  const [account, worker] = login[0].includes('.') ? login[0].split('.') : login;
  const logins = [`${account}/${worker}`];
  const times = (count: number): Record<string, number> =>
    Object.fromEntries(Object.entries(work).map(([scale, value]) => [scale, value * count]));
  const expected = { agent, logins, shares: 4, answers: { accepted: 3, stale: 1 }, work: times(4) };
  const half = { logins, shares: 2, answers: { accepted: 1, stale: 1 }, work: times(2), ...late };
  return { conversation: family(talk), ...heardAs(dialect, algorithms, coins, expected, half) };
}

export const nonce = (count: number, digits: number): string =>
  (0xa1b2c3 + count).toString(16).padStart(digits, '0');
const target = (zeros: number): string => `${'0'.repeat(zeros)}${'f'.repeat(64 - zeros)}`;
export const browserSays = (value: object): Framed =>
  new Framed(value, (text) => frame(text, { masked: true }));
export const siteSays = (value: object): Framed => new Framed(value, (text) => frame(text));
/** A WebSocket at a path, opened. */
export function overWebSocket(path: string, noise: ConversationOptions['noise'] = NO_NOISE): Conversation {
  const [asks, agrees] = opening(path);
  return conversation({ ...ENDS, noise })
    .connect()
    .minerSays(asks.bytes)
    .poolSays(agrees.bytes);
}
export const NO_NOISE = { miner: [], pool: [] };
const webNoise = {
  miner: [browserSays({ type: 'ping' })],
  pool: [siteSays({ type: 'stats', online: 7 })],
};
export const post = (path: string, fields: string, value: object): Framed =>
  new Framed(value, (text) =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: node.example\r\n${fields}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    ),
  );
export const respond = (value: object): Framed =>
  new Framed(value, (text) =>
    Buffer.from(
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    ),
  );

/** Hashes of a block at compact target 1d00ffff: 2^256 / (0xffff · 2^208). */
const BIT_1D00FFFF = 4_295_032_833.000_015;

/** A template and a block, submitted twice; here a capture may start; the next template and its block. */
function solo(): Conversation {
  const call = (id: number, method: string, params: unknown): Framed =>
    post(
      '/',
      'User-Agent: cpuminer-opt-26.1-x64L\r\nX-Mining-Extensions: longpoll reject-reason\r\nAuthorization: Basic YWNjdC5yaWc6aHVudGVyMg==\r\n',
      { id, method, params },
    );
  const asked = (id: number): Framed => call(id, 'getblocktemplate', [{ rules: ['segwit'] }]);
  const template = (id: number, previous: string, height: number): Framed =>
    respond({
      id,
      error: null,
      result: {
        previousblockhash: previous,
        bits: '1d00ffff',
        height,
        coinbasevalue: 312_500_000,
        transactions: [],
      },
    });
  const block = (id: number, previous: string): Framed => {
    const header = `00000020${Buffer.from(previous, 'hex').reverse().toString('hex')}${H}c3b2a168ffff001d0badcafe`;
    return call(id, 'submitblock', [`${header}01${'dd'.repeat(80)}`]);
  };
  return conversation({ ...ENDS, noise: NO_NOISE })
    .connect()
    .minerSays(asked(0))
    .poolSays(template(0, H, 905_123))
    .after(30)
    .minerSays(block(1, H))
    .poolSays(respond({ id: 1, result: null, error: null }))
    .minerSays(block(2, H))
    .poolSays(respond({ id: 2, result: 'duplicate', error: null }))
    .captureMayStartHere()
    .minerSays(asked(3))
    .poolSays(template(3, I, 905_124))
    .after(20)
    .minerSays(block(4, I))
    .poolSays(respond({ id: 4, result: null, error: null }));
}

function stratumV2(): Conversation {
  const bytes = (text: string): Uint8Array => Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex');
  const TARGET = `${'ff'.repeat(26)}${'00'.repeat(6)}`; // 2^208 − 1, least significant byte first: 2^48 hashes
  return (
    conversation(ENDS)
      .connect()
      // SetupConnection, the vector of docs/reference/protocols.md 2.2.
      .minerSays(
        bytes(
          '000000300000 00020002000400 00000c706f6f6c2e6578616d706c65080d0c4d696e6573776565704c6162027631066677 2d302e3100',
        ),
      )
      .poolSays(bytes('000001060000 0200 00000000'))
      // OpenStandardMiningChannel: request 1, "acct.r1", 1.1e14 H/s, target.
      .minerSays(
        bytes(`000010300000 01000000 07 ${Buffer.from('acct.r1').toString('hex')} be16c856 ${TARGET}`),
      )
      // Success: request 1, channel 2, target, prefix of 2 bytes, group 9.
      .poolSays(bytes(`0000112f0000 01000000 02000000 ${TARGET} 02 abcd 09000000`))
      // A job for later (channel 2, job 5), then the previous hash that it waits for.
      .poolSays(bytes(`0080152d0000 02000000 05000000 00 00000020 ${H}`))
      .poolSays(bytes(`008020300000 02000000 05000000 ${I} c3b2a168 19420317`))
      .after(20)
      .minerSays(bytes('00801a180000 02000000 01000000 05000000 8f140000 c3b2a168 00000020'))
      .minerSays(bytes('00801a180000 02000000 02000000 05000000 90140000 c3b2a168 00000020'))
      .poolSays(bytes('00801c140000 02000000 02000000 02000000 0000000000000200'))
      .captureMayStartHere()
      // A job for now: it has a time. Then one share that comes late.
      .poolSays(bytes(`008015310000 02000000 06000000 01c4b2a168 00000020 ${H}`))
      .minerSays(bytes('00801a180000 02000000 03000000 05000000 91140000 c4b2a168 00000020'))
      .poolSays(bytes(`00801d140000 02000000 03000000 0b ${Buffer.from('stale-share').toString('hex')}`))
  );
}

/** Two of 16 chains, with headers of 120 bytes; the blocks submit a nonce, such a header and transactions. */
function alephiumNode(): Conversation {
  const word = (value: number): Buffer => Buffer.from(value.toString(16).padStart(8, '0'), 'hex');
  const blob = (hex: string): Buffer => Buffer.concat([word(hex.length / 2), Buffer.from(hex, 'hex')]);
  const sized = (...parts: Buffer[]): Buffer => {
    const message = Buffer.concat(parts);
    return Buffer.concat([word(message.length), message]);
  };
  const header = (byte: string): string => byte.repeat(120);
  const TXS = '07'.repeat(90);
  const TARGET = `0f${'ff'.repeat(27)}`; // 2^220 − 1: 2^36 hashes, and a sixteenth of them of the right chain
  const jobs = (...headers: string[]): Buffer =>
    sized(
      Buffer.of(0),
      word(headers.length),
      ...headers.flatMap((each, at) => [word(0), word(at), blob(header(each)), blob(TXS), blob(TARGET)]),
    );
  const block = (each: string, count: number): Buffer =>
    sized(Buffer.of(0), blob(`${nonce(count, 48)}${header(each)}${TXS}`));
  const answer = (to: number, isValid: boolean): Buffer =>
    sized(Buffer.of(1), word(0), word(to), Buffer.of(isValid ? 1 : 0));
  return conversation(ENDS)
    .connect()
    .poolSays(jobs('a1', 'a2'))
    .after(8)
    .minerSays(block('a1', 1))
    .poolSays(answer(0, true))
    .captureMayStartHere()
    .poolSays(jobs('b1', 'a2'))
    .after(8)
    .minerSays(block('b1', 2))
    .poolSays(answer(0, true))
    .minerSays(block('b1', 3))
    .poolSays(answer(0, false));
}

const cryptonoteLogin = (login: string, agent: string): object => ({
  id: 1,
  jsonrpc: '2.0',
  method: 'login',
  params: { login, pass: 'x', agent, rigid: 'lab-3', algo: ['rx/0', 'cn/r'] },
});
const cryptonoteJob = (id: string): object => ({
  blob: BLOB,
  job_id: id,
  target: 'b88d0600',
  algo: 'rx/0',
  height: 3310021,
  seed_hash: H,
});
const cryptonoteShare = (id: number, job: string, count: number): object => ({
  id,
  jsonrpc: '2.0',
  method: 'submit',
  params: { id: 's-1', job_id: job, nonce: nonce(count, 8), result: H },
});

const grinJob = (job_id: number, difficulty: number, hash: string): object => ({
  ...{ difficulty, height: 2_210_455, job_id, pre_pow: hash.repeat(7) },
});
const grinShare = (id: string, job_id: number, found: number): object => {
  const pow = Array.from({ length: 42 }, (_, at) => 1000 + at * 77);
  return rpc(id, 'submit', { params: { edge_bits: 32, height: 2_210_455, job_id, nonce: found, pow } });
};

const beamSays = (id: string, code: number, description: string, more: object = {}): object => ({
  ...{ id, code, description, ...more, jsonrpc: '2.0' },
});
/** Order 8 and half the mantissa: 1.5 · 2^8 solutions. */
const beamJob = (id: string, input: string): object =>
  rpc(id, 'job', { input, difficulty: 8 * 2 ** 24 + 2 ** 23, height: 2_811_001 });
const beamShare = (id: string, count: number): object =>
  rpc(id, 'solution', { nonce: nonce(count, 16), output: `5${count}`.repeat(104) });

const fishSays = (id: number, method: string, body: object): object => ({ id, method, body });
const fishShare = (id: number, miningRequestId: number): object =>
  fishSays(id, 'mining.submit', { miningRequestId, randomness: `64da${nonce(id, 12)}` });

const bytomJob = (job_id: string, previous: string, root: string): object => ({
  ...{ version: '0100000000000000', height: '2315000000000000', previous_block_hash: previous },
  ...{ timestamp: '239dc75a00000000', transactions_merkle_root: root, transaction_status_hash: H },
  ...{ nonce: '0c04000001000000', bits: '4690890000000021', job_id, seed: I, target: 'b88d0600' },
});
const bytomShare = (id: number, job_id: string): object => ({
  method: 'submit',
  params: { id: 'antminer_1', job_id, nonce: `bc000d4${id}`, result: H },
  id,
});

const SITE_KEY = 'Lq7TtExampleKey00000000000000000';
const pageJob = (job_id: string): Framed =>
  siteSays({ type: 'job', params: { blob: BLOB, job_id, target: 'ffffff00' } });
const pageShare = (job_id: string, count: number): Framed =>
  browserSays({ type: 'submit', params: { job_id, nonce: `1f00000${count}`, result: H } });

const deroJob = (at: number, more: object = {}): Framed =>
  siteSays({
    ...{ jobid: `1.${at}`, blockhashing_blob: `4${at}`.repeat(48), height: 4_011_022 + at, prev_hash: '' },
    ...{ difficulty: '70000', difficultyuint64: 70_000, epochmilli: 0, blocks: 0 },
    ...{ miniblocks: 0, rejected: 0, lasterror: '', ...more },
  });

const NIM = 'NQ07 0000 1111 2222 3333 4444 5555 6666 7777';
const nimiqJob = (at: number): Framed[] => [
  siteSays({
    ...{ message: 'settings', address: NIM, extraData: 'QQ==' },
    ...{ target: 1.766_847_064_778_384_3e72, nonce: 1_422_500 + at },
  }),
  siteSays({
    message: 'new-block',
    bodyHash: `${'LT'[at]}lSJLBcPaFmCxX6JwlxUEL1rxN+fMBtlxYTXe1rP7jA=`,
    accountsHash: 'Jkqvik+YKKdsVQY12geOtGYwahifzANxC+6fZJyGnRI=',
    previousBlock: 'AAE=',
  }),
];
const nimiqShare = (at: number): Framed =>
  browserSays({
    ...{ message: 'share', blockHeader: `AAE${'CD'[at]}`.repeat(48) },
    ...{ minerAddrProof: 'AQ==', extraDataProof: 'AQ==' },
  });

const partial = (token: number, challenge: string, hash: string): Framed =>
  post('/partial', '', {
    payload: {
      ...{ launcher_id: H, authentication_token: token, sp_hash: `0x${hash}` },
      proof_of_space: { challenge: `0x${challenge}`, size: 32 },
      ...{ end_of_sub_slot: false, harvester_id: H },
    },
    aggregate_signature: `0x${'cd'.repeat(96)}`,
  });

export const CANONICAL: readonly Canonical[] = [
  member('stratum-v1', { units: 512 }, ['job sha256d'], ['BTC'], {
    agent: 'cgminer/4.13.1',
    subscribed: [
      [
        ['mining.set_difficulty', 'b4'],
        ['mining.notify', 'a6'],
      ],
      '5e0a11c7',
      4,
    ],
    login: ['farm.rack7', 'x'],
    before: [says('mining.set_difficulty', [512])],
    job: (id) => [id, H, COINBASE1, COINBASE2, [H], '20000000', '17034219', '68a1b2c3', true],
    share: (job, count) => ['farm.rack7', job, nonce(count, 8), '68a1b2c3', nonce(count, 8)],
  }),
  member('zip301', { hashes: 4096 }, ['family equihash', 'job equihash125_4'], [], {
    agent: 'miniZ/2.4e',
    handshake: [null, 'pool.example', 3337],
    subscribed: [null, '9e01'],
    login: ['t1VDo8f8Vki7DenkcPV44FFATvfMU3NnqTa.rig5', 'x'],
    before: [says('mining.set_target', [target(3)])],
    job: (id) => [id, '04000000', H, I, H, 'c3b2a168', '1e6a051d', true],
    share: (job, count) => [
      't1VDo8f8Vki7DenkcPV44FFATvfMU3NnqTa.rig5',
      job,
      'c3b2a168',
      nonce(count, 60),
      `34${'5a'.repeat(52)}`,
    ],
  }),
  member(
    'ethereum-stratum-1',
    { hashes: UNIT / 2 },
    ['family ethash-family'],
    [],
    {
      agent: 'PhoenixMiner/5.5c',
      handshake: ['EthereumStratum/1.0.0'],
      subscribed: [['mining.notify', '7d41', 'EthereumStratum/1.0.0'], 'a7c2'],
      login: [`${WALLET}.rig5`, 'x'],
      before: [says('mining.set_difficulty', [0.5])],
      job: (id) => [id, H, I, true],
      share: (job, count) => [`${WALLET}.rig5`, job, nonce(count, 12)],
    },
    { algorithms: ['family ethash-family'] },
  ),
  {
    conversation: conversation(ENDS)
      .connect()
      .minerSays({
        id: 0,
        method: 'mining.hello',
        params: {
          agent: 'ethminer-0.19.0',
          host: 'pool.example',
          port: 'd05',
          proto: 'EthereumStratum/2.0.0',
        },
      })
      .poolSays({
        id: 0,
        result: {
          proto: 'EthereumStratum/2.0.0',
          encoding: 'plain',
          resume: '0',
          timeout: 'b4',
          maxerrors: '5',
          node: 'n',
        },
      })
      .minerSays({ id: 1, method: 'mining.subscribe' })
      .poolSays({ id: 1, result: 's-12' })
      .minerSays({ id: 2, method: 'mining.authorize', params: [`${WALLET}.rig5`, 'x'] })
      .poolSays({ id: 2, result: 'w-9' })
      .poolSays({
        method: 'mining.set',
        params: {
          epoch: 'dc',
          target: '0112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba',
          algo: 'ethash',
          extranonce: 'af4c',
        },
      })
      .poolSays({ method: 'mining.notify', params: ['bf0488aa', '6526d5', H, '1'] })
      .minerSays({ id: 41, method: 'mining.submit', params: ['bf0488aa', '68765fccd712', 'w-9'] })
      .poolSays({ id: 41 })
      .captureMayStartHere()
      .poolSays({
        method: 'mining.set',
        params: { target: '0112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba' },
      })
      .poolSays({ method: 'mining.notify', params: ['bf0488ab', '6526d6', I, '1'] })
      .minerSays({ id: 42, method: 'mining.submit', params: ['bf0488ab', '68765fccd713', 'w-9'] })
      .poolSays({ id: 42, error: { code: 404, message: 'Job not found' } }),
    ...heardAs(
      'ethereum-stratum-2',
      ['job ethash'],
      [],
      {
        agent: 'ethminer-0.19.0',
        logins: [`${WALLET}/rig5`],
        answers: { accepted: 1, stale: 1 },
        work: { hashes: 8e9 },
      },
      { algorithms: ['family ethash-family'], answers: { stale: 1 }, work: { hashes: 4e9 } },
    ),
  },
  {
    conversation: conversation(ENDS)
      .connect()
      .minerSays({
        id: 1,
        jsonrpc: '2.0',
        method: 'eth_submitLogin',
        worker: 'eth1.0',
        params: [`${WALLET}.rig5`, 'x'],
      })
      .poolSays({ id: 1, jsonrpc: '2.0', result: true })
      .minerSays({ id: 5, method: 'eth_getWork', params: [] })
      .poolSays({ id: 5, jsonrpc: '2.0', result: [`0x${H}`, `0x${I}`, `0x${target(8)}`] })
      .minerSays({
        id: 40,
        method: 'eth_submitWork',
        worker: 'rig5',
        params: ['0x00000000a1b2c3d4', `0x${H}`, `0x${I}`],
      })
      .poolSays({ id: 40, jsonrpc: '2.0', result: true })
      .captureMayStartHere()
      .minerSays({ id: 5, method: 'eth_getWork', params: [] })
      .poolSays({ id: 5, jsonrpc: '2.0', result: [`0x${I}`, `0x${I}`, `0x${target(8)}`] })
      .minerSays({
        id: 41,
        method: 'eth_submitWork',
        worker: 'rig5',
        params: ['0x00000000a1b2c3d5', `0x${I}`, `0x${I}`],
      })
      .poolSays({ id: 41, jsonrpc: '2.0', result: null, error: { code: 22, message: 'Duplicate share' } }),
    ...heardAs(
      'eth-proxy',
      ['family ethash-family'],
      [],
      { logins: [`${WALLET}/rig5`], answers: { accepted: 1, duplicate: 1 }, work: { hashes: UNIT } },
      { answers: { duplicate: 1 } },
    ),
  },
  {
    conversation: conversation(ENDS)
      .connect()
      .minerSays(cryptonoteLogin(XMR, 'XMRig/6.26.0 (Linux x86_64) libuv/1.48.0 gcc/13.2.0'))
      .poolSays({
        id: 1,
        jsonrpc: '2.0',
        error: null,
        result: { id: 's-1', job: cryptonoteJob('Qm7xk'), status: 'OK' },
      })
      .after(40)
      .minerSays(cryptonoteShare(2, 'Qm7xk', 1))
      .poolSays({ id: 2, jsonrpc: '2.0', error: null, result: { status: 'OK' } })
      .captureMayStartHere()
      .poolSays({ jsonrpc: '2.0', method: 'job', params: cryptonoteJob('Qm7xl') })
      .minerSays(cryptonoteShare(3, 'Qm7xl', 2))
      .poolSays({ id: 3, jsonrpc: '2.0', error: { code: -1, message: 'Low difficulty share' } }),
    ...heardAs(
      'cryptonote',
      ['job rx/0'],
      [],
      {
        agent: 'XMRig/6.26.0 (Linux x86_64) libuv/1.48.0 gcc/13.2.0',
        logins: [`${XMR}/lab-3`],
        answers: { accepted: 1, 'low-difficulty': 1 },
        work: { hashes: 10_000 },
      },
      { answers: { 'low-difficulty': 1 } },
    ),
  },
  {
    conversation: conversation({ ...ENDS, noise: NO_NOISE })
      .connect()
      .minerSays(
        post('/', 'User-Agent: cpuminer/2.5.1\r\nAuthorization: Basic YWNjdC5yaWc6aHVudGVyMg==\r\n', {
          method: 'getwork',
          params: [],
          id: 0,
        }),
      )
      .poolSays(
        respond({
          id: 0,
          error: null,
          result: {
            data: `${'0'.repeat(72)}${H}${'0'.repeat(120)}`,
            target: `${'ff'.repeat(28)}${'00'.repeat(4)}`,
          },
        }),
      )
      .minerSays(
        post('/', 'User-Agent: cpuminer/2.5.1\r\nAuthorization: Basic YWNjdC5yaWc6aHVudGVyMg==\r\n', {
          method: 'getwork',
          params: [`${'0'.repeat(72)}${H}${'0'.repeat(16)}a1b2c3d4${'0'.repeat(96)}`],
          id: 1,
        }),
      )
      .poolSays(respond({ id: 1, error: null, result: true })),
    ...heardAs('getwork', [], [], {
      agent: 'cpuminer/2.5.1',
      logins: ['acct/rig'],
      jobs: 1,
      shares: 1,
      answers: { accepted: 1 },
      work: { hashes: UNIT },
    }),
  },
  {
    conversation: solo(),
    ...heardAs(
      'getblocktemplate',
      [],
      [],
      {
        agent: 'cpuminer-opt-26.1-x64L',
        logins: ['acct/rig'],
        shares: 3,
        answers: { accepted: 2, duplicate: 1 },
        work: { hashes: 2 * BIT_1D00FFFF },
      },
      {
        agent: 'cpuminer-opt-26.1-x64L',
        logins: ['acct/rig'],
        admitted: true,
        answers: { accepted: 1 },
        work: { hashes: BIT_1D00FFFF },
      },
    ),
  },
  {
    conversation: conversation({ ...ENDS, noise: NO_NOISE })
      .connect()
      .minerSays(
        post('/json_rpc', 'User-Agent: XMRig/6.26.0\r\n', {
          id: 1,
          jsonrpc: '2.0',
          method: 'getblocktemplate',
          params: { wallet_address: XMR, extra_nonce: 'a1b2c3d4e5f60718' },
        }),
      )
      .poolSays(
        respond({
          id: 1,
          jsonrpc: '2.0',
          result: {
            blocktemplate_blob: BLOB,
            blockhashing_blob: BLOB,
            difficulty: 480045,
            height: 3310021,
            seed_hash: H,
            status: 'OK',
          },
        }),
      )
      .minerSays(
        post('/json_rpc', 'User-Agent: XMRig/6.26.0\r\nX-Hash-Difficulty: 500000\r\n', {
          id: 2,
          jsonrpc: '2.0',
          method: 'submitblock',
          params: [BLOB.replace('00000000', 'a1b2c3d4')],
        }),
      )
      .poolSays(respond({ id: 2, jsonrpc: '2.0', result: { status: 'OK' } })),
    ...heardAs('monero-daemon', ['job rx/0'], [], {
      agent: 'XMRig/6.26.0',
      logins: [XMR],
      jobs: 1,
      shares: 1,
      answers: { accepted: 1 },
      work: { hashes: 480_045 },
    }),
  },
  // 2^256/target = 2^33/(1 − 2^-16) (docs/reference/protocols.md 5.5).
  member('kawpow', { hashes: 2 ** 33 / (1 - 2 ** -16) }, ['family progpow'], [], {
    agent: 'kawpowminer-1.2.4',
    handshake: ['EthereumStratum/1.0.0'],
    subscribed: [null, '64ab'],
    login: [`${RVN}.rig5`, 'x'],
    before: [says('mining.set_target', [`000000007fff8${'0'.repeat(51)}`])],
    job: (id) => [id, H, I, `000000007fff8${'0'.repeat(51)}`, true, 3_421_900, '1b00b1e3'],
    share: (job, count) => [`${RVN}.rig5`, job, `0x${nonce(count, 16)}`, `0x${H}`, `0x${I}`],
  }),
  member(
    'kaspa',
    { hashes: 4096 * UNIT },
    ['dialect kheavyhash'],
    [],
    {
      agent: 'BzMiner/v12.1.1',
      handshake: ['EthereumStratum/1.0.0'],
      subscribed: [true, 'EthereumStratum/1.0.0'],
      login: ['kaspa:qru0mxrzd39q5g7m2wcehh4swm9n0sv5plavfhtr0c34kjrcqgzlwr4ujpjs8.rig5', 'x'],
      before: [says('set_extranonce', ['0029']), says('mining.set_difficulty', [4096])],
      job: (id) =>
        id === '1a'
          ? [
              id,
              [
                13_200_419_938_410_021_373n,
                9_117_771_100_235_511_873n,
                70_011_220_033_004_411n,
                1_532_990_011_227_788n,
              ].map(Number),
              1_755_427_523_101,
            ]
          : [id, `${H}1d5c9fbe98010000`],
      share: (job, count) => [
        'kaspa:qru0mxrzd39q5g7m2wcehh4swm9n0sv5plavfhtr0c34kjrcqgzlwr4ujpjs8.rig5',
        job,
        `${count % 2 === 0 ? '0x' : ''}${nonce(count, 16)}`,
      ],
    },
    { algorithms: ['family kaspa-family', 'dialect kheavyhash'] },
  ),
  member('ergo', { hashes: UNIT }, ['dialect autolykos2'], ['ERG'], {
    agent: 'lolMiner 1.76',
    subscribed: [
      [
        ['mining.set_difficulty', 'deadbeefcafebabe0100'],
        ['mining.notify', 'deadbeefcafebabe0100'],
      ],
      '28000000',
      4,
    ],
    login: ['acct.rig5', 'x'],
    before: [says('mining.set_difficulty', [1])],
    // b = 2^256/2^32: 2^224 as a decimal.
    job: (id) => [id, 1_204_511, H, '', '', 3, (2n ** 224n).toString(), '', true],
    share: (job, count) => ['acct.rig5', job, nonce(count, 8), '68a1b2c3', `28000000${nonce(count, 8)}`],
  }),
  {
    conversation: conversation(ENDS)
      .connect()
      .poolSays(says('mining.set_difficulty', [64]))
      .poolSays(
        says(
          'mining.notify',
          [0, 1].map((to) => ({
            jobId: `a${to}`,
            fromGroup: 0,
            toGroup: to,
            headerBlob: H.repeat(4),
            txsBlob: '',
          })),
        ),
      )
      .after(9)
      .minerSays(
        submit(8, { jobId: 'a1', fromGroup: 0, toGroup: 1, nonce: nonce(1, 48), worker: '1abc.rig5' }),
      )
      .poolSays({ id: 8, method: 'mining.submit_result', result: true, error: null })
      .captureMayStartHere()
      .poolSays(says('mining.set_difficulty', [64]))
      .poolSays(
        says('mining.notify', [
          { jobId: 'b3', fromGroup: 0, toGroup: 3, headerBlob: H.repeat(4), txsBlob: '' },
        ]),
      )
      .minerSays(
        submit(9, { jobId: 'b3', fromGroup: 0, toGroup: 3, nonce: nonce(2, 48), worker: '1abc.rig5' }),
      )
      .poolSays({
        id: 9,
        method: 'mining.submit_result',
        result: null,
        error: [22, 'Duplicate share', null],
      }),
    ...heardAs(
      'alephium',
      ['dialect blake3-alephium'],
      ['ALPH'],
      {
        logins: ['1abc/rig5'],
        admitted: null,
        jobs: 3,
        answers: { accepted: 1, duplicate: 1 },
        work: { hashes: 64 * 2 ** 34 },
      },
      { logins: ['1abc/rig5'], answers: { duplicate: 1 } },
    ),
  },
  member('conflux', { hashes: UNIT }, ['dialect octopus'], ['CFX'], {
    agent: 'cfxmine',
    handshake: ['secret'],
    subscribed: true,
    login: ['cfx.rig5', 'x'],
    job: (id) =>
      id === '1a' ? [id, '99021100', `0x${H}`, `0x${target(8)}`] : [id, `0x${H}`, `0x${target(8)}`],
    share: (job, count) => ['cfx.rig5', job, `0x${nonce(count, 16)}`, `0x${H}`],
  }),
  member('handshake', { units: 16 }, ['dialect hns'], ['HNS'], {
    agent: 'hsminer/1',
    subscribed: [[], '5e0a11c7', 4],
    login: ['hs1q79uy246pap4afjldrcrz67j2kyvt9h3ht2y6kp.rig5', 'x'],
    before: [says('mining.set_difficulty', [16])],
    job: (id) => [
      id,
      H,
      COINBASE1,
      COINBASE2,
      [H],
      H,
      I,
      '0'.repeat(64),
      '00000000',
      '1a02b3c4',
      '68a1b2c3',
      true,
    ],
    share: (job, count) => [
      'hs1q79uy246pap4afjldrcrz67j2kyvt9h3ht2y6kp.rig5',
      job,
      nonce(count, 8),
      '68a1b2c3',
      nonce(count, 8),
    ],
  }),
  // 2025, after the change of algorithm.
  member('decred', { hashes: 8 * UNIT }, ['job blake3'], ['DCR'], {
    agent: 'decred-gominer/2.0.0',
    subscribed: [[], '5e0a11c7', 8],
    login: ['acct.rig5', 'x'],
    before: [says('mining.set_difficulty', [8])],
    job: (id) => [id, H, `${H}${I}${'0'.repeat(72)}`, '', [], '0a000000', '', '68a1b2c3', true],
    share: (job, count) => ['acct.rig5', job, nonce(count, 24), '68a1b2c3', nonce(count, 8)],
  }),
  member('sia', { units: 2 }, ['dialect blake2b'], ['SC'], {
    agent: 'goldshell/2.2',
    subscribed: [[], '5e0a11c7', 4],
    login: ['acct.rig5', 'x'],
    before: [says('mining.set_difficulty', [2])],
    job: (id) => [id, H, COINBASE1, COINBASE2, [H], '', '1a02b3c4', 'c3b2a16800000000', true],
    share: (job, count) => ['acct.rig5', job, nonce(count, 8), 'c3b2a16800000000', nonce(count, 16)],
  }),
  member('nervos', { hashes: UNIT }, ['dialect eaglesong'], ['CKB'], {
    agent: 'ckbminer-v1.0.0',
    handshake: [null],
    subscribed: [null, '00c904bd', 12],
    login: ['acct.rig5', 'x'],
    before: [says('mining.set_target', [target(8)])],
    job: (id) => [id, H, 14_001_233, I, true],
    share: (job, count) => ['acct.rig5', job, nonce(count, 24)],
  }),
  member('kadena', { hashes: UNIT }, ['dialect blake2s-kadena'], ['KDA'], {
    agent: 'kdaminer/1',
    subscribed: [null, 'a331', 6],
    login: [`k:${H}.rig5`, 'x'],
    before: [says('mining.set_target', [`${'ff'.repeat(28)}${'00'.repeat(4)}`])],
    job: (id) => [id, `${H.repeat(8)}${'ab'.repeat(22)}`, true],
    share: (job, count) => [`k:${H}.rig5`, job, nonce(count, 12)],
  }),
  member('xelis', { hashes: 150_210 }, ['family xelishash'], ['XEL'], {
    agent: 'Rigel/1.19.3',
    subscribed: ['47dee1473361f8d2', H, 32, I],
    login: ['xel:ys4peuzztwl67rzhsdu0yxfzwcfmgt85uu53hycpeeary7n8qvysqmxznt0', 'rig5', 'x'],
    before: [says('mining.set_difficulty', [150_210])],
    job: (id) => [id, '0000018f3ae5c1d2', H, true],
    share: (job, count) => [
      'xel:ys4peuzztwl67rzhsdu0yxfzwcfmgt85uu53hycpeeary7n8qvysqmxznt0.rig5',
      job,
      nonce(count, 16),
    ],
  }),
  member('aleo', { hashes: 512 }, ['dialect aleo-puzzle'], ['ALEO'], {
    agent: 'aleo-miner/1',
    handshake: ['AleoStratum/1.0.0', null],
    subscribed: ['s-1', null],
    login: ['aleo.rig5', 'x'],
    before: [says('mining.set_target', [512])],
    job: (id) => [id, H, I, H, I, H, true],
    share: (job, count) => ['aleo.rig5', job, nonce(count, 64), 'ab'.repeat(300)],
  }),
  // Its shares name nobody.
  member(
    'codechain',
    {},
    [],
    [],
    {
      agent: 'codechain-miner/1',
      subscribed: [],
      login: ['acct.rig5', 'x'],
      job: (id) => [`0x${id === '1a' ? H : I}`, '100'],
      share: (id, count) => [`0x${id === '1a' ? H : I}`, [`0x${nonce(count, 16)}`]],
    },
    { logins: [] },
  ),
  member('aion', { hashes: 65_536 }, ['dialect equihash210_9'], ['AION'], {
    agent: 'aionminer/1',
    subscribed: [[], '5e0a11c7'],
    login: ['aion.rig5', 'x'],
    job: (id) => [id, true, target(4), H],
    share: (job, count) => ['aion.rig5', job, 'c3b2a168', nonce(count, 56), `fd8005${'5a'.repeat(1408)}`],
  }),
  {
    conversation: conversation(ENDS)
      .connect()
      .minerSays(rpc('0', 'login', { params: { login: 'rig@example', pass: 'x', agent: 'grin-miner' } }))
      .poolSays(rpc('0', 'login', { result: 'ok', error: null }))
      .minerSays(rpc('1', 'getjobtemplate', { params: null }))
      .poolSays(rpc('1', 'getjobtemplate', { result: grinJob(12, 4, H), error: null }))
      .minerSays(grinShare('2', 12, 8_812_390_041_127_719))
      .poolSays(rpc('2', 'submit', { result: 'ok', error: null }))
      .captureMayStartHere()
      .poolSays(rpc('Stratum', 'job', { params: grinJob(0, 1, I) }))
      .minerSays(grinShare('3', 0, 1))
      .poolSays(
        rpc('3', 'submit', { result: null, error: { code: -32503, message: 'Solution submitted too late' } }),
      ),
    // Two solutions, 42 graphs each.
    ...heardAs(
      'grin',
      ['family cuckoo-family', 'job cuckatoo32'],
      [],
      {
        agent: 'grin-miner',
        logins: ['rig@example'],
        answers: { accepted: 1, stale: 1 },
        work: { hashes: 84 },
      },
      { answers: { stale: 1 }, work: { hashes: 42 } },
    ),
  },
  {
    conversation: conversation(ENDS)
      .connect()
      .minerSays(rpc('login', 'login', { api_key: `${'1e'.repeat(33)}.rig5` }))
      .poolSays(beamSays('login', 0, 'Login successful', { nonceprefix: 'ab4e' }))
      .poolSays(beamJob('212', H))
      .minerSays(beamShare('212', 1))
      .poolSays(beamSays('212', 1, 'accepted'))
      .captureMayStartHere()
      .poolSays(beamJob('213', I))
      .minerSays(beamShare('213', 2))
      .poolSays(beamSays('213', 3, 'rejected: expired')),
    ...heardAs(
      'beam',
      ['dialect beamhash3'],
      ['BEAM'],
      { logins: [`${'1e'.repeat(33)}/rig5`], answers: { accepted: 1, stale: 1 }, work: { hashes: 768 } },
      { answers: { stale: 1 }, work: { hashes: 384 } },
    ),
  },
  {
    conversation: conversation(ENDS)
      .connect()
      .minerSays(
        fishSays(0, 'mining.subscribe', {
          ...{ version: 3, agent: 'lolMiner/1.85beta', publicAddress: `${H}.rig5`, name: 'rig5' },
        }),
      )
      .poolSays(fishSays(0, 'mining.subscribed', { clientId: 7, xn: '64da' }))
      .poolSays(fishSays(1, 'mining.set_target', { target: target(8) }))
      .poolSays(fishSays(2, 'mining.notify', { miningRequestId: 311, header: H.repeat(6) }))
      .minerSays(fishShare(1, 311))
      .poolSays(fishSays(3, 'mining.submitted', { id: 1, result: true }))
      .captureMayStartHere()
      .poolSays(fishSays(4, 'mining.notify', { miningRequestId: 312, header: I.repeat(6) }))
      .minerSays(fishShare(2, 312))
      .poolSays(fishSays(5, 'mining.submitted', { id: 2, result: false, message: 'DUPLICATE' })),
    ...heardAs(
      'iron-fish',
      ['dialect fishhash'],
      ['IRON'],
      {
        agent: 'lolMiner/1.85beta',
        logins: [`${H}/rig5`],
        answers: { accepted: 1, duplicate: 1 },
        work: { hashes: UNIT },
      },
      { answers: { duplicate: 1 } },
    ),
  },
  {
    conversation: conversation(ENDS)
      .connect()
      .minerSays({
        method: 'login',
        params: { login: 'antminer_1', pass: 'x', agent: 'bmminer/2.0.0' },
        id: 1,
      })
      .poolSays({
        ...{ id: 1, jsonrpc: '2.0', error: null },
        result: { id: 'antminer_1', job: bytomJob('16368', H, I), status: 'OK' },
      })
      .minerSays(bytomShare(2, '16368'))
      .poolSays({ id: 2, result: { status: 'OK' }, error: null })
      .captureMayStartHere()
      .poolSays({ jsonrpc: '2.0', method: 'job', params: bytomJob('16369', I, H) })
      .minerSays(bytomShare(3, '16369'))
      .poolSays({ id: 3, result: null, error: { code: -1, message: 'Duplicate share' } }),
    ...heardAs(
      'bytom',
      ['dialect tensority'],
      ['BTM'],
      {
        agent: 'bmminer/2.0.0',
        logins: ['antminer_1'],
        answers: { accepted: 1, duplicate: 1 },
        work: { hashes: 10_000 },
      },
      { answers: { duplicate: 1 } },
    ),
  },
  {
    conversation: overWebSocket('/proxy', webNoise)
      .minerSays(
        browserSays({
          type: 'auth',
          params: { version: 7, site_key: SITE_KEY, type: 'anonymous', user: null, goal: 0 },
        }),
      )
      .poolSays(siteSays({ type: 'authed', params: { token: '', hashes: 0 } }))
      .poolSays(pageJob('114433221100998'))
      .after(5)
      .minerSays(pageShare('114433221100998', 2))
      .poolSays(siteSays({ type: 'hash_accepted', params: { hashes: 256 } }))
      .captureMayStartHere()
      .poolSays(pageJob('114433221100999'))
      .minerSays(pageShare('114433221100999', 3))
      .poolSays(siteSays({ type: 'hash_accepted', params: { hashes: 512 } })),
    ...heardAs(
      'websocket-miner',
      ['family randomx'],
      [],
      { logins: [SITE_KEY], answers: { accepted: 2 }, work: { hashes: 512 } },
      { answers: { accepted: 1 }, work: { hashes: 256 } },
    ),
  },
  {
    conversation: overWebSocket('/ws/dero1qyexample.rig5', webNoise)
      .poolSays(deroJob(0))
      .minerSays(browserSays({ jobid: '1.0', mbl_blob: '42'.repeat(48) }))
      .poolSays(deroJob(1, { miniblocks: 1 }))
      .captureMayStartHere()
      .poolSays(deroJob(2, { miniblocks: 1 }))
      .minerSays(browserSays({ jobid: '1.2', mbl_blob: '45'.repeat(48) }))
      .poolSays(deroJob(3, { miniblocks: 1, rejected: 1, lasterror: 'stale' })),
    ...heardAs(
      'dero',
      ['dialect astrobwt'],
      ['DERO'],
      {
        logins: ['dero1qyexample/rig5'],
        jobs: 4,
        answers: { accepted: 1, other: 1 },
        work: { hashes: 70_000 },
      },
      { jobs: 2, answers: { other: 1 } },
    ),
  },
  {
    conversation: overWebSocket('/', {
      miner: [browserSays({ message: 'ping' })],
      pool: [siteSays({ message: 'balance', balance: 5 })],
    })
      .minerSays(
        browserSays({
          message: 'register',
          mode: 'nano',
          address: NIM,
          deviceId: 1_533_443,
          genesisHash: 'Jkqvik+YKKdsVQY12geOtGYwahifzANxC+6fZJyGnRI=',
        }),
      )
      .poolSays(siteSays({ message: 'registered' }))
      .poolSays(...nimiqJob(0))
      .minerSays(nimiqShare(0))
      .captureMayStartHere()
      .poolSays(...nimiqJob(1))
      .minerSays(nimiqShare(1)),
    ...heardAs(
      'nimiq',
      ['dialect argon2d-nim'],
      ['NIM'],
      {
        logins: [`${NIM}/1533443`],
        answers: {},
        work: { hashes: 131_072 },
      },
      { answers: {}, work: { hashes: 65_536 } },
    ),
  },
  {
    conversation: conversation({ ...ENDS, noise: NO_NOISE })
      .connect()
      .minerSays(
        post('/farmer', '', {
          payload: {
            launcher_id: `0x${H}`,
            authentication_token: 5_201_771,
            authentication_public_key: `0x${'ab'.repeat(48)}`,
            payout_instructions: I,
            suggested_difficulty: 10,
          },
          signature: `0x${'cd'.repeat(96)}`,
        }),
      )
      .poolSays(respond({ welcome_message: 'Welcome' }))
      .minerSays(partial(5_201_772, H, I))
      .poolSays(respond({ new_difficulty: 10 }))
      .minerSays(partial(5_201_773, I, H))
      .poolSays(respond({ error_code: 2, error_message: 'Proof submitted too late' })),
    ...heardAs('chia', ['dialect proof-of-space'], ['XCH'], {
      logins: [H],
      jobs: 0,
      answers: { accepted: 1, stale: 1 },
    }),
  },
  {
    conversation: conversation({ ...ENDS, noise: NO_NOISE })
      .connect()
      .poolSays('3.0')
      .minerSays('JOB,amira,LOW,secretkey')
      .poolSays(`${H.slice(0, 40)},${I.slice(0, 40)},500`)
      .after(2)
      .minerSays('23411,180211.52,Official PC Miner 4.3,rig5,DUCOID1,77')
      .poolSays('GOOD')
      .captureMayStartHere()
      .minerSays('JOB,amira,LOW,secretkey')
      .poolSays(`${H.slice(2, 42)},${I.slice(2, 42)},500`)
      .after(2)
      .minerSays('17,180211.52,Official PC Miner 4.3,rig5,DUCOID1,77')
      .poolSays('BAD,Incorrect result'),
    ...heardAs(
      'duino-coin',
      ['dialect duco-s1'],
      ['DUCO'],
      {
        agent: 'Official PC Miner 4.3',
        logins: ['amira/rig5'],
        admitted: null,
        answers: { accepted: 1, other: 1 },
        work: { hashes: 25_000 },
      },
      { agent: 'Official PC Miner 4.3', logins: ['amira/rig5'], answers: { other: 1 } },
    ),
  },
  {
    conversation: alephiumNode(),
    ...heardAs(
      'alephium-node',
      ['dialect blake3-alephium'],
      ['ALPH'],
      {
        admitted: null,
        jobs: 3,
        shares: 3,
        answers: { accepted: 2, other: 1 },
        work: { hashes: 2 * 2 ** 40 },
      },
      { jobs: 2, shares: 2, answers: { accepted: 1, other: 1 }, work: { hashes: 2 ** 40 } },
    ),
  },
  {
    conversation: stratumV2(),
    ...heardAs(
      'stratum-v2',
      ['dialect sha256d'],
      [],
      {
        agent: 'MinesweepLab/v1/fw-0.1',
        logins: ['acct/r1'],
        shares: 3,
        answers: { accepted: 2, stale: 1 },
        work: { hashes: 3 * 2 ** 48 },
      },
      { answers: { stale: 1 } },
    ),
  },
];
