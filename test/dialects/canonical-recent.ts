/**
 * Canonical conversations of the dialects that came up since 2024, and of older ones whose sources were read later. The
 * shapes are those of the programs that the dialects name; keys, jobs and nonces are made up.
 */
import { conversation, type Framed } from '../support/conversation.ts';
import { answers, calls, PREFACE, proto, SERVER_SETTINGS, sends } from '../support/grpc.ts';
import {
  authorize,
  browserSays,
  type Canonical,
  ENDS,
  H,
  heardAs,
  I,
  member,
  NO_NOISE,
  no,
  nonce,
  ok,
  overWebSocket,
  post,
  respond,
  rpc,
  says,
  siteSays,
  subscribe,
} from './canonical.ts';

const CYCLE = Array.from({ length: 42 }, (_, at) => (at + 1).toString(16).padStart(8, '0'));
const PROOF = Buffer.alloc(300, 7).toString('base64');
const WALLET = 'XWALLET';

/** Type, body: a binary message of BTCAgent. */
const agent = (type: number, body: readonly number[]): Buffer =>
  Buffer.from([0x7f, type, body.length + 4, 0, ...body]);
const registered = (id: number, worker: string): Buffer =>
  agent(0x01, [id, 0, ...Buffer.from(`bmminer/2.0.0\0${worker}\0`)]);
const handedIn = (job: number, worker: number): Buffer =>
  agent(0x12, [job, worker, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0xe0, 0xc0, 0]);
/** 1,798,084,231 is taken, 21 is stale. */
const answered = (index: number, status: number): Buffer => {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16LE(index);
  bytes.writeUInt32LE(status, 2);
  return agent(0x10, [...bytes]);
};
const COINBASE = `01000000${'01'}${'0'.repeat(64)}ffffffff1c03a3cf0d2f6d696e6573776565702d746573742f`;
const bitcoinJob = (id: string): object =>
  says('mining.notify', [id, I, COINBASE, 'ffffffff00', [H], '20000000', '17034219', '68a1b2c3', true]);

const epicJob = (id: number): object =>
  rpc('Stratum', 'job', {
    params: {
      ...{ algorithm: 'progpow', height: 3_620_860, job_id: id, pre_pow: 'ab'.repeat(200) },
      difficulty: Object.entries({ cuckoo: 3, randomx: 800_000, progpow: 2_500_000 }),
    },
  });
const epicShare = (id: number): object =>
  rpc('20', 'submit', {
    params: { height: 3_620_860, job_id: id, nonce: 338_487, pow: { ProgPow: Array(32).fill(9) } },
  });

const cortexWork = (id: number, hash: string): object => ({
  id,
  jsonrpc: '2.0',
  result: [`0x${hash}`, `0x${'0'.repeat(64)}`, `0x0001${'0'.repeat(60)}`, '0x1234'],
});
const cortexShare = (hash: string, count: number): object => ({
  id: 73,
  jsonrpc: '2.0',
  method: 'ctxc_submitWork',
  params: [`0x${nonce(count, 16)}`, `0x${hash}`, `0x${CYCLE.join('')}`],
});

const xelisJob = (hash: string): object => ({
  new_job: {
    algorithm: 'xel/v2',
    difficulty: '30000',
    height: 7,
    topoheight: 9,
    miner_work: hash.padEnd(224, '0'),
  },
});
const shaiJob = (id: string): object => ({
  type: 'job',
  job_id: id,
  data: 'cd'.repeat(76),
  target: `00ff${'f'.repeat(60)}`,
});
const shaiShare = (id: string): object => ({
  type: 'submit',
  miner_id: 'sh1qexample.rig5',
  nonce: '0a0b0c0d',
  job_id: id,
  path: '0001'.repeat(64),
});

const visit = (target: string): Buffer =>
  Buffer.from(`GET ${target} HTTP/1.1\r\nHost: pool.example\r\nX-Miner: BlagoMiner 1.2\r\n\r\n`);
const ROUND = '/burst?requestType=getMiningInfo';
const handIn = (height: number): Buffer =>
  visit(`/burst?requestType=submitNonce&accountId=13209130496096169325&nonce=235&blockheight=${height}`);
