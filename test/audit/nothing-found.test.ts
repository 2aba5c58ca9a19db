/** An audit that found nothing holds nothing of others: it is small, and names no address of the traffic. */
import { existsSync, readdirSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderJson } from '../../src/report/json.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';

const benign = path.resolve(REPO_ROOT, '../shared/captures/benign');
const MOST_BYTES = 20_000;

const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b/g;

/** Addresses in a text, IPv6 in short form too. */
function addressesIn(text: string): string[] {
  const short = (text.match(/[0-9a-f:.]*::[0-9a-f:.]*/gi) ?? []).map((word) => word.replace(/\.+$/, ''));
  return [...(text.match(ADDRESS) ?? []), ...short.filter((word) => isIP(word) > 0)];
}

describe.skipIf(!existsSync(benign))('the audit of captures of ordinary traffic', () => {
  it('is small, and names no address if it names no host', { timeout: 240_000 }, async () => {
    let empty = 0;
    for (const name of existsSync(benign) ? readdirSync(benign) : []) {
      const audit = await scanInputs([path.join(benign, name)]);
      if (audit.hosts.length > 0) continue;
      empty++;
      // The path is the operator's own word.
      const text = [
        ...renderJson({ ...audit, inputs: [], sources: [], tool: { name: '', version: '' } }),
      ].join('');
      expect(text.length, name).toBeLessThan(MOST_BYTES);
      expect(addressesIn(text), name).toEqual([]);
    }
    expect(empty).toBeGreaterThan(0);
  });

  it('would show any address', () => {
    const words = '{"a":"192.0.2.1:3333","b":"from 2001:db8::1.","c":"::1","time":"2024-08-31T10:31:38Z"}';
    expect(addressesIn(words)).toEqual(['192.0.2.1', '2001:db8::1', '::1']);
  });
});
