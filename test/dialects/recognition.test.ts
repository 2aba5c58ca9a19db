import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../src/dialects/index.ts';
import {
  client,
  dialogue,
  factsOf,
  post,
  recognitionOf,
  respond,
  server,
  type Utterance,
} from '../support/dialogue.ts';

const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const UNKNOWN = { certain: [], possible: [] };

describe('recognition', () => {
  const cases: { name: string; said: Utterance[]; expected: { certain: string[]; possible: string[] } }[] = [
    {
      name: 'leaves a lone subscribe to Stratum v1',
      said: dialogue('C {"id": 0, "method": "mining.subscribe", "params": ["cgminer/3.7.2"]}'),
      expected: { certain: [], possible: ['stratum-v1'] },
    },
    {
      name: 'leaves a lone login possible',
      said: dialogue('C {"id":1,"method":"login","params":{"login":"a","pass":"b","agent":"grin-miner"}}'),
      expected: { certain: [], possible: ['cryptonote'] },
    },
    {
      name: 'is certain of a login that offers algorithms',
      said: dialogue('C {"id":1,"method":"login","params":{"login":"a","pass":"b","algo":["rx/0"]}}'),
      expected: { certain: ['cryptonote'], possible: [] },
    },
    {
      name: 'knows a share of which the snap length left the method',
      said: [client('{"method": "mining.submit", "p')],
      expected: { certain: [], possible: ['stratum-v1'] },
    },
    {
      name: 'takes pushed Ethereum work and the request for it for possible',
      said: dialogue(`
        S {"id":0,"jsonrpc":"2.0","result":["0x${H}","0x${H}","0x${H}"]}
        C {"id":3,"method":"eth_getWork","params":[]}`),
      expected: { certain: [], possible: ['eth-proxy'] },
    },
    {
      name: 'is certain of Ethereum work that was asked for',
      said: dialogue(`
        C {"id":3,"method":"eth_getWork","params":[]}
        S {"id":3,"jsonrpc":"2.0","result":["0x${H}","0x${H}","0x${H}"]}`),
      expected: { certain: ['eth-proxy'], possible: ['eth-proxy'] },
    },
  ];
  for (const { name, said, expected } of cases) {
    it(name, () => expect(recognitionOf(DIALECTS, said)).toEqual(expected));
  }
});

