/**
 * Mining that is known by its shape, scanned as a whole: work that is polled, miners that are servers, other envelopes, telemetry.
 * The messages are those of the programs named beside each; wallets, hashes and nonces are made up. Behind them the harmless
 * relatives of each shape, and conversations that others rebuilt, read in place.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMemberOf } from '../../src/evidence/algorithm.ts';
import { isAtLeast, type Verdict } from '../../src/evidence/verdict.ts';
import { isObject } from '../../src/json.ts';
import { type Conversation, conversation, type Said } from '../support/conversation.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { answers, calls, PREFACE, proto, SERVER_SETTINGS, sends } from '../support/grpc.ts';
import { scanInputs, scanPackets } from '../support/scanning.ts';
import { browserSays, ENDS, H, I, nonce, overWebSocket, post, respond, siteSays } from './canonical.ts';

const MINER = '10.7.0.21';
const NODE = '198.51.100.40';
const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';

async function found(talk: Conversation): Promise<unknown> {
  const { hosts, sessions } = await scanPackets(talk.toPackets());
  return [
    hosts.filter(({ verdict }) => verdict !== 'listed').map(({ ip, verdict }) => `${ip} ${verdict}`),
    ...sessions.map(({ shares, algorithm, coin }) => ({
      shares: [shares.submitted, shares.accepted],
      mined: algorithm ?? coin,
    })),
  ];
}

const get = (target: string, fields = ''): Buffer =>
  Buffer.from(`GET ${target} HTTP/1.1\r\nHost: node.example\r\n${fields}\r\n`);
const rpc = (id: number, method: string, params: unknown, to = '/'): Said =>
  post(to, '', { jsonrpc: '2.0', id, method, params });
const result = (id: number, value: unknown): Said =>
  respond({ jsonrpc: '2.0', id, result: value, error: null });
const DONE: Said = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');

/** Three rounds of asking and answer; in the second and third something is handed in and answered. */
function polled(
  asks: (round: number) => Said,
  work: (round: number) => Said,
  handsIn: (round: number) => Said,
  answer: (round: number) => Said = () => DONE,
): Conversation {
  let talk = conversation(ENDS).connect();
  for (const round of [1, 2, 3]) {
    talk = talk.minerSays(asks(round)).poolSays(work(round)).after(1);
    if (round > 1) talk = talk.minerSays(handsIn(round)).poolSays(answer(round)).after(1);
  }
  return talk;
}

