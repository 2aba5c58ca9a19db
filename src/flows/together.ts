/**
 * Pairs that are open by themselves, judged with others: a client that goes from server to server, as pools rotate and
 * switchers of coins do; clients of one server that are all alike, as machines of a farm with addresses of their own; and
 * clients of a server at which somebody was seen to mine. Connections are added as those of one pair are (pair.ts), so
 * that a farm is judged alike behind one address and behind many.
 */
import { groupBy, totalOf, under } from '../order.ts';
import { type Statement, statement } from '../statements/index.ts';
import { flowBehaviour, isEven, type JudgedBehaviour } from './flow-behaviour.ts';
import type { JudgedPair, Pair } from './pair.ts';
import { LEAST_RECORDS } from './pulse.ts';
import type { FlowRelation } from './relation.ts';

/** Clients of one server from which on they are a farm, and servers of one client from which on it goes around. */
const LEAST_CLIENTS = 3;
const LEAST_SERVERS = 2;
/** Unevenness up to which turns at several servers are of one program: pools differ in the difficulty that they set. */
const MOST_UNEVEN_IN_TURN = 2;
/** A pair whose score is further below the threshold is lifted by no others at its server. */
const MOST_BELOW = 3;

interface Around {
  /** Why it is known that somebody mines there; null if it is not known. */
  readonly minedAt: (ip: string) => Statement | null;
  /** Others may have made it up, and then it tells nothing of anybody else. */
  readonly isDoubtful: (relation: FlowRelation) => boolean;
}

/** How pairs that others may decide are judged. Those that are not in it are alone. */
export function judgedTogether(
  pairs: readonly Pair[],
  { minedAt, isDoubtful }: Around,
): Map<Pair, JudgedPair> {
  const judged = new Map<Pair, JudgedPair>();
  const alone = (pair: Pair): JudgedPair => under(judged, pair, () => pair.judged());
  const lift = (pair: Pair, behaviour: JudgedBehaviour): void => {
    const known = alone(pair);
    if (known.behaviour.behaviour !== 'like-mining') judged.set(pair, { ...known, behaviour });
  };
  for (const pair of pairs) {
    const reason = minedAt(pair.server.ip);
    if (reason === null) continue;
    const { behaviour } = alone(pair);
    const { score } = behaviour;
    if (isNear(behaviour) && score !== null) lift(pair, { behaviour: 'like-mining', reason, score });
  }
  const judge = (
    group: readonly Pair[],
    least: number,
    mayJoin: (behaviour: JudgedBehaviour) => boolean,
    isOneKind: (relation: FlowRelation) => boolean,
    reason: (count: number) => Statement,
  ): void => {
    // Fewer connections are never even, and most groups have no more.
    if (group.length < least || totalOf(group, ({ connections }) => connections) < LEAST_RECORDS) return;
    const members = group.filter((pair) => {
      const { whole, behaviour } = alone(pair);
      return (behaviour.behaviour === 'like-mining' || mayJoin(behaviour)) && !isDoubtful(whole);
    });
    const [first, ...others] = members;
    if (first === undefined || members.length < least) return;
    const relation = first.with(others);
    const behaviour = isOneKind(relation) ? flowBehaviour(relation) : null;
    if (behaviour?.behaviour !== 'like-mining') return;
    for (const pair of members) lift(pair, { ...behaviour, reason: reason(members.length) });
  };
  for (const group of groupBy(pairs, ({ server }) => `${server.ip} ${server.port}`).values())
    judge(
      group,
      LEAST_CLIENTS,
      isNear,
      (relation) => isEven(relation),
      (count) => statement('steady-beside-others', { count }),
    );
  for (const group of groupBy(pairs, ({ client, server }) => `${client} ${server.port}`).values())
    judge(
      group,
      LEAST_SERVERS,
      isOpen,
      (relation) => relation.atOnce <= 1 && isEven(relation, MOST_UNEVEN_IN_TURN),
      (count) => statement('steady-in-turn', { count }),
    );
  return judged;
}

/** The same, and long enough to be judged: not much is missing. */
function isNear(behaviour: JudgedBehaviour): boolean {
  const { score } = behaviour;
  return isOpen(behaviour) && score !== null && score.score >= score.threshold - MOST_BELOW;
}

/** True if a pair lacks nothing but more of the same. */
function isOpen(behaviour: JudgedBehaviour): boolean {
  if (behaviour.behaviour !== 'unclear') return false;
  return ['too-short', 'intermittent', 'undecided'].includes(behaviour.why);
}
