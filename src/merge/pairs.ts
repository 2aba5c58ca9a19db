/**
 * Pairs of client and server of which each part showed too little (survey/thin-pairs.ts), added up over all parts and judged
 * by what they come to.
 */
import type { JudgedSum } from '../audit/judged.ts';
import type { Contact } from '../endpoints/contact.ts';
import type { PoolMatch } from '../endpoints/pool-match.ts';
import { flowBehaviour, likeMining } from '../flows/flow-behaviour.ts';
import { type FlowRelation, RelationSum } from '../flows/relation.ts';
import { totalOf } from '../order.ts';
import { relationContact } from '../survey/relation-contact.ts';
import { endsOf, type PairEnds, pairsThatFit, type ThinPair, tagOf, thinPair } from '../survey/thin-pairs.ts';

/** Pairs of all parts that are added up; of more only their number stays. */
const MOST_PAIRS = 1 << 18;

interface Around {
  readonly matchOf: (relation: FlowRelation) => PoolMatch;
  /** Ends that some part found. */
  readonly found: Iterable<PairEnds>;
  readonly judged: JudgedSum;
}

export class ThinPairs {
  /** By tag, in the order of time. */
  private readonly parts = new Map<string, ThinPair[]>();
  private left = 0;

  add(pairs: readonly ThinPair[], left: number, firstInput: number): void {
    this.left += left;
    for (const pair of pairs) {
      const known = this.parts.get(pair.tag) ?? [];
      if (known.length === 0 && this.parts.size >= MOST_PAIRS) {
        this.left++;
        continue;
      }
      known.push({ ...pair, sum: { ...pair.sum, input: pair.sum.input + firstInput } });
      this.parts.set(pair.tag, known);
    }
  }

  /** The contacts among them; the others stay for another merge. What could be judged moves there in `judged`. */
  decide({ matchOf, found, judged }: Around): { contacts: Contact[]; rest: ReturnType<typeof pairsThatFit> } {
    const known = new Map([...found].map((ends) => [tagOf(ends), ends]));
    const contacts: Contact[] = [];
    const rest: { relation: FlowRelation; pair: ThinPair }[] = [];
    for (const [tag, parts] of this.parts) {
      const [first] = parts;
      const isFound = known.has(tag);
      const ends =
        known.get(tag) ??
        parts.map(({ share }) => endsOf(tag, first.share, share)).find((each) => each !== null);
      const { client, server } = ends ?? { client: '', server: { ip: '', port: 0 } };
      const sum = new RelationSum(client, server, first.sum);
      for (const part of parts.slice(1)) sum.addPart(part.sum);
      const relation = sum.relation();
      const alone = ends === undefined ? null : flowBehaviour(relation);
      const behaviour = isFound && alone?.behaviour === 'unclear' ? likeMining(relation) : alone;
      const contact = behaviour === null ? null : relationContact(relation, behaviour, matchOf(relation));
      if (contact !== null) contacts.push(contact);
      if (contact !== null || behaviour?.behaviour === 'unlike')
        move(parts, contact?.match.by == null ? 'byBehaviour' : 'byEndpoint', judged);
      else {
        const conversations = totalOf(parts, (part) => part.conversations);
        const pair = ends === undefined ? null : thinPair(relation, sum.state, first.why);
        rest.push({ relation, pair: pair === null ? first : { ...pair, conversations } });
      }
    }
    const { kept, left } = pairsThatFit(rest);
    return { contacts, rest: { kept, left: left + this.left } };
  }
}

function move(parts: readonly ThinPair[], to: 'byBehaviour' | 'byEndpoint', judged: JudgedSum): void {
  for (const { why, conversations, sum } of parts)
    judged.move(why, to, sum.traffic.bytesOut + sum.traffic.bytesIn, conversations);
}
