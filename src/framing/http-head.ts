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

/** The length that a Content-Length states, or null; a list of equal values is one value (RFC 9112 6.3). */
export function contentLength(value: string | undefined): number | null {
  const first = value?.split(',')[0]?.trim() ?? '';
  return /^\d{1,15}$/.test(first) ? Number(first) : null;
}

export function isTunnel(method: string, status: number): boolean {
  return method === 'CONNECT' && status >= 200 && status < 300;
}

/** RFC 6455 4.1: the Upgrade field of both sides of the opening. */
export function isWebSocketUpgrade(headers: ReadonlyMap<string, string>): boolean {
  return /\bwebsocket\b/i.test(headers.get('upgrade') ?? '');
}

const REQUEST_LINE = /^([A-Z]{3,10}) (\S{1,8192}) HTTP\/1\.\d$/;
const STATUS_LINE = /^HTTP\/1\.\d (\d{3})(?: .*)?$/;

/** A start line at the end of a line that began as something else. */
export const LATE_START =
  /(?:(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH) \S{1,400} HTTP\/1\.\d|HTTP\/1\.\d \d{3}(?: [^\r\n]*)?)\r?\n$/;

export function isStartLine(line: readonly number[]): boolean {
  const text = Buffer.from(line).toString('latin1').trimEnd();
  return REQUEST_LINE.test(text) || STATUS_LINE.test(text);
}

/** Reads a head; of one that was cut only what is whole. Null where it is no HTTP/1.x. */
export function parseHead(text: string, cut: boolean): StartLine | null {
  const lines = text.split('\n');
  if (cut) lines.pop(); // the line that broke off
  const first = lines[0]?.trimEnd() ?? '';
  const request = REQUEST_LINE.exec(first);
  const response = STATUS_LINE.exec(first);
  if (request === null && response === null) return null;
  const headers = new Map<string, string>();
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return {
    method: request?.[1] ?? '',
    target: request?.[2] ?? '',
    status: response === null ? 0 : Number(response[1]),
    headers,
  };
}