const header = (round: number): string => `${round}0`.padStart(8, '0').repeat(20);
const POLLED: readonly (readonly [string, Conversation, string | null])[] = [
  [
    'BCHN, doc/json-rpc/getblocktemplatelight.md',
    polled(
      (round) => rpc(round, 'getblocktemplatelight', [{}]),
      (round) =>
        result(round, {
          ...{
            version: 536_870_912,
            previousblockhash: H,
            job_id: `${round}`.padStart(40, 'a'),
            merkle: [I],
          },
          ...{
            target: `${'0'.repeat(18)}${'8'.repeat(46)}`,
            bits: '1802f5a3',
            height: 900_000,
            curtime: 1_764_200_000,
          },
        }),
      (round) => rpc(10 + round, 'submitblocklight', [header(round), `${round}`.padStart(40, 'a')]),
      (round) => result(10 + round, null),
    ),
    null,
  ],
  [
    'Ergo, src/main/resources/api/openapi.yaml: /mining/candidate and /mining/solution',
    polled(
      () => get('/mining/candidate'),
      (round) => respond({ msg: H, b: 9.9e62, h: 1_500_000 + round, pk: `02${I}` }),
      (round) => post('/mining/solution', '', { pk: `02${I}`, w: `03${I}`, n: nonce(round, 16), d: 0 }),
    ),
    null,
  ],
  [
    'dod-worker-rs, README.md: /job and /answer of a pool',
    polled(
      () => get('/job', 'miner-id: 2vxsx-fae\r\n'),
      (round) =>
        respond({
          ...{ buffer: `01000000${H}`, hex_start: 101, remote_hash: H, pre: 8, post_hex: '5' },
          ...{ target: `${'0'.repeat(8)}${'f'.repeat(56)}`, block_height: 15_870 + round, submitted: false },
        }),
      (round) =>
        post('/answer', 'miner-id: 2vxsx-fae\r\n', { block_height: 15_870 + round, nonce: nonce(round, 32) }),
    ),
    null,
  ],
  [
    'Bitcoin SV, getminingcandidate and submitminingsolution',
    polled(
      (round) => rpc(round, 'getminingcandidate', [false]),
      (round) =>
        result(round, {
          ...{
            id: `c0ffee00-0000-0000-0000-00000000000${round}`,
            prevhash: H,
            coinbase: header(1),
            version: 536_870_912,
          },
          ...{ nBits: '180f1e5a', time: 1_764_200_000, height: 870_000, merkleProof: [I] },
        }),
      (round) =>
        rpc(10 + round, 'submitminingsolution', [
          {
            id: `c0ffee00-0000-0000-0000-00000000000${round}`,
            nonce: 3_000_000_000 + round,
            coinbase: header(round),
          },
        ]),
      (round) => result(10 + round, true),
    ),
    null,
  ],
  [
    'aquacppminer, notes.md: aqua_getWork and aqua_submitWork over HTTP',
    polled(
      (round) => rpc(round, 'aqua_getWork', null, '/0x3847b2785fad1877c064cd259498ea2b5bffc01d/66'),
      (round) =>
        result(round, [
          `0x${round}${H.slice(1)}`,
          `0x${'0'.repeat(64)}`,
          `0x0431bde82d7b634dad31fcd24e160d88`,
        ]),
      (round) =>
        rpc(10 + round, 'aqua_submitWork', [
          `0x${nonce(round, 16)}`,
          `0x${round}${H.slice(1)}`,
          `0x${'0'.repeat(64)}`,
        ]),
      (round) => result(10 + round, true),
    ),
    null,
  ],
  [
    'go-quai, doc/soap.md: quai_getBlockTemplate names the algorithm',
    polled(
      (round) => rpc(round, 'quai_getBlockTemplate', [{ rules: ['kawpow'] }]),
      (round) =>
        result(round, {
          bits: '1b0127c1',
          height: 4_087_754 + round,
          previousblockhash: H,
          noncerange: '00ff',
        }),
      (round) => rpc(10 + round, 'quai_submitKawpowBlock', [`0x${header(round)}`]),
      (round) => result(10 + round, { hash: `0x${I}`, number: '0x3e6000' }),
    ),
    'kawpow',
  ],
];

describe('work that is polled', () => {
  for (const [name, talk, mined] of POLLED) {
    it(`of ${name}: who submits mines`, async () => {
      expect(await found(talk)).toEqual([[`${MINER} probable`], { shares: [2, 2], mined }]);
    });
  }

  it('is a monitor’s if nothing is submitted', async () => {
    const quiet = polled(
      (round) => rpc(round, 'getblocktemplatelight', [{}]),
      (round) =>
        result(round, {
          previousblockhash: H,
          bits: '1802f5a3',
          height: 900_000,
          job_id: `${round}`.repeat(40),
        }),
      (round) => rpc(10 + round, 'getpeerinfo', []),
      (round) => result(10 + round, []),
    );
    const { hosts } = await scanPackets(quiet.toPackets());
    expect(hosts.map(({ ip, verdict, roles }) => [ip, verdict, roles])).toEqual([
      [MINER, 'attempted', ['monitor']],
    ]);
  });
});

const HEADER = '5c'.repeat(252);
const moneroBlob = (found: number): string =>
  `10108f9b98d806${'83'.repeat(32)}${nonce(found, 8)}0289e6c20101ff${'cd'.repeat(60)}`;

