/**
 * Miners and pools that deviate a little from their dialect once it is recognised: parameters beside the fields, further
 * parts behind a share, null for a part that may be left out, numbers below zero. They work all the same, and are found.
 */
import { describe, expect, it } from 'vitest';
import type { Said } from '../support/conversation.ts';
import { scanPackets } from '../support/scanning.ts';
import { CANONICAL, ENDS } from './canonical.ts';
import { RECENT } from './canonical-recent.ts';

type Fields = Record<string, unknown>;

/** Of calls of a method these fields. */
const beside = (method: string, fields: (call: Fields) => Fields) => (call: Fields) =>
  call.method === method ? { ...call, ...fields(call) } : call;
const longer = (method: string) =>
  beside(method, ({ params }) => ({ params: [...(params as unknown[]), 'x'] }));
const negative = (place: number) =>
  beside('mining.notify', ({ params }) => ({
    params: (params as unknown[]).map((part, at) => (at === place ? -Number(part) : part)),
  }));

const DEVIATIONS: readonly [dialect: string, what: string, edit: (call: Fields) => Fields][] = [
  ['beam', 'jobs with empty parameters', beside('job', () => ({ params: null }))],
  ['beam', 'shares with empty parameters', beside('solution', () => ({ params: [] }))],
  ['iron-fish', 'shares with empty parameters', beside('mining.submit', () => ({ params: [] }))],
  ['cortex', 'a further part of shares', longer('ctxc_submitWork')],
  ['pearl', 'a further part of shares', longer('mining.submit')],
  ['aeternity', 'a further part of shares', longer('mining.submit')],
  ['pearl', 'a height below zero', negative(3)],
  ['btx', 'a version below zero', negative(1)],
  ['btx', 'a time below zero', negative(4)],
  ['nervos', 'a height below zero', negative(2)],
  [
    'grin',
    'null for the size of the graph',
    beside('submit', ({ params }) => ({ params: { ...Object(params), edge_bits: null } })),
  ],
];

describe('a session is read all the same with', () => {
  for (const [dialect, what, edit] of DEVIATIONS) {
    it(`${what}: ${dialect}`, async () => {
      const canonical = [...CANONICAL, ...RECENT].find(({ expected }) => expected.dialect === dialect);
      const said = canonical?.conversation.said ?? [];
      const edited = said.map((each): Said => {
        const isCall = typeof each === 'object' && Object.hasOwn(each, 'method');
        return isCall ? edit({ ...each } as Fields) : each;
      });
      expect(edited).not.toEqual(said);
      const talk = canonical?.conversation.retold(ENDS.miner, edited);
      const audit = await scanPackets(talk?.toPackets() ?? []);
      expect(audit.sessions.map((row) => [row.dialect, row.verdict])).toEqual([[dialect, 'confirmed']]);
      const { accepted, rejected, stale, unanswered } = audit.sessions[0]?.shares ?? {};
      const shares = [accepted, rejected, stale, unanswered].reduce<number>((sum, n) => sum + (n ?? 0), 0);
      expect(shares).toBe(canonical?.expected.shares);
    });
  }
});
