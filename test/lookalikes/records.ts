/**
 * Records of mining on their way elsewhere, watchers of nodes and machines, and services that ask and answer in the words
 * of mining. Some of their messages are those of a dialect, word for word: only a session around them would be mining.
 */
import { client, dialogue, post, respond, server, type Utterance } from '../support/dialogue.ts';
import { headed, yamux } from '../support/frames.ts';
import { random } from '../support/random.ts';
import { browser, opening, site } from '../support/websocket.ts';
import type { LookAlike } from './cases.ts';

const draw = random(77);
const hex = (digits: number): string =>
  Array.from({ length: digits }, () => draw.below(16).toString(16)).join('');
const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => draw.below(256));
const H = hex(64);
const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
const BTC = 'bc1qgpgckh9ahuu6jdw6jthn6yp7lysfcn5sgmfkvh';
const JOB = {
  blob: `1010${hex(148)}`,
  job_id: 'j1',
  target: 'b88d0600',
  algo: 'rx/0',
  height: 3_310_021,
  seed_hash: H,
};
const text = (value: unknown): string => `${JSON.stringify(value)}\n`;
const NOTIFY = text({
  id: null,
  method: 'mining.notify',
  params: ['4f', H, '01000000', 'ffffffff', [H], '20000000', '17034219', '68a1b2c3', true],
});
const SUBMIT = text({
  params: ['u.w', '4f', '00000007', '68a1b2c3', '0000148f'],
  id: 5,
  method: 'mining.submit',
});
const STRATUM = [
  text({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.13.1'] }),
  text({ id: 2, method: 'mining.authorize', params: [`${BTC}.rack7`, 'x'] }),
  text({ id: null, method: 'mining.set_difficulty', params: [512] }),
  NOTIFY,
  SUBMIT,
  text({ id: 5, result: true, error: null }),
].join('');
const CRYPTONOTE = [
  text({ id: 1, jsonrpc: '2.0', method: 'login', params: { login: XMR, pass: 'x', agent: 'XMRig/6.26.0' } }),
  text({ id: 1, jsonrpc: '2.0', error: null, result: { id: '9c', job: JOB, status: 'OK' } }),
  text({
    id: 2,
    jsonrpc: '2.0',
    method: 'submit',
    params: { id: '9c', job_id: 'j1', nonce: 'a1070000', result: H },
  }),
].join('');
const BOTH = STRATUM + CRYPTONOTE;
const times = (count: number, say: (at: number) => Utterance[]): Utterance[] =>
  Array.from({ length: count }, (_, at) => say(at)).flat();
const crlf = (lines: string): string => lines.replaceAll('\n', '\r\n');
const body = (type: string, content: string): Utterance =>
  server(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${content.length}\r\n\r\n${content}`);

export const RECORDS: readonly LookAlike[] = [
  { name: 'a record of Stratum v1 sent by one end', said: times(3, () => [client(STRATUM)]) },
  { name: 'a record of CryptoNote fetched from a server', said: times(3, () => [server(CRYPTONOTE)]) },
  {
    name: 'a record as one array',
    said: [client(`[${BOTH.trim().split('\n').join(',')}]\n`)],
  },
  {
    name: 'a mail that is a record and nothing else',
    said: [
      server('220 mx.example ESMTP\r\n'),
      client('EHLO a.example\r\n'),
      server('250 mx.example\r\n'),
      client('DATA\r\n'),
      server('354 go\r\n'),
      client(`${crlf(BOTH)}.\r\n`),
      server('250 queued\r\n'),
    ],
  },
  {
    name: 'a mail with the miner’s half of a record',
    said: [
      server('220 mx.example ESMTP\r\n'),
      client('DATA\r\n'),
      server('354 go\r\n'),
      ...times(4, () => [client(crlf(SUBMIT))]),
      client('.\r\n'),
      server('250 queued\r\n'),
      client('QUIT\r\n'),
      server('221 bye\r\n'),
    ],
  },
  {
    name: 'a mail fetched by POP3',
    said: [
      server('+OK\r\n'),
      client('RETR 1\r\n'),
      server(`+OK\r\nSubject: log\r\n\r\n${crlf(BOTH)}.\r\n`),
      client('QUIT\r\n'),
    ],
  },
  {
    name: 'a mail fetched by IMAP, line by line',
    said: [
      server('* OK IMAP4rev1 ready\r\n'),
      client('a1 LOGIN u p\r\n'),
      server('a1 OK\r\n'),
      client('a2 FETCH 1 BODY[]\r\n'),
      server(`* 1 FETCH (BODY[] {${crlf(BOTH).length}}\r\n`),
      ...crlf(BOTH)
        .split(/(?<=\n)/)
        .map((each) => server(each)),
      server(')\r\na2 OK\r\n'),
    ],
  },
  {
    name: 'a record that is stored by FTP on the control connection',
    said: [
      server('220 FTP ready\r\n'),
      client('USER anonymous\r\n'),
      server('331 password\r\n'),
      ...times(3, () => [client(SUBMIT), server('500 unknown command\r\n')]),
    ],
  },
  {
    name: 'a queue of NATS with a record',
    said: [
      server('INFO {"server_id":"x","version":"2.10.0"}\r\n'),
      client('CONNECT {"verbose":false}\r\nPING\r\n'),
      server('PONG\r\n'),
      ...times(3, () => [
        client(`PUB log ${SUBMIT.length}\r\n${SUBMIT}\r\n`),
        server(`MSG log 1 ${SUBMIT.length}\r\n${SUBMIT}\r\n`),
      ]),
    ],
  },
  {
    name: 'a record in streams of yamux, and within the words of a log',
    said: times(3, () => [
      client(yamux(1, headed({ method: 'log', params: { text: BOTH } }))),
      client(yamux(3, STRATUM)),
    ]),
  },
  {
    name: 'a console that prints a record',
    said: [server('# '), client('cat pool.log\r\n'), server(`${crlf(BOTH)}# `)],
  },
  {
    name: 'shares published in Redis',
    said: times(5, () => [
      server(`*3\r\n$7\r\nmessage\r\n$6\r\nshares\r\n$${SUBMIT.length - 1}\r\n${SUBMIT.trim()}\r\n`),
    ]),
  },
  {
    name: 'fields of shares in log lines, alone',
    said: times(5, (at) => [
      client({
        '@timestamp': '2026-01-01T00:00:00Z',
        method: 'mining.submit',
        params: ['u.w', '4f', '00000007', '68a1b2c3', '0000148f'],
        id: at,
        tags: ['pool'],
      }),
    ]),
  },
  {
    name: 'shares sent to a collector that never answers',
    said: times(5, (at) => [
      client({
        id: at,
        method: 'mining.submit',
        params: ['u.w', '4f', hex(8), '68a1b2c3', hex(8)],
        node: 'a',
      }),
    ]),
  },
  {
    name: 'alerts of a sensor that quote a subscribe',
    said: times(5, () => [
      client({
        timestamp: '2026-01-01T00:00:00Z',
        event_type: 'alert',
        alert: { signature: 'COINMINER' },
        method: 'mining.subscribe',
        params: ['cgminer'],
      }),
    ]),
  },
  {
    name: 'syslog over TCP with stratum behind the header',
    said: times(5, () => [client(`<134>1 2026-01-01T00:00:00Z ids s 1 - - ${SUBMIT}`)]),
  },
  {
    name: 'a record posted over HTTP',
    said: times(3, () => [
      client(`POST /upload HTTP/1.1\r\nContent-Length: ${BOTH.length}\r\n\r\n${BOTH}`),
      body('text/plain', 'ok'),
    ]),
  },
  {
    name: 'a record fetched as lines of JSON',
    said: times(3, () => [
      client('GET /xmr.ndjson HTTP/1.1\r\nHost: a.example\r\n\r\n'),
      body('application/x-ndjson', BOTH),
    ]),
  },
  {
    name: 'a search index fed with stratum',
    said: times(3, () => {
      const lines = `{"index":{}}\n${SUBMIT}{"index":{}}\n${NOTIFY}`;
      return [
        client(`POST /_bulk HTTP/1.1\r\nContent-Length: ${lines.length}\r\n\r\n${lines}`),
        respond({ errors: false }),
      ];
    }),
  },
  {
    name: 'server-sent events that quote jobs',
    said: [
      client('GET /sse HTTP/1.1\r\nHost: a.example\r\nAccept: text/event-stream\r\n\r\n'),
      server('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'),
      ...times(5, () => [server(`event: message\ndata: ${NOTIFY}\n`)]),
    ],
  },
  {
    name: 'a chat over WebSocket with a job attached',
    said: [
      ...opening('/chat'),
      ...times(5, () => [site({ type: 'message', attachment: { job: JOB } }), browser('{"type":"typing"}')]),
    ],
  },
  {
    name: 'a model that explains stratum, piece by piece',
    said: [
      ...opening('/v1/realtime'),
      browser({ type: 'item.create', item: { content: [{ text: NOTIFY }] } }),
      ...times(5, (at) => [site({ type: 'response.delta', delta: BOTH.slice(at * 40, at * 40 + 40) })]),
    ],
  },
];

const WATCHERS: readonly LookAlike[] = [
  {
    name: 'a monitor that asks a node on a socket for work it has not',
    like: ['getwork'],
    said: times(5, (id) => [
      client({ jsonrpc: '2.0', id, method: 'eth_blockNumber', params: [] }),
      server({ jsonrpc: '2.0', id, result: '0x1' }),
      client({ jsonrpc: '2.0', id, method: 'eth_getWork', params: [] }),
      server({ jsonrpc: '2.0', id, error: { code: -32_601, message: 'the method does not exist' } }),
    ]),
  },
  {
    name: 'a monitor that asks a node over HTTP for its work',
    said: times(5, (id) => [
      post(
        '/',
        { jsonrpc: '2.0', id, method: 'eth_getWork', params: [] },
        { 'User-Agent': 'python-requests/2' },
      ),
      respond({
        jsonrpc: '2.0',
        id,
        result: [`0x${hex(64)}`, `0x${hex(64)}`, `0x00000000${'f'.repeat(56)}`],
      }),
    ]),
  },
  {
    name: 'a grid of volunteers that gets its work by that name',
    said: times(5, (id) => [
      post('/rpc', { method: 'getwork', params: [], id }, { 'User-Agent': 'grid/2' }),
      respond({ id, result: { data: `unit-${id}`, target: 'x86_64' }, error: null }),
    ]),
  },
  {
    name: 'a developer’s chain that mines on demand',
    said: times(5, (id) => [
      post('/', { jsonrpc: '2.0', id, method: 'evm_mine', params: [] }),
      respond({ jsonrpc: '2.0', id, result: '0x0' }),
      post('/', { method: 'generatetoaddress', params: [1, BTC], id }),
      respond({ result: [H], error: null, id }),
    ]),
  },
  {
    name: 'a validator’s node (beacon API)',
    said: times(5, () => [
      post('/eth/v1/beacon/pool/attestations', [
        { data: { slot: '1', target: { epoch: '1', root: `0x${H}` } } },
      ]),
      respond({}),
    ]),
  },
  {
    name: 'blocks of an explorer over WebSocket, with their pools',
    said: [
      ...opening('/api/v1/ws'),
      browser('{"action":"want","data":["blocks"]}'),
      ...times(5, (at) => [
        site({
          block: {
            height: 905_123 + at,
            id: H,
            nonce: 1,
            bits: 386_097_684,
            extras: { pool: { name: 'AntPool' } },
          },
        }),
      ]),
    ],
  },
  {
    name: 'Prometheus at an exporter of miners',
    said: times(4, () => [
      client('GET /metrics HTTP/1.1\r\nHost: rig.example\r\n\r\n'),
      body('text/plain', 'xmrig_hashrate{algo="rx/0",pool="pool.example:3333",job_id="j1"} 1000\n'),
    ]),
  },
  {
    name: 'the manager of a farm at its machines (port 4028)',
    said: times(5, () => [
      client('{"command":"summary+pools"}'),
      server(
        '{"pools":[{"POOLS":[{"URL":"stratum+tcp://pool.example:3333","User":"u.w","Stratum Active":true}]}]}\0',
      ),
      client('{"cmd":"get_psu"}'),
      server('{"STATUS":"S","Msg":{"mining":"true"}}'),
    ]),
  },
  {
    name: 'an agent that reports a rig to its farm',
    said: times(4, (id) => [
      post('/worker/api', {
        method: 'stats',
        jsonrpc: '2.0',
        id,
        params: { rig_id: '1', passwd: 'p', miner: 'xmrig', miner_stats: { algo: 'rx/0', hs: [1000] } },
      }),
      respond({ jsonrpc: '2.0', id, result: { command: 'OK' } }),
    ]),
  },
  {
    name: 'new blocks of a node over ZeroMQ',
    said: [
      client(Buffer.concat([Buffer.from('ff00000000000000007f03004e554c4c', 'hex'), Buffer.alloc(48)])),
      server(Buffer.concat([Buffer.from('ff00000000000000007f03004e554c4c', 'hex'), Buffer.alloc(48)])),
      client(Buffer.from('000a0168617368626c6f636b', 'hex')),
      ...times(5, () => [
        server(Buffer.concat([Buffer.from('0109686173686263', 'hex'), Uint8Array.of(0, 32), noise(32)])),
      ]),
    ],
  },
];

/** A header of Bitcoin that builds on H, and a transaction. */
const BLOCK = `00000020${H}${hex(64)}68a1b2c3ffff001d0000148f01${hex(160)}`;

const NODE = { Authorization: 'Basic YTpi', 'User-Agent': 'AuthServiceProxy/0.1' };
/** A block to work on is asked of a node, and given. */
const askForBlock = (id: number, bits: string, headers: Record<string, string> = NODE) => [
  post('/', { jsonrpc: '1.0', id, method: 'getblocktemplate', params: [{ rules: ['segwit'] }] }, headers),
  respond({
    id,
    error: null,
    result: { previousblockhash: H, bits, height: 200 + id, transactions: [] },
  }),
];
/** A block is handed to a node, which says nothing against it, or what. */
const handIn = (id: number, result: string | null = null, headers: Record<string, string> = NODE) => [
  post('/', { jsonrpc: '1.0', id, method: 'submitblock', params: [BLOCK] }, headers),
  respond({ id, result, error: null }),
];

const SERVICES: readonly LookAlike[] = [
  {
    name: 'a relay that hands blocks to a node and asks for none',
    said: times(4, (id) => handIn(id, null, { Authorization: NODE.Authorization })),
  },
  {
    name: 'a test of a node that makes its blocks itself (regtest)',
    said: times(4, (id) => [...askForBlock(id, '207fffff'), ...handIn(id)]),
  },
  {
    name: 'a node that refuses the blocks that a tester makes up from its templates',
    said: [
      ...times(4, (id) => askForBlock(id, '1d00ffff', { ...NODE, Connection: 'close' })),
      ...handIn(9, 'high-hash'),
    ],
  },
  {
    name: 'a client of a chain that lists hashes and a number',
    said: times(5, (id) => [
      client({ jsonrpc: '2.0', id, method: 'eth_getWitness', params: [] }),
      server({ jsonrpc: '2.0', id, result: [`0x${hex(64)}`, `0x${hex(64)}`, '0x1b4'] }),
    ]),
  },
  {
    name: 'a game with login, and shares that have the form of CryptoNote’s',
    said: [
      client({ id: 1, method: 'login', params: { login: 'bob', pass: 'x', agent: 'game/1' } }),
      server({ id: 1, result: { id: '7', status: 'OK' } }),
      ...times(6, (at) => [
        client({
          id: 2 + at,
          method: 'submit',
          params: { id: '7', job_id: `level-${at}`, nonce: hex(8), result: hex(64) },
        }),
        server({ id: 2 + at, result: { status: 'OK' } }),
      ]),
    ],
  },
  {
    name: 'a queue of builds with login, job and submit',
    said: [
      client({
        id: 1,
        method: 'login',
        params: { login: 'runner-1', pass: 't', agent: 'runner/2.1', algo: ['amd64'] },
      }),
      server({
        id: 1,
        result: { id: 'r1', job: { job_id: '77', target: 'release', blob: 's3://x' }, status: 'OK' },
      }),
      ...times(5, (at) => [
        client({
          id: 2 + at,
          method: 'submit',
          params: { id: 'r1', job_id: '77', result: hex(64), nonce: at },
        }),
        server({ id: 2 + at, result: { status: 'OK' } }),
      ]),
    ],
  },
  {
    name: 'tools of an agent (MCP over HTTP) called mining.submit',
    said: times(4, (id) => [
      post('/mcp', {
        jsonrpc: '2.0',
        id,
        method: 'tools/call',
        params: { name: 'mining.submit', arguments: { job_id: '4f', nonce: '0000148f' } },
      }),
      respond({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: BOTH }] } }),
    ]),
  },
  {
    name: 'a service for data mining over HTTP, with submit',
    said: times(4, (id) => [
      post('/rpc', { jsonrpc: '2.0', id, method: 'mining.submit', params: ['dataset7', 'a', 'b', 'c', 'd'] }),
      respond({ jsonrpc: '2.0', id, result: true }),
    ]),
  },
  {
    name: 'a test of an API that posts shares over HTTP',
    said: times(4, () => [
      post('/rpc', JSON.parse(SUBMIT)),
      respond({ id: 5, result: true, error: null }),
      post('/rpc', {
        id: 2,
        method: 'submit',
        params: { id: '9c', job_id: 'j1', nonce: 'a1070000', result: H },
      }),
      respond({ id: 2, result: { status: 'OK' } }),
    ]),
  },
  {
    name: 'an API of a pool’s site that shows its job',
    said: times(4, () => [client('GET /api/job HTTP/1.1\r\nHost: a.example\r\n\r\n'), respond(JOB)]),
  },
  {
    name: 'a puzzle against robots over WebSocket',
    said: [
      ...opening('/'),
      browser('{"type":"auth","params":{"site_key":"6Lcabcdefghijk","user":null}}'),
      site('{"type":"authed","params":{"token":"x","hashes":0}}'),
      site(`{"type":"challenge","params":{"blob":"${H}","target":"0000ffff"}}`),
      browser(`{"type":"submit","params":{"nonce":"0000000a","result":"${H}"}}`),
      site('{"type":"hash_accepted","params":{"hashes":1}}'),
    ],
  },
  {
    name: 'a server whose calls are called notify and set_difficulty',
    said: times(5, (id) => [
      server({ method: 'set_difficulty', params: ['hard'] }),
      server({ method: 'notify', params: ['wave', id] }),
      client({ method: 'submit', params: ['bob', String(id), 'score', 1234], id }),
      server({ id, result: true }),
    ]),
  },
  {
    name: 'binary frames with the header of Stratum V2 and other contents',
    like: ['stratum-v2'],
    said: times(5, () => [
      client(Buffer.concat([Buffer.from('000000300000', 'hex'), noise(48)])),
      server(Buffer.concat([Buffer.from('000001060000ffff', 'hex'), noise(4)])),
    ]),
  },
  {
    name: 'a printer that is asked for a JOB',
    said: times(4, () => [
      client('JOB,printer1,a4,\n'),
      server(`${hex(40)},${hex(40)},3\n`),
      client('12,44.1,printer\n'),
      server('GOOD\n'),
    ]),
  },
  {
    name: 'an Electrum wallet that calls itself a miner',
    said: dialogue(`
      C {"id":0,"method":"server.version","params":["bzminer","1.4"]}
      S {"id":0,"result":["ElectrumX 1.16.0","1.4"]}
      C {"id":1,"method":"server.ping","params":[]}
      S {"id":1,"result":null}`),
  },
];

export const RECORDS_AND_WATCHERS: readonly LookAlike[] = [...RECORDS, ...WATCHERS, ...SERVICES];
