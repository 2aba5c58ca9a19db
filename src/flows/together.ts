/**
 * Pairs that are open by themselves, judged with others: a client that goes from server to server, as pools rotate and
 * switchers of coins do; clients of one server that are all alike, as machines of a farm with addresses of their own; and
 * clients of a server at which somebody was seen to mine. Connections are added as those of one pair are (pair.ts), so
 * that a farm is judged alike behind one address and behind many.
 */
import { push } from '../order.ts';
import { statement } from '../statements/index.ts';
import { flowBehaviour, isEven, type JudgedBehaviour } from './flow-behaviour.ts';
import type { Pair } from './pair.ts';
import type { FlowRelation } from './relation.ts';

/** Clients of one server from which on they are a farm, and servers of one client from which on it goes around. */
const LEAST_CLIENTS = 3;
const LEAST_SERVERS = 2;
/** Unevenness up to which turns at several servers are of one program: pools differ in the difficulty that they set. */
const MOST_UNEVEN_IN_TURN = 2;
/** Where somebody mines for sure, what misses the threshold by less than this does so too. */
const LEAST_SCORE_BESIDE = 3;

type LikeMining = Extract<JudgedBehaviour, { behaviour: 'like-mining' }>;

/** A pair that others may decide, or decide with. */
export interface Candidate {
  readonly pair: Pair;
  readonly behaviour: JudgedBehaviour;
}

/** True if a pair lacks nothing but more of the same. */
export function isCandidate({ behaviour }: Candidate): boolean {
  if (behaviour.behaviour === 'unclear')
    return ['too-short', 'intermittent', 'undecided'].includes(behaviour.why);
  return behaviour.behaviour === 'like-mining';
}

/** Those candidates that are like mining with others, and how. `isMinersServer`: somebody was seen to mine there. */
export function likeMiningTogether(
  candidates: readonly Candidate[],
  isMinersServer: (ip: string) => boolean,
): Map<Pair, LikeMining> {
  const byServer = new Map<string, Pair[]>();
  const byClient = new Map<string, Pair[]>();
  const found = new Map<Pair, LikeMining>();
  const find = (pairs: readonly Pair[], like: LikeMining): void => {
    for (const pair of pairs) if (!found.has(pair)) found.set(pair, like);
  };
  for (const { pair, behaviour } of candidates) {
    const { client, server } = pair;
    const { score } = behaviour;
    push(byServer, `${server.ip} ${server.port}`, pair);
    push(byClient, `${client} ${server.port}`, pair);
    if (behaviour.behaviour === 'like-mining') find([pair], behaviour);
    else if (
      score !== null &&
      score.score >= score.threshold - LEAST_SCORE_BESIDE &&
      isMinersServer(server.ip)
    )
      find([pair], { behaviour: 'like-mining', reason: statement('steady-beside-miner'), score });
  }
  for (const pairs of byServer.values()) {
    if (pairs.length < LEAST_CLIENTS) continue;
    const like = likeMining(pairs, (relation) => isEven(relation));
    if (like !== null)
      find(pairs, { ...like, reason: statement('steady-beside-others', { count: pairs.length }) });
  }
  for (const pairs of byClient.values()) {
    if (pairs.length < LEAST_SERVERS) continue;
    const like = likeMining(
      pairs,
      (relation) => relation.atOnce <= 1 && isEven(relation, MOST_UNEVEN_IN_TURN),
    );
    if (like !== null) find(pairs, { ...like, reason: statement('steady-in-turn', { count: pairs.length }) });
  }
  return found;
}

function likeMining(
  [first, ...others]: readonly Pair[],
  isOneKind: (relation: FlowRelation) => boolean,
): LikeMining | null {
  const relation = first.with(others);
  if (!isOneKind(relation)) return null;
  const behaviour = flowBehaviour(relation);
  return behaviour.behaviour === 'like-mining' ? behaviour : null;
}
