/**
 * What a mining device says of itself to who asks: the API of cgminer and its heirs on TCP 4028 in JSON or plain text
 * (bmminer, Whatsminer, Avalon), that of Whatsminer's version 3 on TCP 4433 (a length of four bytes, then JSON), AxeOS's
 * `/api/system/info`, the CGI of Antminers, XMRig's summary, and what Claymore's miner and its heirs answer to `miner_getstat`. It names pool, account, model and rate, also where the link to
 * the pool is encrypted. A node that mines itself (monerod's `start_mining`) tells so too. The answering end is the miner; who asks is a monitor, and no pool.
 */
import { namesMiner } from '../evidence/agent.ts';
import { canonicalAlgorithm } from '../evidence/algorithm.ts';
import type { Datum, JsonObject } from '../framing/message.ts';
import { wordOf } from '../json.ts';
import { grammar } from './grammar.ts';
import {
  listOf,
  objectOf,
  type PoolAddress,
  poolAt,
  poolOf,
  portOf,
  positiveNumber,
  textOf,
} from './shape.ts';
import type { Sink } from './sink.ts';

/** Of Antminers. */
const CGI = ['summary', 'stats', 'pools', 'get_miner_conf', 'get_miner_status'];

export const deviceApi = grammar({
  id: 'device-api',
  title: 'What a mining device says of itself',
  reference:
    'cgminer API-README, Whatsminer API 3.0, ESP-Miner http_server, Antminer cgi-bin, XMRig doc/api (2.x), ethminer docs/API_DOCUMENTATION',
  checked: '2026-11',
  unpriced: 'a device tells its rate, and no shares',
  serves: 'ASICs, Bitaxe and relatives, XMRig, asked on the local network',
  framing: 'http',
  perRequest: true,
  isOfDevice: true,
  polls: [
    '/api/system/info',
    '/2/summary',
    '/1/summary',
    '/mining_status',
    ...CGI.map((name) => `/cgi-bin/${name}.cgi`),
  ],
  own: () => new DeviceReader(),
  takes: ({ cut, http, kind }) => !cut && (kind === 'text-line' || http?.status !== 0),
  ofReply: ({ result }) => (answerOf(result) === null ? 'foreign' : 'certain'),
  ahead: ({ result }, session, own) => {
    own.hear(answerOf(result), session);
    return true;
  },
  others: {
    datum: { certain: reportOf, read: (message, session, own) => own.hear(reportOf(message), session) },
    'text-line': {
      certain: ({ text }) => cgminer(rowsOfText(text)),
      read: ({ text }, session, own) => own.hear(cgminer(rowsOfText(text)), session),
    },
  },
});

/** What a device says; null where it says nothing of it. */
interface Report {
  readonly user: string | null;
  readonly pool: PoolAddress | null;
  /** H/s. */
  readonly rate: number | null;
  readonly model: string | null;
  readonly agent: string | null;
  readonly algorithm: string | null;
}

const NOTHING: Report = { user: null, pool: null, rate: null, model: null, agent: null, algorithm: null };

/** The report in an answer; who asks says none. */
function reportOf(message: Datum): Report | null {
  const { body } = message;
  return (
    axeOs(body) ??
    xmrig(body) ??
    antminerSettings(message) ??
    whatsminer(body) ??
    nodeMiner(body) ??
    cgminer(joined(body))
  );
}

/** `STATUS=S,When=…,Description=…|POOL=0,URL=…|`: what JSON has as lists of rows; `\\` before a mark that is none. */
function rowsOfText(text: string): JsonObject {
  const lists: Record<string, JsonObject[]> = {};
  for (const section of text.split(/(?<!\\)\|/)) {
    const cells = section.split(/(?<!\\),/).map((cell): [string, unknown] => {
      const at = cell.indexOf('=');
      const value = at === -1 ? '' : cell.slice(at + 1).replaceAll('\\', '');
      return [
        at === -1 ? cell : cell.slice(0, at),
        /^\d{1,15}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value,
      ];
    });
    const [name] = cells[0];
    lists[name === 'POOL' ? 'POOLS' : name] ??= [];
    lists[name === 'POOL' ? 'POOLS' : name].push(Object.fromEntries(cells));
  }
  return lists;
}