const round = (height: number): ReturnType<typeof respond> =>
  respond({ generationSignature: H, baseTarget: '73000', height: String(height), targetDeadline: 86_400 });

const TON_WALLET = 'EQBoG6BHwfFPTEUsxXW8y0TyHN9_5Z1_VIb2uctCd-NDmCbx';
const tonTarget = (seed: string): object => ({
  id: null,
  method: 'mining.set_target',
  params: [seed, '1655500800', 'kf8guqdIbY6kpMykR8WFeVGbZcP2iuBagXfnQuq0rGrxgE04', TON_WALLET],
});
const tonShare = (id: number): object => ({
  id,
  method: 'mining.submit',
  params: ['1655500800', 'a1b2c3d4'.repeat(8), '0f1e2d3c'.repeat(4), null],
});

const ckb = (id: number, method: string, params: unknown): Framed =>
  post('/', '', { id, jsonrpc: '2.0', method, params });
const ckbWork = (id: number, work: string, parent: string): Framed =>
  respond({
    ...{ id, jsonrpc: '2.0' },
    result: {
      compact_target: '0x1a08a97e',
      number: '0x1036641',
      parent_hash: `0x${parent}`,
      work_id: work,
      current_time: '0x19ac283aa00',
    },
  });
const ckbBlock = (id: number, work: string, count: number): Framed =>
  ckb(id, 'submit_block', [work, { header: { nonce: `0x${nonce(count, 32)}` }, transactions: [] }]);
const KASPA = 'kaspa:qq9frgnvaa3zg9qhh9t8s6vkf6x7rxqlnemgcj72y9enf2hsujxd276dtukjm';
const kaspaAsks = proto([1005, proto([1, KASPA], [2, 'miner'])]);
/** Bits 0x1b00ffff: 2^52 hashes and a few, by the definition of the compact form. */
const kaspaTemplate = (root: string): Buffer =>
  proto([
    1006,
    proto([2, 1], [3, proto([1, proto([1, 1], [3, root], [6, 1_764_200_000], [7, 0x1b00ffff])])]),
  ]);
const kaspaBlock = (root: string, found: number): Buffer =>
  proto([1003, proto([2, proto([1, proto([1, 1], [3, root], [8, found])])])]);
const GRPC = {
  dialect: 'node-grpc',
  agent: '',
  ...{ logins: [KASPA], admitted: null, jobs: 2, shares: 2, answers: { accepted: 1, other: 1 } },
  work: { hashes: 2 ** 256 / (0xffff * 2 ** (8 * (0x1b - 3))) },
  ...{ algorithms: ['dialect kheavyhash'], coins: ['KAS'] },
};
const POLLED = {
  dialect: 'polled-work',
  agent: '',
  ...{ logins: [], admitted: null, work: {}, algorithms: [], coins: [] },
};

