/**
 * Written by `node test/flows/model/fit.js --write` (test/flows/model/): the range of miners for each feature, and the
 * cost of being outside. docs/behaviour.md says what it was fitted to and how well it does on other data.
 */
import type { BehaviourModel } from './behaviour-model.ts';

export const BEHAVIOUR_MODEL: BehaviourModel = {
  bias: 5.09,
  threshold: 0.877,
  webThreshold: 1.52,
  weights: [
    { id: 'shares', low: 1.86, high: 6.81, below: 0.291, above: 0, unknown: 0 },
    { id: 'share-size', low: 158, high: 251, below: 4.69, above: 2.35, unknown: 5.36 },
    { id: 'pushes', low: 1.32, high: 4.21, below: 1.96, above: 0, unknown: 0 },
    { id: 'packet-size-in', low: 189, high: 305, below: 4.01, above: 3.9, unknown: 0 },
    { id: 'scatter-out', low: 0.586, high: 1.39, below: 0.271, above: 0, unknown: 0 },
    { id: 'scatter-in', low: 0.379, high: 0.931, below: 0, above: 0.965, unknown: 0.833 },
  ],
};
