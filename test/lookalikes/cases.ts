/**
 * Conversations that look like mining and are not, by what they imitate. Written from public descriptions of each
 * protocol; hosts, names and hashes are made up.
 */
import { client, dialogue, post, respond, server, type Utterance } from '../support/dialogue.ts';
import { random } from '../support/random.ts';
import { browser, opening, site } from '../support/websocket.ts';

export interface LookAlike {
  readonly name: string;
  /** Dialects whose words or shapes it borrows; each dialect is one of them. */
  readonly like?: readonly string[];
  readonly said: readonly Utterance[];
}

const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const ADDRESS = '0xed4465beb77a9122de24fa3ca844e062e727a98d';
const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
const STRATUM_LINE = '{"id": 1, "method": "mining.subscribe", "params": ["cgminer/4.13.1"]}';
const draw = random(20);
const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => draw.below(256));
const hex = (text: string): Uint8Array => Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex');
const lsp = (value: unknown): string => {
  const text = JSON.stringify(value);
  return `Content-Length: ${text.length}\r\n\r\n${text}`;
};
const page = (text: string, type = 'text/html'): Utterance[] => [
  client('GET /forum/stratum HTTP/1.1\r\nHost: forum.example\r\n\r\n'),
  server(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${text.length}\r\n\r\n${text}`),
];

const WALLETS_AND_NODES: readonly LookAlike[] = [
  {
    name: 'an Electrum wallet at ElectrumX',
    said: dialogue(`
      C {"id":0,"method":"server.version","params":["electrum/4.5.8",["1.4","1.4"]]}
      S {"jsonrpc":"2.0","id":0,"result":["ElectrumX 1.16.0","1.4"]}
      C {"id":1,"method":"blockchain.headers.subscribe","params":[]}
      S {"jsonrpc":"2.0","id":1,"result":{"hex":"${'0'.repeat(160)}","height":905123}}
      C {"id":2,"method":"blockchain.scripthash.subscribe","params":["${H}"]}
      S {"jsonrpc":"2.0","id":2,"result":"${H}"}
      C {"id":3,"method":"blockchain.transaction.get_merkle","params":["${H}",905001]}
      S {"jsonrpc":"2.0","id":3,"result":{"merkle":["${H}","${H}"],"block_height":905001,"pos":7}}
      C {"id":4,"method":"mempool.get_fee_histogram","params":[]}
      S {"jsonrpc":"2.0","id":4,"result":[[12,128812],[4,92524]]}
      S {"jsonrpc":"2.0","method":"blockchain.headers.subscribe","params":[{"hex":"${'0'.repeat(160)}","height":905124}]}`),
  },
  {
    name: 'an Ethereum node over HTTP: balances, calls, hashrate',
    said: [
      post('/', { jsonrpc: '2.0', id: 1, method: 'eth_getBalance', params: [ADDRESS, 'latest'] }),
      respond({ jsonrpc: '2.0', id: 1, result: '0x1' }),
      post('/', { jsonrpc: '2.0', id: 2, method: 'eth_hashrate', params: [] }),
      respond({ jsonrpc: '2.0', id: 2, result: '0x0' }),
      post('/', { jsonrpc: '2.0', id: 3, method: 'eth_mining', params: [] }),
      respond({ jsonrpc: '2.0', id: 3, result: false }),
    ],
  },
  {
    name: 'new heads of an Ethereum node over WebSocket, with difficulty, nonce and miner',
    like: ['eth-proxy'],
    said: [
      ...opening('/'),
      browser({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }),
      site({ jsonrpc: '2.0', id: 1, result: '0x9c' }),
      ...[1, 2, 3].map((height) =>
        site({
          jsonrpc: '2.0',
          method: 'eth_subscription',
          params: {
            subscription: '0x9c',
            result: {
              number: `0x${height}`,
              difficulty: '0x1bc16d',
              nonce: '0x1a2b3c4d5e6f7081',
              mixHash: `0x${H}`,
              miner: ADDRESS,
              extraData: '0x',
            },
          },
        }),
      ),
    ],
  },
  {
    name: 'a node of consensus and execution with the Engine API',
    said: [
      post(
        '/',
        {
          jsonrpc: '2.0',
          id: 1,
          method: 'engine_newPayloadV3',
          params: [{ blockHash: `0x${H}`, feeRecipient: ADDRESS }, [], `0x${H}`],
        },
        { Authorization: 'Bearer ey' },
      ),
      respond({ jsonrpc: '2.0', id: 1, result: { status: 'VALID', latestValidHash: `0x${H}` } }),
    ],
  },
  {
    name: 'a monitor of a Bitcoin node: mining info and network hashrate',
    said: [
      post(
        '/',
        { jsonrpc: '1.0', id: 'curltest', method: 'getmininginfo', params: [] },
        { Authorization: 'Basic YTpi' },
      ),
      respond({
        result: { blocks: 905123, difficulty: 8.6e13, networkhashps: 6e20, pooledtx: 1, chain: 'main' },
        error: null,
        id: 'curltest',
      }),
      post('/', { jsonrpc: '1.0', id: 'x', method: 'getnetworkhashps', params: [] }),
      respond({ result: 6e20, error: null, id: 'x' }),
      post('/', { jsonrpc: '1.0', id: 'y', method: 'getblock', params: [H] }),
      respond({
        result: { hash: H, merkleroot: H, nonce: 1, bits: '17034219', difficulty: 8.6e13 },
        error: null,
        id: 'y',
      }),
    ],
  },
  {
    name: 'a monitor that polls templates of a Bitcoin node',
    like: ['getblocktemplate', 'monero-daemon'],
    said: [1, 2, 3, 4].flatMap((id) => [
      post(
        '/',
        { jsonrpc: '1.0', id: `m${id}`, method: 'getblocktemplate', params: [{ rules: ['segwit'] }] },
        { Authorization: 'Basic bW9uaXRvcjp4', 'User-Agent': 'python-requests/2.32.3' },
      ),
      respond({
        id: `m${id}`,
        error: null,
        result: {
          previousblockhash: H,
          bits: '17034219',
          height: 905_120 + id,
          coinbasevalue: 312_500_000,
          transactions: [],
          target: `${'0'.repeat(16)}${'f'.repeat(48)}`,
        },
      }),
      post('/', { jsonrpc: '1.0', id: `n${id}`, method: 'getmininginfo', params: [] }),
      respond({
        id: `n${id}`,
        error: null,
        result: { blocks: 905_120 + id, difficulty: 8.6e13, networkhashps: 6e20 },
      }),
    ]),
  },
  {
    name: 'a Monero wallet at a node',
    said: [
      client('GET /get_info HTTP/1.1\r\nHost: node.example\r\n\r\n'),
      respond({ height: 3310021, difficulty: 480045, status: 'OK' }),
      post('/json_rpc', { jsonrpc: '2.0', id: '0', method: 'get_balance', params: { account_index: 0 } }),
      respond({ jsonrpc: '2.0', id: '0', result: { balance: 12, unlocked_balance: 12 } }),
      post('/json_rpc', {
        jsonrpc: '2.0',
        id: '0',
        method: 'transfer',
        params: { destinations: [{ amount: 1, address: XMR }] },
      }),
      respond({ jsonrpc: '2.0', id: '0', result: { tx_hash: H } }),
    ],
  },
  {
    name: 'monerod peer to peer (levin)',
    said: [
      client(hex(`0121010101010101 ${'e4'.repeat(8)} 00 e9030000`)),
      server(hex(`0121010101010101 ${'aa'.repeat(30)}`)),
    ],
  },
  {
    name: 'Bitcoin peer to peer',
    said: [
      client(hex(`f9beb4d9 76657273696f6e0000000000 66000000 ${'ab'.repeat(60)}`)),
      server(hex(`f9beb4d9 76657261636b000000000000 00000000 5df6e0e2`)),
    ],
  },
  {
    name: 'Bitcoin peer to peer, encrypted (BIP 324)',
    said: [client(noise(64 + 311)), server(noise(64 + 1770)), client(noise(120)), server(noise(160))],
  },
  {
    name: 'Lightning (BOLT 8)',
    said: [client(noise(50)), server(noise(50)), client(noise(66)), server(noise(44)), client(noise(62))],
  },
  {
    name: 'a Solana node over HTTP',
    said: [
      post('/', { jsonrpc: '2.0', id: 1, method: 'getSlot' }),
      respond({ jsonrpc: '2.0', id: 1, result: 288_110_201 }),
    ],
  },
  {
    name: 'a Substrate node over WebSocket',
    said: [
      ...opening('/'),
      browser('{"id":1,"jsonrpc":"2.0","method":"chain_subscribeNewHeads","params":[]}'),
      site('{"jsonrpc":"2.0","id":1,"result":"kq2"}'),
      site(
        `{"jsonrpc":"2.0","method":"chain_newHead","params":{"subscription":"kq2","result":{"number":"0x1","parentHash":"0x${H}","digest":{"logs":[]}}}}`,
      ),
    ],
  },
  {
    name: 'an XRP ledger client',
    said: [
      ...opening('/'),
      browser('{"id":1,"command":"submit","tx_blob":"1200"}'),
      site('{"id":1,"status":"success","type":"response","result":{"engine_result":"tesSUCCESS"}}'),
    ],
  },
  {
    name: 'a Lightning wallet at its node by JSON-RPC',
    said: dialogue(`
      C {"jsonrpc":"2.0","id":"cli:getinfo#1","method":"getinfo","params":[]}
      S {"jsonrpc":"2.0","id":"cli:getinfo#1","result":{"id":"02${H}","alias":"node"}}`),
  },
  {
    name: 'a Chia wallet at its node',
    like: ['chia'],
    said: [
      post('/get_blockchain_state', {}),
      respond({ success: true, blockchain_state: { difficulty: 11_000, peak: { height: 5_100_221 } } }),
    ],
  },
];

const TOOLS: readonly LookAlike[] = [
  {
    name: 'an editor with a language server (LSP)',
    said: [
      client(
        lsp({
          jsonrpc: '2.0',
          id: 1,
          method: 'initialize',
          params: { clientInfo: { name: 'XMRig', version: '6' } },
        }),
      ),
      server(lsp({ jsonrpc: '2.0', id: 1, result: { capabilities: {} } })),
      client(
        lsp({
          jsonrpc: '2.0',
          method: 'textDocument/didOpen',
          params: { textDocument: { text: STRATUM_LINE } },
        }),
      ),
    ],
  },
  {
    name: 'an agent and its tools (MCP) that talk of stratum',
    said: dialogue(`
      C {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"xmrig/6.26.0","version":"1"}}}
      S {"jsonrpc":"2.0","id":1,"result":{"serverInfo":{"name":"tools"}}}
      C {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"explain","arguments":{"job":{"job_id":"7","text":"mining.notify"}}}}
      S {"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"{\\"method\\":\\"mining.submit\\"}"}]}}
      C {"jsonrpc":"2.0","id":3,"method":"resources/subscribe","params":{"uri":"job://7"}}`),
  },
  {
    name: 'NATS',
    said: [
      server('INFO {"server_id":"N1","version":"2.10","nonce":"hGF"}\r\n'),
      client('CONNECT {"verbose":false,"user":"w","pass":"p"}\r\nSUB jobs.worker 1\r\n'),
      server('MSG jobs.worker 1 24\r\n{"job_id":"7","worker":1}\r\n'),
    ],
  },
  {
    name: 'Redis with jobs in lists',
    said: [
      client('*3\r\n$5\r\nLPUSH\r\n$4\r\njobs\r\n$32\r\n{"job_id":"7","nonce":"0000000a"}\r\n'),
      server(':1\r\n'),
    ],
  },
  {
    name: 'MQTT with a miner’s topic',
    said: [
      client(hex('101a 0004 4d515454 04 02 003c 000e 6d696e65722d726967352d303031')),
      server(hex('20020000')),
      client(hex('3015 0009 6d696e696e672f6f6e 7b226a6f62223a377d')),
    ],
  },
  {
    name: 'IRC where somebody pastes stratum',
    said: [
      client('NICK miner\r\nUSER m 0 * :m\r\n'),
      server(':irc.example 001 miner :Welcome\r\n'),
      client(`PRIVMSG #mining :${STRATUM_LINE}\r\n`),
      server(`:bob PRIVMSG #mining :${STRATUM_LINE}\r\n`),
    ],
  },
  {
    name: 'SMTP with stratum in a mail',
    said: [
      server('220 mx.example ESMTP\r\n'),
      client('EHLO a.example\r\nMAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n'),
      server('354 go\r\n'),
      client(
        `Subject: pool\r\n\r\n${STRATUM_LINE}\r\n{"id":4,"method":"mining.submit","params":["a","b","00000000","68a1b2c3","00000000"]}\r\n.\r\n`,
      ),
    ],
  },
  {
    name: 'a web page that quotes stratum',
    said: page(
      `<html><pre>\n${STRATUM_LINE}\n{"id":null,"method":"mining.set_difficulty","params":[512]}\n</pre></html>`,
    ),
  },
  { name: 'a text file of stratum', said: page(`a log:\n${STRATUM_LINE}\n`, 'text/plain') },
  {
    name: 'a forum’s API that quotes stratum in a post',
    said: [
      post('/api/posts', { topic: 7, raw: STRATUM_LINE }),
      respond({ id: 9, cooked: STRATUM_LINE, worker: 'w', job_id: 4 }),
    ],
  },
  {
    name: 'log shipping with fields of miners',
    said: dialogue(`
      C {"@timestamp":"2026-01-01T00:00:00Z","message":"{\\"method\\":\\"mining.submit\\"}","job_id":"a","worker":"w","nonce":"0000000a","result":"${H}"}
      C {"@timestamp":"2026-01-01T00:00:01Z","message":"login","method":"login","user":"bob"}
      C {"@timestamp":"2026-01-01T00:00:02Z","log":{"job":{"job_id":"1","status":"ok"}}}`),
  },
  {
    name: 'Metasploit on port 4444',
    said: [server(hex('00000026 8a1c 33')), client(noise(120)), server(noise(300))],
  },
  {
    name: 'Selenium on port 4444',
    said: [
      post('/session', { capabilities: { alwaysMatch: { browserName: 'firefox' } } }),
      respond({ value: { sessionId: 's-1', capabilities: {} } }),
    ],
  },
  {
    name: 'ADB on port 5555',
    said: [
      client(hex('434e584e 00000001 00001000 32000000 bc b1a7b1')),
      client('host::features=cmd,shell_v2'),
      server(hex('434e584e 00000001 00001000')),
    ],
  },
  {
    name: 'an HTTP proxy that fetches a page',
    said: [
      client('CONNECT www.example:443 HTTP/1.1\r\nHost: www.example:443\r\n\r\n'),
      server('HTTP/1.1 200 OK\r\n\r\n'),
      client(hex('1603010005 0100000100')),
      server(hex('160303000402000000')),
    ],
  },
  {
    name: 'a SOCKS proxy with SSH behind it',
    said: [
      client(hex('050100')),
      server(hex('0500')),
      client(hex('05010001 c6336407 0016')),
      server(hex('05000001 00000000 0000')),
      server('SSH-2.0-OpenSSH_9.6\r\n'),
      client('SSH-2.0-OpenSSH_9.6\r\n'),
    ],
  },
  {
    name: 'SSH',
    said: [server('SSH-2.0-OpenSSH_9.6\r\n'), client('SSH-2.0-OpenSSH_9.6\r\n'), client(noise(200))],
  },
  {
    name: 'PostgreSQL',
    said: [
      client(hex('00000029 00030000 75736572 00 6d 00 64617461 62617365 00 6d 00 00')),
      server(hex('52000000 08 00000000')),
    ],
  },
  {
    name: 'Kafka',
    said: [
      client(hex('0000001d 0003 0000 00000001 0007 776f726b657231 00000001 0003 6a6f62')),
      server(hex('00000010 00000001 000000000000000000000000')),
    ],
  },
  {
    name: 'SMB',
    said: [
      client(hex(`00000085 ff534d4272 ${'00'.repeat(60)}`)),
      server(hex(`00000051 ff534d4272 ${'00'.repeat(40)}`)),
    ],
  },
  {
    name: 'obfuscated traffic with random bytes',
    said: [client(noise(64)), server(noise(320)), client(noise(90)), server(noise(44))],
  },
  {
    name: 'an encrypted channel with the first size right only',
    like: ['stratum-v2'],
    said: [client(noise(64)), server(noise(234)), client(noise(2048))],
  },
  {
    name: 'a channel with all sizes right and no randomness',
    said: [client('a'.repeat(64)), server('b'.repeat(234)), client('c'.repeat(100)), server('d'.repeat(44))],
  },
];

