/**
 * What looks alike stays silent: no dialect is certain of any message, and none reads work out of it, whatever the
 * segmentation. What some dialects hold possible is listed, for a verdict needs more than that.
 */
import { describe, expect, it } from 'vitest';
import { candidates, DIALECTS } from '../../src/dialects/index.ts';
import type { Message } from '../../src/framing/message.ts';
import { messagesOf } from '../support/dialogue.ts';
import { saidOf } from '../support/recording-sink.ts';
import { LOOK_ALIKES, type LookAlike } from './cases.ts';
import { RECENT_LOOK_ALIKES } from './recent-cases.ts';
import { RECORDS_AND_WATCHERS } from './records.ts';

const CASES = [...LOOK_ALIKES, ...RECENT_LOOK_ALIKES];

/** Dialects that some look-alike may belong to, by the look-alike; all others are foreign to every dialect. */
const POSSIBLE: Readonly<Record<string, readonly string[]>> = {
  // Single lines of that shape; only a miner that names itself behind its rate makes them certain.
  'a table of pairs of digests': ['duino-coin'],
  // A solo miner asks so too: a miner's header fields, or a block that is submitted, make it certain.
  'a monitor that polls templates of a Bitcoin node': ['getblocktemplate', 'polled-work'],
  'numbers on lines, as instruments send them': ['duino-coin'],
};

const observed = (messages: readonly Message[], recognition: string): string[] =>
  DIALECTS.filter((dialect) => messages.some((message) => dialect.recognise(message) === recognition)).map(
    ({ id }) => id,
  );

/** What is none of theirs has no messages that they are asked about. */
const UNASKED: ReadonlySet<string> = new Set(['alephium-node']);

/** The dialects that are asked whether some message is theirs. */
function asked({ said }: LookAlike): ReadonlySet<string> {
  return new Set(messagesOf(said).flatMap((message) => candidates(message).map(({ id }) => id)));
}

describe('what looks like mining and is none', () => {
  it.each(DIALECTS.map(({ id }) => id))('has a conversation that borrows from %s', (id) => {
    const all = [...CASES, ...RECORDS_AND_WATCHERS];
    expect(
      all.filter((each) => each.like?.includes(id) === true && (UNASKED.has(id) || asked(each).has(id))),
    ).not.toEqual([]);
  });

  for (const { name, said } of CASES) {
    it(`stays silent: ${name}`, () => {
      for (const size of [1_000_000, 7, 1]) {
        const messages = messagesOf(said, (bytes) =>
          Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          ),
        );
        expect(observed(messages, 'certain')).toEqual([]);
        expect(observed(messages, 'possible')).toEqual(POSSIBLE[name] ?? []);
        for (const dialect of DIALECTS) {
          const work = saidOf(dialect, messages).filter(({ kind }) => kind === 'share' || kind === 'job');
          expect({ dialect: dialect.id, work }).toEqual({ dialect: dialect.id, work: [] });
        }
      }
    });
  }
});