type ById = (id: number) => Said;
/** Who asks a node for work, by a program that nobody knows, and hands in what it finds; the result where that is taken. */
const AT_NODES: readonly (readonly [string, Verdict, ById, ById, ById, unknown])[] = [
  [
    'hsd, lib/node/rpc.js: getwork and submitwork',
    'confirmed',
    (id) => rpc(id, 'getwork', []),
    (id) =>
      result(id, {
        network: 'main',
        data: `00000000${HEADER}`,
        target: `${'0'.repeat(10)}${'a'.repeat(54)}`,
        height: 250_000,
        time: 1,
        fee: 0,
      }),
    (id) => rpc(id, 'submitwork', [`${nonce(id, 8)}${HEADER}`]),
    [true, 'valid'],
  ],
  [
    'dcrd, rpcserver.go: getwork both ways',
    'confirmed',
    (id) => rpc(id, 'getwork', []),
    (id) => result(id, { data: HEADER.slice(0, 384), target: `${'f'.repeat(56)}00000000` }),
    (id) => rpc(id, 'getwork', [`${HEADER.slice(0, 280)}${nonce(id, 8)}${HEADER.slice(288, 384)}`]),
    true,
  ],
  [
    'Ravencoin, src/rpc/mining.cpp: pprpcsb',
    'confirmed',
    (id) => rpc(id, 'getblocktemplate', [{ rules: ['segwit'] }]),
    (id) =>
      result(id, {
        previousblockhash: H,
        bits: '1b00f1a2',
        height: 3_000_000 + id,
        pprpcheader: I,
        pprpcepoch: 420,
      }),
    (id) => rpc(id, 'pprpcsb', [I, H, nonce(id, 16)]),
    null,
  ],
  [
    'Zano, currency_core: templates with difficulties as text',
    'probable',
    (id) => rpc(id, 'getblocktemplate', { wallet_address: 'ZxAnybody' }, '/json_rpc'),
    (id) =>
      result(id, {
        ...{ blocktemplate_blob: moneroBlob(0), difficulty: '812345678901', height: 2_900_000, seed: H },
        status: 'OK',
      }),
    (id) => rpc(id, 'submitblock', [moneroBlob(id)], '/json_rpc'),
    { status: 'OK' },
  ],
];

describe('work of a node', () => {
  it.each(AT_NODES)(
    'of %s: who hands in what it takes mines',
    async (_, verdict, asks, work, handsIn, taken) => {
      const of = (rounds: number): Conversation => {
        let talk = conversation(ENDS).connect();
        for (let round = 1; round <= 5; round++) {
          talk = talk
            .minerSays(asks(2 * round))
            .poolSays(work(2 * round))
            .after(5);
          if (round > rounds) continue;
          const id = 2 * round + 1;
          talk = talk.minerSays(handsIn(id)).poolSays(result(id, taken)).after(5);
        }
        return talk;
      };
      const [hosts, session] = (await found(of(4))) as [string[], { shares: number[] }];
      expect([hosts, session.shares]).toEqual([[`${MINER} ${verdict}`], [4, 4]]);
      const [onlookers] = (await found(of(0))) as [string[]];
      expect(onlookers.filter((text) => !text.endsWith('attempted'))).toEqual([]);
    },
  );
});

it('reads method names of any length soon', async () => {
  const method = `${'submit'.repeat(2000)}${'block'.repeat(2000)}!`;
  let talk = conversation(ENDS).connect();
  for (const id of [1, 2, 3, 4, 5])
    talk = talk
      .minerSays({ jsonrpc: '2.0', id, method, params: [{ nonce: 'ab12cd34ef' }] })
      .poolReplies({ result: true });
  expect(await found(talk)).toEqual([[]]);
}, 10_000);

const KEY = 'e6a8c3b2-0000-4000-8000-00000000000';
/** A node hands work to a miner that listens (Quantus-Network/quantus-miner, api/openapi.yaml). */
function askedMiner(): Conversation {
  let talk = conversation({ miner: `${NODE}:40000`, pool: `${MINER}:9833` }).connect();
  for (const round of [1, 2, 3, 4]) {
    const job_id = `${KEY}${round}`;
    talk = talk
      .minerSays(
        post('/mine', '', {
          ...{ job_id, mining_hash: round % 2 === 0 ? H : I, distance_threshold: '31432424523' },
          ...{ nonce_start: '0'.repeat(128), nonce_end: 'f'.repeat(128) },
        }),
      )
      .poolSays(respond({ status: 'accepted', job_id }))
      .after(2)
      .minerSays(get(`/result/${job_id}`))
      .poolSays(
        respond({
          status: 'running',
          job_id,
          nonce: null,
          work: null,
          hash_count: 123_456 + round,
          elapsed_time: 2,
        }),
      )
      .after(2)
      .minerSays(get(`/result/${job_id}`))
      .poolSays(
        respond({
          ...{ status: 'completed', job_id, nonce: nonce(round, 16), work: nonce(round, 128) },
          ...{ hash_count: 987_654 + round, elapsed_time: 4.1 },
        }),
      );
  }
  return talk;
}

