/**
 * What a scan does when a server refuses, fails in the middle, hides rows, or is interrupted: a server on loopback that
 * speaks as much of ClickHouse's HTTP interface as these cases need.
 */
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { Secret } from '../../src/secret.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { stateAt } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { textsOf } from '../support/texts.ts';

const TYPES: Readonly<Record<string, string>> = {
  TimeReceived: 'DateTime',
  SamplingRate: 'UInt64',
  ExporterAddress: 'LowCardinality(IPv6)',
  SrcAddr: 'IPv6',
  DstAddr: 'IPv6',
  SrcPort: 'UInt16',
  DstPort: 'UInt16',
  Proto: 'UInt32',
  Bytes: 'UInt64',
  Packets: 'UInt64',
};
const sinceUs = Date.UTC(2026, 10, 1) * 1000;
const times = { sinceUs, untilUs: sinceUs + 3_600_000_000 };

interface Asked {
  readonly sql: string;
  readonly url: URL;
  /** The whole request, and its length. */
  readonly text: string;
  readonly bytes: number;
}
type Answer = (asked: Asked, response: ServerResponse) => boolean;

let server: Server | null = null;
const asked: Asked[] = [];
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  asked.length = 0;
});

const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify({ row })}\n`).join('');

/** What each slice holds. */
const content = { m_rows: 10, m_bytes: 0, m_packets: 0, m_first: sinceUs, m_last: sinceUs, m_isCoarse: 0 };

/** Starts a server; `answer` is asked first, and says whether it has answered. Returns the store's address. */
async function serve(
  answer: Answer,
  settings: Readonly<Record<string, string>> = { readonly: '0' },
): Promise<string> {
  server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const text = body.toString();
    const sql = await sqlOf(request, body);
    const one = { sql, url: new URL(request.url ?? '', 'http://localhost'), text, bytes: body.length };
    asked.push(one);
    if (answer(one, response)) return;
    if (one.sql.includes('system.settings')) {
      response.end(lines(Object.entries(settings).map(([m_name, m_value]) => ({ m_name, m_value }))));
    } else if (one.sql.includes('system.columns')) {
      response.end(
        lines(Object.entries(TYPES).map(([m_name, m_type]) => ({ m_table: 'flows', m_name, m_type }))),
      );
    } else response.end(one.sql.includes('m_isCoarse') ? lines([content]) : '');
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  const address = server.address() as AddressInfo;
  return `clickhouse://reader@127.0.0.1:${address.port}/default?schema=akvorado`;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function sqlOf(request: IncomingMessage, body: Buffer<ArrayBuffer>): Promise<string> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) return body.toString();
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  return String(form.get('query'));
}

const isPairs: Answer = ({ sql }) => sql.includes('g_client');

function scanOf(url: string, options = {}): Promise<Audit> {
  return scanInputs([url], { ...times, ...options });
}

describe('a store that refuses', () => {
  it.each([
    ['a wrong password', 516, 'AUTHENTICATION_FAILED', 'MINESWEEP_STORE_PASSWORD'],
    ['a table that may not be read', 497, 'ACCESS_DENIED', 'GRANT SELECT'],
  ])('says what to do: %s', async (_, code, name, hint) => {
    const url = await serve((_asked, response) => {
      response.statusCode = 403;
      response.end(`Code: ${code}. DB::Exception: reader: s3cret is not right. (${name})`);
      return true;
    });
    const failure = await scanOf(url, { storePassword: new Secret('s3cret') }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'INPUT_UNREADABLE', hint: expect.stringContaining(hint) });
    expect(String(failure)).not.toContain('s3cret');
  });

  it('names the columns that the table lacks, in the words of columns:', async () => {
    const url = await serve(() => false);
    const lacking = url.replace(
      'akvorado',
      'columns:src=SrcAddr,dst=DstAddr,sport=SrcPort,dport=Gone,start=Proto',
    );
    await expect(scanOf(`${lacking}&table=flows`)).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
      message: expect.stringContaining('no readable column for dport, bytes in the table'),
    });
  });

  it('says what to do if nobody listens', async () => {
    await expect(scanOf('clickhouse://127.0.0.1:1/default')).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
      hint: expect.stringContaining('8123'),
    });
  });

  it('refuses a password in the address, and does not repeat it', async () => {
    const failure = await scanOf('clickhouse://u:s3cret@h/d').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'USAGE' });
    expect(JSON.stringify(failure)).not.toContain('s3cret');
  });
});

