/**
 * What a webhook is sent: a template for each service (data/webhooks), or the operator's own. A template is JSON in which
 * `{name}` stands for a fact of the message. A text that is nothing but `{name}` becomes the fact itself, a list or an object as
 * well; where a fact is missing, its key is left out. `{"each": "alerts", "put": …}` puts one for each alert, or each of the
 * `lines`. A body that is one text is sent as plain text.
 */
import { hostname } from 'node:os';
import alertmanager from '../../data/webhooks/alertmanager.json' with { type: 'json' };
import discord from '../../data/webhooks/discord.json' with { type: 'json' };
import json from '../../data/webhooks/json.json' with { type: 'json' };
import mattermost from '../../data/webhooks/mattermost.json' with { type: 'json' };
import ntfy from '../../data/webhooks/ntfy.json' with { type: 'json' };
import pagerduty from '../../data/webhooks/pagerduty.json' with { type: 'json' };
import slack from '../../data/webhooks/slack.json' with { type: 'json' };
import teams from '../../data/webhooks/teams.json' with { type: 'json' };
import { fail, reasonOf } from '../errors.ts';
import { escapeTerminal } from '../escape.ts';
import { readGivenSync } from '../given-file.ts';
import { nearestName } from '../nearest.ts';
import { checked, readBack } from '../schema/check.ts';
import { count, map, type Of, optional, orNull, record, text } from '../schema/field.ts';
import type { Digest } from './digest.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const TEMPLATE = record({
  about: optional(text, 'Where the form is published.'),
  hosts: optional(orNull(text), 'A pattern of host names that take this form if none is asked for.'),
  most: optional({ ...count, least: 100, most: 1_000_000 }, 'Bytes of {text}.'),
  headers: optional(map(text), 'Further headers of HTTP.'),
});
interface Template extends Of<typeof TEMPLATE> {
  /** What is sent: any JSON. */
  readonly body?: Json;
}

/** The registry: a new service is one file and one line here. */
const FORMS: Readonly<Record<string, unknown>> = {
  slack,
  mattermost,
  teams,
  discord,
  ntfy,
  alertmanager,
  pagerduty,
  json,
};
export const FORM_NAMES = Object.keys(FORMS);
const USUAL = 'json';

const USUAL_MOST = 12_000;
const MOST_TITLE = 200;
const MOST_TEMPLATE_BYTES = 256 * 1024;
/** An alert that nobody ends or renews is over after so long, for services that want an end. */
const LONGEST_ALERT_MS = 7 * 86_400_000;

export interface Post {
  /** Without the parameters that stand in the body. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WebhookForm {
  post(url: string, digest: Digest): Post;
}

/** The form of this name or file, or the one of the host; it must fit the URL. Throws USAGE. */
export function webhookForm(name: string, url: URL, where: string): WebhookForm {
  const template = templateOf(name, url, where);
  const form: WebhookForm = { post: (to, digest) => postOf(template, new URL(to), digest) };
  try {
    form.post(url.href, EXAMPLE);
  } catch (cause) {
    fail('USAGE', `the form of the webhook: ${reasonOf(cause)}`, {
      where,
      hint: 'docs/guide/alerts.md has the names that a template may use.',
    });
  }
  return form;
}

function templateOf(name: string, { hostname: host }: URL, where: string): Template {
  if (/[/\\.]/.test(name)) return ownTemplate(name);
  const known = Object.entries(FORMS).map(([id, form]) => [id, builtIn(id, form)] as const);
  if (name === '') {
    const [, ofHost] = known.find(([, { hosts }]) => hosts != null && new RegExp(hosts).test(host)) ?? [];
    return ofHost ?? builtIn(USUAL, FORMS[USUAL]);
  }
  const [, named] = known.find(([id]) => id === name) ?? [];
  if (named !== undefined) return named;
  const near = nearestName(name, FORM_NAMES);
  return fail('USAGE', 'there is no such form of webhooks', {
    where,
    hint: `${near === null ? '' : `Did you mean '${near}'? `}One of ${FORM_NAMES.join(', ')}, or a file with a '/' or a '.' in its name.`,
  });
}

function builtIn(id: string, form: unknown): Template {
  return checked(form, TEMPLATE, ({ at, message }) => {
    throw new Error(`data/webhooks/${id}.json: ${at} ${message}`);
  });
}

function ownTemplate(file: string): Template {
  let content: string;
  try {
    content = readGivenSync(file, MOST_TEMPLATE_BYTES).text;
  } catch (cause) {
    return fail('FILE_UNREADABLE', `cannot be read: ${reasonOf(cause)}`, { where: file, cause });
  }
  const invalid = (what: string): never =>
    fail('FILE_INVALID', `not a template of a webhook: ${what}`, {
      where: file,
      hint: 'Write { "body": { "text": "{title}" } }, for example.',
    });
  const template: Template = readBack(content, TEMPLATE, ({ at, message }) =>
    invalid(`${at} ${message}`.trim()),
  );
  return template.body === undefined ? invalid('it has no body') : template;
}

type Fact = string | number | null | readonly object[] | object;
type Facts = Readonly<Record<string, Fact>>;

/** Named so that a template finds them; what may come from the wire cannot act in a chat. */
function factsOf(digest: Digest, most: number): Facts {
  const { severity, isOver, time, events, night } = digest;
  const shown = shortened(digest, most);
  return {
    title: clipped(forChat(escapeTerminal(digest.subject)), MOST_TITLE),
    text: shown,
    lines: shown
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ line })),
    severity,
    priority: { critical: 5, error: 4, warning: 4, info: 3 }[severity],
    action: isOver ? 'resolve' : 'trigger',
    host: hostname(),
    time,
    alerts: digest.alerts.map((alert) => ({
      ...Object.fromEntries(
        Object.entries(alert).map(([name, fact]) => [
          name,
          typeof fact === 'string' ? forChat(escapeTerminal(fact)) : fact,
        ]),
      ),
      ends: alert.isOver ? alert.last : new Date(Date.parse(alert.last) + LONGEST_ALERT_MS).toISOString(),
    })),
    events,
    night,
  };
}

