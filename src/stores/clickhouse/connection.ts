/**
 * One connection to a server, as a guest: limits if the rights allow them, a query id of our own, progress from the
 * server, and KILL QUERY if the run is interrupted. An answer that may be partial is never taken for a complete one.
 */
import { randomUUID } from 'node:crypto';
import { type ClickHouseSettings, createClient, isException, isProgressRow, isRow } from '@clickhouse/client';
import { linesOfAnswer } from '../../answer.ts';
import { codeOf, fail, MinesweepError, reasonOf } from '../../errors.ts';
import type { Secret } from '../../secret.ts';
import type { StoreLocation } from './location.ts';
import { Parameters } from './parameters.ts';
import type { StoreQuery } from './queries.ts';

/** What a query may cost the server. */
const MOST_SECONDS = 600;
const MOST_MEMORY_BYTES = 8_000_000_000;

/** The server may take so much longer to say that a query took too long. */
const SPARE_SECONDS = 60;
/** Who has not answered a question about the server itself by then does not answer. */
const QUICK_SECONDS = 30;
/** Of an answer that is a list; those of flows are as long as the flows. */
const MOST_LIST_BYTES = 64 * 1024 * 1024;
const MOST_LINE_BYTES = 16 * 1024 * 1024;
/** What a line of an answer may be (ClickHouse, src/Processors/Formats/Impl/JSONEachRowWithProgressRowOutputFormat.cpp). */
const LINES = [
  'row',
  'progress',
  'meta',
  'totals',
  'min',
  'max',
  'rows_before_limit_at_least',
  'rows_before_aggregation',
];

/** One answered row: our aliases by name. */
export type StoreRow = Readonly<Record<string, unknown>>;

export interface StoreTold {
  readonly rowsRead: number;
  readonly rowsToRead: number;
}

export class StoreConnection {
  readonly #client: ReturnType<typeof createClient>;
  readonly #location: StoreLocation;
  readonly #signal: AbortSignal;
  #settings: ClickHouseSettings = {};
  #seconds: number | null = null;
  /** Why answers of this server may lack rows; null if they cannot. */
  partialBecause: readonly string[] | null = null;
  /** Rows that the server has read for us so far. */
  rowsRead = 0;
  onProgress: (told: StoreTold) => void = () => {};

