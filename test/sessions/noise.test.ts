/** A miner whose connection also carries other text, before, between and behind what it says, is observed all the same. */
import { describe, expect, it } from 'vitest';
import { FOREIGN_MESSAGES } from '../../src/sessions/recognition.ts';
import { Session } from '../../src/sessions/session.ts';
import type { SessionRequest } from '../../src/sessions/sessions.ts';
import { StreamReader } from '../../src/sessions/stream-reader.ts';
import { client, START_US, server, type Utterance } from '../support/dialogue.ts';
import { bodiesAlone, Feed, flowBetween } from '../support/framer.ts';

interface Observed {
  readonly status: string;
  readonly dialect: string | null;
  readonly shares: Session['shares'] | null;
}

function hear(said: readonly Utterance[]): Observed {
  const sessions: Session[] = [];
  const window = { sinceUs: Number.NEGATIVE_INFINITY, untilUs: Number.POSITIVE_INFINITY };
  const open = (request: SessionRequest): Session => {
    const session = new Session({ ...request, dialect: request.dialect.id }, window);
    sessions.push(session);
    return session;
  };
  const ends = flowBetween('192.0.2.1:5000', '198.51.100.1:3333');
  const reader = new StreamReader(0, ends, { open }, bodiesAlone());
  const feed = new Feed(reader);
  said.forEach(({ direction, bytes }, at) => {
    feed.push(direction, bytes, 0, bytes.length, { timeUs: START_US + at, record: at + 1, input: 0 });
  });
  const { status } = reader;
  feed.end();
  const [session] = sessions;
  return { status, dialect: session?.dialect ?? null, shares: session?.shares ?? null };
}

const LOGIN = client('{"id":1,"method":"mining.subscribe","params":["cgminer/4.10"]}\n');
const AUTHORIZE = client('{"id":2,"method":"mining.authorize","params":["alice.rig1","x"]}\n');
const WELCOME = server(
  '{"id":1,"result":[[["mining.notify","a"]],"08000002",4],"error":null}\n{"id":2,"result":true,"error":null}\n',
);
const SHARE = client(
  '{"id":3,"method":"mining.submit","params":["alice.rig1","bf","00000000","504e86b9","00012fd1"]}\n',
);
const YES = server('{"id":3,"result":true,"error":null}\n');
const SESSION = [LOGIN, AUTHORIZE, WELCOME, SHARE, YES];
const MINING = {
  status: 'mining',
  dialect: 'stratum-v1',
  shares: { submitted: 1, accepted: 1, rejected: 0, stale: 0, unanswered: 0 },
};

const JSON_LINE = '{"a":"b"}\n';
const noise = (who: typeof client, line: string, count: number): Utterance[] =>
  Array.from({ length: count }, () => who(line));

describe('noise in the connection of a miner', () => {
  for (const { name, said } of [
    {
      name: 'a thousand lines of JSON before the login',
      said: [...noise(client, JSON_LINE, 1000), ...SESSION],
    },
    {
      name: 'lines of JSON of both ends before the login',
      said: [...noise(client, JSON_LINE, 40), ...noise(server, JSON_LINE, 40), ...SESSION],
    },
    {
      name: 'calls and answers of another protocol before the login',
      said: [
        ...Array.from({ length: 30 }, (_, id) => [
          client(`{"id":"${id}","method":"ping","params":[]}\n`),
          server(`{"id":"${id}","result":"pong"}\n`),
        ]).flat(),
        ...SESSION,
      ],
    },
    {
      name: 'lines between all that is said',
      said: SESSION.flatMap((each) => [...noise(client, JSON_LINE, 9), ...noise(server, 'hello\n', 9), each]),
    },
    {
      name: 'lines of text behind the first object',
      said: [client(JSON_LINE), ...noise(client, 'how are you\n', 500), ...SESSION],
    },
    {
      name: 'a banner of the pool',
      said: [LOGIN, server('220 welcome to this service\n'), AUTHORIZE, WELCOME, SHARE, YES],
    },
    { name: 'a page asked for first', said: [client('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), ...SESSION] },
    {
      name: 'an object with a key of 400 kB',
      said: [client(`{"a":"${'x'.repeat(400_000)}"}\n`), ...SESSION],
    },
  ]) {
    it(`does not hide it: ${name}`, () => expect(hear(said)).toMatchObject(MINING));
  }

  it('ends the look once its budget of messages is spent', () => {
    expect(hear(noise(client, JSON_LINE, FOREIGN_MESSAGES - 1)).status).toBe('undecided');
    expect(hear(noise(client, JSON_LINE, FOREIGN_MESSAGES)).status).toBe('other');
  });

  it('ends it once its budget of bytes is spent', () => {
    const line = `{"a":"${'x'.repeat(100_000)}"}\n`;
    expect(hear(noise(client, line, 10)).status).toBe('undecided');
    expect(hear(noise(client, line, 11)).status).toBe('other');
  });
});