/** Ids are kinds (hackerby888/qatum-protocol README.md). */
function kindsAreIds(): Conversation {
  const computor = 'OYAFMFNAYFNXQFQJZPBZGHUHDVDXCYOYXCNVNYNNNHITSNTSLRXDRUOLAOBN';
  let talk = conversation(ENDS)
    .connect()
    .minerSays({ id: 1, wallet: computor.split('').reverse().join(''), worker: 'rig1' })
    .poolSays(
      { id: 1, result: true, error: null },
      { id: 2, computorId: computor },
      { id: 6, difficulty: 80 },
    );
  for (const seed of [H, I]) {
    talk = talk.poolSays({ id: 3, seed, isEmpty: false });
    for (const at of [1, 2]) {
      talk = talk
        .after(5)
        .minerSays({ id: 4, nonce: nonce(seed === H ? at : at + 2, 64), seed, computorId: computor })
        .poolSays({ id: 4, result: true, error: null })
        .minerSays({ id: 5, computorId: computor, hashrate: 3956 });
    }
  }
  return talk;
}

/** A farmer answers slots with solutions (autonomys/subspace, crates/sc-consensus-subspace-rpc). */
function farmer(): Conversation {
  let talk = overWebSocket('/')
    .minerSays(browserSays({ jsonrpc: '2.0', id: 1, method: 'subspace_subscribeSlotInfo', params: [] }))
    .poolSays(siteSays({ jsonrpc: '2.0', id: 1, result: 'Zk3fWmBQqyO0' }));
  for (const slot of [70_000_001, 70_000_002, 70_000_003, 70_000_004]) {
    const id = slot % 100;
    talk = talk
      .poolSays(
        siteSays({
          jsonrpc: '2.0',
          method: 'subspace_slot_info',
          params: {
            subscription: 'Zk3fWmBQqyO0',
            result: {
              slotNumber: slot,
              globalChallenge: slot % 2 === 0 ? H : I,
              solutionRange: 5_000_000_000_000,
            },
          },
        }),
      )
      .after(1)
      .minerSays(
        browserSays({
          jsonrpc: '2.0',
          id,
          method: 'subspace_submitSolutionResponse',
          params: [{ slotNumber: slot, solution: { publicKey: H, rewardAddress: I, chunk: nonce(id, 64) } }],
        }),
      )
      .poolSays(siteSays({ jsonrpc: '2.0', id, result: null }));
  }
  return talk;
}

/** EthereumStratum/2 with names in place of places (abelian pool's AbelianStratum). */
function named(): Conversation {
  let talk = conversation(ENDS)
    .connect()
    .minerSays({ id: 1, method: 'mining.hello', params: { agent: 'abelminer/2.0', proto: 'AbelianStratum' } })
    .poolSays({ id: 1, result: { proto: 'AbelianStratum', node: 'abel' }, error: null })
    .minerSays({ id: 2, method: 'mining.authorize', params: { user: 'abe3xq', pass: 'x' } })
    .poolSays({ id: 2, result: { worker: '0' }, error: null })
    .poolSays({
      id: null,
      method: 'mining.set',
      params: { epoch: '1f', target: `0000000ffff${'0'.repeat(53)}` },
    });
  for (const at of [1, 2, 3]) {
    const job_id = `a${at}`;
    talk = talk
      .poolSays({
        ...{ id: null, method: 'mining.notify' },
        params: { job_id, height: `4f1a${at}`, content_hash: at === 2 ? I : H, clean_job: '1' },
      })
      .after(5)
      .minerSays({
        id: 9 + at,
        method: 'mining.submit',
        params: { job_id, nonce: nonce(at, 16), worker: '0' },
      })
      .poolSays({ id: 9 + at, result: true, error: null });
  }
  return talk;
}

describe('mining in other shapes', () => {
  it('with all parameters by name is read', async () => {
    expect(await found(named())).toEqual([[`${MINER} confirmed`], { shares: [3, 3], mined: null }]);
  });

  it('of a miner that is the server is the server’s', async () => {
    expect(await found(askedMiner())).toEqual([[`${MINER} suspected`], { shares: [4, 0], mined: null }]);
  });

  it('in an envelope whose ids are kinds is read', async () => {
    expect(await found(kindsAreIds())).toEqual([[`${MINER} confirmed`], { shares: [4, 4], mined: null }]);
  });

  it('at a base node of Tari is read by the numbers of fields', async () => {
    expect(await found(tari())).toEqual([[`${MINER} confirmed`], { shares: [3, 3], mined: 'sha3x' }]);
  });

  it('with parameters by name in a list is read', async () => {
    expect(await found(farmer())).toEqual([[`${MINER} suspected`], { shares: [4, 4], mined: null }]);
  });
});

