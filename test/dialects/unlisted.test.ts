/**
 * Protocols that no dialect lists, scanned as a whole: four of public sources, the rest made up, and their harmless
 * relatives with the same course. What is mined stays unknown.
 */
import { describe, expect, it } from 'vitest';
import { type Conversation, conversation, type Said } from '../support/conversation.ts';
import { scanPackets } from '../support/scanning.ts';
import { opening } from '../support/websocket.ts';
import { browserSays, ENDS, H, I, nonce, post, respond, siteSays } from './canonical.ts';

/** Verdict, role, algorithm and shares of each session; the accounts. */
async function found(talk: Conversation): Promise<unknown> {
  const packets = talk.toPackets();
  const { hosts, sessions } = await scanPackets(packets);
  return [
    hosts.map(({ ip, verdict }) => `${ip} ${verdict}`),
    sessions.map(({ algorithm, coin, shares, logins }) => ({
      mined: algorithm ?? coin,
      shares: [shares.submitted, shares.accepted],
      logins: logins.map(({ account }) => account),
    })),
  ];
}

interface Talk {
  /** Handshake and its answer, and so on. */
  readonly opens: readonly (readonly [asks: Said, agrees: Said])[];
  readonly job: (digest: string, round: number) => Said;
  readonly share: (digest: string, round: number, id: number) => Said;
  readonly answer: (id: number) => Said;
}

const id = (round: number): string => `q7PL${round}x`;

/** Two jobs, each with two shares. */
function talk({ opens, job, share, answer }: Talk, first: readonly [Said, Said] | null = null): Conversation {
  let so = conversation(ENDS).connect();
  for (const [asks, agrees] of first === null ? opens : [first, ...opens])
    so = so.minerSays(asks).poolSays(agrees);
  [H, I].forEach((digest, round) => {
    so = so.poolSays(job(digest, round));
    for (const at of [1, 2]) {
      const number = 10 * (round + 1) + at;
      so = so
        .after(7)
        .minerSays(share(digest, round, number))
        .poolSays(answer(number));
    }
  });
  return so;
}

const WALLET = '0xb85150eb365e7df0941f0cf08235f987ba91506a';
const yes = (number: number): object => ({ id: number, jsonrpc: '2.0', result: true });
const fine = (number: number): object => ({
  id: number,
  jsonrpc: '2.0',
  error: null,
  result: { status: 'OK' },
});

const ARWEAVE: Talk = {
  opens: [
    [
      {
        id: 1,
        jsonrpc: '2.0',
        method: 'login',
        params: { login: 'acct.rig', pass: 'x', agent: 'arweave-miner/2.0' },
      },
      { id: 1, jsonrpc: '2.0', error: null, result: { height: 234_234, status: 'OK' } },
    ],
  ],
  job: (digest, round) => ({
    jsonrpc: '2.0',
    method: 'job',
    params: {
      job_id: id(round),
      bds: `0707${digest}`,
      target: 'b88d0600',
      timestamp: 7_656_576_474,
      height: 223_344,
    },
  }),
  share: (_, round, number) => ({
    id: number,
    jsonrpc: '2.0',
    method: 'submit',
    params: { job_id: id(round), nonce: nonce(number, 8), hash: 'e1364b87'.repeat(8) },
  }),
  answer: fine,
};

const TRUECHAIN: Talk = {
  opens: [
    [
      {
        id: 1,
        jsonrpc: '2.0',
        method: 'etrue_submitLogin',
        params: [WALLET, 'admin@example.net'],
        worker: 'test',
      },
      yes(1),
    ],
    [
      { id: 2, jsonrpc: '2.0', method: 'etrue_getWork' },
      { id: 2, jsonrpc: '2.0', method: 'etrue_getWork', result: [`0x${'5'.repeat(64)}`, `0x${H}`, `0x${I}`] },
    ],
  ],
  job: (digest) => ({
    id: 0,
    jsonrpc: '2.0',
    method: 'etrue_notify',
    params: [`0x${digest}`, `0x${H}`, `0x${I}`],
  }),
  share: (digest, _, number) => ({
    id: number,
    jsonrpc: '2.0',
    method: 'etrue_submitWork',
    params: [`0x${nonce(number, 16)}`, `0x${digest}`, `0x${'2b20a6c6'.repeat(8)}`],
    worker: 'test',
  }),
  answer: yes,
};

