/**
 * Written by `node test/flows/model/fit.js --write` (test/flows/model/): the range of miners for each feature, and the
 * cost of being outside, for miners in general and for ASICs of few shares and long jobs. docs/behaviour.md says what it was
 * fitted to and how well it does on other data.
 */
import type { BehaviourModel } from './behaviour-model.ts';

export const BEHAVIOUR_MODEL: BehaviourModel = [
  {
    bias: 4.07,
    threshold: 0.404,
    webThreshold: 0.897,
    weights: [
      { id: 'shares', low: 1.79, high: 6.72, below: 0, above: 0, unknown: 0 },
      { id: 'share-size', low: 166, high: 246, below: 3.97, above: 3.26, unknown: 5.86 },
      { id: 'pushes', low: 1.31, high: 4.09, below: 1.67, above: 0.0157, unknown: 0 },
      { id: 'packet-size-in', low: 182, high: 306, below: 2.93, above: 2.84, unknown: 0 },
      { id: 'scatter-out', low: 0.614, high: 1.47, below: 0.468, above: 0.0451, unknown: 0 },
      { id: 'scatter-in', low: 0.416, high: 0.997, below: 0.0242, above: 0.642, unknown: 1.03 },
    ],
  },
  {
    bias: 7.61,
    threshold: 2.2,
    webThreshold: 2.2,
    weights: [
      { id: 'shares', low: 1.18, high: 2.1, below: 0, above: 2.03, unknown: 0 },
      { id: 'share-size', low: 150, high: 178, below: 4.63, above: 2.92, unknown: 0.0023 },
      { id: 'pushes', low: 2.04, high: 6.01, below: 3.7, above: 2.79, unknown: 0 },
      { id: 'packet-size-in', low: 622, high: 765, below: 6.76, above: 3.48, unknown: 0 },
      { id: 'scatter-out', low: 0.6, high: 0.95, below: 2.13, above: 0, unknown: 1.89 },
      { id: 'scatter-in', low: 0.245, high: 0.546, below: 0, above: 2.9, unknown: 2.01 },
    ],
  },
];
