/**
 * What a miner tells a manager: an object that names its rate, its shares, and its pool or program, sent again and again by a
 * POST or over a stream that it opened (xmrigCC's ClientStatus, the agent of HiveOS, firmware and scripts like them). The sender is the
 * miner that the object is about; the manager is no pool. A list of machines is told by a collector, about others. What is asked for is
 * the business of device-api, and a server that tells a browser is nothing.
 */
import { namesMiner } from '../evidence/agent.ts';
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import type { Call, Datum, Message } from '../framing/message.ts';
import type { Dialect, DialectReader } from './dialect.ts';
import { type Leaf, leavesOf, textUnder } from './leaves.ts';
import { isByMiner } from './opening.ts';
import { objectOf, type PoolAddress, poolOf } from './shape.ts';
import type { Sink } from './sink.ts';

export const telemetry: Dialect = {
  id: 'telemetry',
  title: 'What a miner tells its manager',
  reference: 'xmrigCC src/cc/ClientStatus.cpp, hiveos-linux hive/bin/agent',
  checked: '2026-12',
  unpriced: 'a miner tells its rate, and no shares',
  serves: 'xmrigCC, HiveOS, and firmware that tells rate, shares and pool',
  framing: 'http',
  perRequest: true,
  isOfDevice: true,
  methods: ['#datum', '#call'],
  recognise: (message) => (isTold(message) && reportOf(message) !== null ? 'certain' : 'foreign'),
  reader: () => new TelemetryReader(),
};

/** Cards tell their temperatures and fans first. */
const MOST_LEAVES = 512;
/** With a unit in the name: `total_khs`, `hashrate_mhs`. */
const RATE = /hash_?rate|(?:^|[^a-z])([kmgtp])?hs?(?:$|[^a-z])/i;
const TOTAL = /total|^hash_?rate(?:_(?:short|10s|1m))?$/i;
const SHARES = /shares?(?:$|_)|^(?:accepted|rejected|valid|invalid|ar)$/i;
const PROGRAM = /^(?:miner|software|program|client|ua|user_?agent|miner_?(?:name|software|type))\d?$/i;
const POOL = /pool|stratum|^url$/i;
const ALGORITHM = /^algo(?:rithm)?$/i;
const ACCOUNT = /^(?:wallet|pool_?user|(?:wallet_?)?address|login)$/i;
const UNIT = /units?$/i;
const UNITS: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15 };
/** A member of a list of machines or cards. */
const LISTED = /[ .]\d+\./;

/** Said by who has opened the connection or asks over HTTP. */
function isTold(message: Message): message is Call | Datum {
  if ((message.kind !== 'call' && message.kind !== 'datum') || message.cut) return false;
  const { http, direction } = message;
  return http === undefined || http.status === 101 ? direction === 0 : http.status === 0;
}

interface Report {
  /** H/s. */
  readonly rate: number;
  readonly pool: PoolAddress | null;
  readonly program: string | null;
  readonly algorithm: string | null;
  readonly account: string | null;
}

function reportOf(message: Call | Datum): Report | null {
  const told = message.kind === 'call' ? objectOf(message.params) : message.body;
  const leaves = leavesOf(told, '', MOST_LEAVES).filter(({ place }) => !LISTED.test(place));
  const rate = rateOf(leaves);
  if (rate === null || !leaves.some(({ name, value }) => SHARES.test(name) && typeof value === 'number'))
    return null;
  const pool = poolOf(leaves.find(({ name, value }) => POOL.test(name) && poolOf(value) !== null)?.value);
  const named = leaves.find(({ name, value }) => PROGRAM.test(name) && namesMiner(String(value)));
  const program = named === undefined ? null : String(named.value);
  if (pool === null && program === null && !isByMiner(message)) return null;
  const algorithm = canonicalAlgorithm(textUnder(leaves, ALGORITHM) ?? '');
  return { rate, pool, program, algorithm, account: textUnder(leaves, ACCOUNT) };
}

/** The rate of the machine: a total, else the first that is told. */
function rateOf(leaves: readonly Leaf[]): number | null {
  const rates = leaves.filter(({ name, value }) => RATE.test(name) && !UNIT.test(name) && Number(value) > 0);
  const rate = rates.find(({ name }) => TOTAL.test(name)) ?? rates[0];
  if (rate === undefined) return null;
  const unit = RATE.exec(rate.name)?.[1] ?? textUnder(leaves, /rate_?units?$/i)?.charAt(0) ?? '';
  return Number(rate.value) * (UNITS[unit.toLowerCase()] ?? 1);
}

class TelemetryReader implements DialectReader {
  private said = '';

  read(message: Message, session: Sink): void {
    const report = isTold(message) ? reportOf(message) : null;
    if (report === null) return;
    const { rate, pool, program, algorithm, account } = report;
    const words = [program, pool === null ? null : `${pool.host}:${pool.port}`].filter(Boolean).join(', ');
    session.reported(words);
    if (words !== this.said) {
      this.said = words;
      session.signIn(account);
      if (program === null) session.userAgent(message);
      else session.agent(program);
      if (pool !== null) session.target(pool.host, pool.port);
      if (algorithm !== null) session.algorithm(algorithm, 'said', 'the miner names it', 'miner');
    }
    session.hashrate(rate);
  }
}
