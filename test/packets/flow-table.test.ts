import { describe, expect, it } from 'vitest';
import type { FlowKeySource } from '../../src/packets/flow-index.ts';
import { FlowTable } from '../../src/packets/flow-table.ts';

/** A packet's key: IPv4 last words and ports. */
function key(
  source: number,
  sourcePort: number,
  destination: number,
  destinationPort: number,
): FlowKeySource {
  return {
    source0: 0,
    source1: 0,
    source2: 0xffff,
    source3: source | 0,
    destination0: 0,
    destination1: 0,
    destination2: 0xffff,
    destination3: destination | 0,
    sourcePort,
    destinationPort,
  };
}

describe('the flow table', () => {
  it('finds one flow for both directions, the first speaker on lane 0', () => {
    const table = new FlowTable(100);
    const flow = table.find(key(0xc0000201, 40000, 0x08080808, 3333));
    expect([table.isNew, table.lane]).toEqual([true, 0]);
    expect(table.find(key(0x08080808, 3333, 0xc0000201, 40000))).toBe(flow);
    expect([table.isNew, table.lane]).toEqual([false, 1]);
    const words = new Int32Array(4);
    expect(table.endpoint(flow, 0, words)).toBe(40000);
    expect([...words]).toEqual([0, 0, 0xffff, 0xc0000201 | 0]);
    expect(table.endpoint(flow, 1, words)).toBe(3333);
    expect(words[3]).toBe(0x08080808);
  });

  it('turns a flow round whose first packet was an answer', () => {
    const table = new FlowTable(100);
    const flow = table.find(key(1, 3333, 2, 40000));
    table.orient(flow, 1);
    expect(table.lane).toBe(1);
    table.find(key(2, 40000, 1, 3333));
    expect(table.lane).toBe(0);
    expect(table.endpoint(flow, 0, new Int32Array(4))).toBe(40000);
  });

  it('tells two connections between the same addresses apart by their ports, on one address too', () => {
    const table = new FlowTable(100);
    const a = table.find(key(1, 1000, 1, 2000));
    const b = table.find(key(1, 1000, 1, 2001));
    expect(b).not.toBe(a);
    expect(table.find(key(1, 2000, 1, 1000))).toBe(a);
    expect(table.lane).toBe(1);
  });

  it('keeps flows apart over growth and removal, and gives removed numbers again', () => {
    const table = new FlowTable(1 << 20);
    const model = new Map<number, number>();
    let state = 7;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let step = 0; step < 60_000; step++) {
      const id = random(20_000);
      const flow = table.find(key(id, id & 0xffff, 0x0a000001, 443));
      const known = model.get(id);
      expect(table.isNew).toBe(known === undefined);
      if (known !== undefined) expect(flow).toBe(known);
      model.set(id, flow);
      if (random(4) === 0) {
        table.remove(flow);
        model.delete(id);
      }
    }
    expect(table.size).toBe(model.size);
    for (const [id, flow] of model) expect(table.find(key(0x0a000001, 443, id, id & 0xffff))).toBe(flow);
    expect(new Set(model.values()).size).toBe(model.size);
  });

  it('zeroes the counters of a flow number that is given again', () => {
    const table = new FlowTable(10);
    const flow = table.find(key(1, 1, 2, 2));
    table.bytes0[flow] = 99;
    table.state[flow] = 2;
    table.remove(flow);
    const again = table.find(key(3, 3, 4, 4));
    expect(again).toBe(flow);
    expect([table.bytes0[again], table.state[again]]).toEqual([0, 0]);
  });
});
