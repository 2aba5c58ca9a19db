/**
 * The bytes of one object, in ranges: a short one first, as many an object is only looked at, then long ones, some of them asked
 * for ahead. A range that breaks off is asked for again from where it broke. Each answer must be of the version that was listed.
 */
import type { IncomingMessage } from 'node:http';
import type { ByteStage, SourceDamage } from '../byte-source.ts';
import { type S3Client, S3Failure } from './client.ts';

/** An object, and the version of it that was listed. */
export interface ObjectVersion {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
}

const FIRST_BYTES = 256 * 1024;
const RANGE_BYTES = 4 * 1024 * 1024;
/** Ranges under way or waiting: with their size, what an object takes of memory. */
const AHEAD = 4;

export class ObjectStage implements ByteStage {
  damage: SourceDamage | null = null;
  damageAt = 0;
  readonly #client: S3Client;
  readonly #object: ObjectVersion;
  readonly #tell: (message: string) => void;
  readonly #stop = new AbortController();
  readonly #ranges: Promise<Uint8Array>[] = [];
  #asked = 0;
  #rest: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(client: S3Client, object: ObjectVersion, tell: (message: string) => void) {
    this.#client = client;
    this.#object = object;
    this.#tell = tell;
  }

  async fill(target: Uint8Array): Promise<number> {
    if (this.damage !== null) return 0;
    if (this.#rest.length === 0) {
      this.#askAhead();
      try {
        this.#rest = (await this.#ranges.shift()) ?? this.#rest;
      } catch (error) {
        this.#break(error);
      }
    }
    const count = Math.min(this.#rest.length, target.length);
    target.set(this.#rest.subarray(0, count));
    this.#rest = this.#rest.subarray(count);
    this.#at += count;
    return count;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#ranges.length = 0;
    this.#rest = new Uint8Array(0);
  }

  #askAhead(): void {
    const most = this.#asked === 0 ? 1 : AHEAD;
    while (this.#ranges.length < most && this.#asked < this.#object.size && !this.#stop.signal.aborted) {
      const from = this.#asked;
      this.#asked = Math.min(this.#object.size, from + (from === 0 ? FIRST_BYTES : RANGE_BYTES));
      const range = this.#range(from, this.#asked);
      // It is waited for later, or never if the stage is closed.
      range.catch(() => {});
      this.#ranges.push(range);
    }
  }

  async #range(from: number, to: number): Promise<Uint8Array> {
    const { key, etag } = this.#object;
    const bytes = new Uint8Array(to - from);
    let got = 0;
    const version: Record<string, string> = etag === '' ? {} : { 'if-match': etag };
    const asked = () => ({ key, headers: { range: `bytes=${from + got}-${to - 1}`, ...version } });
    const take = async (answer: IncomingMessage): Promise<Uint8Array> => {
      this.#check(answer, from + got);
      for await (const chunk of answer) {
        if (got + chunk.length > bytes.length) throw new S3Failure('more bytes than were asked for');
        bytes.set(chunk, got);
        got += chunk.length;
      }
      if (got < bytes.length) throw new S3Failure('the answer breaks off', 0, null, true);
      return bytes;
    };
    return this.#client.get(asked, take, this.#stop.signal);
  }

  /** Some stores know neither ranges nor If-Match, and would send something else. */
  #check({ statusCode, headers }: IncomingMessage, from: number): void {
    const { size, etag } = this.#object;
    if (headers.etag !== undefined && etag !== '' && headers.etag !== etag)
      throw new S3Failure(REPLACED, 412);
    const [, first, all] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? [];
    if (statusCode === 206 && Number(first) === from && (all === '*' || Number(all) === size)) return;
    throw new S3Failure('the store does not answer with the range');
  }

  #break(error: unknown): void {
    // The run was stopped, or the stage closed: what is missing then is no damage.
    if (this.#stop.signal.aborted || this.#client.isStopped) return;
    const failure = error instanceof S3Failure ? error : new S3Failure(String(error));
    this.damage = damageOf(failure) ?? (this.#at === 0 ? 'unreadable' : 'read-error');
    this.damageAt = this.#at;
    this.#stop.abort();
    this.#tell(`s3://${this.#client.bucket}/${this.#object.key}: ${failure.message}`);
  }
}

const REPLACED = 'PreconditionFailed';

function damageOf({ code, status }: S3Failure): SourceDamage | null {
  if (code === REPLACED || status === 412) return 'replaced';
  if (code === 'InvalidObjectState') return 'archived';
  if (status === 403 || status === 401) return 'access-denied';
  return status === 404 ? 'not-found' : null;
}
