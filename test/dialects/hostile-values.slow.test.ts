/**
 * Every value of every canonical conversation (in the quick tier every eighth), one at a time, is something that no text can
 * be made of, or an array that is nested too deep to be written: the scan ends like any other, and hears who speaks to the
 * others all the same.
 */
import { expect, it } from 'vitest';
import { DIALECTS } from '../../src/dialects/index.ts';
import { type Conversation, conversation, Framed, type Said } from '../support/conversation.ts';
import { runs } from '../support/runs.ts';
import { scanPackets } from '../support/scanning.ts';
import { CANONICAL } from './canonical.ts';
import { RECENT } from './canonical-recent.ts';

const MARK = '"@here@"';
const NO_TEXT = '{"toString":1,"toJSON":{},"valueOf":null,"length":-1,"__proto__":{"constructor":7}}';
/** Beyond some 5,000 levels neither String nor JSON.stringify comes to an end. */
const DEEP = '['.repeat(7000) + ']'.repeat(7000);

/** The message in as many ways as it has values: in each another one is marked. */
function* marked(value: unknown): Generator<unknown> {
  yield '@here@';
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) for (const each of marked(item)) yield value.with(at, each);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value))
      for (const each of marked(member)) yield { ...value, [name]: each };
  }
}

function* hostile(said: Said): Generator<Said> {
  if (typeof said === 'string' || said instanceof Uint8Array) return;
  const value = said instanceof Framed ? said.value : said;
  for (const each of marked(value)) {
    const text = JSON.stringify(each);
    if (text === MARK) continue;
    const whole = text.replace(MARK, NO_TEXT);
    yield said instanceof Framed ? new Framed({}, () => said.wrap(whole)) : whole;
  }
}

/** Calls of a method with strangers for parameters, and answers to it. */
function callsOf(method: string): string[] {
  const six = [NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT].join();
  const named = `{"id":${NO_TEXT},"job_id":${NO_TEXT},"proto":${NO_TEXT},"login":${NO_TEXT}}`;
  return [NO_TEXT, `[${six}]`, named, `[${DEEP}]`].flatMap((text) => [
    `{"id":1,"method":"${method}","params":${text}}`,
    `{"id":1,"result":${text},"error":null}`,
    `{"id":1,"method":"${method}","params":[]}`,
    `{"id":1,"result":null,"error":${text}}`,
  ]);
}

const CONVERSATIONS = [...CANONICAL, ...RECENT];
const METHODS = [...new Set(DIALECTS.flatMap(({ methods }) => methods))].filter(
  (name) => !name.startsWith('#'),
);
const miner = (i: number): string => `10.${(i >> 16) + 1}.${(i >> 8) & 255}.${i & 255}:40000`;

async function scanned(talks: readonly Conversation[]): Promise<void> {
  const packets = talks.flatMap((talk) => talk.toPackets()).sort((a, b) => a.timeUs - b.timeUs);
  const audit = await scanPackets(packets);
  expect(audit.inputs[0].packets).toBe(packets.length);
}

it('Conversations with a stranger’s values end in an audit', async () => {
  const all = CONVERSATIONS.flatMap(({ conversation: talk }) =>
    talk.said.flatMap((message, at) =>
      [...hostile(message)].map((each) => ({ talk, said: talk.said.with(at, each) })),
    ),
  );
  // One of each so many places, another one in each conversation.
  const talks = all.filter((_, i) => i % runs(8, 1) === 0);
  await scanned(talks.map(({ talk, said }, i) => talk.retold(miner(i), said)));
});

it('A stranger’s calls end in an audit, in sessions and in none', async () => {
  const inSessions = CONVERSATIONS.map(({ conversation: talk, expected }, i) => {
    const { methods } = DIALECTS.find(({ id }) => id === expected.dialect) ?? { methods: [] };
    const calls = methods.filter((name) => METHODS.includes(name)).flatMap(callsOf);
    return talk
      .retold(miner(i), talk.said)
      .poolSays(...calls)
      .minerSays(...calls);
  });
  const alone = METHODS.map((method, i) =>
    conversation({ miner: miner(1000 + i), pool: '198.51.100.40:3333' })
      .connect()
      .minerSays(...callsOf(method)),
  );
  await scanned([...inSessions, ...alone]);
});
