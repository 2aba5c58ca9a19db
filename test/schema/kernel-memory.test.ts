/** What is declared once: a field more in a copy of a table shows in the class, the view and the places of the kernel. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../../src/readers/netflow/template.ts';
import { assemblyOf, kernelSources } from '../../src/schema/assembly.ts';
import { CONVERSATIONS_MEMORY } from '../../src/schema/conversations-memory.ts';
import { elements, RECORD } from '../../src/schema/elements.ts';
import { FLOW_ROW } from '../../src/schema/flow-row.ts';
import { PACKETS_MEMORY } from '../../src/schema/packets-memory.ts';
import { RECORDS_MEMORY } from '../../src/schema/records-memory.ts';
import { memoryMap, struct } from '../../src/schema/struct.ts';
import { Arrays, viewOf } from '../../src/schema/view.ts';
import { REPO_ROOT } from '../support/corpus.ts';

/** Bytes of elements that cannot have four (RFC 7011, section 6.1). */
const LENGTHS = new Map<string, number>([
  ['address6', 16],
  ['ntp-micro', 8],
  ['ntp-nano', 8],
]);

describe('a field more of the flow row', () => {
  const longer = struct('Row', [['vlan', 'i32', -1, 'VLAN id; -1 if unknown.']], FLOW_ROW);

  it('has a place behind the others, which stay', () => {
    expect(longer.at).toEqual({ ...FLOW_ROW.at, vlan: FLOW_ROW.bytes });
    expect(longer.bytes).toBe(FLOW_ROW.bytes + 4);
  });

  it('is read and written by its name, and says nothing at first', () => {
    const view = viewOf(longer, new Arrays(new ArrayBuffer(512)), 64);
    view.clear();
    expect([view.vlan, view.tcpFlags, view.startUs]).toEqual([-1, -1, Number.NaN]);
    view.vlan = 7;
    view.isDenied = 1;
    view.originator = 2;
    expect([view.vlan, view.isDenied, view.originator, view.isScaled, view.marks]).toEqual([
      7, 1, 2, 0, 0x28,
    ]);
  });

  it('is a line of the class in AssemblyScript, with its meaning', () => {
    const source = assemblyOf(memoryMap(64, { row: longer }));
    expect(source).toContain('  /** VLAN id; -1 if unknown. */\n  vlan: i32;\n');
    expect(source).toContain(`if (offsetof<Row>() !== ${longer.bytes}) ERROR('Row');`);
    expect(source).toContain('export const ROW_AT: usize = 64;');
  });
});

describe('the memory of the kernels', () => {
  it.each(
    Object.entries({ records: RECORDS_MEMORY, conversations: CONVERSATIONS_MEMORY, packets: PACKETS_MEMORY }),
  )('of %s has regions that do not overlap, and as the build has written them', (name, { at, bytes }) => {
    const regions = Object.entries(at).map(([region, from]) => [from, from + Reflect.get(bytes, region)]);
    for (const [i, [from = 0]] of regions.entries()) {
      expect(from % 64).toBe(0);
      expect(from).toBeGreaterThanOrEqual(regions[i - 1]?.[1] ?? 4096);
    }
    const file = `src/kernel/${name}/memory.ts`;
    expect(readFileSync(path.join(REPO_ROOT, file), 'utf8')).toBe(kernelSources()[file]);
  });

  it('begins with the same regions, so that both kernels sieve alike', () => {
    const { totals, ports, webPorts, listed } = RECORDS_MEMORY.at;
    expect(CONVERSATIONS_MEMORY.at).toMatchObject({ totals, ports, webPorts, listed });
  });
});

describe('an element of IPFIX', () => {
  it('is one line: each is found by its number, and goes where the line says', () => {
    for (const { number, name, reading, field, when } of elements()) {
      if (when !== null) continue;
      const length = LENGTHS.get(reading) ?? 4;
      const plan = compileTemplate(256, [{ id: number, length, enterprise: 0 }], false)?.plan;
      expect({ name, goesTo: plan?.[2], bytes: plan?.[1] }).toEqual({
        name,
        goesTo: RECORD.at[field],
        bytes: length,
      });
    }
  });

  it('has a number and a meaning once', () => {
    const keys = elements().map(({ number, when }) => `${number} ${when ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
