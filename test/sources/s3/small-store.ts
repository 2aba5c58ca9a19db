/**
 * An object store on loopback that fails as a test wants: list, ranges, If-Match, as docs.aws.amazon.com/AmazonS3/latest/API
 * describes them. What a whole store does is tested against moto.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Settings } from '../../../src/sources/s3/account.ts';

export interface Asked {
  readonly request: IncomingMessage;
  readonly url: URL;
  /** Key of an object; empty for a list. */
  readonly key: string;
}
/** Answers instead of the store; false if it is to answer itself. */
export type Fault = (asked: Asked, response: ServerResponse) => boolean;

export class SmallStore {
  readonly objects = new Map<string, { body: Buffer; etag: string }>();
  readonly asked: Asked[] = [];
  fault: Fault = () => false;
  #port = 0;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  put(key: string, body: Buffer, etag = `"${key.length}-${body.length}"`): void {
    this.objects.set(key, { body, etag });
  }

  settings(env: NodeJS.ProcessEnv = KEYS): S3Settings {
    return { env: { HOME: '/nonexistent', AWS_ENDPOINT_URL: `http://127.0.0.1:${this.#port}`, ...env } };
  }

  #answer(request: IncomingMessage, response: ServerResponse): unknown {
    const url = new URL(request.url ?? '', 'http://localhost');
    const key = decodeURIComponent(url.pathname.replace(/^\/[^/]*\/?/, ''));
    const asked = { request, url, key };
    this.asked.push(asked);
    if (this.fault(asked, response)) return response;
    if (key === '') return response.end(this.#list(url.searchParams));
    const object = this.objects.get(key);
    if (object === undefined) return refuse(response, 404, 'NoSuchKey');
    const { 'if-match': wanted, range = '' } = request.headers;
    if (wanted !== undefined && wanted !== object.etag) return refuse(response, 412, 'PreconditionFailed');
    const [, from, to] = (/^bytes=(\d+)-(\d+)$/.exec(range) ?? []).map(Number);
    const bytes = object.body.subarray(from, (to ?? 0) + 1);
    response.writeHead(206, {
      ...{ etag: object.etag, 'content-length': bytes.length },
      'content-range': `bytes ${from}-${to}/${object.body.length}`,
    });
    return response.end(bytes);
  }

  #list(query: URLSearchParams): string {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort();
    const rows = keys.map((key) => {
      const { body, etag } = this.objects.get(key) ?? { body: '', etag: '' };
      const tag = etag.replaceAll('"', '&quot;');
      return `<Contents><Key>${encodeURIComponent(key)}</Key><Size>${body.length}</Size><ETag>${tag}</ETag></Contents>`;
    });
    return `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>${rows.join('')}</ListBucketResult>`;
  }
}

export const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 's3cret-of-the-test' };

export function refuse(response: ServerResponse, status: number, code: string, more = ''): void {
  response.statusCode = status;
  // Stores repeat the access key and what was to be signed.
  response.end(
    `<?xml version="1.0"?><Error><Code>${code}</Code><AWSAccessKeyId>AKIDEXAMPLE</AWSAccessKeyId>${more}</Error>`,
  );
}