describe('an answer that is not whole', () => {
  it.each<[string, Answer]>([
    [
      'an exception in the stream',
      (_, response) => {
        response.end(
          `${JSON.stringify({ progress: { read_rows: '1' } })}\n${JSON.stringify({ exception: 'Code: 241. DB::Exception: memory' })}\n`,
        );
        return true;
      },
    ],
    [
      'an exception as text behind rows',
      (_, response) => {
        response.end(
          `${lines([{ m_client: '::1' }])}Code: 241. DB::Exception: memory (MEMORY_LIMIT_EXCEEDED)\n`,
        );
        return true;
      },
    ],
    [
      'a connection that breaks',
      (_, response) => {
        response.write(lines([{ m_client: '::1' }]));
        setTimeout(() => response.destroy(), 20);
        return true;
      },
    ],
    ...['<html>a login page</html>\n', '{}\n', '{"row":{"m_client":"::1"', '\n'].map(
      (text): [string, Answer] => [
        `what no ClickHouse says, ${JSON.stringify(text)}`,
        (_, response) => {
          response.end(text);
          return true;
        },
      ],
    ),
  ])('is an error and never a result: %s', async (_, broken) => {
    const url = await serve((one, response) => isPairs(one, response) && broken(one, response));
    await expect(scanOf(url)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  });

  it.each(['\0', '{"row":{"m_name":"readonly","m_value":"0"}}\n'])(
    'is an error if it has no end, and takes little memory: %j',
    async (text) => {
      const block = Buffer.from(text.repeat(Math.ceil((1 << 20) / text.length)));
      const url = await serve((_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(block));
        };
        response.on('drain', more);
        response.on('error', () => {});
        more();
        return true;
      });
      await expect(scanOf(url)).rejects.toMatchObject({
        code: 'INPUT_UNREADABLE',
        message: expect.stringMatching(/answer (is|of .* is) longer than|answer is longer/),
      });
    },
  );

  it('is damage if settings that nobody may change hide rows', async () => {
    const url = await serve(() => false, { readonly: '1', skip_unavailable_shards: '1' });
    const audit = await scanOf(url);
    expect(audit.inputs[0].damage).toMatchObject([{ kind: 'partial-answer', count: 1, at: 0 }]);
    expect(textsOf(audit.notes).join()).toContain('skip_unavailable_shards');
  });
});

describe('a scan with a state', () => {
  // Sums of the wanted endpoints, one query a slice.
  const isEndpoints = ({ sql }: Asked): boolean => sql.includes('groupBitOr');

  it('goes on behind the last slice that was finished', async () => {
    const state = stateAt(path.join(temporaryFolder('store'), 'state'));
    const poolFiles = [path.join(REPO_ROOT, 'fixtures/flowlogs/endpoints.txt')];
    const day = { poolFiles, sinceUs, untilUs: sinceUs + 86_400_000_000 };
    let left = Number.POSITIVE_INFINITY;
    const url = await serve((one, response) => {
      if (!isEndpoints(one) || left-- > 0) return false;
      response.end(`${JSON.stringify({ exception: 'Code: 210. DB::NetException: connection lost' })}\n`);
      return true;
    });
    const slicesAsked = (): string[] => asked.filter(isEndpoints).map(({ url }) => String(url));
    const whole = await scanInputs([url], day);
    const all = slicesAsked().length;
    expect(all).toBeGreaterThan(2);
    asked.length = 0;
    left = 2;
    await expect(scanInputs([url], { ...day, state })).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
    left = Number.POSITIVE_INFINITY;
    asked.length = 0;
    const audit = await scanInputs([url], { ...day, state });
    expect(slicesAsked().length).toBe(all - 2);
    expect(audit.totals.hosts).toEqual(whole.totals.hosts);
    asked.length = 0;
    await scanInputs([url], { ...day, state });
    expect(slicesAsked()).toEqual([]);
  });
});

