/**
 * What devices answer who asks them, as packets and scanned: the answering end is the miner, at most probable; its pool,
 * account, program and rate are what it says. Fields are those of the firmwares' own pages; the rest is made up.
 */
import { describe, expect, it } from 'vitest';
import { type Conversation, conversation } from '../support/conversation.ts';
import { scanPackets } from '../support/scanning.ts';
import { respond } from './canonical.ts';

const MONITOR = '192.0.2.9';
const DEVICE = '192.0.2.77';

/** Who answers mines, and who asks looks on. */
const HOSTS = [`${DEVICE} probable miner`, `${MONITOR} listed monitor`];

async function found(...talks: readonly Conversation[]): Promise<unknown> {
  const { hosts, sessions } = await scanPackets(talks.flatMap((talk) => talk.toPackets()));
  return {
    hosts: hosts.map(({ ip, verdict, roles }) => `${ip} ${verdict} ${roles.join()}`),
    sessions: sessions.map(({ dialect, agent, algorithm, logins, selfReported, pool }) => ({
      dialect,
      agent,
      algorithm,
      logins: logins.map(({ account, worker }) => `${account}/${worker}`),
      rates: selfReported.map(({ hashrate }) => hashrate),
      pool: [pool.ip, ...pool.names],
    })),
  };
}

const asked = (port: number, at = 0): Conversation =>
  conversation({
    miner: `${MONITOR}:${50_000 + at}`,
    pool: `${DEVICE}:${port}`,
    startUs: 1_760_000_000_000_000 + at * 1e6,
  }).connect();
