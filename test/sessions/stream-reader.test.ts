/** The ends of a session behind a proxy, as its proxy was asked for them. */
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/framing/message.ts';
import { Session } from '../../src/sessions/session.ts';
import type { SessionRequest } from '../../src/sessions/sessions.ts';
import { type SeenName, StreamReader } from '../../src/sessions/stream-reader.ts';
import { client, post, START_US, server, type Utterance } from '../support/dialogue.ts';
import { bodiesAlone, Feed, flowBetween } from '../support/framer.ts';

/** A stream, what it asks for and says of itself, and how it is spoken on. */
class Observed {
  readonly requests: SessionRequest[] = [];
  readonly reader: StreamReader;
  readonly feed: Feed;
  private at = 0;

  constructor(sawStart = true, hasRoom = true) {
    const open = (request: SessionRequest): Session | null => {
      this.requests.push(request);
      const window = { sinceUs: Number.NEGATIVE_INFINITY, untilUs: Number.POSITIVE_INFINITY };
      return hasRoom ? new Session({ ...request, dialect: request.dialect.id }, window) : null;
    };
    const ends = flowBetween('192.0.2.1:5000', '198.51.100.1:8080', sawStart);
    this.reader = new StreamReader(0, ends, { open }, bodiesAlone());
    this.feed = new Feed(this.reader);
  }

  says(...said: readonly Utterance[]): this {
    for (const { direction, bytes } of said) {
      const stamp = { timeUs: START_US + this.at, record: ++this.at, input: 0 };
      this.feed.push(direction, bytes, 0, bytes.length, stamp);
    }
    return this;
  }

  /** So many messages, as the framing makes them. */
  hears(count: number, message: Message): this {
    for (let i = 0; i < count; i++) this.reader.take([{ ...message }]);
    return this;
  }
}

/** The sessions that a flow asks for. */
function sessionsOf(said: readonly Utterance[], names: SeenName[] = []): SessionRequest[] {
  const observed = new Observed().says(...said);
  observed.feed.end();
  names.push(...observed.reader.findings.filter((found) => found.kind !== 'tls-hello'));
  return observed.requests;
}

const LOGIN = client('{"id":1,"method":"login","params":{"login":"w","pass":"x","algo":["rx/0"]}}\n');

describe('the pool that a proxy is asked for', () => {
  for (const { asked, pool } of [
    { asked: '198.51.100.7', pool: { ip: '198.51.100.7', port: 3333 } },
    { asked: '[2001:DB8:0:0:00:0:0:7]', pool: { ip: '2001:db8::7', port: 3333 } },
    { asked: '[::ffff:198.51.100.7]', pool: { ip: '198.51.100.7', port: 3333 } },
    { asked: 'Pool.example', pool: { ip: '', port: 3333, name: 'pool.example' } },
  ]) {
    it(`has canonical text: ${asked}`, () => {
      const [session] = sessionsOf([
        client(`CONNECT ${asked}:3333 HTTP/1.1\r\n\r\n`),
        server('HTTP/1.1 200 OK\r\n\r\n'),
        LOGIN,
      ]);
      expect(session?.pool).toEqual(pool);
      expect(session?.via).toEqual([{ ip: '198.51.100.1', port: 8080, kind: 'http-connect' }]);
    });
  }

  it('is heard behind a proxy that asked for credentials twice', () => {
    const ask = client('CONNECT 198.51.100.7:3333 HTTP/1.1\r\n\r\n');
    const refuse = server('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nno\n');
    const [session] = sessionsOf([ask, refuse, ask, refuse, ask, server('HTTP/1.1 200 OK\r\n\r\n'), LOGIN]);
    expect(session?.pool).toEqual({ ip: '198.51.100.7', port: 3333 });
  });
});

