/**
 * Requests for one bucket, which only read: signed, each attempt bounded in time, tried again with pauses after what may pass
 * (errors of the network, 5xx, "slow down"), sent to the region that the store names. Redirects are not followed: requests
 * go only to the host that the operator named. node:http and not fetch, which would unpack objects that are stored as `Content-Encoding`.
 */
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { textOfAnswer } from '../../answer.ts';
import { codeOf, reasonOf } from '../../errors.ts';
import type { Account, Credentials } from './account.ts';
import { textIn, xmlRoot } from './answer.ts';

/** What the store refused, or that it did not answer. */
export class S3Failure extends Error {
  constructor(
    /** The store's word, for example `NoSuchBucket`; of the system, for example `ECONNREFUSED`. */
    readonly code: string,
    readonly status = 0,
    readonly region: string | null = null,
    readonly mayPass = false,
  ) {
    super(status === 0 ? code : `${code} (status ${status})`);
  }
}

export interface S3Request {
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const MOST_TRIES = 5;
const ATTEMPT_MS = 30_000;
const FIRST_PAUSE_MS = 200;
const MOST_ERROR_BYTES = 64 * 1024;
const MAY_PASS = new Set(['SlowDown', 'RequestTimeout', 'InternalError', 'ServiceUnavailable']);
const EXPIRED = new Set(['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired']);

export class S3Client {
  readonly #account: Account;
  readonly #signal: AbortSignal;
  readonly #tell: (message: string) => void;
  readonly #agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent };
  readonly #signingKeys = new Map<string, ArrayBuffer>();
  readonly #underWay = new Set<http.ClientRequest>();
  #region: string;
  #credentials: Promise<Credentials | null> | null = null;

  constructor(
    account: Account,
    readonly bucket: string,
    signal: AbortSignal,
    tell: (message: string) => void,
  ) {
    this.#account = account;
    this.#region = account.region;
    this.#signal = signal;
    this.#tell = tell;
    const stop = (): void => {
      for (const request of this.#underWay) request.destroy();
    };
    signal.addEventListener('abort', stop, { once: true });
    this.#agents = {
      'http:': new http.Agent({ keepAlive: true }),
      'https:': new https.Agent({ keepAlive: true }),
    };
  }

  /** True if the run is over. */
  get isStopped(): boolean {
    return this.#signal.aborted;
  }

  /** True if requests are signed. */
  async isSigned(): Promise<boolean> {
    return (await this.#whoAsks()) !== null;
  }

  /**
   * Asks until `take` has what it wants of an answer with status 2xx; `asked` is called for each attempt, so that it may ask for
   * the rest. Throws S3Failure.
   */
  async get<T>(
    asked: () => S3Request,
    take: (answer: IncomingMessage) => Promise<T>,
    stop?: AbortSignal,
  ): Promise<T> {
    const isOver = (): boolean => this.#signal.aborted || stop?.aborted === true;
    let moves = 0;
    for (let tries = 1; ; tries++) {
      try {
        return await this.#once(asked(), take, stop);
      } catch (error) {
        const failure = failureOf(error);
        if (isOver()) throw failure;
        if (moves++ < 2 && this.#mends(failure)) continue;
        if (!failure.mayPass || tries >= MOST_TRIES) throw failure;
        this.#tell(
          `s3://${this.bucket}/${asked().key}: ${failure.message}; attempt ${tries + 1} of ${MOST_TRIES}`,
        );
        // A random part of the pause, so that many readers do not come back at once.
        const ms = FIRST_PAUSE_MS * 2 ** tries * (0.5 + Math.random() / 2);
        await pause(ms, undefined, { signal: stop ?? this.#signal }).catch(() => {});
        if (isOver()) throw failure;
      }
    }
  }

  /** Another region or newer credentials may help, at once. */
  #mends({ region, code }: S3Failure): boolean {
    if (region !== null && region !== this.#region) {
      this.#region = region;
      return true;
    }
    if (!EXPIRED.has(code)) return false;
    this.#credentials = null;
    return true;
  }

  async #once<T>(
    asked: S3Request,
    take: (answer: IncomingMessage) => Promise<T>,
    stop = this.#signal,
  ): Promise<T> {
    const { url, place, headers } = await this.#signed(asked);
    const isSecure = url.protocol === 'https:';
    const request = (isSecure ? https : http).request(url, {
      path: place,
      headers,
      signal: stop,
      agent: this.#agents[isSecure ? 'https:' : 'http:'],
    });
    this.#underWay.add(request);
    // An error may come after the last one that is waited for.
    request.on('error', () => {});
    const timer = setTimeout(() => request.destroy(new Error('timed out')), ATTEMPT_MS);
    let answer: IncomingMessage | null = null;
    try {
      request.end();
      [answer] = (await once(request, 'response')) as [IncomingMessage];
      answer.on('error', () => {});
      const { statusCode: status = 0 } = answer;
      if (status >= 200 && status < 300) return await take(answer);
      throw await refusalOf(answer, status);
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(request);
      if (answer?.complete !== true) request.destroy();
    }
  }

  #whoAsks(): Promise<Credentials | null> {
    this.#credentials ??= this.#account.credentials();
    return this.#credentials;
  }