describe('a long list of endpoints', () => {
  it('is sent once a day and never with the rows of pairs, though slices are hours', async () => {
    const poolFile = path.join(temporaryFolder('list'), 'pools.txt');
    writeFileSync(
      poolFile,
      Array.from({ length: 20_000 }, (_, i) => `100.64.${i >> 8}.${i & 255}:3333\n`).join(''),
    );
    const pair = { m_client: '10.0.0.1', m_server: '203.0.113.7', m_port: 4444, m_minutes: 50 };
    const url = await serve((one, response) => {
      if (!isPairs(one, response)) return false;
      response.end(lines([pair]));
      return true;
    });
    await scanOf(url, { poolFiles: [poolFile], untilUs: sinceUs + 86_400_000_000 });
    expect(asked.filter(({ sql }) => sql.includes('g_client')).length).toBe(24);
    expect(asked.filter(({ bytes }) => bytes > 100_000).map(({ sql }) => sql.includes('groupBitOr'))).toEqual(
      [true],
    );
    const rows = asked.filter(({ sql }) => sql.includes('ORDER BY m_start'));
    expect(rows.length).toBe(1);
    // What was one query a slice may take as long.
    const seconds = asked.map(({ url: { searchParams } }) => Number(searchParams.get('max_execution_time')));
    expect(Math.max(...seconds)).toBe(24 * 600);
  });

  it('is not read twice where a pair that may mine is on it', async () => {
    const poolFile = path.join(temporaryFolder('pair'), 'pools.txt');
    writeFileSync(poolFile, '203.0.113.7:4444\n203.0.113.9:50000\n');
    const ends = [
      { client: '10.0.0.1', server: '203.0.113.7', port: 4444 },
      { client: '203.0.113.9', server: '10.0.0.2', port: 4444 },
    ];
    const url = await serve(({ sql }, response) => {
      const flow = { m_protocol: 6, m_exporter: '::', m_sampling: 1, m_name: '', m_tcpFlags: 24, m_rows: 1 };
      const times = { m_start: sinceUs, m_end: sinceUs, m_bytes: 100, m_packets: 1 };
      if (sql.includes('g_client'))
        response.end(
          lines(
            ends.map(({ client, server, port }) => ({
              m_client: client,
              m_server: server,
              m_port: port,
              m_minutes: 50,
            })),
          ),
        );
      else if (sql.includes('ORDER BY m_start'))
        response.end(
          lines([
            {
              ...flow,
              ...times,
              m_source: '203.0.113.9',
              m_destination: '10.0.0.2',
              m_sourcePort: 50000,
              m_destinationPort: 4444,
            },
            {
              ...flow,
              ...times,
              m_source: '203.0.113.9',
              m_destination: '10.0.0.2',
              m_sourcePort: 50001,
              m_destinationPort: 4444,
            },
          ]),
        );
      return response.writableEnded;
    });
    const audit = await scanOf(url, { poolFiles: [poolFile] });
    const of = asked.find(({ sql }) => sql.includes('ORDER BY m_start'));
    expect(of?.text).not.toContain('203.0.113.7');
    expect(audit.coverage.counts?.records).toEqual({ packets: 1, bytes: 100 });
  });
});

describe('a good guest', () => {
  it('sets limits if it may, and turns off what hides rows', async () => {
    const url = await serve(() => false, {
      readonly: '2',
      read_overflow_mode: 'break',
      skip_unavailable_shards: '1',
    });
    const audit = await scanOf(url);
    expect(audit.inputs[0].damage).toEqual([]);
    const { searchParams } = asked[asked.length - 1].url;
    expect(Number(searchParams.get('max_execution_time'))).toBeGreaterThan(0);
    expect(Number(searchParams.get('max_memory_usage'))).toBeGreaterThan(0);
    expect(searchParams.get('read_overflow_mode')).toBe('throw');
    expect(searchParams.get('skip_unavailable_shards')).toBe('0');
  });

  it('sends no setting to a user with readonly = 1', async () => {
    await scanOf(await serve(() => false, { readonly: '1' }));
    const names = asked.flatMap(({ url }) => [...url.searchParams.keys()]);
    expect(names.filter((name) => name.startsWith('max_') || name.endsWith('_mode'))).toEqual([]);
  });

  it('kills its query if it is interrupted', async () => {
    const controller = new AbortController();
    const url = await serve((one) => {
      if (!one.sql.includes('g_client')) return false;
      setTimeout(() => controller.abort(), 20);
      return true;
    });
    const audit = await scanOf(url, { signal: controller.signal });
    expect(audit.partial).toBe(true);
    const slow =
      asked.find(({ sql }) => sql.includes('g_client'))?.url.searchParams.get('query_id') ?? 'none';
    await expect
      .poll(() => asked.map(({ sql }) => sql))
      .toContainEqual(expect.stringContaining(`KILL QUERY WHERE query_id = '${slow}'`));
  });
});
