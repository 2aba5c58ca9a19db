/** The program of a thread that reads nonces for the main thread (session-counters.ts). */
import { parentPort } from 'node:worker_threads';
import { type CounterInput, estimateCounter } from '../evidence/counter/counter.ts';

parentPort?.on('message', (inputs: readonly CounterInput[]) => {
  parentPort?.postMessage(inputs.map((input) => estimateCounter(input)));
});
