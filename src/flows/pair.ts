/**
 * A client with a server, as its best explanation: all of its connections are equal, or the long ones are, and the others
 * are some other traffic. One miner and three hundred behind one address are judged alike, as rates are those of a
 * connection. Which are the long ones their length alone says: to choose those that look like mining would find some
 * among any twenty chats.
 */
import type { FlowConversation, FlowEndpoint } from './conversation-summary.ts';
import { flowBehaviour, isEven, type JudgedBehaviour, LEAST_SECONDS } from './flow-behaviour.ts';
import { type FlowRelation, RelationSum } from './relation.ts';

/** Part of the time of all connections that the long ones have where they are most of what there is. */
const MOST_HELD = 0.8;
const UNDECIDED: JudgedBehaviour = { behaviour: 'unclear', why: 'undecided', reason: null, score: null };

export interface JudgedPair {
  /** All of its connections. */
  readonly whole: FlowRelation;
  /** Those that were judged. */
  readonly relation: FlowRelation;
  readonly behaviour: JudgedBehaviour;
}

export class Pair {
  private readonly whole: RelationSum;
  /** Of the connections that last long enough to be judged by themselves. */
  private readonly long: RelationSum;
  connections = 0;
  private longOnes = 0;

  constructor(
    readonly client: string,
    readonly server: FlowEndpoint,
  ) {
    this.whole = new RelationSum(client, server);
    this.long = new RelationSum(client, server);
  }

  add(conversation: FlowConversation): void {
    this.whole.add(conversation);
    this.connections++;
    if (conversation.activeSeconds < LEAST_SECONDS) return;
    this.long.add(conversation);
    this.longOnes++;
  }

  judged(): JudgedPair {
    const whole = judgedAs(this.whole.relation());
    const isMixed = this.longOnes > 0 && this.longOnes < this.connections;
    if (!isMixed || whole.behaviour.behaviour === 'like-mining') return whole;
    const long = { ...judgedAs(this.long.relation()), whole: whole.whole };
    if (long.behaviour.behaviour === 'like-mining') {
      // One long connection among visits is a long visit; many that are equal are not.
      const isMost = long.relation.heldSeconds >= MOST_HELD * whole.relation.heldSeconds;
      if (isMost || isEven(long.relation)) return long;
    }
    const isLeft = whole.behaviour.behaviour === 'unlike' && long.behaviour.behaviour !== 'unlike';
    return isLeft ? { ...whole, behaviour: UNDECIDED } : whole;
  }

  /** All of its connections, as one whose server is known. */
  judgedWhole(): JudgedPair {
    return judgedAs(this.whole.relation());
  }

  /** The same with those of other pairs, as if they were of this one. */
  with(others: readonly Pair[]): FlowRelation {
    const sum = new RelationSum(this.client, this.server);
    for (const { whole } of [this, ...others]) sum.addAll(whole);
    return sum.relation();
  }
}

function judgedAs(relation: FlowRelation): JudgedPair {
  return { whole: relation, relation, behaviour: flowBehaviour(relation) };
}
