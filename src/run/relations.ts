/** Connections of two ends in flow records as a pool connection: listed, or like mining by their behaviour. */
import { connectionVerdict, type PoolConnection } from '../endpoints/pool-connection.ts';
import type { PoolMatch } from '../endpoints/pool-match.ts';
import { believed, type Through } from '../endpoints/through.ts';
import { connectionFigures, type JudgedBehaviour, lastsForHours } from '../flows/flow-behaviour.ts';
import type { FlowRelation } from '../flows/relation.ts';
import { type TimeInterval, unionOf, within, without } from '../time-interval.ts';

interface RelationAround {
  readonly own?: string;
  /** Names of several owners stand for the server's address. */
  readonly isShared?: boolean;
  /** From when to when each observer saw anything; empty if there is only one. */
  readonly observed?: ReadonlyMap<number, TimeInterval>;
  readonly through?: readonly Through[];
}

const NOBODY: ReadonlyMap<number, TimeInterval> = new Map();

/** What a pool connection lacks in which nothing was said or watched. */
export const NOTHING_SAID = {
  namedBy: 'dns',
  ownName: '',
  isEncrypted: false,
  tls: null,
  marks: [],
  duty: null,
  watchedFrom: null,
  count: 1,
} as const;

/**
 * What a client and a server have with each other as a pool connection, if the server is listed or they behave like mining; null
 * if neither. `own`: the name in the client's own words.
 */
export function connectionOfRelation(
  relation: FlowRelation,
  behaviour: JudgedBehaviour,
  match: PoolMatch,
  { own = '', isShared = false, observed = NOBODY, through = [] }: RelationAround = {},
): PoolConnection | null {
  const { client, server, firstUs, lastUs, traffic, sampling, connections, unanswered } = relation;
  const isMarked = match.by === null && behaviour.behaviour === 'like-mining';
  if (match.by === null && !isMarked) return null;
  const namedBy = own !== '' ? 'client' : match.by === 'address' ? 'list' : 'dns';
  const judged = connectionVerdict(match, server.port, {
    ...connectionFigures(relation),
    answered: connections > 0 && !relation.denied,
    namedBy,
    offersHttp2: false,
    isMarked,
    isShared,
    lastsForHours: lastsForHours(relation),
  });
  if (judged === null) return null;
  const reason =
    match.by === null && behaviour.behaviour === 'like-mining' ? behaviour.reason : judged.reason;
  return {
    ...NOTHING_SAID,
    kind: 'connection',
    client,
    server,
    match,
    namedBy,
    ownName: own,
    duty: { activeMinutes: relation.activeMinutes, minutes: relation.minutes },
    packetRef: { timeUs: firstUs, record: relation.record, input: relation.input },
    ...believed({ verdict: judged.verdict, reason }, through),
    ...(through.length === 0 ? {} : { through }),
    // Records that reach over the times asked for count whole: so do their times.
    startUs: firstUs,
    endUs: lastUs,
    atOnce: relation.atOnce,
    ...unseenOf(relation, observed),
    count: Math.max(1, connections + unanswered),
    traffic: { ...traffic },
    list: relation.list,
    ...(relation.more > 0 ? { more: relation.more } : {}),
    flow: {
      connections,
      unanswered,
      activeSeconds: relation.activeSeconds,
      meanSeconds: relation.meanSeconds,
      scatter: relation.scatterOut?.ratio ?? null,
      likeness: behaviour.score,
      samplingInterval: sampling.interval,
      observedPackets: Math.round(sampling.observedPackets),
    },
  };
}

/**
 * What only exporters watched that do not see these two ends: they watched as well while others showed them, and did not. An exporter
 * of other times may be one that does.
 */
function unseenOf(
  { observers, firstUs, lastUs }: FlowRelation,
  observed: ReadonlyMap<number, TimeInterval>,
): Pick<PoolConnection, 'unseen'> {
  const isBlind = (observer: number, interval: TimeInterval): boolean =>
    !observers.includes(observer) && within([interval], [{ startUs: firstUs, endUs: lastUs }]).length > 0;
  const seeing = [...observed].flatMap(([observer, interval]) =>
    isBlind(observer, interval) ? [] : [interval],
  );
  const unseen = without(unionOf(observed.values()), unionOf(seeing));
  return unseen.length === 0 ? {} : { unseen };
}
