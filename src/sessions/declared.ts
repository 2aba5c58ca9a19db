/** What data/session.tsv declares of a session, and the classes of its groups in TypeScript, which the build writes. */
import sessionText from '../../data/session.tsv?raw';
import * as cells from '../schema/table.ts';
import type { GroupName } from './fields.ts';

export interface SessionField {
  readonly name: string;
  /** In the audit, as data/audit.tsv writes types; '' if it is not kept there under its own name. */
  readonly type: string;
  readonly memory: string;
  readonly initial: string;
  /** How two parts join, and the keys of a union. */
  readonly join: readonly string[];
  readonly period: 'keep' | 'reset' | 'own';
  /** `merge`: among the facts of the row. `=place`: the row has it there. '': it is not kept. */
  readonly kept: string;
  readonly unit: string;
  readonly meaning: string;
}

const ROWS = cells.table('session.tsv', sessionText, {
  field: cells.text,
  type: cells.note,
  memory: cells.note,
  initial: cells.text,
  join: cells.words,
  period: cells.oneOf('keep', 'reset', 'own'),
  kept: cells.note,
  unit: cells.note,
  meaning: cells.text,
});

/** The fields by the group that they belong to. */
export function sessionFields(rows = ROWS()): ReadonlyMap<GroupName, readonly SessionField[]> {
  const groups = new Map<GroupName, SessionField[]>();
  for (const { field, ...row } of rows) {
    const [group, name] = field.split('.') as [GroupName, string];
    const fields = groups.get(group) ?? [];
    fields.push({ name, ...row });
    groups.set(group, fields);
  }
  return groups;
}

/** The facts of an audit's row as further lines of data/audit.tsv. */
export function factsText(groups = sessionFields()): string {
  const lines = [...groups].flatMap(([group, fields]) => {
    const kept = fields.filter(({ kept }) => kept === 'merge');
    const own = kept.map(({ name, type, meaning, unit }) =>
      [`sessionFacts.${group}.${name}`, type, meaning, unit].join('\t'),
    );
    return [`sessionFacts.${group}\trecord\tOf its ${group}.`, ...own];
  });
  return `${lines.join('\n')}\n`;
}

const SIMPLE: Readonly<Record<string, string>> = {
  text: 'string',
  flag: 'boolean',
  number: 'number',
  count: 'number',
  whole: 'number',
};

/** The source of src/sessions/fields.ts: a class for each group. */
export function sessionFieldsSource(groups = sessionFields()): string {
  const classes = [...groups].map(
    ([group, fields]) => `export class ${group[0].toUpperCase()}${group.slice(1)}Fields {
${fields.map(fieldSource).join('\n')}
}
`,
  );
  return `/** Made by the build from data/session.tsv: change it there. */
import type { AlgorithmClaim, CoinClaim, Difficulty, HostPort, LoggedShare, Login, OneConnection, Reconnect, SelfReport, Observation, RepriceableShare, Through, TimedDifficulty, TrafficSum, WorkInterval } from './field-types.ts';
import { Series } from './series.ts';
import { RecentJobs } from './share-table.ts';
import { NO_REJECTS, NONE } from './short-list.ts';

${classes.join('\n')}
export type GroupName = ${[...groups.keys()].map((group) => `'${group}'`).join(' | ')};
`;
}

function fieldSource({ name, type, memory, initial, meaning, unit }: SessionField): string {
  const own = SIMPLE[type.replace('?', '')] ?? 'unknown';
  const known = memory === '' ? `${own}${type.endsWith('?') ? ' | null' : ''}` : memory;
  return `  /** ${meaning}${unit === '' ? '' : ` Unit: ${unit}.`} */\n  ${name}: ${known} = ${initial};`;
}