/** Whatsminer's version 3: rates are in TH/s, and what was asked for stands behind `msg` by its name. */
function whatsminer({ msg, when, desc }: JsonObject): Report | null {
  const said = objectOf(msg);
  if (said === null || typeof when !== 'number' || !(textOf(desc) ?? '').startsWith('get.')) return null;
  const rows = rowsOf(said, 'pools');
  const used = rows.find((row) => row['stratum-active'] === true) ?? rows[0];
  const summary = objectOf(said.summary);
  const model = textOf(objectOf(said.miner)?.type);
  const rate = positiveNumber(summary?.['hash-average']) ?? positiveNumber(summary?.['hash-realtime']);
  const pool = poolOf(used?.url);
  if (pool === null && rate === null) return null;
  const report = { ...NOTHING, user: textOf(used?.account), pool, model, agent: 'Whatsminer' };
  return { ...report, rate: rate === null ? null : rate * 1e12 };
}

/** The report in the result of a call. */
function answerOf(result: unknown): Report | null {
  return nodeMiner(objectOf(result)) ?? getstat(result) ?? getstatDetail(objectOf(result));
}

/**
 * `miner_getstat1` and its longer form: version and coin, minutes, total rate in kH/s with shares, rates of cards, two of a second coin,
 * temperatures, pools.
 */
function getstat(result: unknown): Report | null {
  const [version = '', , total = '', , , , , pools = ''] = (listOf(result) ?? []).map(wordOf);
  const rate = /^(\d{1,12});\d+;\d+$/.exec(total)?.[1];
  const pool = poolOf(pools.split(';')[0]);
  if (rate === undefined || pool === null) return null;
  return { ...NOTHING, pool, rate: positiveNumber(Number(rate) * 1e3), agent: version.split(' - ')[0] };
}

/** ethminer's `miner_getstatdetail`: the rate is in H/s, in hex. */
function getstatDetail(said: JsonObject | null): Report | null {
  const [host, mining] = [objectOf(said?.host), objectOf(said?.mining)];
  const url = /^[\w+]+:\/\/(?:([^@/]*)@)?(.+)$/.exec(textOf(objectOf(said?.connection)?.uri) ?? '');
  const pool = poolOf(url?.[2]);
  const rate = positiveNumber(Number(textOf(mining?.hashrate)));
  const agent = textOf(host?.version);
  if (pool === null || agent === null || listOf(mining?.shares) === null) return null;
  return { ...NOTHING, user: textOf(url?.[1]?.split(':')[0]), pool, rate, agent };
}

/** A node that mines itself: monerod's `mining_status` after `start_mining`, `getmininginfo` of Bitcoin's heirs. Rates are in H/s. */
function nodeMiner(body: JsonObject | null): Report | null {
  const { active, generate, speed, hashespersec, address, pow_algorithm: name } = body ?? {};
  const rate = positiveNumber(active === true ? speed : generate === true ? hashespersec : null);
  const user = textOf(address);
  if (rate === null || (active === true && user === null)) return null;
  return {
    ...NOTHING,
    user,
    rate,
    algorithm: canonicalAlgorithm(textOf(name) ?? ''),
    model: 'node that mines',
  };
}

/** AxeOS: hashRate is in GH/s. */
function axeOs({
  ASICModel,
  hashRate,
  stratumURL,
  stratumPort,
  stratumUser,
  version,
}: JsonObject): Report | null {
  const [model, host] = [textOf(ASICModel), textOf(stratumURL)];
  if (model === null || host === null || typeof hashRate !== 'number') return null;
  return {
    user: textOf(stratumUser),
    pool: poolAt(host, portOf(stratumPort)),
    rate: positiveNumber(hashRate * 1e9),
    model,
    agent: `AxeOS/${textOf(version) ?? ''}`,
    algorithm: 'sha256d',
  };
}

/** XMRig: `ua` is its name, the first total the rate of the last seconds, null at first. */
function xmrig({ ua, algo, hashrate, connection, cpu }: JsonObject): Report | null {
  const agent = textOf(ua);
  const total = listOf(objectOf(hashrate)?.total);
  const link = objectOf(connection);
  if (agent === null || total === null || link === null || !namesMiner(agent)) return null;
  return {
    ...NOTHING,
    pool: poolOf(link.pool),
    rate: typeof total[0] === 'number' ? positiveNumber(total[0]) : null,
    model: textOf(objectOf(cpu)?.brand),
    agent,
    algorithm: textOf(algo ?? link.algo)?.toLowerCase() ?? null,
  };
}

