/** The ends of a session behind a proxy, as its proxy was asked for them. */
import { describe, expect, it } from 'vitest';
import { Conversation, type SeenName, type SessionRequest } from '../../src/sessions/conversation.ts';
import { Session } from '../../src/sessions/session.ts';
import { client, START_US, server, type Utterance } from '../support/dialogue.ts';
import { scannersAlone } from '../support/framer.ts';

/** The sessions that a flow asks for. */
function sessionsOf(said: readonly Utterance[], names: SeenName[] = []): SessionRequest[] {
  const requests: SessionRequest[] = [];
  const conversation = new Conversation(0, {
    scanners: scannersAlone(),
    handOver: () => {},
    endpoints: () => [
      { ip: '192.0.2.1', port: 5000 },
      { ip: '198.51.100.1', port: 8080 },
    ],
    session: (request) => {
      requests.push(request);
      const window = { sinceUs: Number.NEGATIVE_INFINITY, untilUs: Number.POSITIVE_INFINITY };
      return new Session({ ...request, dialect: request.dialect.id }, window);
    },
    sawStart: () => true,
    named: (_, name) => names.push(name),
    greeted: () => true,
    passedOver: () => {},
    gaveUp: () => {},
  });
  said.forEach(({ lane, bytes }, at) => {
    conversation.payload(lane, bytes, 0, bytes.length, { timeUs: START_US + at, record: at + 1, input: 0 });
  });
  conversation.end();
  return requests;
}

describe('the pool that a proxy is asked for', () => {
  const login = client('{"id":1,"method":"login","params":{"login":"w","pass":"x","algo":["rx/0"]}}\n');
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
        login,
      ]);
      expect(session?.pool).toEqual(pool);
      expect(session?.via).toEqual([{ ip: '198.51.100.1', port: 8080, kind: 'http-connect' }]);
    });
  }

  it('is heard behind a proxy that asked for credentials twice', () => {
    const ask = client('CONNECT 198.51.100.7:3333 HTTP/1.1\r\n\r\n');
    const refuse = server('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 3\r\n\r\nno\n');
    const [session] = sessionsOf([ask, refuse, ask, refuse, ask, server('HTTP/1.1 200 OK\r\n\r\n'), login]);
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
