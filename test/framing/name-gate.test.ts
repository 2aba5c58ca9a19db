import { describe, expect, it } from 'vitest';
import { endOfDnsName, NameGate } from '../../src/framing/name-gate.ts';
import { random } from '../support/random.ts';

/** A name of labels, ended by a zero or by a pointer. */
function nameOf(...parts: readonly (string | number)[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'number' ? Buffer.from([part]) : Buffer.from([part.length, ...Buffer.from(part)]),
    ),
  );
}

describe('the end of a DNS name', () => {
  it('is behind its last byte, be it a zero or a pointer', () => {
    expect(endOfDnsName(nameOf('pool', 'example', 0, 9), 15, 0)).toBe(14);
    expect(endOfDnsName(nameOf('www', 0xc0, 12, 9), 7, 0)).toBe(6);
    expect(endOfDnsName(nameOf(0xc0, 12), 2, 0)).toBe(2);
  });

  it('is that of the message where the name breaks the rules', () => {
    expect(endOfDnsName(nameOf('pool', 0x40, 0), 7, 0)).toBe(7);
    expect(endOfDnsName(nameOf('pool', 0xc0), 6, 0)).toBe(6);
    expect(endOfDnsName(nameOf('pool'), 5, 0)).toBe(5);
    expect(endOfDnsName(nameOf(9, 1, 2), 3, 0)).toBe(3);
  });

  it('is where the gate ends its look', () => {
    const { below } = random(1);
    const gate = new NameGate(['pool.example']);
    for (let i = 0; i < 20_000; i++) {
      const bytes = Uint8Array.from({ length: 1 + below(300) }, () =>
        below(4) === 0 ? [0, 0xc0, 0x40, 1][below(4)] : below(8),
      );
      const at = below(bytes.length);
      gate.mayHoldDns(bytes, 0, bytes.length, at);
      expect(endOfDnsName(bytes, bytes.length, at)).toBe(gate.end);
    }
  });
});

describe('a gate', () => {
  it('holds its domains and all names below them, and hardly any other', () => {
    const domains = Array.from({ length: 3000 }, (_, i) => `pool-${i}.example`);
    const gate = new NameGate(domains);
    const holds = (name: string): boolean => gate.mayHold(Buffer.from(name), 0, name.length);
    expect(domains.every(holds)).toBe(true);
    expect(domains.every((name) => holds(`eu.${name}`) && holds(`${name.toUpperCase()}.`))).toBe(true);
    const others = Array.from({ length: 3000 }, (_, i) => `web-${i}.pool-${i}x.example`);
    expect(others.filter(holds).length).toBeLessThan(3);
    expect(holds('example')).toBe(false);
  });
});
