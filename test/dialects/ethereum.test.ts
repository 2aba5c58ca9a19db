import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { ethProxy } from '../../src/dialects/eth-proxy.ts';
import { ethereumStratum1 } from '../../src/dialects/ethereum-stratum-1.ts';
import { ethereumStratum2 } from '../../src/dialects/ethereum-stratum-2.ts';
import { DIALECTS } from '../../src/dialects/index.ts';
import { dialogue, factsOf, recognitionOf } from '../support/dialogue.ts';
import type { Fact } from '../support/recording-sink.ts';
import { browser, opening, site } from '../support/websocket.ts';

const HEADER = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const SEED = '0'.repeat(64);
const MIX = 'b6258a843b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1';
/** Exactly 4.0e9 hashes (docs/reference/protocols.md 5.5). */
const BOUNDARY = '0000000112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba';
const WALLET = '0xed4465beb77a9122de24fa3ca844e062e727a98d';

const ETHASH: Fact = {
  kind: 'algorithm',
  algorithm: 'ethash-family',
  source: 'family',
  detail: 'work of header hash, seed hash and boundary',
  side: 'pool',
};
const admitted: Fact = { kind: 'admission', admitted: true, reason: '' };
const hashes = (value: number): Fact => ({ kind: 'difficulty', difficulty: { scale: 'hashes', value } });