/** minotari_miner at a base node: a block is asked for, and comes back with its nonce (tari base_node.proto, block.proto). */
function tari(): Conversation {
  let talk = conversation(ENDS).connect().minerSays(PREFACE).poolSays(SERVER_SETTINGS);
  for (const round of [1, 2, 3]) {
    const header = (found: number): Buffer =>
      proto([3, 90_000 + round], [4, Buffer.from(H, 'hex')], [11, found], [12, proto([1, 1])]);
    const stream = 4 * round - 3;
    const asked = calls(stream, '/tari.rpc.BaseNode/GetNewBlockTemplateWithCoinbases');
    const submitted = calls(stream + 2, '/tari.rpc.BaseNode/SubmitBlock');
    const coinbase = proto([1, '12HVCEeZC2RGE4SDn3yGwqz'], [2, 13_000_000]);
    talk = talk
      .minerSays(asked, sends(stream, proto([1, proto([1, 1])], [3, coinbase]), true))
      .poolSays(
        answers(stream),
        sends(stream, proto([1, H], [2, proto([1, header(0)])], [5, proto([2, 1_000_000])])),
      )
      .after(5)
      .minerSays(submitted, sends(stream + 2, proto([1, header(77 + round)]), true))
      .poolSays(answers(stream + 2), sends(stream + 2, proto([1, Buffer.from(I, 'hex')])));
  }
  return talk;
}

/** A machine posts the same thing again and again. */
function told(value: (at: number) => object, times = 3, to = '/api/status'): Conversation {
  let talk = conversation({ miner: `${MINER}:50000`, pool: `${NODE}:80` }).connect();
  for (let at = 1; at <= times; at++)
    talk = talk
      .minerSays(post(to, '', value(at)))
      .poolSays(respond({ ok: true }))
      .after(10);
  return talk;
}

describe('telemetry', () => {
  it.each([
    [
      'of xmrigCC (ClientStatus.cpp)',
      (at: number) => ({
        client_status: {
          ...{ client_id: 'web-07', current_pool: 'pool.example:443', current_status: 'RUNNING' },
          ...{ current_algo_name: 'rx/0', hashrate_short: 4200.1, shares_good: at, shares_total: at },
        },
      }),
      4200.1,
    ],
    [
      'of HiveOS (hive/bin/agent)',
      (at: number) => ({
        method: 'stats',
        params: {
          ...{
            v: 1,
            rig_id: '1',
            temp: Array.from({ length: 30 }, () => '60'),
            miner: 't-rex',
            total_khs: 180_000,
          },
          miner_stats: { hs: [90_000, 90_000], hs_units: 'khs', algo: 'kawpow', ar: [at, 0] },
        },
      }),
      180e6,
    ],
  ])('%s is the miner’s own report', async (_, value, rate) => {
    const { hosts, sessions } = await scanPackets(told(value).toPackets());
    expect(
      hosts
        .filter(({ verdict }) => verdict !== 'listed')
        .map(({ ip, verdict, roles }) => [ip, verdict, roles]),
    ).toEqual([[MINER, 'probable', ['miner']]]);
    expect(sessions.map(({ selfReported }) => selfReported.map(({ hashrate }) => hashrate))).toEqual([
      [rate, rate, rate],
    ]);
    expect(hosts[0].hashrate.every(({ basis }) => basis === 'self-reported')).toBe(true);
  });

  it.each([
    [
      'said once',
      told((at) => ({ miner: 'xmrig', pool: 'pool.example:443', hashrate: 900, accepted: at }), 1),
    ],
    [
      'of a pool about its miners',
      told((at) => ({ name: 'pool', hashrate: 9e12, miners: 70, accepted: at })),
    ],
    [
      'of a collector about machines',
      told((at) => ({
        site: 'north',
        rigs: [{ miner: 'xmrig', hashrate: 9e3, accepted: at, pool: 'pool.example:443' }],
      })),
    ],
    [
      'of a server about its requests',
      told((at) => ({ service: 'web', rate: 9e3, accepted: at, url: 'web.example:443' })),
    ],
    [
      'that a browser gets',
      conversation({ miner: `${MINER}:50000`, pool: `${NODE}:80` })
        .connect()
        .minerSays(get('/api/stats'))
        .poolSays(respond({ pool: 'pool.example:3333', hashrate: 9e12, accepted: 7, miner: 'all' }))
        .minerSays(get('/api/stats'))
        .poolSays(respond({ pool: 'pool.example:3333', hashrate: 9e12, accepted: 9, miner: 'all' })),
    ],
  ])('%s accuses nobody', async (_, talk) => {
    expect(await found(talk)).toEqual([[]]);
  });

  it('of a node that mines itself is the node’s (monero daemon-rpc, mining_status)', async () => {
    let talk = conversation({ miner: `${NODE}:50000`, pool: `${MINER}:18081` })
      .connect()
      .minerSays(
        post('/start_mining', '', { do_background_mining: false, miner_address: XMR, threads_count: 8 }),
      )
      .poolSays(respond({ status: 'OK', untrusted: false }));
    for (const active of [true, true])
      talk = talk.minerSays(post('/mining_status', '', {})).poolSays(
        respond({
          active,
          address: XMR,
          pow_algorithm: 'RandomX',
          speed: 3900,
          threads_count: 8,
          status: 'OK',
        }),
      );
    expect(await found(talk)).toEqual([[`${MINER} probable`], { shares: [0, 0], mined: 'rx/0' }]);
  });

  it('of a node that does not mine accuses nobody', async () => {
    const talk = conversation({ miner: `${NODE}:50000`, pool: `${MINER}:18081` })
      .connect()
      .minerSays(post('/mining_status', '', {}))
      .poolSays(
        respond({
          active: false,
          address: '',
          pow_algorithm: 'RandomX',
          speed: 0,
          threads_count: 0,
          status: 'OK',
        }),
      );
    expect(await found(talk)).toEqual([[]]);
  });
});