const LOGINS_AND_JOBS: readonly LookAlike[] = [
  {
    name: 'a quiz with login, job and submit',
    like: ['bytom', 'cryptonote', 'epic', 'grin', 'beam'],
    said: dialogue(`
      C {"id":1,"jsonrpc":"2.0","method":"login","params":{"user":"amira","pass":"x","agent":"quizapp/2.3"}}
      S {"id":1,"jsonrpc":"2.0","result":{"token":"t-91","user":"amira"},"error":null}
      S {"jsonrpc":"2.0","method":"job","params":{"job_id":"7","question":"What is a nonce?","target":"b88d0600"}}
      C {"id":3,"jsonrpc":"2.0","method":"submit","params":{"id":"t-91","job_id":"7","answer":"b"}}
      S {"id":3,"result":{"status":"OK","score":1},"error":null}`),
  },
  {
    name: 'a game with login, height and difficulty',
    said: dialogue(`
      C {"method":"login","params":{"name":"bob","password":"x"},"id":1}
      S {"id":1,"result":"ok"}
      S {"method":"job","params":{"height":12,"difficulty":3,"job_id":1,"map":"forest"}}
      C {"method":"submit","params":{"pow":[1,2,3],"height":12,"job_id":1,"nonce":5},"id":2}
      S {"id":2,"result":"ok"}`),
  },
  {
    name: 'a chat with login',
    said: dialogue(`
      C {"type":"login","user":"bob","password":"x"}
      S {"type":"welcome","motd":"hello"}
      C {"type":"message","text":"mining.subscribe"}
      S {"type":"error","params":{"error":"flood"}}`),
  },
  {
    name: 'a job queue with workers',
    said: dialogue(`
      C {"worker":"w-7","method":"fetch","id":1}
      S {"id":1,"result":{"job_id":"a1","queue":"mail","retries":0}}
      C {"id":2,"method":"ack","params":["w-7","a1"]}
      S {"id":2,"result":true}`),
  },
  {
    name: 'a runner of builds',
    said: [
      post('/api/v4/jobs/request', { token: 't', info: { version: '17.0', features: {} } }),
      respond({ id: 7, job_info: { name: 'test' }, git_info: { sha: H }, variables: [] }),
    ],
  },
  {
    name: 'a router’s ubus console',
    said: [
      post('/ubus', {
        jsonrpc: '2.0',
        id: 1,
        method: 'call',
        params: ['0'.repeat(32), 'session', 'login', { username: 'root', password: 'x' }],
      }),
      respond({ jsonrpc: '2.0', id: 1, result: [0, { ubus_rpc_session: '1'.repeat(32) }] }),
    ],
  },
  {
    name: 'a monitoring server’s login',
    said: [
      post('/api_jsonrpc.php', {
        jsonrpc: '2.0',
        method: 'user.login',
        params: { user: 'a', password: 'b' },
        id: 1,
      }),
      respond({ jsonrpc: '2.0', result: H.slice(32), id: 1 }),
    ],
  },
  {
    name: 'home automation with auth over WebSocket',
    said: [
      ...opening('/api/websocket'),
      site('{"type":"auth_required","ha_version":"2026.1"}'),
      browser('{"type":"auth","access_token":"ey.abc"}'),
      site('{"type":"auth_ok"}'),
      browser('{"id":1,"type":"subscribe_events"}'),
      site('{"id":1,"type":"result","success":true}'),
    ],
  },
  {
    name: 'an exchange with auth and jobs over WebSocket',
    said: [
      ...opening('/ws'),
      browser('{"type":"auth","params":{"apiKey":"k","sig":"s"}}'),
      site('{"type":"authed","params":{"user":7}}'),
      browser('{"type":"submit","params":{"job_id":"order-1","side":"buy"}}'),
      site('{"type":"job","params":{"job_id":"order-1","state":"filled"}}'),
    ],
  },
  {
    name: 'a chat that quotes a job in its text',
    said: [
      ...opening('/chat'),
      site(`{"type":"message","params":{"text":"{\\"blob\\":\\"${H}\\",\\"job_id\\":\\"1\\"}"}}`),
      browser('{"type":"typing"}'),
    ],
  },
  {
    name: 'a socket of events (Socket.IO)',
    said: [
      ...opening('/socket.io/?EIO=4&transport=websocket'),
      site('0{"sid":"a","upgrades":[]}'),
      browser('40'),
      site('42["job",{"id":7,"target":"all","job_id":"x"}]'),
      browser('42["submit",{"job_id":"x","result":"done"}]'),
    ],
  },
  {
    name: 'a handshake of something else by identifier',
    said: [
      ...opening('/'),
      browser('{"identifier":"handshake","version":7,"client":"app"}'),
      site('{"identifier":"room","name":"a"}'),
    ],
  },
  {
    name: 'a messenger whose objects have `message`',
    said: [
      ...opening('/'),
      browser('{"message":"register","address":"bob@a.example"}'),
      site('{"message":"share","url":"https://a.example"}'),
      site('{"message":"settings","target":5}'),
    ],
  },
  {
    name: 'parameters of other types in the mining namespace',
    like: [
      'ton',
      'iron-fish',
      'ethereum-stratum-1',
      'ethereum-stratum-2',
      'nervos',
      'handshake',
      'alephium',
      'pearl',
      'btx',
      'warthog',
      'aeternity',
      'ergo',
      'decred',
      'sia',
      'zip301',
      'kawpow',
      'aleo',
      'aion',
      'codechain',
      'conflux',
      'xelis',
      'kadena',
      'kaspa',
      'stratum-v1',
      'stratum-other',
    ],
    said: dialogue(`
      C {"id":1,"method":"mining.authorize","params":{"user":"a"}}
      C {"id":2,"method":"mining.submit","params":["a","b"]}
      S {"id":null,"method":"mining.notify","params":["a",1,2,3,[],5,6,7,true]}
      S {"id":null,"method":"mining.notify","params":["a",[1,2,3],1755427523101]}
      S {"id":null,"method":"mining.notify","params":[{"jobId":"1","fromGroup":0}]}
      S {"id":null,"method":"mining.notify","params":["a","b","c"]}
      S {"method":"mining.set_target","body":{"target":"soon"}}`),
  },
  {
    name: 'a quarry’s own calls: mining without work',
    said: dialogue(`
      C {"id":1,"method":"mining.report","params":{"shaft":7,"tons":12}}
      S {"id":1,"result":{"stored":true}}`),
  },
];

