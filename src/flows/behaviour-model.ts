/**
 * The shape of the model of behaviour: its table is written by a fit (behaviour-weights.ts), and behaviour-score.ts
 * applies it.
 */

export type BehaviourFeatureId =
  | 'shares'
  | 'share-size'
  | 'pushes'
  | 'packet-size-in'
  | 'scatter-out'
  | 'scatter-in';

/** One row of the model: the range of miners, and the cost of each doubling outside of it, in natural log odds. */
export interface BehaviourWeight {
  readonly id: BehaviourFeatureId;
  readonly low: number;
  readonly high: number;
  readonly below: number;
  readonly above: number;
  /** Cost if the records do not show the figure. */
  readonly unknown: number;
}

/** One kind of miners: what they do is alike, so that a band can be narrow. */
export interface BehaviourProfile {
  /** Log odds of a relation inside all bands, at as many miners as others. */
  readonly bias: number;
  /** Log odds from which on a relation is suspected. */
  readonly threshold: number;
  /** The same for web ports: far more programs keep a thin connection open there. */
  readonly webThreshold: number;
  readonly weights: readonly BehaviourWeight[];
}

/** A relation is suspected if one of the profiles says so. */
export type BehaviourModel = readonly BehaviourProfile[];