const corpus = corpusFolder();
const shapes = corpus === null ? '' : path.join(corpus, 'shapes');
const truthFile = path.join(shapes, 'truth.json');
const isPresent = existsSync(truthFile);

function truths(): [name: string, truth: Readonly<Record<string, unknown>>][] {
  const parsed: unknown = isPresent ? JSON.parse(readFileSync(truthFile, 'utf8')) : {};
  return Object.entries(isObject(parsed) ? parsed : {}).flatMap(([name, truth]) =>
    isObject(truth) ? [[name, truth]] : [],
  );
}

const VERDICTS: readonly Verdict[] = ['confirmed', 'probable', 'suspected', 'attempted', 'listed'];
const verdictIn = (value: unknown): Verdict | undefined => VERDICTS.find((each) => each === value);

describe.skipIf(!isPresent)(`shapes${isPresent ? '' : ` (${CORPUS_ABSENT})`}`, () => {
  for (const [name, truth] of truths()) {
    it(name, async () => {
      const { hosts, sessions } = await scanInputs([path.join(shapes, String(truth.file))]);
      const accused = hosts.filter(({ verdict }) => verdict !== 'listed');
      const [host] = accused;
      const [least, most] = [verdictIn(truth.verdict), verdictIn(truth.most)];
      if (typeof truth.miner === 'string') expect(accused.map(({ ip }) => ip)).toEqual([truth.miner]);
      if (least !== undefined) expect(isAtLeast(host.verdict, least)).toBe(true);
      if (most !== undefined) for (const { verdict } of accused) expect(isAtLeast(most, verdict)).toBe(true);
      for (const { algorithm, coin } of sessions) {
        const { accept_algorithm: algorithms, accept_coin: coins } = truth;
        if (Array.isArray(algorithms) && algorithm !== null)
          expect(algorithms.some((each) => each === algorithm || isMemberOf(algorithm, String(each)))).toBe(
            true,
          );
        if (Array.isArray(coins) && coin !== null) expect(coins).toContain(coin);
      }
      if (typeof truth.reported === 'number') {
        const [rate] = host.hashrate.filter(({ basis }) => basis === 'self-reported');
        expect(Math.abs(rate.estimate / truth.reported - 1)).toBeLessThan(0.01);
      }
    });
  }
});