const HATHOR: Talk = {
  opens: [
    [
      {
        id: 'a',
        method: 'subscribe',
        params: { address: 'HNXsVtRUmwDCtpcCJUrH4QiHo9kUKx199A', mine_txs: false, miner: 'x' },
      },
      { id: 'a', result: 'ok', error: null },
    ],
  ],
  job: (digest, round) => ({
    id: null,
    method: 'job',
    params: {
      data: `0000${digest}${H}`,
      job_id: `${round}e5f`.padEnd(32, '0'),
      nonce_size: 16,
      weight: 21.5,
    },
  }),
  share: (_, round, number) => ({
    id: number,
    method: 'submit',
    params: { job_id: `${round}e5f`.padEnd(32, '0'), nonce: nonce(number, 32) },
  }),
  answer: (number) => ({ id: number, result: 'ok', error: null }),
};

/** Login, job and submit of CryptoNote's envelope around a job of its own. */
const ENVELOPE: Talk = {
  opens: [
    [
      { id: 1, method: 'login', params: { login: 'btx1.rig', pass: 'x', agent: 'btx-gpu-miner/1.0' } },
      { id: 1, error: null, result: { id: 'c1', status: 'OK' } },
    ],
  ],
  job: (digest, round) => ({
    method: 'job',
    params: { job_id: id(round), header: `0000${digest}`, seed_a: I, target: `000f${'f'.repeat(60)}` },
  }),
  share: (_, round, number) => ({
    id: number,
    method: 'submit',
    params: { id: 'c1', job_id: id(round), nonce64: nonce(number, 16), digest: 'ab'.repeat(32) },
  }),
  answer: fine,
};

/** Names that nobody has. */
const MADE_UP: Talk = {
  opens: [
    [
      { id: 1, method: 'forge.join', params: { wallet: 'someone', program: 'forge-miner/0.3' } },
      { id: 1, result: 'welcome' },
    ],
  ],
  job: (digest, round) => ({ method: 'forge.ore', params: { vein: id(round), seam: digest, grade: 40 } }),
  share: (_, round, number) => ({
    id: number,
    method: 'forge.nugget',
    params: { vein: id(round), salt: nonce(number, 16) },
  }),
  answer: (number) => ({ id: number, result: 'ok' }),
};

/** The same in lists, and the miner tells itself by nothing but a nonce for a difficulty. */
const IN_WORDS: Talk = {
  opens: [
    [
      { id: 1, method: 'p.login', params: ['someone', 'secret'] },
      { id: 1, result: true },
    ],
  ],
  job: (digest, round) => ({
    method: 'p.work',
    params: { ref: id(round), header: digest, difficulty: 65_536 },
  }),
  share: (_, round, number) => ({
    id: number,
    method: 'p.found',
    params: { ref: id(round), nonce: nonce(number, 16) },
  }),
  answer: yes,
};

const [asks, agrees] = opening('/pool').map(({ bytes }) => bytes);
/** Without calls, over WebSocket. */
const DATA: Talk = {
  opens: [
    [
      browserSays({ type: 'hello', address: 'someone', agent: 'webforge-miner/2' }),
      siteSays({ type: 'welcome', online: 7 }),
    ],
  ],
  job: (digest, round) => siteSays({ type: 'task', task: id(round), input: digest, target: '0000ffff' }),
  share: (_, round, number) => browserSays({ type: 'found', task: id(round), nonce: nonce(number, 16) }),
  answer: () => siteSays({ type: 'ok' }),
};

/** TERA's, as the notes of a pool have it: nothing but lists, and a low hash in each share. */
const TERA: Talk = {
  opens: [
    [
      { id: 3, method: 'login', params: ['account.rig'] },
      { id: 3, result: true },
    ],
  ],
  job: (digest, round) => ({
    id: 3,
    method: 'notify',
    params: [`509549${round}`, '15', '23', '225abf1', '33', digest, I],
  }),
  share: (_, round, number) => ({
    id: number,
    method: 'submit',
    params: [
      `509549${round}`,
      '225abf1',
      nonce(number, 8).repeat(8),
      `0000000${nonce(number, 57).replaceAll('0', 'c')}`,
    ],
  }),
  answer: yes,
};

/** Ethereum's work by subscription, in another namespace. */
const SUBSCRIBED: Talk = {
  opens: [
    [
      { id: 1, method: 'zz_subscribe', params: ['newWork'] },
      { id: 1, result: '0x9c' },
    ],
  ],
  job: (digest) => ({
    method: 'zz_subscription',
    params: { subscription: '0x9c', result: [`0x${digest}`, `0x${H}`, `0x${I}`] },
  }),
  share: (digest, _, number) => ({
    id: number,
    method: 'zz_submitWork',
    params: [`0x${nonce(number, 16)}`, `0x${digest}`, `0x${'2b20a6c6'.repeat(8)}`],
  }),
  answer: yes,
};

