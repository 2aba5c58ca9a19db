/**
 * Servers on the loopback that take what the service takes by its published rules, and refuse all else: Slack
 * (docs.slack.dev, incoming webhooks), Mattermost (developers.mattermost.com), Discord (execute webhook), Teams (workflow
 * webhooks, adaptive cards 1.4), ntfy (docs.ntfy.sh/publish), Alertmanager (API v2, openapi.yaml), PagerDuty (Events v2).
 */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
/** Why a service refuses; null: it takes it. */
type Rule = (received: Received) => string | null;

type Loose = Record<string, unknown>;
const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
};
const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, most: number, least = 1): value is string =>
  typeof value === 'string' && [...value].length >= least && [...value].length <= most;
const isJson = ({ headers }: Received): boolean => /^application\/json/.test(headers['content-type'] ?? '');
const isTime = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value);
const hasOnly = (value: Loose, names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name));

export const SERVICES: Readonly<Record<string, Rule>> = {
  slack: (received) => {
    const body = parsed(received.body);
    if (!isJson(received) || !isRecord(body)) return 'invalid_payload';
    if (!hasOnly(body, ['text', 'blocks', 'attachments', 'thread_ts', 'mrkdwn'])) return 'invalid_payload';
    return isText(body.text, 40_000) ? null : 'no_text';
  },
  mattermost: (received) => {
    const body = parsed(received.body);
    if (!isJson(received) || !isRecord(body)) return 'Unable to parse incoming data';
    return isText(body.text, 16_383) ? null : 'No text specified';
  },
  discord: (received) => {
    const body = parsed(received.body);
    const known = ['content', 'username', 'avatar_url', 'tts', 'embeds', 'allowed_mentions', 'flags'];
    if (!isJson(received) || !isRecord(body)) return '{"code": 50109}';
    if (!hasOnly(body, known)) return '{"code": 50035}';
    if (!isText(body.content, 2000)) return '{"code": 50006, "message": "Cannot send an empty message"}';
    return isRecord(body.allowed_mentions) && Array.isArray(body.allowed_mentions.parse) ? null : 'mentions';
  },
  teams: (received) => {
    const body = parsed(received.body);
    if (!isJson(received) || Buffer.byteLength(received.body) > 28_000) return 'RequestEntityTooLarge';
    if (!isRecord(body) || body.type !== 'message' || !Array.isArray(body.attachments)) return 'BadRequest';
    const [attachment] = body.attachments;
    if (attachment?.contentType !== 'application/vnd.microsoft.card.adaptive') return 'contentType';
    const { content } = attachment;
    if (content?.type !== 'AdaptiveCard' || content.version !== '1.4') return 'card';
    const isBlock = (block: Loose): boolean => block.type === 'TextBlock' && isText(block.text, 20_000);
    return Array.isArray(content.body) && content.body.length > 0 && content.body.every(isBlock)
      ? null
      : 'body';
  },
  ntfy: ({ path, headers, body }) => {
    if (!/^\/[-_A-Za-z0-9]{1,64}$/.test(path)) return '{"code":40401,"error":"page not found"}';
    if (Buffer.byteLength(body) === 0 || Buffer.byteLength(body) > 4096)
      return 'it would become an attachment';
    const { priority } = headers;
    if (typeof priority !== 'string' || !/^[1-5]$/.test(priority)) return 'priority invalid';
    return typeof headers.title === 'string' && /^[ -~]+$/.test(headers.title) ? null : 'title';
  },
  alertmanager: (received) => {
    const body = parsed(received.body);
    if (!isJson(received) || !received.path.endsWith('/api/v2/alerts')) return 'not found';
    if (!Array.isArray(body) || body.length === 0) return 'must be an array';
    const isLabels = (value: unknown): boolean =>
      isRecord(value) &&
      Object.entries(value).every(([name, label]) => /^[a-zA-Z_]\w*$/.test(name) && isText(label, 10_000));
    const isAlert = (alert: unknown): boolean =>
      isRecord(alert) &&
      hasOnly(alert, ['labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL']) &&
      isLabels(alert.labels) &&
      isRecord(alert.labels) &&
      'alertname' in alert.labels &&
      isLabels(alert.annotations) &&
      isTime(alert.startsAt) &&
      isTime(alert.endsAt) &&
      String(alert.startsAt) <= String(alert.endsAt);
    return body.every(isAlert) ? null : 'bad alert';
  },
  pagerduty: (received) => {
    const body = parsed(received.body);
    if (!isJson(received) || received.path !== '/v2/enqueue' || !isRecord(body)) return 'Invalid JSON Body';
    const known = [
      'routing_key',
      'event_action',
      'dedup_key',
      'payload',
      'images',
      'links',
      'client',
      'client_url',
    ];
    if (!hasOnly(body, known)) return 'unknown field';
    if (!isText(body.routing_key, 32, 32)) return "'routing_key' is missing or blank";
    if (!['trigger', 'acknowledge', 'resolve'].includes(String(body.event_action))) return 'event_action';
    if (!isText(body.dedup_key, 255)) return 'dedup_key';
    const { payload } = body;
    if (!isRecord(payload) || !isText(payload.summary, 1024) || !isText(payload.source, 255))
      return 'payload';
    return ['critical', 'error', 'warning', 'info'].includes(String(payload.severity)) ? null : 'severity';
  },
};

/** A server of the loopback; the answers come one after the other, then the rule decides. */
export async function service(
  name: string,
  answers: { status: number; headers?: Record<string, string>; body?: string }[] = [],
) {
  const received: Received[] = [];
  const taken: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const now = { path: request.url ?? '', headers: request.headers, body };
      received.push(now);
      const why = SERVICES[name]?.(now) ?? null;
      const { status, headers = {}, body: said } = answers.shift() ?? { status: why === null ? 200 : 400 };
      if (status < 300) taken.push(now);
      response.writeHead(status, headers).end(said ?? why ?? 'ok');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    taken,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