it('A host name in a request is told without its port, four times at most', () => {
  const hosts = [
    'pool.example:3333',
    'pool.example:80',
    'other.example',
    '[2001:db8::7]:65535',
    'fifth.example',
  ];
  const names: SeenName[] = [];
  const requests = hosts.map((host) => client(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
  sessionsOf(requests, names);
  expect(names.map(({ kind, name }) => [kind, name])).toEqual(
    ['pool.example', 'pool.example', 'other.example', '[2001:db8::7]'].map((name) => ['http-host', name]),
  );
});

describe('what speaks against a flow', () => {
  const packetRef = { timeUs: START_US, record: 9, input: 0 };
  const inSession = (
    before: (observed: Observed) => void,
    later: (observed: Observed) => void = () => {},
  ) => {
    const observed = new Observed();
    before(observed);
    observed.says(LOGIN);
    later(observed);
    const { session } = observed.reader.facts;
    if (session === null) throw new Error('no session');
    observed.reader.facts.sum();
    return session;
  };

  it('are bytes that the pool sent and nobody captured, before the session and in it', () => {
    const gap =
      (direction: 0 | 1, missing: number, isCut?: boolean) =>
      ({ feed }: Observed): void =>
        feed.gap(direction, missing, isCut);
    const told = ({ observed, connections }: Session) => [
      observed.messages.gaps,
      connections.missedOut + connections.missedIn,
    ];
    const nothing = (): void => {};
    expect([
      told(inSession(gap(1, 500))),
      told(inSession(gap(0, 500))),
      told(inSession(nothing, gap(1, 500))),
      told(inSession(nothing, gap(0, 500))),
      told(inSession(nothing, gap(1, 500, true))),
      told(inSession(nothing, gap(1, 2 ** 24 - 1))),
      told(inSession(nothing, gap(1, 2 ** 24))),
    ]).toEqual([
      [1, 500],
      [0, 500],
      [1, 500],
      [0, 500],
      [1, 0],
      [1, 2 ** 24 - 1],
      [1, 0],
    ]);
  });

  it('are doubts of the kernel, counted before the session and in it', () => {
    const doubt = (count: number, record: number) => (observed: Observed) =>
      observed.reader.doubt('reset', { ...packetRef, record }, count);
    const twice = (observed: Observed): void => {
      doubt(1, 3)(observed);
      doubt(1, 5)(observed);
    };
    const { messages, observations } = inSession(twice, doubt(1, 7)).observed;
    const reset = observations.find(({ kind }) => kind === 'reset');
    expect([messages.resets, reset?.record]).toEqual([3, 3]);
  });

  it('is no round trip of the pool, but that of the miner is told', () => {
    const trip = (direction: 0 | 1, us: number) => (observed: Observed) =>
      observed.reader.roundTrip(direction, us);
    const nothing = (): void => {};
    const told = ({ connections }: Session) => connections.roundTripUs;
    expect([
      told(inSession(trip(1, 700))),
      told(inSession(trip(0, 700))),
      told(inSession(nothing, trip(1, 700))),
      told(inSession(nothing, trip(0, 700))),
      told(inSession(trip(1, 900), trip(1, 800))),
    ]).toEqual([700, null, 700, null, 800]);
  });
});

describe('a flow that nobody mines on', () => {
  const BASE = { direction: 0, timeUs: START_US, record: 1, input: 0, http: undefined } as const;
  const datum = (bytes: number, cut = false): Message => ({
    ...BASE,
    kind: 'datum',
    body: { x: 1 },
    bytes,
    cut,
  });
  const visit: Message = {
    ...BASE,
    kind: 'visit',
    bytes: 2 ** 20,
    cut: false,
    http: { method: 'GET', target: '/x', status: 0, headers: new Map() },
  };
  const reply: Message = {
    ...BASE,
    kind: 'reply',
    direction: 1,
    bytes: 10,
    cut: false,
    id: '7',
    result: 5,
    error: null,
    body: { id: 7, result: 5 },
    call: undefined,
  };

  it.each<[string, Message, number, string, boolean?]>([
    ['4,096 foreign messages', datum(10), 4096, 'other'],
    ['a megabyte in foreign messages', datum(2 ** 15), 32, 'other'],
    ['a megabyte in visits of 4 kB and more', visit, 256, 'other'],
    ['65 messages that are cut', datum(10, true), 65, 'foreign'],
    ['65 replies to what nobody saw', reply, 65, 'foreign', false],
    ['4,096 replies to nothing', reply, 4096, 'other', true],
  ])('is given up after %s', (_name, message, count, status, sawStart) => {
    const observed = new Observed(sawStart);
    observed.hears(count - 1, message);
    expect(observed.reader.status).toBe('undecided');
    observed.hears(1, message);
    expect(observed.reader.status).toBe(status);
    expect(observed.requests).toEqual([]);
  });

  it('says at its end if it was read, and is a session no more if there is no room', () => {
    const ended = (observed: Observed, ...said: Utterance[]) => {
      observed.says(...said).feed.end();
      return observed.reader.ending;
    };
    const json = client('{"x":1}\n');
    expect([ended(new Observed(), json), ended(new Observed(), LOGIN), ended(new Observed())]).toEqual([
      'in clear',
      null,
      'unread',
    ]);
    const full = new Observed(true, false);
    expect([ended(full, LOGIN), full.reader.status, full.requests.length]).toEqual(['in clear', 'other', 1]);
  });

  it('counts the messages in which it ended', () => {
    const unfinished = (...said: Utterance[]): number => {
      const { feed, reader } = new Observed().says(LOGIN, ...said);
      feed.end();
      return reader.unfinished;
    };
    expect([
      unfinished(),
      unfinished(client('{"id":2,')),
      unfinished(client('{"id":2,'), server('{"a":')),
    ]).toEqual([0, 1, 2]);
  });
});

describe('a session of a connection for each request', () => {
  it('begins with its account, or else with its 64th message or its end', () => {
    const ask = (fields: Readonly<Record<string, string>>) =>
      post('/', { method: 'getwork', params: [], id: 1 }, { 'User-Agent': 'cpuminer/2.5.1', ...fields });
    const named = new Observed().says(
      ask({ Authorization: `Basic ${Buffer.from('acct:x').toString('base64')}` }),
    );
    expect(named.requests.map(({ account }) => account)).toEqual(['acct']);
    const many = new Observed().says(...Array.from({ length: 63 }, () => ask({})));
    expect(many.requests).toEqual([]);
    expect(many.says(ask({})).requests.map(({ account }) => account)).toEqual(['']);
    const one = new Observed().says(ask({}));
    expect(one.requests).toEqual([]);
    one.feed.end();
    expect(one.requests.length).toBe(1);
  });
});