/** Commands, within objects within objects; a nonce in base64. */
const COMMANDS: Talk = {
  opens: [
    [
      { cmd: 'register', data: { user: 'someone', program: 'deep-miner/1' } },
      { cmd: 'registered', data: { ok: true } },
    ],
  ],
  job: (digest, round) => ({
    cmd: 'new',
    data: { piece: { ref: id(round), head: { roots: { all: digest } } } },
  }),
  share: (_, round, number) => ({
    cmd: 'done',
    data: { piece: { ref: id(round), salt: Buffer.from(nonce(number, 16), 'hex').toString('base64') } },
  }),
  answer: () => ({ cmd: 'thanks' }),
};

const ask = (path: string, agent: string, value: object): Said =>
  post(path, `User-Agent: ${agent}\r\n`, value);
/** Over HTTP: each round begins with a question for work. */
const overHttp = (agent: string): Conversation => {
  let so = conversation(ENDS).connect();
  [H, I].forEach((digest, round) => {
    so = so.minerSays(ask('/work', agent, { user: 'someone' }));
    so = so.poolSays(respond({ ref: id(round), salt: digest, difficulty: 50_000 }));
    for (const at of [1, 2]) {
      const share = { ref: id(round), nonce: nonce(10 * round + at, 16) };
      so = so
        .after(7)
        .minerSays(ask('/found', agent, share))
        .poolSays(respond({ status: 'ok' }));
    }
  });
  return so;
};

const session = (login: string): object => ({ mined: null, shares: [4, 4], logins: [login] });

describe('a protocol that nobody listed', () => {
  it.each([
    ['Arweave', talk(ARWEAVE), 'acct'],
    ['TrueChain', talk(TRUECHAIN), WALLET],
    ['Hathor', talk(HATHOR), 'HNXsVtRUmwDCtpcCJUrH4QiHo9kUKx199A'],
    ['a job of its own in login, job and submit', talk(ENVELOPE), 'btx1'],
    ['made-up names', talk(MADE_UP), 'someone'],
    ['data over WebSocket', talk(DATA, [asks ?? '', agrees ?? '']), 'someone'],
    ['low hashes', talk(TERA), 'account'],
    ['commands', talk(COMMANDS), 'someone'],
  ])('is confirmed by its course: %s', async (_, conversed, login) => {
    expect(await found(conversed)).toEqual([['10.7.0.21 confirmed'], [session(login)]]);
  });

  it('is confirmed if it subscribes to work', async () => {
    expect(await found(talk(SUBSCRIBED))).toEqual([
      ['10.7.0.21 confirmed'],
      [{ mined: null, shares: [4, 4], logins: [] }],
    ]);
  });

  it('is suspected over HTTP, where nobody logs in, if the program is a miner', async () => {
    expect(await found(overHttp('acme-miner/1.2'))).toEqual([
      ['10.7.0.21 suspected'],
      [{ mined: null, shares: [4, 4], logins: [] }],
    ]);
    // A web site that asks for work before it lets a browser in.
    expect(await found(overHttp('Mozilla/5.0'))).toEqual([[], []]);
  });

  it('is a suspicion if it has a login, nonces and a difficulty, and no mark', async () => {
    expect(await found(talk(IN_WORDS))).toEqual([['10.7.0.21 suspected'], [session('someone')]]);
  });
});

const agent = (name: string): readonly [Said, Said] => [
  { id: 1, method: 'agent.login', params: { user: 'ci', client: name } },
  { id: 1, result: true },
];

