/** A flow that may be mining, as the code above the waterline sees it. */
import type { StreamListener } from './stream.ts';

/**
 * `undecided` until the bytes tell; `foreign`: nothing that can be read, the flow is dismissed; `other`: it speaks
 * something else that was understood, and is dismissed for longer; `mining`: it is kept for good.
 */
export type Standing = 'undecided' | 'foreign' | 'other' | 'mining';

export interface CandidateListener extends StreamListener {
  readonly standing: Standing;
  /** No more bytes will come. */
  end(): void;
}

/** What a flow opens with: a TLS client hello, a message to a name server over TCP, or anything else. */
export type Opening = 'tls' | 'dns' | 'plain';