  constructor(location: StoreLocation, signal: AbortSignal) {
    this.#location = location;
    this.#signal = signal;
    this.#client = createClient({
      url: location.server,
      username: location.user,
      password: location.password.reveal(),
      database: location.database,
      application: 'minesweep',
      // Between two blocks of an answer; progress comes every 100 ms.
      request_timeout: 660_000,
      max_open_connections: 2,
      log: { level: 127 },
    });
  }

  /** Learns what this user may set, sets limits if allowed, and finds settings that would hide missing rows. */
  async greet(): Promise<void> {
    const values = new Map<string, string>();
    const sql = `SELECT name AS m_name, value AS m_value FROM system.settings WHERE name = 'readonly'
OR name = 'skip_unavailable_shards' OR name LIKE '%overflow_mode'`;
    for await (const row of this.rows({ title: 'settings', sql, parameters: NO_PARAMETERS, isQuick: true })) {
      values.set(String(row.m_name), String(row.m_value));
    }
    const risky = [...values].filter(([name, value]) => isRisky(name, value)).map(([name]) => name);
    // readonly = 1 refuses every setting; 0 and 2 take them.
    if (values.get('readonly') !== '1') {
      this.#seconds = MOST_SECONDS;
      this.#settings = {
        max_memory_usage: String(MOST_MEMORY_BYTES),
        max_bytes_before_external_group_by: String(MOST_MEMORY_BYTES / 2),
        cancel_http_readonly_queries_on_client_close: 1,
        ...Object.fromEntries(risky.map((name) => [name, name === 'skip_unavailable_shards' ? 0 : 'throw'])),
      };
    } else if (risky.length > 0) {
      this.partialBecause = risky;
    }
  }

  /** Rows of a query. Throws INPUT_UNREADABLE with what to do; ends early without an error if the run is interrupted. */
  async *rows(query: StoreQuery, mostBytes = MOST_LIST_BYTES): AsyncGenerator<StoreRow> {
    const id = `minesweep-${randomUUID()}`;
    const seconds = MOST_SECONDS * (query.parts ?? 1);
    const waits = query.isQuick === true ? QUICK_SECONDS : seconds + SPARE_SECONDS;
    // Node forgets an AbortSignal.timeout that only an AbortSignal.any refers to.
    const asked = new AbortController();
    const late = setTimeout(() => asked.abort(), waits * 1000);
    const kill = (): void => {
      asked.abort();
      void this.#kill(id);
    };
    this.#signal.addEventListener('abort', kill, { once: true });
    let read = 0;
    try {
      const answer = await this.#client.query({
        query: query.sql,
        format: 'JSONEachRowWithProgress',
        query_params: query.parameters.values,
        use_multipart_params: Object.keys(query.parameters.values).length > 0,
        query_id: id,
        abort_signal: asked.signal,
        clickhouse_settings: {
          ...this.#settings,
          ...(this.#seconds === null ? {} : { max_execution_time: seconds }),
        },
      });
      // What the client makes of it keeps a line without end in memory; so the bytes are read, which it has no public name for.
      // biome-ignore lint/complexity/useLiteralKeys: TypeScript lets a private field be read by this form alone
      const bytes: AsyncIterable<Uint8Array> = answer['_stream'];
      for await (const line of linesOfAnswer(bytes, { lineBytes: MOST_LINE_BYTES, bytes: mostBytes })) {
        const message = messageOf(line);
        if (isProgressRow(message)) {
          read = Number(message.progress.read_rows);
          this.onProgress({
            rowsRead: this.rowsRead + read,
            rowsToRead: Number(message.progress.total_rows_to_read ?? 0),
          });
        } else if (isRow(message) && typeof message.row === 'object' && message.row !== null) {
          yield message.row as StoreRow;
        }
      }
      asked.signal.throwIfAborted();
    } catch (error) {
      if (this.#signal.aborted) return;
      const { shown: where } = this.#location;
      if (asked.signal.aborted)
        fail('INPUT_UNREADABLE', `${query.title}: no answer within ${waits} seconds`, {
          where,
          hint: 'See whether the server is busy, then run again.',
        });
      throw explained(error, query, this.#location);
    } finally {
      clearTimeout(late);
      this.rowsRead += read;
      this.#signal.removeEventListener('abort', kill);
    }
  }

  async #kill(id: string): Promise<void> {
    try {
      await this.#client.command({ query: `KILL QUERY WHERE query_id = '${id}' ASYNC` });
    } catch {
      // Users without the right to KILL: the server ends the query when it sees the closed connection.
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

const NO_PARAMETERS = new Parameters();

/** What a line of an answer says. Throws what the server says of an error, and for what is no answer of ClickHouse. */
function messageOf(line: string): object {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    throw new Error(
      /Code: \d+\..*/.exec(line)?.[0] ?? `this is no answer of ClickHouse: ${line.slice(0, 100)}`,
    );
  }
  if (isException(message)) throw new Error(message.exception);
  if (typeof message === 'object' && message !== null && LINES.some((name) => name in message))
    return message;
  throw new Error(`this is no answer of ClickHouse: ${line.slice(0, 100)}`);
}

function isRisky(name: string, value: string): boolean {
  return name === 'skip_unavailable_shards' ? value === '1' : value === 'break';
}

const NOBODY = 'Check host and port: the HTTP port is 8123, with TLS (clickhouses://) 8443.';
const ENDED = 'The server ended the connection: see its log, then run again.';
/** What to do about the errors that operators meet. Codes: ClickHouse, src/Common/ErrorCodes.cpp; of the system. */
const HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: NOBODY,
  ENOTFOUND: NOBODY,
  EAI_AGAIN: NOBODY,
  ECONNRESET: ENDED,
  EPIPE: ENDED,
  '516': 'Check the user, and the password in MINESWEEP_STORE_PASSWORD or --store-password-file.',
  '60': 'Check the database and ?table= in the address.',
  '81': 'Check the database in the address.',
  '47': 'The table has other columns than the schema: give schema=columns:src=…,dst=….',
  '497': 'This user lacks the right to read the table: GRANT SELECT on it.',
  '159': 'The query took too long: shorten --since and --until.',
  '241': 'The query needed too much memory: shorten --since and --until.',
  '164': 'The user is read-only and the server refused a setting: use readonly = 2.',
};

function explained(error: unknown, query: StoreQuery, location: StoreLocation): MinesweepError {
  if (error instanceof MinesweepError) return error;
  const message = reasonOf(error);
  // Of ClickHouseError, too, the code stands there.
  const code = codeOf(error) || (/^Code: (\d+)\./.exec(message)?.[1] ?? '');
  const certificate = 'The certificate cannot be verified: name the authority in NODE_EXTRA_CA_CERTS.';
  const hint = HINTS[code] ?? (/CERT|SELF_SIGNED/.test(code) ? certificate : undefined);
  return new MinesweepError('INPUT_UNREADABLE', `${query.title}: ${firstLine(message, location.password)}`, {
    where: location.shown,
    hint,
    cause: error,
  });
}

/** Without the query, which servers repeat, and without the password, whatever the server says. */
function firstLine(message: string, password: Secret): string {
  return password.without(message.split('\n')[0] ?? '').slice(0, 300);
}

/** Ends the run with a reason. */
export function refuse(message: string, location: StoreLocation, hint: string): never {
  return fail('INPUT_UNREADABLE', message, { where: location.shown, hint });
}
