/**
 * Browser miners: scripts in web pages and the WebSocket relays that they mine at. A contact shows that a page was
 * visited which mines, or did when the list was made; most of these names have had other owners since.
 */
import { definePool, type PoolEntry } from '../entry.ts';
import { BROWSER_NAMES } from './browser-names.ts';

export const BROWSER_MINERS: readonly PoolEntry[] = [
  definePool({
    name: 'Coinhive',
    kind: 'browser-miner',
    domains: ['coinhive.com', 'coin-hive.com', 'authedmine.com', 'cnhv.co'],
    rest: 'mining',
    coins: ['XMR'],
    gone: '2019-03-08',
    sources: ['nocoin', 'ndpi-example', 'domain-knowledge', 'capture'],
  }),
  definePool({
    name: 'CoinIMP',
    kind: 'browser-miner',
    domains: ['coinimp.com', 'coinimp.net'],
    rest: 'mining',
    sources: ['nocoin'],
  }),
  definePool({
    name: 'Crypto-Loot',
    kind: 'browser-miner',
    domains: ['crypto-loot.com', 'cryptoloot.pro', 'cryptaloot.pro'],
    rest: 'mining',
    coins: ['XMR'],
    sources: ['nocoin'],
  }),
  definePool({
    name: 'JSEcoin',
    kind: 'browser-miner',
    domains: ['jsecoin.com'],
    mining: ['load'],
    rest: 'web',
    gone: '2020-04',
    sources: ['nocoin'],
  }),
  ...BROWSER_NAMES.map((name) =>
    definePool({
      name,
      kind: 'browser-miner',
      domains: [name],
      rest: 'unsure',
      dedicated: false,
      sources: ['nocoin'],
    }),
  ),
];