  /** Where to send it, and as whom. The path is ours: a URL would resolve dots in keys. */
  async #signed({ key, query = {}, headers = {} }: S3Request) {
    const base = this.#base();
    const path = `${base.pathname.replace(/\/$/, '')}/${key.split('/').map(encoded).join('/')}`;
    const search = Object.keys(query)
      .sort()
      .map((name) => `${name}=${encoded(query[name] ?? '')}`)
      .join('&');
    const url = new URL(`${base.origin}/${search === '' ? '' : `?${search}`}`);
    const place = search === '' ? path : `${path}?${search}`;
    const credentials = await this.#whoAsks();
    if (credentials === null) return { url, place, headers };
    const signer = new AwsV4Signer({
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey.reveal(),
      ...(credentials.sessionToken && { sessionToken: credentials.sessionToken.reveal() }),
      url: url.href,
      headers: { ...headers },
      service: 's3',
      region: this.#region,
      cache: this.#signingKeys,
    });
    signer.encodedPath = path;
    return { url, place, headers: Object.fromEntries((await signer.sign()).headers) };
  }

  #base(): URL {
    const { bucket } = this;
    const { endpoint, isPathStyle } = this.#account;
    const suffix = this.#region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    const server = new URL(endpoint ?? `https://s3.${this.#region}.${suffix}`);
    // Amazon's certificate names no bucket with a dot; other servers rarely answer to names of buckets.
    if (isPathStyle ?? (endpoint !== null || bucket.includes('.')))
      server.pathname = `${server.pathname.replace(/\/$/, '')}/${bucket}/`;
    else server.host = `${bucket}.${server.host}`;
    return server;
  }
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What the store says of an error, without its text, which repeats the access key. */
async function refusalOf(answer: IncomingMessage, status: number): Promise<S3Failure> {
  const root = xmlRoot(await textOfAnswer(answer, MOST_ERROR_BYTES).catch(() => ''));
  const word = root === null ? '' : textIn(root, 'Code');
  const code = /^[A-Za-z]{1,60}$/.test(word) ? word : (http.STATUS_CODES[status] ?? 'refused');
  const named = answer.headers['x-amz-bucket-region'] ?? (root === null ? '' : textIn(root, 'Region'));
  const region = typeof named === 'string' && /^[a-z0-9-]{1,40}$/.test(named) ? named : null;
  const mayPass = MAY_PASS.has(code) || status === 429 || (status >= 500 && status !== 501);
  return new S3Failure(code, status, region, mayPass);
}

/** Anything that was thrown, as a failure of the network if it is nothing else. */
function failureOf(error: unknown): S3Failure {
  if (error instanceof S3Failure) return error;
  if (error instanceof Error && error.name === 'MinesweepError') throw error;
  const code = codeOf(error) || reasonOf(error);
  return new S3Failure(code, 0, null, !/CERT|SELF_SIGNED|ERR_TLS|EPROTO/.test(code));
}