/** The same course without a mark of a miner. */
const RELATIVES: [string, Talk][] = [
  ...[
    'Minerva/2.1',
    'RapidMiner/9.10',
    'text-miner/2',
    'Data Miner/1',
    'miner-detector/2',
    'hashrate-page/1',
  ].map((name): [string, Talk] => [
    `tasks of ${name}`,
    {
      opens: [agent(name)],
      job: (digest, round) => ({
        method: 'task',
        params: { id: id(round), sha1: digest },
      }),
      share: (_, round, number) => ({
        id: number,
        method: 'result',
        params: { task: id(round), mineral: 'quartz', out: nonce(number, 64) },
      }),
      answer: yes,
    },
  ]),
  ...[{}, { targetBlock: 812_345 }, { bits: 2048 }, { difference: 1000 }, { target: H }].map(
    (more): [string, Talk] => [
      `who signs for an account with a checksum ${Object.keys(more).join()}`,
      {
        opens: [
          [
            { id: 1, method: 'login', params: { user: '1BoatSLRHtKNngkdXEeobR76b53LETtpyT', token: 't' } },
            { id: 1, result: 'welcome' },
          ],
        ],
        job: (digest, round) => ({
          method: 'sign',
          params: { request: id(round), payload: digest, ...more },
        }),
        share: (_, round, number) => ({
          id: number,
          method: 'signed',
          params: { request: id(round), signature: nonce(number, 64) },
        }),
        answer: yes,
      },
    ],
  ),
  [
    'an agent that builds',
    {
      opens: [agent('runner/1.2')],
      job: (digest, round) => ({
        method: 'build',
        params: { job_id: id(round), commit: digest, target: 'linux-x64' },
      }),
      share: (_, round, number) => ({
        id: number,
        method: 'done',
        params: { job_id: id(round), log: nonce(number, 40), artifact: 'ab'.repeat(32) },
      }),
      answer: yes,
    },
  ],
  [
    'a queue of jobs',
    {
      opens: [agent('worker-pool/3')],
      job: (digest, round) => ({ method: 'reserve', params: [id(round), 'resize', digest] }),
      share: (_, round, number) => ({ id: number, method: 'delete', params: [id(round), nonce(number, 16)] }),
      answer: yes,
    },
  ],
  [
    'a chat whose messages are signed',
    {
      opens: [agent('chat/4')],
      job: (digest, round) => ({ method: 'message', params: { id: id(round), hash: digest, text: 'hello' } }),
      share: (_, round, number) => ({
        id: number,
        method: 'read',
        params: { id: id(round), nonce: nonce(number, 24), signature: 'cd'.repeat(32) },
      }),
      answer: yes,
    },
  ],
  [
    'a wallet that signs what a server asks for',
    {
      opens: [agent('wallet/7')],
      job: (digest, round) => ({ method: 'sign', params: { request: id(round), payload: digest } }),
      share: (_, round, number) => ({
        id: number,
        method: 'signed',
        params: { request: id(round), r: nonce(number, 64), s: nonce(number + 1, 64) },
      }),
      answer: yes,
    },
  ],
  [
    'votes of nodes on blocks',
    {
      opens: [agent('node/1')],
      job: (digest, round) => ({
        method: 'propose',
        params: { round: id(round), block: digest, height: 905_123 },
      }),
      share: (digest, round, number) => ({
        id: number,
        method: 'vote',
        params: { round: id(round), block: digest, signature: nonce(number, 64) },
      }),
      answer: yes,
    },
  ],
];

const TRADED_MS = Math.floor(conversation(ENDS).connect().toPackets()[0].timeUs / 1000);
RELATIVES.push(
  [
    'an exchange, whose nonces are times',
    {
      opens: [agent('trader/2')],
      job: (digest, round) => ({ method: 'quote', params: { id: id(round), digest, target: '12345.50' } }),
      share: (_, round, number) => ({
        id: number,
        method: 'order',
        params: { id: id(round), nonce: TRADED_MS + number, sign: nonce(number, 64) },
      }),
      answer: yes,
    },
  ],
  [
    'a dashboard of miners',
    {
      opens: [agent('dashboard/10')],
      job: (digest, round) => ({
        method: 'status',
        params: { miner: id(round), hashrate: 1e12, firmware: digest, difficulty: 65_536 },
      }),
      share: (_, round, number) => ({
        id: number,
        method: 'seen',
        params: { miner: id(round), cursor: 1_000_000 + number },
      }),
      answer: yes,
    },
  ],
  [
    'a wallet that is told of new blocks, and nobody logs in',
    {
      opens: [
        [
          { id: 1, method: 'eth_subscribe', params: ['newHeads'] },
          { id: 1, result: '0x9c' },
        ],
      ],
      job: (digest) => ({
        method: 'eth_subscription',
        params: { subscription: '0x9c', result: { difficulty: '0x15d9223a23aa', hash: `0x${digest}` } },
      }),
      share: (digest, _, number) => ({
        id: number,
        method: 'eth_proofOf',
        params: { block: `0x${digest}`, nonce: `0x${nonce(number, 16)}` },
      }),
      answer: yes,
    },
  ],
);

describe('a harmless relative', () => {
  it.each(RELATIVES)('accuses nobody: %s', async (_, relative) => {
    expect(await found(talk(relative))).toEqual([[], []]);
  });
});