const cases: { dialect: Dialect; name: string; said: string; expected: Fact[] }[] = [
  {
    dialect: ethProxy,
    name: 'reads login, pushed work, shares and the rate that the miner claims',
    said: `
      C {"id":1,"jsonrpc":"2.0","method":"eth_submitLogin","worker":"eth1.0","params":["${WALLET}.rig5","x"]}
      S {"id":1,"jsonrpc":"2.0","result":true}
      C {"id":5,"method":"eth_getWork","params":[]}
      S {"id":5,"jsonrpc":"2.0","result":["0x${HEADER}","0x${SEED}","0x${BOUNDARY}","0xed14ee"]}
      S {"id":0,"jsonrpc":"2.0","result":["0x${HEADER}","0x${SEED}","0x${BOUNDARY}"]}
      C {"id":40,"method":"eth_submitWork","worker":"rig5","params":["0x240f16a76490fd4a","0x${HEADER}","0x${MIX}"]}
      C {"id":40,"method":"eth_submitWork","worker":"rig5","params":["0x340f16a76490fd4a","0x${HEADER}","0x${MIX}"]}
      S {"id":40,"jsonrpc":"2.0","result":true}
      S {"id":40,"jsonrpc":"2.0","result":false}
      C {"id":9,"worker":"rig5","method":"eth_submitHashrate","params":["0x1d08a61","0x${SEED}"]}
      S {"id":9,"result":true}`,
    expected: [
      { kind: 'login', account: WALLET, worker: 'rig5' },
      admitted,
      { kind: 'request', method: 'eth_getWork' },
      ETHASH,
      { kind: 'job', jobId: HEADER, difficulty: { scale: 'hashes', value: 4e9 } },
      { kind: 'share', token: 0, jobId: HEADER, account: null, worker: 'rig5', nonce: '240f16a76490fd4a' },
      { kind: 'share', token: 1, jobId: HEADER, account: null, worker: 'rig5', nonce: '340f16a76490fd4a' },
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
      { kind: 'answer', token: 1, outcome: 'other', text: '' },
      { kind: 'self-reported', hashrate: 30_444_129 },
    ],
  },
  {
    dialect: ethereumStratum1,
    name: 'reads NiceHash’s form, difficulty in units of 2^32 hashes',
    said: `
      C {"id":1,"method":"mining.subscribe","params":["PhoenixMiner/5.5c","EthereumStratum/1.0.0"]}
      S {"id":1,"result":[["mining.notify","7d41c0ffee55aa01b2c3d4e5f6071829","EthereumStratum/1.0.0"],"a7c2"],"error":null}
      C {"id":2,"method":"mining.extranonce.subscribe","params":[]}
      C {"id":3,"method":"mining.authorize","params":["${WALLET}.rig5","x"]}
      S {"id":3,"result":true,"error":null}
      S {"id":null,"method":"mining.set_difficulty","params":[0.5]}
      S {"id":null,"method":"mining.set_extranonce","params":["d002"]}
      S {"id":null,"method":"mining.notify","params":["0b7e","${SEED}","${HEADER}",true]}
      C {"id":44,"method":"mining.submit","params":["${WALLET}.rig5","0b7e","1f2e3d4c5b6a"]}
      S {"id":44,"result":false,"error":[23,"Stale share",null]}`,
    expected: [
      { kind: 'request', method: 'mining.subscribe' },
      { kind: 'agent', agent: 'PhoenixMiner/5.5c' },
      { kind: 'service', method: 'mining.subscribe' },
      { kind: 'request', method: 'mining.extranonce.subscribe' },
      { kind: 'login', account: WALLET, worker: 'rig5' },
      admitted,
      hashes(2 ** 31),
      { kind: 'service', method: 'mining.set_extranonce' },
      ETHASH,
      { kind: 'job', jobId: '0b7e', difficulty: null },
      { kind: 'share', token: 0, jobId: '0b7e', account: WALLET, worker: 'rig5', nonce: '1f2e3d4c5b6a' },
      { kind: 'answer', token: 0, outcome: 'stale', text: 'Stale share' },
    ],
  },
  {
    dialect: ethereumStratum1,
    name: 'reads the classic form, each job with its boundary',
    said: `
      S {"id":null,"method":"mining.notify","params":["7","0x${HEADER}","0x${SEED}","0x${BOUNDARY}"]}
      C {"id":4,"worker":"r","method":"mining.submit","params":["${WALLET}","7","0x240f16a76490fd4a","0x${HEADER}","0x${MIX}"]}
      S {"id":4,"result":true}`,
    expected: [
      ETHASH,
      { kind: 'job', jobId: '7', difficulty: { scale: 'hashes', value: 4e9 } },
      { kind: 'share', token: 0, jobId: '7', account: WALLET, worker: null, nonce: '240f16a76490fd4a' },
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
    ],
  },
  {
    dialect: ethProxy,
    name: 'fills in the zeros that a boundary was sent without, to an odd number of digits too',
    said: `
      C {"id":5,"method":"eth_getWork","params":[]}
      S {"id":5,"result":["0x${HEADER}","0x${SEED}","0x${BOUNDARY.replace(/^0+/, '')}"]}
      S {"id":0,"result":["0x${MIX}","0x${SEED}","0x0${BOUNDARY.replace(/^0+/, '')}"]}
      S {"id":0,"result":["0x${SEED}","0x${SEED}","0x1"]}`,
    expected: [
      ETHASH,
      { kind: 'job', jobId: HEADER, difficulty: { scale: 'hashes', value: 4e9 } },
      { kind: 'job', jobId: MIX, difficulty: { scale: 'hashes', value: 4e9 } },
    ],
  },
  {
    dialect: ethereumStratum1,
    name: 'fills in the zeros of a boundary in the classic form, and takes no short number for one',
    said: `
      S {"id":null,"method":"mining.notify","params":["7","0x${HEADER}","0x${SEED}","0x${BOUNDARY.replace(/^0+/, '')}"]}
      S {"id":null,"method":"mining.notify","params":["8","0x${HEADER}","0x${SEED}","68a1b2c3"]}`,
    expected: [ETHASH, { kind: 'job', jobId: '7', difficulty: { scale: 'hashes', value: 4e9 } }],
  },
  {
    dialect: ethereumStratum1,
    name: 'reads a nonce with 0x in front',
    said: `
      S {"id":null,"method":"mining.notify","params":["0b7e","${SEED}","${HEADER}",true]}
      C {"id":44,"method":"mining.submit","params":["${WALLET}.rig5","0b7e","0x1f2e3d4c5b6a"]}
      S {"id":44,"result":true,"error":null}`,
    expected: [
      ETHASH,
      { kind: 'job', jobId: '0b7e', difficulty: null },
      { kind: 'share', token: 0, jobId: '0b7e', account: WALLET, worker: 'rig5', nonce: '1f2e3d4c5b6a' },
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
    ],
  },
  {
    dialect: ethereumStratum2,
    name: 'reads EIP-1571 with worker tokens, trimmed targets and bare-id consent',
    said: `
      C {"id":0,"method":"mining.hello","params":{"agent":"ethminer-0.19","host":"pool.example","port":"4d5","proto":"EthereumStratum/2.0.0"}}
      S {"id":0,"result":{"proto":"EthereumStratum/2.0.0","encoding":"plain","resume":"0","timeout":"b4","maxerrors":"3","node":"x"}}
      C {"id":1,"method":"mining.subscribe"}
      S {"id":1,"result":"s-12345"}
      C {"id":2,"method":"mining.authorize","params":["${WALLET}.rig5","x"]}
      S {"id":2,"result":"w-123"}
      S {"method":"mining.set","params":{"epoch":"dc","target":"0112e0be826d694b2e62d01511f12a6061fbaec8bc02357593e70e52ba","algo":"ethash","extranonce":"af4c"}}
      S {"method":"mining.notify","params":["bf0488aa","6526d5","${HEADER}","0"]}
      C {"id":31,"method":"mining.submit","params":["bf0488aa","68765fccd712","w-123"]}
      S {"id":31}
      C {"id":32,"method":"mining.submit","params":["bf0488aa","68765fccd713","w-123"]}
      S {"id":32,"error":{"code":404,"message":"Job not found"}}
      C {"id":16,"method":"mining.hashrate","params":["500000","w-123"]}
      C {"id":7,"method":"mining.noop"}
      S {"method":"mining.reconnect","params":{"host":"b.example","port":"270f","resume":"1"}}`,
    expected: [
      { kind: 'request', method: 'mining.hello' },
      { kind: 'agent', agent: 'ethminer-0.19' },
      { kind: 'target', host: 'pool.example', port: 1237 },
      { kind: 'service', method: 'mining.hello' },
      { kind: 'request', method: 'mining.subscribe' },
      { kind: 'service', method: 'mining.subscribe' },
      { kind: 'login', account: WALLET, worker: 'rig5' },
      admitted,
      { kind: 'algorithm', algorithm: 'ethash', source: 'job', detail: 'algo of mining.set', side: 'pool' },
      hashes(4e9),
      { kind: 'job', jobId: 'bf0488aa', difficulty: null },
      { kind: 'share', token: 0, jobId: 'bf0488aa', account: WALLET, worker: 'rig5', nonce: '68765fccd712' },
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
      { kind: 'share', token: 1, jobId: 'bf0488aa', account: WALLET, worker: 'rig5', nonce: '68765fccd713' },
      { kind: 'answer', token: 1, outcome: 'stale', text: 'Job not found' },
      { kind: 'self-reported', hashrate: 5_242_880 },
      { kind: 'request', method: 'mining.noop' },
      { kind: 'reconnect', host: 'b.example', port: 9999 },
    ],
  },
];

