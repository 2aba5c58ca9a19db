/** What webhooks are sent, against servers that enforce the published rules of each service. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AlertEvent, alertOf } from '../../src/alerts/event.ts';
import { sendDigest } from '../../src/alerts/send.ts';
import { parseSendTarget } from '../../src/alerts/send-target.ts';
import { alertDigest } from '../../src/report/alert-digest.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { SERVICES, service } from './services.ts';

const folder = temporaryFolder();
const AUDIT = sampleAudit();
const [HOST] = AUDIT.hosts;
const EVENT = alertOf(AUDIT, HOST, 'appeared');
const MAIL = { smtpUrl: null, from: null };
const KEY = 'R0123456789012345678901234567890';
const PATHS: Readonly<Record<string, string>> = {
  slack: '/services/T00/B00/secretsecret',
  mattermost: '/hooks/secretsecret',
  discord: '/api/webhooks/1/secretsecret',
  teams: '/workflows/secretsecret/triggers/manual/paths/invoke?sig=secretsecret',
  ntfy: '/mining-topic',
  alertmanager: '/api/v2/alerts',
  pagerduty: `/v2/enqueue?routing_key=${KEY}`,
};

async function sent(
  name: string,
  events: readonly AlertEvent[],
  isQuiet = false,
  language: 'en' | 'zh' = 'en',
) {
  const to = await service(name);
  const target = parseSendTarget(`webhook:${to.url}${PATHS[name]}#${name}`, '--alerts');
  const digest = alertDigest(events, isQuiet, { zone: 'UTC', language });
  const why = await sendDigest(target, digest, MAIL).then(
    () => null,
    (cause: Error) => cause.message,
  );
  await to.close();
  return { why, taken: to.taken };
}

const MANY = Array.from({ length: 400 }, (_, i) => ({
  ...EVENT,
  id: String(i),
  ip: `10.0.${i >> 8}.${i & 255}`,
  account: `矿工${i}@example <!channel> @everyone \`x\``,
}));

describe.each(Object.keys(SERVICES))('%s', (name) => {
  it.each(['en', 'zh'] as const)('takes one alert, in %s', async (language) => {
    const { why, taken } = await sent(name, [EVENT], false, language);
    expect(why).toBeNull();
    expect(taken).toHaveLength(1);
    expect(decodeURIComponent(JSON.stringify([taken[0].body, taken[0].headers]))).toContain(HOST.ip);
  });

  it('takes a burst in one message, and nothing in it that acts', async () => {
    const { why, taken } = await sent(name, MANY);
    expect(why).toBeNull();
    expect(taken).toHaveLength(1);
    expect(taken[0].body).toContain('10.0.0.0');
    expect(taken[0].body).not.toMatch(/@everyone|<!channel>/);
  });

  it('takes the end of all', async () => {
    expect((await sent(name, [{ ...EVENT, kind: 'ended' }], true)).why).toBeNull();
  });
});

it('an incident is opened, and is over when no host mines any more', async () => {
  const actions = [];
  for (const [kind, isQuiet] of [
    ['appeared', false],
    ['ended', false],
    ['ended', true],
  ] as const) {
    const { taken } = await sent('pagerduty', [{ ...EVENT, kind }], isQuiet);
    const { event_action, dedup_key, payload } = JSON.parse(taken[0].body);
    actions.push([event_action, payload.severity, dedup_key]);
    // The key is no part of the address then.
    expect(taken[0].path).toBe('/v2/enqueue');
  }
  expect(actions.map(([action]) => action)).toEqual(['trigger', 'trigger', 'resolve']);
  expect(new Set(actions.map(([, , key]) => key)).size).toBe(1);
});

it('the labels of an alert are the same when it ends', async () => {
  const [begun, over] = await Promise.all(
    (['appeared', 'ended'] as const).map(async (kind) => {
      const { taken } = await sent('alertmanager', [
        { ...EVENT, kind, verdict: kind === 'ended' ? 'confirmed' : 'probable' },
      ]);
      return JSON.parse(taken[0].body)[0];
    }),
  );
  expect(over.labels).toEqual(begun.labels);
  expect(over.endsAt).toBe(EVENT.last);
  expect(Date.parse(begun.endsAt)).toBeGreaterThan(Date.parse(EVENT.last));
});

it('the host of a service tells the form', async () => {
  const digest = alertDigest([EVENT], false, { zone: 'UTC', language: 'en' });
  const body = (url: string): string =>
    parseSendTarget(`webhook:${url}`, '--alerts').form?.post(url, digest).body ?? '';
  expect(body('https://discord.com/api/webhooks/1/x')).toContain('"content"');
  expect(body('https://hooks.slack.com/services/x')).toMatch(/^\{"text":/);
  expect(body('https://x.webhook.office.com/x')).toContain('AdaptiveCard');
  expect(body('https://prod-1.westeurope.logic.azure.com/workflows/x')).toContain('AdaptiveCard');
  expect(body(`https://events.pagerduty.com/v2/enqueue?routing_key=${KEY}`)).toContain('routing_key');
  expect(body('https://ntfy.sh/topic')).not.toMatch(/^\{/);
  // A program gets the whole event.
  expect(JSON.parse(body('https://example.org/x')).alerts).toEqual([EVENT]);
  // The end of another name is not the name.
  expect(body('https://notdiscord.com/x')).not.toContain('"content"');
});

describe('a template of your own', () => {
  const target = (template: unknown) => {
    const file = path.join(folder, 'own.json');
    writeFileSync(file, typeof template === 'string' ? template : JSON.stringify(template));
    return parseSendTarget(`webhook:https://example.org/x?team=blue#${file}`, '--alerts');
  };

  it('says what is sent, and how', () => {
    const { form } = target({
      headers: { 'X-Team': '{query.team}' },
      body: { who: [{ each: 'alerts', put: '{ip}' }], what: '{severity}: {title}', none: '{night}', n: 1 },
    });
    const digest = alertDigest([EVENT], false, { zone: 'UTC', language: 'en' });
    const { url, headers, body } = form?.post('https://example.org/x?team=blue&a=b', digest) ?? {};
    expect(url).toBe('https://example.org/x?a=b');
    expect(headers).toMatchObject({ 'X-Team': 'blue', 'content-type': 'application/json' });
    expect(JSON.parse(body ?? '')).toEqual({
      who: [HOST.ip],
      what: expect.stringMatching(/^(error|warning): .*/),
      n: 1,
    });
  });

  it.each([
    ['{', 'not a template'],
    [{ text: '{title}' }, 'it has no body'],
    [{ body: { text: '{titel}' } }, 'there is no {titel}'],
    [{ body: { text: 'all: {alerts}' } }, '{alerts} must stand alone'],
    [{ body: { each: 'title', put: 1 } }, '{title} is no list'],
    [{ body: '{query.key}' }, 'it needs ?key='],
    [{ most: 5, body: '{text}' }, 'most must be >= 100'],
  ])('%j is refused before anything is read', (template, why) => {
    expect(() => target(template)).toThrow(why);
  });
});

it('a form that there is not is refused, with the one that was meant, and without the URL', () => {
  const parse = () => parseSendTarget('webhook:https://example.org/secretsecret#discrod', '--alerts');
  expect(parse).toThrow(
    expect.objectContaining({ hint: expect.stringContaining("Did you mean 'discord'?") }),
  );
  expect(parse).toThrow(/^(?!.*secretsecret)/);
});