const page = (path: string, body: object): Conversation =>
  asked(80)
    .minerSays(Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${DEVICE}\r\n\r\n`))
    .poolSays(respond(body));
const status = (words: string, by: string): object[] => [
  { STATUS: 'S', When: 1_760_000_000, Code: 11, Msg: words, Description: by },
];
/** cgminer ends its answer with a zero byte. */
const answer = (value: object): Buffer => Buffer.from(`${JSON.stringify(value)}\0`);
const text = (...sections: string[]): Buffer =>
  Buffer.from(
    `STATUS=S,When=1760000000,Code=11,Msg=Summary,Description=cgminer 4.11.1|${sections.join('|')}|\0`,
  );
const framed = (value: object): Buffer => {
  const body = Buffer.from(JSON.stringify(value));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
};
const called = (method: string, result: unknown): Conversation =>
  asked(3333)
    .minerSays({ id: 0, jsonrpc: '2.0', method })
    .poolReplies({ id: 0, error: null, result })
    .close();

const ASKED: readonly (readonly [string, readonly Conversation[], object])[] = [
  [
    'cgminer’s API',
    [
      asked(4028)
        .minerSays(Buffer.from('{"command":"summary+pools"}'))
        .poolSays(
          answer({
            summary: [
              {
                STATUS: status('Summary', 'bmminer 2.0.0'),
                SUMMARY: [{ Elapsed: 9000, 'GHS av': 93_120.5, Accepted: 7 }],
                id: 1,
              },
            ],
            pools: [
              {
                STATUS: status('3 Pool(s)', 'bmminer 2.0.0'),
                POOLS: [
                  {
                    ...{ POOL: 0, URL: 'stratum+tcp://spare.example:3333', Status: 'Dead', User: 'other' },
                    'Stratum Active': false,
                  },
                  {
                    ...{
                      POOL: 1,
                      URL: 'stratum+ssl://pool.example:443',
                      Status: 'Alive',
                      User: 'farm.rack7',
                    },
                    'Stratum Active': true,
                  },
                ],
                id: 1,
              },
            ],
            id: 1,
          }),
        )
        .close(),
    ],
    { agent: 'bmminer 2.0.0', logins: ['farm/rack7'], rates: [93_120.5e9] },
  ],
  [
    'cgminer’s API in plain text',
    [
      asked(4028)
        .minerSays(Buffer.from('summary'))
        .poolSays(text('SUMMARY,Elapsed=9000,MHS av=13500000.25,Accepted=7,Note=a\\,b\\|c'))
        .close(),
      asked(4028, 5)
        .minerSays(Buffer.from('pools'))
        .poolSays(
          text(
            'POOL=0,URL=stratum+tcp://spare.example:3333,Status=Dead,User=other,Stratum Active=false',
            'POOL=1,URL=stratum+tcp://pool.example:3333,Status=Alive,User=acct.s9,Stratum Active=true',
          ),
        )
        .close(),
    ],
    { agent: 'cgminer 4.11.1', logins: ['acct/s9'], rates: [13_500_000.25e6] },
  ],
  [
    'Whatsminer’s API of version 3',
    [
      asked(4433)
        .minerSays(framed({ cmd: 'get.miner.status', param: 'pools+summary' }))
        .poolSays(
          framed({
            ...{ code: 0, when: 1_760_000_000, desc: 'get.miner.status' },
            msg: {
              summary: {
                elapsed: 9000,
                'hash-average': 238.5,
                'hash-realtime': 240.1,
                'power-realtime': 3450,
              },
              pools: [
                {
                  ...{ id: 1, url: 'stratum+ssl://pool.example:443', status: 'alive', account: 'acct.m60' },
                  'stratum-active': true,
                },
                { id: 2, url: 'stratum+tcp://spare.example:3333', status: 'dead', account: 'other' },
              ],
            },
          }),
        )
        .close(),
    ],
    { agent: 'Whatsminer', algorithm: 'sha256d', logins: ['acct/m60'], rates: [238.5e12] },
  ],
  [
    'the call of Claymore’s and PhoenixMiner’s (Claymore readme, API)',
    [
      called('miner_getstat1', [
        ...['PM 5.5c - ETH', '21', '182724;51;0', '91362;91362', '0;0;0', 'off;off', '53;71'],
        ...['pool.example:9999', '0;0'],
      ]),
    ],
    { agent: 'PM 5.5c', rates: [182_724_000] },
  ],
  [
    'the call of ethminer’s (docs/API_DOCUMENTATION.md)',
    [
      called('miner_getstatdetail', {
        connection: { connected: true, switches: 1, uri: 'stratum1+tcp://acct.rig1:x@pool.example:9999' },
        devices: [
          { hardware: { name: 'GTX 1070' }, mining: { hashrate: '0x1e00000', shares: [1, 0, 0, 5] } },
        ],
        host: { name: 'rig', runtime: 100, version: 'ethminer-0.19.0' },
        mining: { difficulty: 3_999_938_964, epoch: 218, hashrate: '0x3c00000', shares: [2, 0, 0, 5] },
      }),
    ],
    { agent: 'ethminer-0.19.0', logins: ['acct/rig1'], rates: [0x3c00000] },
  ],
  [
    'AxeOS over HTTP',
    [
      page('/api/system/info', {
        ...{ power: 15, hashRate: 1182.5, ASICModel: 'BM1370', version: 'v2.6.0', sharesAccepted: 19_739 },
        ...{ stratumURL: 'pool.example', stratumPort: 21_496, stratumUser: 'acct.bitaxe' },
      }),
    ],
    { agent: 'AxeOS/v2.6.0', algorithm: 'sha256d', logins: ['acct/bitaxe'], rates: [1182.5e9] },
  ],
  [
    'XMRig over HTTP',
    [
      page('/2/summary', {
        ...{ id: '9f', worker_id: 'lab', version: '6.22.2', kind: 'miner', algo: 'rx/0' },
        ua: 'XMRig/6.22.2 (Linux x86_64) libuv/1.48.0 gcc/13.2.0',
        hashrate: { total: [10_500.5, 10_400, null], highest: 11_000 },
        connection: { pool: 'pool.example:443', ip: '198.51.100.4', tls: 'TLSv1.3', algo: 'rx/0' },
      }),
    ],
    {
      agent: 'XMRig/6.22.2 (Linux x86_64) libuv/1.48.0 gcc/13.2.0',
      algorithm: 'rx/0',
      rates: [10_500.5],
    },
  ],
  [
    'an Antminer over HTTP',
    [
      page('/cgi-bin/stats.cgi', {
        STATUS: { STATUS: 'S', when: 1_760_000_000, Msg: 'stats', api_version: '1.0.0' },
        INFO: { miner_version: 'uart_trans.1.3', type: 'Antminer S19' },
        STATS: [{ elapsed: 9000, rate_avg: 95_000.5, rate_unit: 'GH/s' }],
      }),
    ],
    { agent: 'uart_trans.1.3', rates: [95_000.5e9], pool: [''] },
  ],
];

describe('a device that is asked', () => {
  it.each(ASKED)('by %s says what it does', async (_, talks, said) => {
    const silent = { algorithm: null, logins: [], pool: ['', 'pool.example'] };
    expect(await found(...talks)).toEqual({
      hosts: HOSTS,
      sessions: [{ dialect: 'device-api', ...silent, ...said }],
    });
  });

  it('by one command a connection stays one session', async () => {
    const poll = (at: number, command: string, value: object): Conversation =>
      asked(4028, at)
        .minerSays(Buffer.from(JSON.stringify({ command })))
        .poolSays(answer({ STATUS: status(command, 'cgminer 4.11.1'), ...value, id: 1 }))
        .close();
    const packets = [
      poll(0, 'summary', { SUMMARY: [{ 'MHS av': 1_234_567.5 }] }),
      poll(5, 'pools', {
        POOLS: [{ URL: 'stratum+tcp://pool.example:3333', Status: 'Alive', User: 'acct' }],
      }),
      poll(10, 'version', { VERSION: [{ CGMiner: '4.11.1', API: '3.7' }] }),
    ].flatMap((talk) => talk.toPackets());
    expect(
      (await scanPackets(packets)).sessions.map(({ verdict, selfReported }) => [
        verdict,
        selfReported.length,
      ]),
    ).toEqual([['probable', 1]]);
  });

  const NOTHING = { hosts: [], sessions: [] };
  it.each([
    [
      'a printer’s page of its state',
      '/api/system/info',
      { model: 'LaserJet', version: '2', hashRate: 'n/a' },
    ],
    ['a summary of sales', '/2/summary', { ua: 'Mozilla/5.0', hashrate: { total: [1] }, connection: {} }],
    ['another CGI', '/cgi-bin/stats.cgi', { STATUS: 'ok', STATS: [{ visits: 7 }] }],
  ])('but not %s', async (_, path, body) => {
    expect(await found(page(path, body))).toEqual(NOTHING);
  });

  it.each([
    [
      'another status in plain text',
      'STATUS=S,When=1760000000,Code=9,Msg=Doors,Description=gate 2|DOOR=0,Open=true|',
    ],
    ['a line that only begins so', 'STATUS=ready to serve'],
  ])('but not %s', async (_, said) => {
    const talk = asked(4028).minerSays(Buffer.from('state')).poolSays(Buffer.from(said)).close();
    expect(await found(talk)).toEqual(NOTHING);
  });
});