export const RECENT: readonly Canonical[] = [
  member('stratum-other', {}, [], [], {
    agent: 'newminer/0.1',
    subscribed: ['s-1'],
    login: [`${WALLET}.rig5`, 'x'],
    before: [says('mining.set_complexity', [123_456])],
    job: (id) => [id, { giver: H, seed: I }, 17],
    share: (job, count) => [`${WALLET}.rig5`, job, nonce(count, 20), H.slice(0, 30)],
  }),
  member('btx', { hashes: 65_536 }, ['dialect matmul'], ['BTX'], {
    agent: 'matador-miner/0.9.9',
    handshake: [{ protocol_compliant: ['pre_hash_block_tier_v18'], session_id: '1af0' }],
    subscribed: [[['mining.set_difficulty', 's1']], 'a1b2c3d4', 4],
    login: [`${WALLET}.rig5`, 'x'],
    before: [says('mining.set_difficulty', [0.0005])],
    // 2^240: 65,536 hashes.
    job: (id) => [
      id,
      536_870_912,
      H,
      I,
      1_764_200_000,
      '1d00ffff',
      `0001${'0'.repeat(60)}`,
      true,
      { matmul_n: 512 },
    ],
    share: (job, count) => [`${WALLET}.rig5`, job, '00000000', '692ab1c0', nonce(count, 16)],
  }),
  member('pearl', {}, ['dialect pearlhash'], ['PRL'], {
    agent: 'alpha-miner/1.7.5',
    subscribed: [[], '', 0],
    login: [`${WALLET}.rig5`, 'x'],
    before: [
      says('mining.set_difficulty', [524_288]),
      says('pearl.set_mining_params', [{ m: 131_072, n: 131_072, k: 4096 }]),
    ],
    job: (id) => [id, H, 'ab'.repeat(76), 52_000, '692ab1c0', '1b00ffff', true],
    share: (job) => [`${WALLET}.rig5`, job, PROOF],
  }),
  // Its shares name nobody.
  member(
    'warthog',
    {},
    ['dialect warthog'],
    ['WART'],
    {
      agent: 'janusminer/0.2.0',
      subscribed: [['mining.notify', ''], '00000000', 6],
      login: [`${WALLET}.rig5`, ''],
      before: [says('mining.set_difficulty', [4_398_046_511.104])],
      job: (id) => [id.padStart(64, '0'), H, 'ab'.repeat(36), '00000003', '2a1f4b3c', '692ab1c0', true],
      share: (job, count) => [job.padStart(64, '0'), nonce(count, 12), '692ab1c1', nonce(count, 8)],
    },
    { logins: [] },
  ),
  member('aeternity', { hashes: 16 }, ['job cuckoocycle'], ['AE'], {
    agent: 'gminer/2.0',
    handshake: [null, 'pool.example', 3333],
    subscribed: ['ed70df83', '080000'],
    login: [`${WALLET}.rig5`, 'x'],
    // 2^252: 16 cycles.
    before: [says('mining.set_target', [`1${'0'.repeat(63)}`])],
    job: (id) => [id, 5, H, true],
    share: (job, count) => [`${WALLET}.rig5`, job, nonce(count, 10), CYCLE],
  }),
  {
    conversation: conversation({ ...ENDS, noise: NO_NOISE })
      .connect()
      .minerSays(
        { id: 'caps', method: 'agent.get_capabilities', params: ['verrol', 'subres'] },
        { ...subscribe('btccom-agent/2.0.0-mu'), id: 'sub' },
        { ...authorize('farm01', ''), id: 'auth' },
      )
      .poolSays(
        { id: 'caps', result: { capabilities: ['verrol', 'subres'] }, error: null },
        { id: 'sub', result: [[['mining.notify', '01000002']], '01000002', 8], error: null },
        { id: 'auth', result: true, error: null },
        bitcoinJob('0'),
      )
      .minerSays(registered(1, 's19a'), registered(2, 's21'))
      // 2^16 for both.
      .poolSays(agent(0x05, [16, 2, 0, 1, 0, 2, 0]))
      .after(9)
      .minerSays(handedIn(0, 1))
      .poolSays(answered(0, 1_798_084_231))
      .captureMayStartHere()
      .poolSays(bitcoinJob('1'))
      .after(9)
      .minerSays(handedIn(1, 2))
      .poolSays(answered(1, 21)),
    // Each job as sent, and at the difficulty of its workers.
    // As far as the job tells, which is for anybody (verdicts.test.ts).
    ...heardAs(
      'btc-agent',
      ['job sha256d'],
      ['BTC'],
      {
        agent: 'btccom-agent/2.0.0-mu',
        logins: ['farm01', 'farm01/s19a', 'farm01/s21'],
        jobs: 4,
        answers: { accepted: 1, stale: 1 },
        work: { units: 2 * 65_536 },
      },
      { dialect: 'stratum-v1', shares: 0, answers: {} },
    ),
  },
  {
    conversation: conversation(ENDS)
      .connect()
      .minerSays(rpc('1', 'login', { params: { login: 'epicuser.rig5', pass: 'x', agent: 'epic-miner' } }))
      .poolSays(rpc('1', 'login', { result: 'ok', error: null }))
      .minerSays(rpc('10', 'getjobtemplate', { params: { algorithm: 'progpow' } }))
      .poolSays(epicJob(6))
      .minerSays(epicShare(6))
      .poolSays(rpc('20', 'submit', { result: 'ok', error: null }))
      .captureMayStartHere()
      .poolSays(epicJob(7))
      .minerSays(epicShare(7))
      .poolSays(rpc('20', 'submit', { error: { code: -32_503, message: 'Solution submitted too late' } })),
    ...heardAs(
      'epic',
      ['job progpow'],
      ['EPIC'],
      {
        agent: 'epic-miner',
        logins: ['epicuser/rig5'],
        answers: { accepted: 1, stale: 1 },
        work: { hashes: 5_000_000 },
      },
      { answers: { stale: 1 }, work: { hashes: 2_500_000 } },
    ),
  },
  {
    conversation: conversation(ENDS)
      .connect()
      .minerSays({ id: 72, jsonrpc: '2.0', method: 'ctxc_submitLogin', params: [WALLET], worker: 'rig5' })
      .poolSays(ok(72))
      .minerSays({ id: 100, jsonrpc: '2.0', method: 'ctxc_getWork', params: [''] })
      // 2^240: 65,536 cycles.
      .poolSays(cortexWork(100, H))
      .minerSays(cortexShare(H, 1))
      .poolSays(ok(73))
      .captureMayStartHere()
      .minerSays({ id: 101, jsonrpc: '2.0', method: 'ctxc_getWork', params: [''] })
      .poolSays(cortexWork(101, I))
      .minerSays(cortexShare(I, 2))
      .poolSays(no(73, 21, 'Job not found')),
    ...heardAs(
      'cortex',
      ['dialect cuckaroo30'],
      ['CTXC'],
      { logins: [`${WALLET}/rig5`], answers: { accepted: 1, stale: 1 }, work: { hashes: 2 * 65_536 } },
      { answers: { stale: 1 }, work: { hashes: 65_536 } },
    ),
  },
  {
    conversation: overWebSocket('/getwork/xel:example/rig5')
      .poolSays(siteSays(xelisJob(H)))
      .minerSays(browserSays({ miner_work: H.padEnd(224, '1') }))
      .captureMayStartHere()
      .poolSays(siteSays(xelisJob(I)))
      .minerSays(browserSays({ miner_work: I.padEnd(224, '1') }))
      .poolSays(siteSays({ block_rejected: 'stale' })),
    // Without the path a template could be anything.
    ...heardAs(
      'xelis-node',
      ['job xelishashv2'],
      ['XEL'],
      { logins: ['xel:example/rig5'], answers: { other: 1 }, work: { hashes: 30_000 } },
      { answers: { other: 1 } },
    ),
  },
  {
    conversation: overWebSocket('/stratum')
      .minerSays(browserSays({ id: 1, method: 'mining.subscribe', params: ['ton-pool-client/1.0.0'] }))
      // 2^224: 2^32 hashes a share.
      .poolSays(siteSays({ id: 1, result: [null, `00000001${'0'.repeat(56)}`], error: null }))
      .minerSays(browserSays({ id: 2, method: 'mining.authorize', params: [TON_WALLET, 'rig5'] }))
      .poolSays(
        siteSays({ id: 2, result: true, error: null }),
        siteSays(tonTarget('229760179690128740373110445116482216837')),
      )
      .minerSays(browserSays(tonShare(3)))
      .poolSays(siteSays({ id: 3, result: true, error: null }))
      .captureMayStartHere()
      .poolSays(siteSays(tonTarget('129760179690128740373110445116482216838')))
      .poolSays(siteSays({ id: null, method: 'mining.notify', params: ['expire', '1655500900'] }))
      .minerSays(browserSays(tonShare(4)))
      .poolSays(siteSays({ id: 4, result: null, error: [21, 'Job not found', null] })),
    ...heardAs(
      'ton',
      ['dialect ton'],
      ['TON'],
      {
        agent: 'ton-pool-client/1.0.0',
        logins: [`${TON_WALLET}/rig5`],
        answers: { accepted: 1, stale: 1 },
        work: { hashes: 2 ** 33 },
      },
      { answers: { stale: 1 } },
    ),
  },
  {
    conversation: overWebSocket('/')
      // 2^248 − …: 257 hashes, rounded.
      .poolSays(siteSays(shaiJob('j1')))
      .minerSays(browserSays(shaiShare('j1')))
      .poolSays(siteSays({ type: 'accepted' }))
      .captureMayStartHere()
      .poolSays(siteSays(shaiJob('j2')))
      .minerSays(browserSays(shaiShare('j2')))
      .poolSays(siteSays({ type: 'rejected', message: 'Job ID mismatch' })),
    ...heardAs(
      'shaicoin',
      ['dialect shaihive'],
      ['SHAI'],
      {
        logins: ['sh1qexample/rig5'],
        admitted: null,
        answers: { accepted: 1, stale: 1 },
        work: { hashes: 512 },
      },
      { logins: ['sh1qexample/rig5'], answers: { stale: 1 }, work: { hashes: 256 } },
    ),
  },
  {
    conversation: conversation({ ...ENDS, noise: NO_NOISE })
      .connect()
      .minerSays(visit(ROUND))
      .poolSays(round(905_123))
      .minerSays(handIn(905_123))
      .poolSays(respond({ deadline: 3600, result: 'success' }))
      .captureMayStartHere()
      .minerSays(visit(ROUND))
      .poolSays(round(905_124))
      .minerSays(handIn(905_124))
      .poolSays(respond({ result: 'error', errorDescription: 'Submitted on wrong height' })),
    ...heardAs(
      'signum',
      ['dialect signum-plots'],
      ['SIGNA'],
      {
        agent: 'BlagoMiner 1.2',
        logins: ['13209130496096169325'],
        admitted: null,
        answers: { accepted: 1, other: 1 },
      },
      { agent: 'BlagoMiner 1.2', logins: ['13209130496096169325'], answers: { other: 1 } },
    ),
  },
  {
    // ckb-miner asks its node each second; a block has the id of its work.
    conversation: conversation({ ...ENDS, noise: NO_NOISE })
      .connect()
      .minerSays(ckb(0, 'get_block_template', [null, null, null]))
      .poolSays(ckbWork(0, '0x1', H))
      .after(1)
      .minerSays(ckb(1, 'get_block_template', [null, null, null]))
      .poolSays(ckbWork(1, '0x1', H))
      .minerSays(ckbBlock(2, '0x1', 1))
      .poolSays(respond({ id: 2, jsonrpc: '2.0', result: `0x${I}` }))
      .captureMayStartHere()
      .minerSays(ckb(3, 'get_block_template', [null, null, null]))
      .poolSays(ckbWork(3, '0x2', I))
      .minerSays(ckbBlock(4, '0x2', 2))
      .poolSays(respond({ id: 4, jsonrpc: '2.0', error: { code: -32603, message: 'invalid block' } })),
    expected: { ...POLLED, jobs: 1, shares: 2, answers: { accepted: 1, other: 1 } },
    late: { ...POLLED, jobs: 0, shares: 1, answers: { other: 1 } },
  },
  {
    // kaspa-miner at its node: one stream, templates for an address, blocks with their nonce.
    conversation: conversation({ ...ENDS, noise: NO_NOISE })
      .connect()
      .minerSays(PREFACE, calls(1, '/protowire.RPC/MessageStream'), sends(1, kaspaAsks))
      .poolSays(SERVER_SETTINGS, answers(1), sends(1, kaspaTemplate(H)))
      .after(1)
      .minerSays(sends(1, kaspaBlock(H, 7)))
      .poolSays(sends(1, proto([1004, proto()])))
      .minerSays(sends(1, kaspaAsks))
      .poolSays(sends(1, kaspaTemplate(I)))
      .minerSays(sends(1, kaspaBlock(I, 9)))
      .poolSays(sends(1, proto([1004, proto([1, 1], [1000, proto([1, 'block is invalid'])])]))),
    expected: GRPC,
    late: GRPC,
  },
];
