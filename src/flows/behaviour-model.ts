/** The shape of the model of behaviour: its table is written by a fit (behaviour-weights.ts), and behaviour-score.ts applies it. */

export type BehaviourFeatureId =
  | 'shares'
  | 'share-size'
  | 'pushes'
  | 'packet-size-in'
  | 'scatter-out'
  | 'scatter-in';

/** One row of the model: where miners lie, and what a doubling outside of that costs, in natural log odds. */
export interface BehaviourWeight {
  readonly id: BehaviourFeatureId;
  readonly low: number;
  readonly high: number;
  readonly below: number;
  readonly above: number;
  /** Cost where the records do not tell the figure. */
  readonly unknown: number;
}

export interface BehaviourModel {
  /** Log odds of a relation inside all bands, at as many miners as others. */
  readonly bias: number;
  /** Log odds from which on a relation is suspected. */
  readonly threshold: number;
  /** The same on ports of the web, where far more programs keep a thin connection open. */
  readonly webThreshold: number;
  readonly weights: readonly BehaviourWeight[];
}
