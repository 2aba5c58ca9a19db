/**
 * A flow's payloads observed as a scan hears them, without the scan: framed, shown to the dialects in their order, read by
 * the one that is certain first (or by the one that most messages may belong to), and folded to what a session says.
 */
import type { Dialect } from '../../src/dialects/dialect.ts';
import { DIALECTS } from '../../src/dialects/index.ts';
import type { Difficulty } from '../../src/evidence/fact.ts';
import type { Message } from '../../src/framing/message.ts';
import type { Segmented } from './conversation.ts';
import { framing } from './framer.ts';
import { type Fact, saidOf } from './recording-sink.ts';

/** What a session comes to, whatever the wording and the packets. */
export interface SessionFacts {
  readonly dialect: string;
  readonly agent: string;
  /** `account/worker`, sorted. */
  readonly logins: readonly string[];
  readonly admitted: boolean | null;
  readonly jobs: number;
  readonly shares: number;
  /** Answers by outcome. */
  readonly answers: Readonly<Record<string, number>>;
  /** Sum of the difficulties of shares that were accepted, stale or not answered, by scale. */
  readonly work: Readonly<Record<string, number>>;
  /** Names by their source, `source algorithm`. */
  readonly algorithms: readonly string[];
  readonly coins: readonly string[];
}

/** The messages of a flow whose originator is whoever spoke first. */
export function messagesIn(segments: readonly Segmented[]): Message[] {
  const { framer, messages } = framing();
  const originator = segments[0]?.side ?? 'miner';
  segments.forEach(({ side, timeUs, bytes }, index) => {
    framer.push(side === originator ? 0 : 1, bytes, 0, bytes.length, { timeUs, record: index + 1, input: 0 });
  });
  framer.end();
  return messages;
}

/** The dialect of a flow, or null where none may be it. */
export function dialectOf(messages: readonly Message[]): Dialect | null {
  for (const message of messages) {
    const certain = DIALECTS.find((dialect) => dialect.recognise(message) === 'certain');
    if (certain !== undefined) return certain;
  }
  const votes = DIALECTS.map(
    (dialect) => messages.filter((message) => dialect.recognise(message) === 'possible').length,
  );
  const most = Math.max(...votes);
  return most === 0 ? null : (DIALECTS[votes.lastIndexOf(most)] ?? null);
}

/** What a flow says, or null where no dialect has it. */
export function hear(segments: readonly Segmented[]): SessionFacts | null {
  const messages = messagesIn(segments);
  const dialect = dialectOf(messages);
  if (dialect === null) return null;
  return fold(dialect.id, saidOf(dialect, messages));
}

export function fold(dialect: string, facts: readonly Fact[]): SessionFacts {
  const logins = new Set<string>();
  const answers: Record<string, number> = {};
  const algorithms = new Set<string>();
  const coins = new Set<string>();
  const jobs = new Map<string, Difficulty | null>();
  const open = new Map<number, Difficulty | null>();
  const work: Record<string, number> = {};
  let agent = '';
  let admitted: boolean | null = null;
  let shares = 0;
  let difficulty: Difficulty | null = null;
  const count = (value: Difficulty | null): void => {
    if (value !== null) work[value.scale] = (work[value.scale] ?? 0) + value.value;
  };
  const named = (account: string, worker: string | null): void => {
    logins.add(worker === null ? account : `${account}/${worker}`);
  };
  for (const fact of facts) {
    switch (fact.kind) {
      case 'login':
        named(fact.account, fact.worker);
        break;
      case 'agent':
        agent = agent === '' ? fact.agent : agent;
        break;
      case 'admission':
        admitted = admitted === true || fact.admitted;
        break;
      case 'difficulty':
        difficulty = fact.difficulty;
        break;
      case 'job':
        difficulty = fact.difficulty ?? difficulty;
        jobs.set(fact.jobId, difficulty);
        break;
      case 'share':
        shares++;
        if (fact.account !== null) named(fact.account, fact.worker);
        open.set(fact.token, fact.jobId === null ? null : (jobs.get(fact.jobId) ?? null));
        break;
      case 'answer':
        answers[fact.outcome] = (answers[fact.outcome] ?? 0) + 1;
        if (fact.outcome === 'accepted' || fact.outcome === 'stale') count(open.get(fact.token) ?? null);
        open.delete(fact.token);
        break;
      case 'algorithm':
        algorithms.add(`${fact.source} ${fact.algorithm}`);
        break;
      case 'coin':
        coins.add(fact.coin);
        break;
    }
  }
  for (const value of open.values()) count(value);
  return {
    dialect,
    agent,
    logins: [...logins].sort(),
    admitted,
    jobs: jobs.size,
    shares,
    answers,
    work,
    algorithms: [...algorithms],
    coins: [...coins],
  };
}
