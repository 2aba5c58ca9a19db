/** A sink that writes down what a dialect says, for tests: one object for each thing said, in order. */
import type { Dialect } from '../../src/dialects/dialect.ts';
import { type JobDetails, type OpenShare, type Share, type Side, Sink } from '../../src/dialects/sink.ts';
import type { AlgorithmSource, Difficulty, Outcome } from '../../src/evidence/fact.ts';
import type { Message } from '../../src/framing/message.ts';

/** As src/dialects/sink.ts tells them; of a share, `token` pairs it with its answer. */
export type Fact =
  | { readonly kind: 'login'; readonly account: string; readonly worker: string | null }
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'request' | 'service'; readonly method: string }
  | { readonly kind: 'admission'; readonly admitted: boolean; readonly reason: string }
  | { readonly kind: 'difficulty'; readonly difficulty: Difficulty }
  | {
      readonly kind: 'job';
      readonly jobId: string;
      readonly difficulty: Difficulty | null;
      readonly previous?: string;
      readonly fixesNonce?: boolean;
    }
  | ({ readonly kind: 'share'; readonly token: number } & Omit<Share, 'extraNonce2' | 'reaches' | 'hash'> &
      Partial<Share>)
  | { readonly kind: 'answer'; readonly token: number; readonly outcome: Outcome; readonly text: string }
  | { readonly kind: 'self-reported'; readonly hashrate: number }
  | {
      readonly kind: 'algorithm';
      readonly algorithm: string;
      readonly source: AlgorithmSource;
      readonly detail: string;
      readonly proof?: { readonly met: number; readonly tried: number };
      readonly side: Side;
    }
  | { readonly kind: 'coin'; readonly coin: string; readonly source: AlgorithmSource; readonly side: Side }
  | { readonly kind: 'reconnect' | 'target'; readonly host: string; readonly port: number };

/** What a dialect says of the messages, one after the other. */
export function saidOf(dialect: Dialect, messages: readonly Message[]): Fact[] {
  const sink = new RecordingSink();
  const reader = dialect.reader();
  for (const message of messages) reader.read(message, sink);
  return sink.facts;
}

class RecordingSink extends Sink {
  readonly hasGap = false;
  readonly facts: Fact[] = [];
  private shares = 0;

  login(account: string, worker: string | null): void {
    this.facts.push({ kind: 'login', account, worker });
  }

  software(agent: string): void {
    this.facts.push({ kind: 'agent', agent });
  }

  passesOn(): void {}

  reported(words: string): void {
    this.facts.push({ kind: 'service', method: words });
  }

  request(method: string): void {
    this.facts.push({ kind: 'request', method });
  }

  admitted(admitted: boolean, reason: string): void {
    this.facts.push({ kind: 'admission', admitted, reason });
  }

  service(method: string): void {
    this.facts.push({ kind: 'service', method });
  }

  difficulty(value: number, scale: 'hashes' | 'units' = 'hashes'): void {
    this.facts.push({ kind: 'difficulty', difficulty: { scale, value } });
  }

  newJob(jobId: string, worth: number | null, { previous, fixesNonce, isInUnits }: JobDetails = {}): void {
    const scale = isInUnits === true ? 'units' : 'hashes';
    this.facts.push({
      kind: 'job',
      jobId,
      difficulty: worth === null ? null : { scale, value: worth },
      ...(fixesNonce === true ? { fixesNonce } : {}),
      ...(previous === undefined ? {} : { previous }),
    });
  }

  protected submitted({ extraNonce2, reaches, ...share }: Share): OpenShare {
    const token = this.shares++;
    this.facts.push({
      kind: 'share',
      token,
      ...share,
      ...(extraNonce2 === null ? {} : { extraNonce2 }),
      ...(reaches === null ? {} : { reaches }),
    });
    return token;
  }

  outcome(share: OpenShare, outcome: Outcome, text: string): void {
    // Another dialect may have taken the message for a share.
    if (share !== null && share < this.shares)
      this.facts.push({ kind: 'answer', token: share, outcome, text });
  }

  counted(): void {}

  selfReported(hashrate: number): void {
    this.facts.push({ kind: 'self-reported', hashrate });
  }

  algorithm(
    algorithm: string,
    source: AlgorithmSource,
    detail: string,
    side: Side,
    proof?: { readonly met: number; readonly tried: number },
  ): void {
    const known = proof === undefined ? {} : { proof };
    this.facts.push({ kind: 'algorithm', algorithm, source, detail, ...known, side });
  }

  coin(coin: string, source: AlgorithmSource, side: Side): void {
    this.facts.push({ kind: 'coin', coin, source, side });
  }

  reconnect(host: string, port: number): void {
    this.facts.push({ kind: 'reconnect', host, port });
  }

  target(host: string, port: number): void {
    this.facts.push({ kind: 'target', host, port });
  }
}
