/** Who is lifted by others at a server, and who is not: what is too short, and what a stranger has exported. */
import { expect, it } from 'vitest';
import { Conversations } from '../../src/flows/conversations.ts';
import { Pair } from '../../src/flows/pair.ts';
import { judgedTogether } from '../../src/flows/together.ts';
import { drawnAsic } from '../support/flow-more-talk.ts';
import { giving } from '../support/flow-rows.ts';
import { exportTalk, talked } from '../support/flow-talk.ts';
import { random } from '../support/random.ts';

const ASIC = drawnAsic(random(3));
const ZEEK = { active: 0, inactive: 0 };

/** Twelve clients of one server, one connection each. */
function farm(seconds: number): Pair[] {
  const conversations = new Conversations();
  conversations.beginInput(0, 'zeek-conn', []);
  for (let i = 0; i < 12; i++) {
    const client = { client: `192.0.2.${i + 1}`, clientPort: 40_000 + i };
    const ends = { ...client, server: '198.51.100.10', serverPort: 3333, startUs: 1.7e15 + i * 1e6 };
    exportTalk(talked(ASIC, 1000 + i, seconds), ZEEK, ends, giving(conversations));
  }
  return [...conversations.conversations()].map((conversation) => {
    const pair = new Pair(conversation.client.ip, conversation.server);
    pair.add(conversation);
    return pair;
  });
}

const isLike = ({ behaviour }: ReturnType<Pair['judged']>): boolean => behaviour.behaviour === 'like-mining';

function lifted(pairs: readonly Pair[], isDoubtful: boolean): number {
  const around = { minedAt: () => null, isDoubtful: () => isDoubtful };
  const together = judgedTogether(pairs, around);
  return pairs.filter((pair) => isLike(together.get(pair) ?? pair.judged()) && !isLike(pair.judged())).length;
}

it('lifts machines of a farm, unless a stranger tells of them', () => {
  const pairs = farm(3600);
  expect(pairs).toHaveLength(12);
  const alone = pairs.filter((pair) => isLike(pair.judged())).length;
  expect(alone).toBeLessThan(12);
  expect(lifted(pairs, false)).toBe(12 - alone);
  expect(lifted(pairs, true)).toBe(0);
});

it('lifts nobody at a server who is too short to be judged', () => {
  const pairs = farm(1100);
  expect(pairs).toHaveLength(12);
  expect(lifted(pairs, false)).toBe(0);
});
