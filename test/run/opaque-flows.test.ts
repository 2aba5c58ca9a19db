/** When flows that cannot be read are measured makes no difference to what is found of them. */
import { describe, expect, it } from 'vitest';
import type { WatchedFlow } from '../../src/packets/watched-flow.ts';
import { OpaqueFlows } from '../../src/run/opaque-flows.ts';

const MORE_THAN_WAIT = 300;

/** Shares and answers in turn, every so many seconds. */
function talk(seconds: number, rounds = 15): WatchedFlow {
  const timesUs = Float64Array.from(
    { length: 2 * rounds },
    (_, i) => 1e15 + ((i >> 1) * seconds + (i & 1) * 0.05) * 1e6,
  );
  const spanUs = (timesUs.at(-1) ?? 0) - 1e15;
  return {
    timesUs,
    sizes: Int16Array.from({ length: 2 * rounds }, (_, i) => (i % 2 === 0 ? 180 : -70)),
    messages: [rounds, rounds],
    ...{
      activeMinutes: 1,
      startUs: 1e15,
      spanUs,
      record: 1,
      input: 0,
      isFromStart: false,
      tlsShare: 1,
      randomShare: 0,
      hiddenShare: 0,
    },
  };
}

describe('flows that cannot be read', () => {
  it.each([1, 20])('are found to be the same now or later, a share each %i s', (seconds) => {
    const flows = new OpaqueFlows();
    flows.watched(1, talk(seconds), false);
    flows.watched(2, talk(seconds), true);
    const [later, now] = [flows.take(1), flows.take(2)];
    expect(later.isMarked).toBe(now.isMarked);
    expect(later.finding()).toEqual(now.finding());
    expect(now.finding()?.marks.find(({ name }) => name === 'shares')?.holds).toBe(seconds === 20);
    expect(flows.take(1).finding()).toBeNull();
  });

  it('are all found where more than can wait are too short', () => {
    const flows = new OpaqueFlows();
    for (let flow = 0; flow < MORE_THAN_WAIT; flow++) flows.watched(flow, talk(1), false);
    const first = flows.take(0).finding();
    expect(first).not.toBeNull();
    for (let flow = 1; flow < MORE_THAN_WAIT; flow++) expect(flows.take(flow).finding()).toEqual(first);
  });
});
