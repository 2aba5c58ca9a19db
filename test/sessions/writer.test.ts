/** What is said in a conversation, written into its session: never with a password that was sent before, whatever repeats it. */
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/framing/message.ts';
import { StreamFacts } from '../../src/sessions/stream-facts.ts';
import { SessionWriter } from '../../src/sessions/writer.ts';
import { flowBetween } from '../support/framer.ts';
import { bareSession } from '../support/sessions.ts';

const CALL: Message = {
  ...{ kind: 'call', direction: 0, timeUs: 1.7e15, record: 7, input: 0, bytes: 100, cut: false },
  ...{ id: '1', method: 'login', params: [], body: {}, http: undefined },
};

function said(say: (writer: SessionWriter) => void): string {
  const session = bareSession();
  const stream = new StreamFacts(0, flowBetween('192.0.2.1:5000', '198.51.100.1:3333'));
  stream.session = session;
  stream.secrets.add('Hidden7');
  const writer = new SessionWriter(stream, null);
  writer.begin(CALL, false);
  say(writer);
  writer.end();
  const { claims, observed } = session;
  return JSON.stringify([claims, observed.observations]);
}

describe('a password that was sent', () => {
  for (const [name, say] of [
    ['a program', (writer) => writer.software('rig/1 Hidden7')],
    ['a worker', (writer) => writer.login('acct', 'rig Hidden7')],
    ['the finder of a share', (writer) => writer.share({ ...CALL }, { user: 'acct.rigHidden7' })],
    ['a request', (writer) => writer.request('get Hidden7')],
    ['a service', (writer) => writer.service('get Hidden7')],
    ['a denial', (writer) => writer.denial('get Hidden7')],
    ['a refusal', (writer) => writer.admitted(false, 'wrong: Hidden7')],
    ['an answer', (writer) => writer.outcome(null, 'other', 'wrong: Hidden7')],
    ['a report', (writer) => writer.reported('state Hidden7')],
    ['an algorithm', (writer) => writer.algorithm('rx/0', 'job', 'rx/0 Hidden7', 'pool')],
    ['the pool to go to', (writer) => writer.reconnect('me:Hidden7@pool.example', 3333)],
    ['the pool that is asked for', (writer) => writer.target('me:Hidden7@pool.example', 3333)],
  ] satisfies readonly (readonly [string, (writer: SessionWriter) => void])[]) {
    it(`is not shown where it stands in the words of ${name}`, () => {
      const words = said(say);
      expect(words).not.toContain('Hidden7');
      expect(words).toMatch(/rig|\*\*\*|pool\.example/);
    });
  }
});
