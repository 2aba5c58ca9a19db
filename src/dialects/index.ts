/**
 * The dialects, most specific first: where several may say the same message, the earlier one has the narrower
 * shape. Stratum v1 comes last because its greeting is everybody's. Adding a dialect is a file, a line here and a
 * fixture.
 */
import { cryptonote } from './cryptonote.ts';
import type { Dialect } from './dialect.ts';
import { ethProxy } from './eth-proxy.ts';
import { ethereumStratum1 } from './ethereum-stratum-1.ts';
import { ethereumStratum2 } from './ethereum-stratum-2.ts';
import { getblocktemplate } from './getblocktemplate.ts';
import { getwork } from './getwork.ts';
import { moneroDaemon } from './monero-daemon.ts';
import { stratumV1 } from './stratum-v1.ts';
import { zip301 } from './zip301.ts';

export const DIALECTS: readonly Dialect[] = [
  moneroDaemon,
  getwork,
  getblocktemplate,
  cryptonote,
  ethProxy,
  ethereumStratum2,
  zip301,
  ethereumStratum1,
  stratumV1,
];
