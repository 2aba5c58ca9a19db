/**
 * Asks DNS for the addresses of many names, politely: no more than so many questions a second and at once, a name that
 * fails again after a while, and no second question for a name that does not exist. The only socket of the program beside
 * those of stores that an operator names as input.
 */
import { createHash } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../../errors.ts';

interface LookupOptions {
  /** 'IP' or 'IP:port'; the system's resolvers if absent. */
  readonly server?: string | null;
  /** Questions a second. */
  readonly rate: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
  /** Wait for an answer, and waits before a question is asked again, ms. */
  readonly timeoutMs?: number;
  readonly retryMs?: readonly number[];
  /** After so many failures in a row the resolver is taken for dead: no further name is asked for. */
  readonly mostInARow?: number;
}

interface FoundAddress {
  readonly ip: string;
  /** Seconds. */
  readonly ttl: number;
}

export interface Looked {
  readonly name: string;
  readonly addresses: readonly FoundAddress[];
  /** `absent`: there is no such name, or it has no address; `failed`: nobody answered, or with an error. */
  readonly outcome: 'found' | 'absent' | 'failed';
  /** ms since 1970. */
  readonly atMs: number;
}

const TIMEOUT_MS = 3000;
const RETRY_MS = [1000, 4000];
const AT_ONCE = 16;
/** No such name, and no data of this kind (c-ares). */
const ABSENT = new Set(['ENOTFOUND', 'ENODATA']);

/** What was found, in the order of the names; fewer if it was stopped, or the resolver died. */
export async function lookUp(names: readonly string[], options: LookupOptions): Promise<Looked[]> {
  const { server = null, rate, signal, onProgress, timeoutMs = TIMEOUT_MS, retryMs = RETRY_MS } = options;
  const { mostInARow = Number.POSITIVE_INFINITY } = options;
  // One try at a time: those that follow are paced like all others.
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (server !== null) resolver.setServers([server]);
  const pace = new Pace(rate);
  const found: Looked[] = [];
  // Mixed, since the names of a pool that has closed fail one after another as well.
  const order = names
    .map((name, at) => ({ at, mixed: createHash('sha256').update(name).digest('hex') }))
    .sort((a, b) => (a.mixed < b.mixed ? -1 : 1));
  let next = 0;
  let inARow = 0;
  const ask = async (name: string): Promise<Looked> => {
    const addresses: FoundAddress[] = [];
    let isFailed = false;
    for (const kind of ['A', 'AAAA'] as const) {
      // While all fail, to ask again helps nobody.
      const again = inARow < AT_ONCE ? retryMs : [];
      const answer = await askOnce(resolver, name, kind, { pace, signal, retryMs: again });
      if (answer === 'failed') isFailed = true;
      else if (answer === 'no such name') break;
      else addresses.push(...answer);
    }
    const outcome = addresses.length > 0 ? 'found' : isFailed ? 'failed' : 'absent';
    return { name, addresses, outcome, atMs: Date.now() };
  };
  const worker = async (): Promise<void> => {
    while (next < names.length && !signal.aborted && inARow < mostInARow) {
      const { at } = order[next++];
      const looked = await ask(names[at]);
      found[at] = looked;
      inARow = looked.outcome === 'failed' ? inARow + 1 : 0;
      onProgress?.(found.length, names.length);
    }
  };
  const stop = (): void => resolver.cancel();
  signal.addEventListener('abort', stop);
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, names.length) }, worker));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return found.filter((each) => each !== undefined);
}

async function askOnce(
  resolver: Resolver,
  name: string,
  kind: 'A' | 'AAAA',
  { pace, signal, retryMs }: { pace: Pace; signal: AbortSignal; retryMs: readonly number[] },
): Promise<FoundAddress[] | 'no such name' | 'failed'> {
  for (let attempt = 0; ; attempt++) {
    await pace.turn();
    if (signal.aborted) return 'failed';
    try {
      const options = { ttl: true } as const;
      const records =
        kind === 'A' ? await resolver.resolve4(name, options) : await resolver.resolve6(name, options);
      return records.map(({ address, ttl }) => ({ ip: address, ttl }));
    } catch (cause) {
      const code = codeOf(cause);
      if (code === 'ENOTFOUND') return 'no such name';
      if (ABSENT.has(code)) return [];
      const wait = retryMs[attempt];
      if (wait === undefined || signal.aborted) return 'failed';
      await sleep(wait);
    }
  }
}

/** Hands out turns, no two closer than the rate allows. */
class Pace {
  readonly #spacingMs: number;
  #nextMs = 0;

  constructor(rate: number) {
    this.#spacingMs = 1000 / rate;
  }

  turn(): Promise<void> {
    const nowMs = performance.now();
    const atMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = atMs + this.#spacingMs;
    return sleep(atMs - nowMs);
  }
}
