/** Connections of one client with one server, added up: every sum worked out by hand, whatever comes first. */
import { describe, expect, it } from 'vitest';
import type { FlowConversation } from '../../src/flows/conversation-summary.ts';
import { NO_PULSE } from '../../src/flows/pulse.ts';
import { RelationSum } from '../../src/flows/relation.ts';

const SERVER = { ip: '198.51.100.20', port: 3333 };
/** The begin of a minute. */
const T0 = 1_700_000_040e6;

/** A connection from minute `from` to minute `to` that was active for so many seconds of it. */
function connection(
  from: number,
  to: number,
  activeSeconds: number,
  more: Partial<FlowConversation> = {},
): FlowConversation {
  const [firstUs, lastUs] = [T0 + from * 60e6, T0 + to * 60e6];
  return {
    ...{ client: { ip: '192.0.2.10', port: 50_000 + from }, server: SERVER, roles: 'likely' },
    ...{ isServerListed: false, isClientListed: false, firstUs, lastUs, activeSeconds, activePeriods: 1 },
    ...{
      intervals: [{ startUs: firstUs, endUs: lastUs }],
      duty: 1,
      bucketSeconds: 60,
      busyBuckets: to - from,
    },
    ...{ hours: [], records: 2, pulseOut: NO_PULSE, pulseIn: NO_PULSE, smallestMean: 100 + from },
    traffic: { bytesOut: 1000 + from, bytesIn: 2000, packetsOut: 10, packetsIn: 20 },
    ...{
      bytesAre: 'exact',
      answered: true,
      denied: false,
      observers: [0],
      senders: [],
      input: from,
      record: 1,
    },
    sampling: { interval: 1, isKnown: true, isUntold: false, observedPackets: 30 },
    ...more,
  };
}

function added(...connections: readonly FlowConversation[]) {
  const sum = new RelationSum('192.0.2.10', SERVER);
  for (const each of connections) sum.add(each);
  return sum.relation();
}

describe('a relation', () => {
  const parts = [connection(0, 10, 300), connection(60, 80, 600)];

  it.each([
    ['first', parts],
    ['last', parts.toReversed()],
  ])('of two connections has the sums of both, the earlier one %s', (_, connections) => {
    expect(added(...connections)).toMatchObject({
      ...{ client: { ip: '192.0.2.10', port: 50_000 }, input: 0, firstUs: T0, lastUs: T0 + 80 * 60e6 },
      ...{ connections: 2, unanswered: 0, smallestMean: 100 },
      traffic: { bytesOut: 2060, bytesIn: 4000, packetsOut: 20, packetsIn: 40 },
      sampling: { interval: 1, isKnown: true, isUntold: false, observedPackets: 60 },
      // Open for 10 and 20 minutes, of which 15 were active.
      ...{ activeSeconds: 900, meanSeconds: 450 },
      // 30 busy minutes of 81; silence of less than two hours makes no other run.
      ...{ activeMinutes: 30, minutes: 81, duty: 30 / 81, heldSeconds: 900 },
    });
  });

  it.each([
    // Both open from minute 0 to 10, each active for half of that: 20 minutes of theirs in 10.
    ['at one time', [connection(0, 10, 300), connection(0, 10, 300)], 300, 300],
    // 10 minutes and 5 of them again: 10 are open; active are 600 of 900 s.
    ['of which one lies in the other', [connection(0, 10, 500), connection(5, 10, 100)], 400, 300],
    ['that are active all the time', [connection(0, 10, 600), connection(20, 30, 600)], 1200, 600],
    // More than the span of both cannot be.
    ['of more activity than time', [connection(0, 10, 6000), connection(20, 30, 600)], 1200, 3300],
    [
      'of which one had no answer',
      [connection(0, 10, 300), connection(20, 30, 600, { answered: false })],
      300,
      300,
    ],
  ] as const)(
    'of two connections %s is open and active as long as both together',
    (_, both, active, mean) => {
      expect(added(...both)).toMatchObject({ activeSeconds: active, meanSeconds: mean });
    },
  );

  it('adds the time of each connection, so that three at once have the pace of one', () => {
    const three = added(...[0, 1, 2].map(() => connection(0, 10, 600)));
    expect(three).toMatchObject({ activeSeconds: 600, heldSeconds: 1800, connections: 3 });
  });

  it('tells from eight connections on whether they are alike', () => {
    const visits = (packets: (visit: number) => number) =>
      added(
        ...Array.from({ length: 8 }, (_, i) =>
          connection(30 * i, 30 * i + 10, 600, {
            traffic: { bytesOut: 1000, bytesIn: 1000, packetsOut: packets(i), packetsIn: packets(i) },
          }),
        ),
      ).scatterBetween;
    expect(visits(() => 50)).toEqual({ ratio: 0, packets: 100 });
    // 20 and 180 in turn: squares of 80, over 100, for each of 8, less one.
    expect(visits((i) => (i % 2 === 0 ? 10 : 90))).toEqual({ ratio: 73.143, packets: 100 });
    expect(added(connection(0, 10, 600)).scatterBetween).toBeNull();
  });

  it('is present in each hour with packets of records that were sampled', () => {
    const relation = added(
      connection(0, 1, 60, {
        hours: [1, 2],
        sampling: { interval: 100, isKnown: true, isUntold: false, observedPackets: 5 },
      }),
      connection(180, 181, 60, {
        hours: [2, 4],
        sampling: { interval: 10, isKnown: false, isUntold: false, observedPackets: 7 },
      }),
    );
    expect(relation).toMatchObject({
      // Three hours, of a span of 181 minutes.
      ...{ hours: 3, activeSeconds: 3 * 3600, activeMinutes: 180 },
      sampling: { interval: 100, isKnown: false, isUntold: false, observedPackets: 12 },
      // Two hours and more of silence part the runs, and a run of two minutes is no busy time.
      duty: 0,
    });
  });
});
