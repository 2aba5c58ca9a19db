/** A sink that writes down what a dialect says, for tests: one object for each thing said, in order. */
import type { Dialect } from '../../src/dialects/dialect.ts';
import { type JobDetails, type OpenShare, type Share, type Side, Sink } from '../../src/dialects/sink.ts';
import type { AlgorithmSource, Difficulty, Outcome } from '../../src/evidence/fact.ts';
import type { Message } from '../../src/framing/message.ts';

/** Login, authorize or the wallet in a URL. `worker` null if none was named. Never carries the password. */
interface LoginFact {
  readonly kind: 'login';
  readonly account: string;
  readonly worker: string | null;
}
/** Miner software as it names itself. */
interface AgentFact {
  readonly kind: 'agent';
  readonly agent: string;
}
/** A miner-side message that opens or keeps a session but names nobody (subscribe, keepalived, getwork poll). */
interface RequestFact {
  readonly kind: 'request';
  readonly method: string;
}
/** The pool's answer to a login. */
interface AdmissionFact {
  readonly kind: 'admission';
  readonly admitted: boolean;
  readonly reason: string;
}
/** The pool's answer to a subscribe or similar opening, or another pool-side message that is not a job. */
interface ServiceFact {
  readonly kind: 'service';
  readonly method: string;
}
/** Difficulty for the jobs that follow on this connection. */
interface DifficultyFact {
  readonly kind: 'difficulty';
  readonly difficulty: Difficulty;
}
/** A job. `difficulty` if the job carries its own target; null if the connection's holds. */
interface JobFact {
  readonly kind: 'job';
  readonly jobId: string;
  readonly difficulty: Difficulty | null;
  /** The block that it builds on, as this dialect names it: the hash, or if it says none the height. */
  readonly previous?: string;
  /** True if a byte of the nonce is not the miner's to search: the pool or a proxy has set it (NiceHash mode). */
  readonly fixesNonce?: boolean;
}
/** Work submitted. `token` pairs it with its answer within the session. */
interface ShareFact {
  readonly kind: 'share';
  readonly token: number;
  /** Job that it belongs to; null if the message was cut before it. */
  readonly jobId: string | null;
  readonly account: string | null;
  readonly worker: string | null;
  /** Nonce digits as sent, hex without 0x, for the counter estimator; null if none. */
  readonly nonce: string | null;
  /** Extranonce2 digits as sent, if the dialect has one; then the time and the version bits, each after a colon. */
  readonly extraNonce2?: string | null;
  /**
   * Difficulty that the hash reaches which it carries, hashes; absent if it carries none. Below its job's it is no
   * work.
   */
  readonly reaches?: number;
  readonly hash?: string | null;
}
/** The pool's answer to a share. */
interface AnswerFact {
  readonly kind: 'answer';
  readonly token: number;
  readonly outcome: Outcome;
  /** The pool's own words; '' if accepted without any. */
  readonly text: string;
}
/** Hashrate that the miner claims, H/s (unit of the algorithm). */
interface SelfReportedFact {
  readonly kind: 'self-reported';
  readonly hashrate: number;
}
/** The algorithm, and from what it is known. `side` is who said it. */
interface AlgorithmFact {
  readonly kind: 'algorithm';
  readonly algorithm: string;
  readonly source: AlgorithmSource;
  readonly detail: string;
  /** Of a source that hashes shares again: how many, and how many meet their difficulty. */
  readonly proof?: { readonly met: number; readonly tried: number };
  readonly side: 'miner' | 'pool';
}
/** The coin, and from what it is known. */
interface CoinFact {
  readonly kind: 'coin';
  readonly coin: string;
  readonly source: AlgorithmSource;
  readonly side: 'miner' | 'pool';
}
/** The pool sends the miner elsewhere. Host '' and port 0 mean the same endpoint. */
interface ReconnectFact {
  readonly kind: 'reconnect';
  readonly host: string;
  readonly port: number;
}

/** The host that the miner says it talks to (subscribe and hello of some dialects, HTTP Host). Port 0: not said. */
interface TargetFact {
  readonly kind: 'target';
  readonly host: string;
  readonly port: number;
}

export type Fact =
  | LoginFact
  | AgentFact
  | RequestFact
  | AdmissionFact
  | ServiceFact
  | DifficultyFact
  | JobFact
  | ShareFact
  | AnswerFact
  | SelfReportedFact
  | AlgorithmFact
  | CoinFact
  | ReconnectFact
  | TargetFact;

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
