/**
 * The head of an HTTP/1.x message (RFC 9112 2 to 6): its first line and its fields, and what they say of the body.
 */

/** The first line and fields of a message. */
export interface StartLine {
  /** Upper-case method of a request, '' for a response. */
  readonly method: string;
  readonly target: string;
  /** Status of a response, 0 for a request. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

/** A body whose length nobody can tell: the values differ, or are no numbers. Servers take the first, the last or neither. */
export const UNSURE = -1;

/** The length that a Content-Length states, or null without one; a list of equal values is one value (RFC 9112 6.3). */
export function contentLength(value: string | undefined): number | null {
  if (value === undefined) return null;
  const [first = '', ...others] = value.split(',').map((each) => each.trim());
  return /^\d{1,15}$/.test(first) && others.every((each) => each === first) ? Number(first) : UNSURE;
}

/** True of the methods whose requests have a body (RFC 9110 9.3, RFC 5789). */
export function hasBody(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

export function isTunnel(method: string, status: number): boolean {
  return method === 'CONNECT' && status >= 200 && status < 300;
}

/** RFC 6455 4.1: the Upgrade field of both sides of the opening. */
export function isWebSocketUpgrade(headers: ReadonlyMap<string, string>): boolean {
  return /\bwebsocket\b/i.test(headers.get('upgrade') ?? '');
}

/** RFC 7540 3.2: both sides go on in HTTP/2. */
export function isHttp2Upgrade(headers: ReadonlyMap<string, string>): boolean {
  return /\bh2c\b/i.test(headers.get('upgrade') ?? '');
}

/** Methods and versions in any case, and any white space between (RFC 9112 3): some servers take them so. */
const REQUEST_LINE = /^([a-z]{3,10})[ \t]+(\S{1,8192})[ \t]+HTTP\/1\.\d$/i;
const STATUS_LINE = /^HTTP\/1\.\d (\d{3})(?: .*)?$/i;

/** A start line at the end of a line that began as something else. */
export const LATE_START =
  /(?:(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH) \S{1,400} HTTP\/1\.\d|HTTP\/1\.\d \d{3}(?: [^\r\n]*)?)\r?\n$/i;

/** What the first line says: a request or a status line. */
export type FirstLine = Omit<StartLine, 'headers'>;

/** Null if the line begins no HTTP/1.x message. */
export function readFirstLine(line: string): FirstLine | null {
  const text = line.trimEnd();
  const response = STATUS_LINE.exec(text);
  if (response !== null) return { method: '', target: '', status: Number(response[1]) };
  const request = REQUEST_LINE.exec(text);
  return request === null ? null : { method: request[1].toUpperCase(), target: request[2], status: 0 };
}

/** A line that goes on in the next one (obs-fold, RFC 9112 5.2). */
const FOLD = /\r?\n[ \t]+/g;

/** The fields of a head behind its first line; a line that broke off is left out. */
export function readFields(lines: string): ReadonlyMap<string, string> {
  const head = lines.replace(FOLD, ' ');
  const fields = new Map<string, string>();
  let colon = 0;
  for (let at = head.indexOf('\n') + 1; at > 0; ) {
    const end = head.indexOf('\n', at);
    if (end === -1) break;
    if (colon < at) colon = head.indexOf(':', at);
    if (colon === -1) break;
    if (colon > at && colon < end) {
      const name = head.slice(at, colon).trim().toLowerCase();
      const value = head.slice(colon + 1, end).trim();
      const earlier = fields.get(name);
      fields.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
    }
    at = end + 1;
  }
  return fields;
}
