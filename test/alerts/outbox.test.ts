/** A queue of alerts that outlives the program, against servers that refuse, ask to wait, or repeat secrets. */
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { AlertEvent } from '../../src/alerts/event.ts';
import { AlertLedger } from '../../src/alerts/ledger.ts';
import { Outbox } from '../../src/alerts/outbox.ts';
import { SendError, sendDigest, sendPatiently } from '../../src/alerts/send.ts';
import { parseSendTarget } from '../../src/alerts/send-target.ts';
import { alertDigest } from '../../src/report/alert-digest.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { service } from './services.ts';

const folder = temporaryFolder();
const AUDIT = sampleAudit();
const MAIL = { smtpUrl: null, from: null };
const open: AlertLedger[] = [];
let files = 0;

afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

function ledgerOf(journal = path.join(folder, `journal-${++files}`)) {
  const ledger = new AlertLedger({ least: 'suspected', repeatUs: null, journal, isQueued: true });
  open.push(ledger);
  return { ledger, journal };
}
const take = (ledger: AlertLedger): AlertEvent[] => [...ledger.take(AUDIT)];
const ids = (events: readonly AlertEvent[]): string[] => events.map(({ id }) => id);

it('what was not sent is there after a crash, once, and what was sent is not', () => {
  const { ledger, journal } = ledgerOf();
  const events = take(ledger);
  expect(events.length).toBeGreaterThan(1);
  // A crash: nothing is closed, and a line is cut.
  appendFileSync(journal, '{"sent":["');
  const second = ledgerOf(journal).ledger;
  expect(ids(second.unsent)).toEqual(ids(events));
  expect(take(second)).toEqual([]);
  second.sent(events.slice(0, 1));
  const third = ledgerOf(journal).ledger;
  expect(ids(third.unsent)).toEqual(ids(events.slice(1)));
  expect(take(third)).toEqual([]);
});

it('a journal that is written anew keeps the queue, and what was told last of a host', () => {
  const { ledger, journal } = ledgerOf();
  const events = take(ledger);
  for (let i = 0; i < 1100; i++) ledger.sent([]);
  expect(readFileSync(journal, 'utf8').split('\n').length).toBeLessThan(200);
  const next = ledgerOf(journal).ledger;
  expect(ids(next.unsent)).toEqual(ids(events));
  expect(take(next)).toEqual([]);
});

/** An outbox with short pauses, and what it says. */
function outboxOf(ledger: AlertLedger, url: string, more = {}) {
  const target = parseSendTarget(`webhook:${url}`, '--alerts');
  const said: string[] = [];
  const outbox = new Outbox(ledger, {
    name: target.id,
    tell: (level, message) => said.push(`${level} ${message}`),
    send: (events) => sendDigest(target, alertDigest(events, false, { zone: 'UTC', language: 'en' }), MAIL),
    ...{ gatherMs: 20, apartMs: 20, pauseMs: 30, ...more },
  });
  return { outbox, said };
}

it('a burst is one message, tried again until it is taken', async () => {
  const to = await service('any', [{ status: 503 }, { status: 429, headers: { 'retry-after': '0.2' } }]);
  const { ledger, journal } = ledgerOf();
  const { outbox, said } = outboxOf(ledger, to.url);
  const events = take(ledger);
  const beganMs = performance.now();
  outbox.wake();
  await expect.poll(() => to.received.length).toBeGreaterThan(0);
  await expect.poll(() => outbox.unsent).toBe(events.length);
  await expect.poll(() => to.taken.length, { timeout: 5000 }).toBe(1);
  expect(performance.now() - beganMs).toBeGreaterThan(200);
  await expect.poll(() => outbox.unsent).toBe(0);
  expect(JSON.parse(to.taken[0].body).alerts.map(({ id }: AlertEvent) => id)).toEqual(ids(events));
  expect(said.join('\n')).toMatch(/answered 503.*answered 429.*sent again/s);
  expect(ledgerOf(journal).ledger.unsent).toEqual([]);
  await outbox.end();
  await to.close();
});

it('a watch that ends sends what has just come, and leaves what was refused to the next one', async () => {
  const to = await service('any', [{ status: 200 }, { status: 500 }]);
  const first = ledgerOf();
  take(first.ledger);
  const { outbox } = outboxOf(first.ledger, to.url, { gatherMs: 60_000 });
  outbox.wake();
  await outbox.end();
  expect(to.taken).toHaveLength(1);
  expect(first.ledger.unsent).toEqual([]);
  const second = ledgerOf();
  take(second.ledger);
  const later = outboxOf(second.ledger, to.url, { pauseMs: 60_000 });
  later.outbox.wake();
  await expect.poll(() => later.outbox.unsent).toBeGreaterThan(0);
  await later.outbox.end();
  expect(to.received).toHaveLength(2);
  expect(later.said.at(-1)).toMatch(/alerts are not sent$/);
  expect(ledgerOf(second.journal).ledger.unsent.length).toBeGreaterThan(0);
  await to.close();
});

const DIGEST = alertDigest([], true, { zone: 'UTC', language: 'en' });

it('a command tries again what may yet be taken, and nothing else', async () => {
  const to = await service('any', [
    { status: 503 },
    { status: 200 },
    { status: 404 },
    { status: 429, headers: { 'retry-after': '7200' } },
  ]);
  const target = parseSendTarget(`webhook:${to.url}/x`, '--send');
  await sendPatiently(target, DIGEST, MAIL, [1, 1]);
  expect(to.received).toHaveLength(2);
  await expect(sendPatiently(target, DIGEST, MAIL, [1, 1])).rejects.toThrow('answered 404');
  // Nobody waits two hours for a server.
  await expect(sendPatiently(target, DIGEST, MAIL, [1, 1])).rejects.toThrow('answered 429');
  expect(to.received).toHaveLength(4);
  await to.close();
});

it('why a server refuses is told, in a few words and without what is secret', async () => {
  const secret = '/services/T0/B0/verysecrettoken';
  const said = `no_service ${secret} verysecrettoken\n\u001b[31m${'x'.repeat(100_000)}`;
  const to = await service('any', [{ status: 403, body: said }]);
  const failure = await sendDigest(
    parseSendTarget(`webhook:${to.url}${secret}`, '--send'),
    DIGEST,
    MAIL,
  ).catch((cause: Error) => cause);
  await to.close();
  expect(failure).toBeInstanceOf(SendError);
  expect(failure?.message).toMatch(/^the webhook answered 403: no_service \/?\*\*\* \*\*\*/);
  expect(failure?.message).not.toContain('verysecrettoken');
  expect(failure?.message.length).toBeLessThan(400);
});
