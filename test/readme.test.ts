/**
 * The README shows what the program prints, and its tables are those of the registries. With
 * MINESWEEP_UPDATE_GOLDEN=1 the blocks are written anew; read the diff.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { figure, usualWork } from '../src/audit/modelled-rates.ts';
import { DIALECTS } from '../src/dialects/index.ts';
import { unitOf } from '../src/evidence/algorithm.ts';
import { EVIDENCE_KINDS } from '../src/evidence/kinds.ts';
import { FLOW_FEATURES } from '../src/flows/features.ts';
import { FLOW_FORMATS } from '../src/readers/index.ts';
import { REPO_ROOT } from './support/corpus.ts';
import { BIN } from './support/dist.ts';

const README = path.join(REPO_ROOT, 'README.md');
const BLOCK = /<!-- (example|table): (.+?) -->\n[\s\S]*?<!-- end -->/g;

function printed(words: string): string {
  const text = execFileSync(process.execPath, [BIN, ...words.split(' ')], {
    cwd: REPO_ROOT,
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '80', NO_COLOR: '1' },
  });
  return `\`\`\`\n${text.trimEnd()}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One algorithm of each family of which machines are known. */
const MODELLED = [
  ...['sha256d', 'scrypt', 'x11', 'eaglesong', 'kheavyhash', 'equihash', 'equihash125_4', 'equihash144_5'],
  ...['ethash', 'kawpow', 'autolykos2', 'octopus', 'rx/0', 'ghostrider', 'cn/r'],
];

const TABLES: Readonly<Record<string, () => string>> = {
  dialects: () =>
    table(
      ['dialect', 'protocol', 'serves', 'travels as'],
      DIALECTS.map(({ id, title, serves, framing }) => [`\`${id}\``, title, serves, framing]),
    ),
  'flow formats': () =>
    table(
      ['format', 'what it is', 'times', 'TCP flags', 'both directions', 'packets', 'our fields that it has'],
      FLOW_FORMATS.map(({ id, title, abilities, fields }) => [
        `\`${id}\``,
        title,
        abilities.time,
        abilities.tcpFlags,
        abilities.bothDirections,
        abilities.packets,
        Object.keys(fields).join(', '),
      ]),
    ),
  'flow features': () =>
    table(
      ['feature', 'what it tells'],
      FLOW_FEATURES.map(({ id, title }) => [id, title]),
    ),
  'features by format': () =>
    table(
      ['format', ...FLOW_FEATURES.map(({ id }) => id)],
      FLOW_FORMATS.map((format) => [
        `\`${format.id}\``,
        ...FLOW_FEATURES.map(({ allowedBy }) => allowedBy(format)),
      ]),
    ),
  'usual shares': () =>
    table(
      ['algorithm', 'of one', 'rate of one', 'hashes of a share'],
      MODELLED.flatMap((algorithm) => {
        const usual = usualWork(algorithm, 2026);
        if (usual === null) return [];
        const { machine, rate, span } = usual;
        return [
          [
            `\`${algorithm}\``,
            machine,
            `${figure(rate.low)} to ${figure(rate.high)} ${unitOf(algorithm)}`,
            `${figure(span.low)} to ${figure(span.high)}`,
          ],
        ];
      }),
    ),
  evidence: () =>
    table(
      ['kind', 'strength', 'what it is', 'where the rule is from', 'what else looks like it'],
      Object.entries(EVIDENCE_KINDS).map(([id, kind]) => [
        `\`${id}\``,
        kind.strength,
        kind.title,
        kind.rule,
        kind.lookAlike,
      ]),
    ),
};

function block(kind: string, name: string): string {
  const content = kind === 'example' ? printed(name) : (TABLES[name] ?? (() => 'no such table'))();
  return `<!-- ${kind}: ${name} -->\n${content}\n<!-- end -->`;
}

describe('the README', () => {
  it('shows what the program prints and what its registries hold', () => {
    const text = readFileSync(README, 'utf8');
    const renewed = text.replace(BLOCK, (_, kind: string, name: string) => block(kind, name));
    if (process.env.MINESWEEP_UPDATE_GOLDEN === '1') writeFileSync(README, renewed);
    else expect(text).toBe(renewed);
  });
});