/** As many whole lines as fit, and the number of the others. */
function shortened({ text: all, more }: Digest, most: number): string {
  const lines = forChat(all).trimEnd().split('\n');
  if (Buffer.byteLength(lines.join('\n')) <= most) return lines.join('\n');
  let room = most - Buffer.byteLength(more(lines.length)) - 1;
  const kept = lines.filter((line) => {
    room -= room < 0 ? 0 : Buffer.byteLength(line) + 1;
    return room >= 0;
  });
  return [...kept, more(lines.length - kept.length)].join('\n');
}

function clipped(line: string, most: number): string {
  return line.length <= most ? line : `${[...line.slice(0, most - 1)].slice(0, -1).join('')}…`;
}

function postOf({ headers = {}, body = null, most = USUAL_MOST }: Template, url: URL, digest: Digest): Post {
  const facts = new Map(Object.entries(factsOf(digest, most)));
  const taken = new Set<string>();
  const fact = (name: string): Fact => {
    const [, parameter] = /^query\.(.+)$/.exec(name) ?? [];
    if (parameter !== undefined) {
      const value = url.searchParams.get(parameter);
      if (value === null) throw new Error(`it needs ?${parameter}=… in the URL`);
      taken.add(parameter);
      return value;
    }
    const value = facts.get(name);
    if (value === undefined) throw new Error(`there is no {${name}}`);
    return value;
  };
  const filled = fill(body, fact);
  const isText = typeof filled === 'string';
  const named = Object.entries(headers).map(([name, value]) => [name, headerText(words(value, fact))]);
  for (const name of taken) url.searchParams.delete(name);
  url.hash = '';
  return {
    url: url.href,
    headers: {
      'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
      ...Object.fromEntries(named),
    },
    body: isText ? filled : JSON.stringify(filled ?? null),
  };
}

/** Bytes above ASCII as RFC 2047 has them, which ntfy reads. */
function headerText(value: string): string {
  const line = value.replaceAll(/\s+/g, ' ');
  return /^[ -~]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString('base64')}?=`;
}

type Lookup = (name: string) => Fact;

/** The value with its facts; undefined if it is nothing but a fact that is missing. */
function fill(value: Json, fact: Lookup): unknown {
  if (typeof value === 'string') {
    const [, only] = /^\{([\w.]+)\}$/.exec(value) ?? [];
    return only === undefined ? words(value, fact) : (fact(only) ?? undefined);
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    return items.flatMap((each) => {
      const filled = fill(each, fact);
      return filled === undefined ? [] : isLoop(each) ? filled : [filled];
    });
  }
  if (isLoop(value)) return loop(value, fact);
  const filled = Object.entries(value).map(([key, each]) => [key, fill(each, fact)]);
  return Object.fromEntries(filled.filter(([, each]) => each !== undefined));
}

interface Loop {
  readonly each: string;
  readonly put: Json;
}

function isLoop(value: unknown): value is Loop {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).sort().join() === 'each,put' && typeof Object(value).each === 'string';
}

function loop({ each, put }: Loop, fact: Lookup): unknown[] {
  const rows = fact(each);
  if (!Array.isArray(rows)) throw new Error(`{${each}} is no list`);
  return rows.map((row: Readonly<Record<string, Fact>>) =>
    fill(put, (name) => (Object.hasOwn(row, name) ? row[name] : fact(name))),
  );
}

/** Parts of a text; a missing one is nothing. */
function words(value: string, fact: Lookup): string {
  return value.replaceAll(/\{([\w.]+)\}/g, (_, name: string) => {
    const found = fact(name);
    if (typeof found === 'object' && found !== null) throw new Error(`{${name}} must stand alone`);
    return found === null ? '' : String(found);
  });
}

/** What chats would take for a mention, a link or markup is written with look-alikes: the text may be from the wire. */
function forChat(said: string): string {
  return said.replace(/[<>&`@[\]]/g, (character) => CHAT[character] ?? '');
}
const CHAT: Readonly<Record<string, string>> = {
  '<': '‹',
  '>': '›',
  '&': '＆',
  '`': 'ˋ',
  '@': '＠',
  '[': '(',
  ']': ')',
};

/** With every fact, to try a template. */
const EXAMPLE: Digest = {
  subject: 'example',
  text: 'example',
  more: String,
  severity: 'info',
  isOver: false,
  time: '2026-01-01T00:00:00.000Z',
  alerts: [
    {
      ...{ id: '0', kind: 'appeared', ip: '192.0.2.1', verdict: 'probable', summary: 'example' },
      ...{ pool: 'example', algorithm: 'example', account: 'example', department: 'example' },
      ...{ contact: 'example', first: '2026-01-01T00:00:00.000Z', last: '2026-01-01T00:00:00.000Z' },
      isOver: false,
    },
  ],
  events: [],
  night: {},
};