const MINING_WITHOUT_POOL: readonly LookAlike[] = [
  {
    name: 'a look at a miner’s interface that tells nothing (cgminer API)',
    like: ['device-api'],
    said: [
      client('{"command":"summary"}'),
      server(
        '{"STATUS":[{"STATUS":"E","When":1,"Code":45,"Msg":"Access denied","Description":"cgminer 4.11.1"}],"id":1}\0',
      ),
    ],
  },
  {
    name: 'a look at an XMRig',
    said: [
      client('GET /2/summary HTTP/1.1\r\nHost: rig.example\r\n\r\n'),
      respond({
        id: 'a',
        worker_id: 'rig',
        hashrate: { total: [1000, 990, 980] },
        algo: 'rx/0',
        connection: { pool: 'pool.example:3333' },
      }),
    ],
  },
  {
    name: 'a pool’s web site',
    said: [
      client(
        'GET /api/stats?address=wallet HTTP/1.1\r\nHost: www.pool.example\r\nUser-Agent: Mozilla/5.0\r\n\r\n',
      ),
      respond({
        hashrate: 1000,
        workers: [{ name: 'rig5', hr: 1000 }],
        lastShare: 1,
        height: 3310021,
        difficulty: 480045,
      }),
    ],
  },
  {
    name: 'a block explorer',
    said: [
      client('GET /api/block/905123 HTTP/1.1\r\nHost: explorer.example\r\n\r\n'),
      respond({
        height: 905123,
        bits: '17034219',
        nonce: 1,
        merkle_root: H,
        previousblockhash: H,
        difficulty: 8.6e13,
      }),
    ],
  },
  {
    name: 'a wallet by HTTP that shows prices',
    said: [
      client('GET /v1/price?coins=XMR,RVN HTTP/1.1\r\nHost: prices.example\r\n\r\n'),
      respond({ XMR: { usd: 150.2 }, RVN: { usd: 0.02 } }),
    ],
  },
  {
    name: 'proof of work of a faucet',
    said: [
      post('/challenge', { address: ADDRESS }),
      respond({ challenge: H, difficulty: 4, target: 'b88d0600' }),
      post('/solve', { nonce: '0000000a', result: H }),
      respond({ ok: true }),
    ],
  },
  {
    name: 'work for a Nano transaction',
    said: [
      post('/', { action: 'work_generate', hash: H.toUpperCase(), difficulty: 'fffffff800000000' }),
      respond({ work: '2b3d689bbcb21dca', difficulty: 'fffffff93c41ec94' }),
    ],
  },
  {
    name: 'a pool’s own log of jobs on its way to a collector',
    like: ['cryptonote'],
    said: dialogue(`
      C {"level":"info","msg":"new job","job":{"job_id":"1","blob":"${H}${H}${H}","target":"b88d0600"}}
      C {"level":"info","msg":"share","share":{"job_id":"1","nonce":"0000000a","result":"${H}"}}`),
  },
  {
    name: 'a table of pairs of digests',
    like: ['duino-coin'],
    said: [
      server(`${H.slice(0, 40)},${H.slice(8, 48)},12\n${H.slice(2, 42)},${H.slice(9, 49)},7\n`),
      client('ok\n'),
    ],
  },
  {
    name: 'numbers on lines, as instruments send them',
    said: [server('4.3\n'), client('17,180.5,probe,7\n'), server('GOOD\n')],
  },
];

export const LOOK_ALIKES: readonly LookAlike[] = [
  ...WALLETS_AND_NODES,
  ...TOOLS,
  ...LOGINS_AND_JOBS,
  ...MINING_WITHOUT_POOL,
];