describe('work of Ethereum over WebSocket', () => {
  const work = [`0x${HEADER}`, `0x${'ab'.repeat(32)}`, `0x00000000${'f'.repeat(56)}`];
  const subscribe = browser('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newWork"]}');
  const push = site({
    jsonrpc: '2.0',
    method: 'eth_subscription',
    params: { subscription: '0x9c', result: work },
  });
  const submit = browser({
    jsonrpc: '2.0',
    id: 2,
    method: 'eth_submitWork',
    params: [`0x${'1'.repeat(16)}`, work[0], work[1]],
  });

  it('is a miner’s where work is submitted', () => {
    const said = [...opening('/'), subscribe, push, submit, site('{"jsonrpc":"2.0","id":2,"result":true}')];
    expect(recognitionOf(DIALECTS, said).certain).toEqual(['eth-proxy']);
    expect(factsOf(ethProxy, said).map(({ kind }) => kind)).toEqual([
      'request',
      'algorithm',
      'job',
      'share',
      'answer',
    ]);
  });

  it('may be a monitor’s where it is only looked at', () => {
    expect(recognitionOf(DIALECTS, [...opening('/'), subscribe, push])).toEqual({
      certain: [],
      possible: ['eth-proxy'],
    });
  });
});

describe('a share of three parts whose nonce has 0x in front', () => {
  it('is Kaspa’s as well, and alone it is not taken for one of Ethereum', () => {
    const said = dialogue('C {"id":4,"method":"mining.submit","params":["u.w","8","0x00290000a1b2c3d4"]}');
    expect(recognitionOf([ethereumStratum1], said)).toEqual({ certain: [], possible: [] });
  });
});

describe('the dialects of Ethereum', () => {
  for (const { dialect, name, said, expected } of cases) {
    it(`${dialect.id}: ${name}`, () => expect(factsOf(dialect, dialogue(said))).toEqual(expected));
  }
});
