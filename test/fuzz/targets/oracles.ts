/** What must hold of every audit, whatever the bytes were. A breach throws, and the fuzzer keeps the bytes. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Audit } from '../../../src/audit/audit.ts';
import { auditProblem } from '../../../src/audit/schema.ts';
import type { ScanOptions } from '../../../src/scan.ts';
import { scanInputs } from '../../support/scanning.ts';

const FOLDER = path.join(tmpdir(), `minesweep-fuzz-${process.pid}`);
mkdirSync(FOLDER, { recursive: true });
process.on('exit', () => rmSync(FOLDER, { recursive: true, force: true }));

/** A file of these bytes, in place of one of the same name. */
export function fileOf(name: string, bytes: Uint8Array): string {
  const file = path.join(FOLDER, name);
  writeFileSync(file, bytes);
  return file;
}

/** The path of a file that does not exist. */
export function noFile(name: string): string {
  const file = path.join(FOLDER, name);
  rmSync(file, { force: true });
  return file;
}

/** Scans one input of these bytes. */
export function audit(bytes: Uint8Array, options: Partial<ScanOptions> = {}): Promise<Audit> {
  return scanInputs([fileOf('input', bytes)], { thread: 'never', ...options });
}

/** Throws unless the audit keeps to its schema and its shares lie in [0, 1]. */
export function expectSound(found: Audit): void {
  // What is checked is what a later command would read.
  const problem = auditProblem(JSON.parse(JSON.stringify(found)));
  if (problem !== null) throw new Error(`breaks its schema at ${problem.at}: ${problem.message}`);
  const { coverage } = found;
  for (const name of ['decoded', 'encrypted', 'truncated', 'sampled', 'oneSided', 'skipped'] as const) {
    for (const share of [coverage[name].bytes, coverage[name].packets]) {
      if (!(share >= 0 && share <= 1)) throw new Error(`coverage.${name} is ${share}`);
    }
  }
  if (coverage.complete && found.partial) throw new Error('partial and complete');
}

/** Throws if somebody is accused of mining. */
export function expectNobodyAccused({ totals: { hosts } }: Audit): void {
  if (hosts.confirmed + hosts.probable + hosts.suspected > 0) {
    throw new Error(`harmless traffic is called mining: ${JSON.stringify(hosts)}`);
  }
}

/** Throws unless two values are the same as JSON. */
export function expectSame(what: string, a: unknown, b: unknown): void {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  if (one === other) return;
  let at = 0;
  while (one[at] === other[at]) at++;
  const from = Math.max(0, at - 80);
  throw new Error(`${what}: ${one.slice(from, at + 80)} | ${other.slice(from, at + 80)}`);
}