describe('what looks alike and is foreign to every dialect', () => {
  const cases: { name: string; said: Utterance[] }[] = [
    {
      name: 'a quiz with login and submit',
      said: dialogue(`
        C {"id": 1, "jsonrpc": "2.0", "method": "login", "params": {"user": "amira", "pass": "x", "agent": "quizapp/2.3"}}
        S {"jsonrpc": "2.0", "id": 1, "result": {"token": "t-91", "user": "amira"}, "error": null}
        C {"id": 3, "method": "submit", "params": {"id": "t-91", "question_id": "q2", "job_id": "7", "answer": "b"}}
        S {"id": 3, "result": {"status": "OK", "score": 0}, "error": null}`),
    },
    {
      name: 'an Electrum wallet',
      said: dialogue(`
        C {"jsonrpc":"2.0","method":"server.version","params":["electrum/4.5.8",["1.4","1.4"]],"id":1}
        S {"jsonrpc":"2.0","result":["ElectrumX 1.16.0","1.4"],"id":1}
        C {"jsonrpc":"2.0","method":"blockchain.headers.subscribe","params":[],"id":3}
        S {"jsonrpc":"2.0","result":{"hex":"${'0'.repeat(160)}","height":905123},"id":3}
        S {"jsonrpc":"2.0","method":"blockchain.headers.subscribe","params":[{"hex":"00","height":905124}]}`),
    },
    {
      name: 'an agent that speaks MCP',
      said: dialogue(`
        C {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"XMRig/6.0","version":"1"}}}
        S {"jsonrpc":"2.0","id":1,"result":{"serverInfo":{"name":"x"}}}
        C {"jsonrpc":"2.0","id":2,"method":"resources/subscribe","params":{"uri":"mining.subscribe"}}`),
    },
    {
      name: 'an editor that speaks LSP',
      said: [client('Content-Length: 40\r\n\r\n{"id":1,"method":"mining.subscribe"}')],
    },
    {
      name: 'an Ethereum node over HTTP, with its hashrate and new heads',
      said: [
        post('/', { method: 'eth_hashrate', params: [], id: 1, jsonrpc: '2.0' }),
        respond({ id: 1, result: '0x0' }),
        post('/', { method: 'eth_mining', params: [], id: 2 }),
        respond({ id: 2, result: false }),
        post('/', { method: 'eth_getBlockByNumber', params: ['latest', false], id: 3 }),
        respond({
          id: 3,
          result: { difficulty: '0x1', mixHash: `0x${H}`, nonce: '0x0123456789abcdef', miner: '0x0' },
        }),
      ],
    },
    {
      name: 'a monitor of a Bitcoin node',
      said: [
        post(
          '/',
          { jsonrpc: '1.0', id: 'curltest', method: 'getmininginfo', params: [] },
          { Authorization: 'Basic YTpi' },
        ),
        respond({ result: { blocks: 1, difficulty: 1, networkhashps: 1 }, error: null, id: 'curltest' }),
        post('/', { id: 1, method: 'getnetworkhashps', params: [] }),
        respond({ id: 1, result: 1, error: null }),
      ],
    },
    {
      name: 'a Monero wallet',
      said: [
        client('GET /getheight HTTP/1.1\r\nUser-Agent: Monero/0.18\r\n\r\n'),
        respond({ height: 1, status: 'OK' }),
        post('/json_rpc', { id: '0', method: 'get_balance', params: { account_index: 0 } }),
        respond({ id: '0', result: { balance: 1 } }),
      ],
    },
    {
      name: 'a page and a file that quote Stratum',
      said: [
        client('GET /Stratum.html HTTP/1.1\r\n\r\n'),
        server(
          'HTTP/1.1 200 OK\r\nContent-Length: 72\r\n\r\n<pre>\n{"id": 1, "method": "mining.subscribe", "params": ["x"]}\n</pre>\n\n\n\n',
        ),
      ],
    },
    {
      name: 'a log that ships a copied line inside a record',
      said: dialogue(`
        C {"@timestamp":"2026-01-01","message":"{\\"method\\":\\"mining.submit\\",\\"params\\":[]}","job_id":"a","worker":"w","nonce":"00000000"}`),
    },
    {
      name: 'the interface of a miner itself',
      said: dialogue(`
        C {"id":0,"jsonrpc":"2.0","method":"miner_getstat1"}
        S {"id":0,"result":["0.19","1","20000;5;0"]}
        C {"command":"summary"}`),
    },
    {
      name: 'methods of the mining namespace with parameters of other types',
      said: dialogue(`
        C {"id":1,"method":"mining.authorize","params":{"user":"a"}}
        C {"id":2,"method":"mining.submit","params":["a","b"]}
        S {"method":"mining.notify","params":["a",1,2,3,[],5,6,7,true]}
        S {"method":"job","params":{"job_id":"1","blob":"xyz","target":"b88d0600"}}
        C {"id":3,"method":"submit","params":{"job_id":"1","nonce":"xyz","result":"${H}"}}`),
    },
  ];
  for (const { name, said } of cases) {
    it(name, () => {
      expect(recognitionOf(DIALECTS, said)).toEqual(UNKNOWN);
      for (const dialect of DIALECTS)
        expect(factsOf(dialect, said).filter(({ kind }) => kind === 'share' || kind === 'job')).toEqual([]);
    });
  }
});

describe('the registry', () => {
  it('names each dialect once', () => {
    const ids = DIALECTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('reads any message with any dialect without an exception, and never says a password', () => {
    const said = dialogue(`
      C {"id":1,"method":"login","params":{"login":"w","pass":"hunter2","rigid":{},"algo":"x"}}
      C {"id":{},"method":"mining.subscribe","params":{"length":4}}
      C {"id":2,"method":"mining.authorize","params":["u","hunter2"]}
      C {"id":3,"method":"eth_submitLogin","params":["u","hunter2"],"worker":[]}
      C {"id":4,"method":"mining.hello","params":null}
      C {"id":5,"method":"mining.submit","params":[[],{},null,1,2,3]}
      S {"id":1,"result":{"job":{"blob":[],"target":1,"job_id":{}}}}
      S {"id":2,"result":[[[]],"",1e400],"error":{"__proto__":null}}
      S {"method":"mining.set","params":{"target":"","algo":7}}
      S {"method":"mining.notify"}
      S {"method":"client.reconnect","params":[null,-1,[]]}
      S {"method":"mining.set_difficulty","params":["1e400"]}`);
    for (const dialect of DIALECTS) expect(JSON.stringify(factsOf(dialect, said))).not.toContain('hunter2');
  });
});