/** Antminer's settings: pools in the order of their use. */
function antminerSettings({ body, http }: Datum): Report | null {
  if (http?.target.startsWith('/cgi-bin/get_miner_conf.cgi') !== true) return null;
  const [first] = listOf(body.pools) ?? [];
  const pool = poolOf(objectOf(first)?.url);
  return pool === null ? null : { ...NOTHING, pool, user: textOf(objectOf(first)?.user) };
}

/** `summary+pools` is answered with each answer in a list of its own. */
function joined(body: JsonObject): JsonObject {
  const parts = ['summary', 'stats', 'version', 'pools'].map((name) => objectOf(listOf(body[name])?.[0]));
  return Object.assign({}, body, ...parts);
}

/** Rows of cgminer's answers, by whatever firmware: `STATUS` beside lists under names of its own, one or several. */
function cgminer(body: JsonObject): Report | null {
  const status = objectOf(listOf(body.STATUS)?.[0] ?? body.STATUS);
  const isAnswer = status !== null && (typeof status.When === 'number' || typeof status.when === 'number');
  if (!isAnswer && typeof body.When !== 'number') return null;
  const pools = rowsOf(body, 'POOLS').filter((row) => poolOf(row.URL ?? row.url) !== null);
  const used =
    pools.find((row) => wordOf(row['Stratum Active']) === 'true') ?? pools.find(isAlive) ?? pools[0];
  const summary = rowsOf(body, 'SUMMARY')[0] ?? rowsOf(body, 'STATS').find((row) => rateOf(row) !== null);
  const [version] = rowsOf(body, 'VERSION');
  const model = textOf(version?.Type ?? objectOf(body.INFO)?.type ?? rowsOf(body, 'STATS')[0]?.Type);
  const report = {
    ...NOTHING,
    user: textOf(used?.User ?? used?.user),
    pool: poolOf(used?.URL ?? used?.url),
    rate: summary === undefined ? null : rateOf(summary),
    model,
    agent: textOf(status?.Description ?? objectOf(body.INFO)?.miner_version ?? body.Description),
  };
  // An answer to another command, or of another program.
  return report.pool === null && report.rate === null && version?.API === undefined ? null : report;
}

function rowsOf(body: JsonObject, name: string): readonly JsonObject[] {
  const rows = listOf(body[name]) ?? [];
  return rows.flatMap((row): readonly JsonObject[] => {
    const known = objectOf(row);
    return known === null ? [] : [known];
  });
}

function isAlive(row: JsonObject): boolean {
  return (row.Status ?? row.status) === 'Alive';
}

const UNITS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };

/** H/s of a row: `MHS av` and its relatives; Antminer's `rate_avg` with its unit. */
function rateOf(row: JsonObject): number | null {
  for (const span of ['av', '5s', '1m']) {
    for (const [letter, worth] of Object.entries(UNITS)) {
      const value = positiveNumber(row[`${letter}HS ${span}`]);
      if (value !== null) return value * worth;
    }
  }
  const worth = UNITS[(textOf(row.rate_unit) ?? '').charAt(0).toUpperCase()];
  const value = positiveNumber(row.rate_avg) ?? positiveNumber(row.rate_5s);
  return value === null || worth === undefined ? null : value * worth;
}

class DeviceReader {
  private said = '';

  hear(report: Report | null, session: Sink): void {
    if (report === null) return;
    const { user, pool, rate, model, agent, algorithm } = report;
    session.reported([model, pool === null ? null : `${pool.host}:${pool.port}`].filter(Boolean).join(', '));
    const known = [user, pool?.host, agent, algorithm].join();
    if (known !== this.said) {
      this.said = known;
      if (user !== null) session.signIn(user);
      session.agent(agent);
      if (pool !== null) session.target(pool.host, pool.port);
      if (algorithm !== null) session.algorithm(algorithm, 'said', 'the device names it', 'miner');
    }
    session.hashrate(rate);
  }
}
