/**
 * The package as a library (docs/reference/library.md): `import { scan } from 'minesweep'`. The build ships the types of this file, and
 * those of audits as the schema has them.
 */
import { types } from 'node:util';
import type { Audit } from './audit/audit.ts';
import { fail } from './errors.ts';
import { DATE_ORDERS } from './readers/flow-reading.ts';
import { Zone } from './readers/tables/zone.ts';
import { type Problem, problemIn } from './schema/check.ts';
import { count, field, flag, list, oneOf, part, record, type Type, text } from './schema/field.ts';
import { Secret } from './secret.ts';

export { isAudit } from './audit/schema.ts';
export { MinesweepError } from './errors.ts';
export type { Audit };

/** Options of a scan. All but `inputs` may be absent; docs/guide/usage.md says what they mean, by the command's names: here in camel case, or as stated. */
export interface Options {
  /** Files, folders, globs, addresses of stores. */
  readonly inputs: readonly string[];
  /** Own networks, as CIDR. */
  readonly local?: readonly string[];
  /** Lists of pools: `--pools`. */
  readonly poolFiles?: readonly string[];
  /** `--allow` */
  readonly allowFile?: string;
  /** `--names` */
  readonly nameFiles?: readonly string[];
  /** `--blocks` */
  readonly blockFiles?: readonly string[];
  /** `--malware` */
  readonly malwareFiles?: readonly string[];
  /** `--owners` */
  readonly ownersFile?: string;
  readonly asnDb?: string;
  readonly cityDb?: string;
  /** True if each input's SHA-256 is wanted. */
  readonly hash?: boolean;
  /** Nothing before this time counts. */
  readonly since?: Date;
  /** Nothing from this time on counts. */
  readonly until?: Date;
  readonly inputFormat?: string;
  /** Zone of times in flow logs that have none: `--input-tz`. */
  readonly timeZone?: string;
  /** What dates of numbers begin with, `month-first` or `day-first`: `--input-dates`. */
  readonly dateOrder?: 'month-first' | 'day-first';
  /** Share of bytes decoded, 0 to 1, below which coverage is not complete: 0.99 if absent. */
  readonly coverageThreshold?: number;
  /** Most threads used: one a core if absent. The audit is the same for any number. */
  readonly jobs?: number;
  /** Password of stores, whose file `--store-password-file` names. */
  readonly storePassword?: string;
  /** Where credentials of objects (s3://…) are, as in `process.env`, and whether the machine may be asked; absent: none is read. */
  readonly objects?: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly asksMachine?: boolean;
  };
  /** If it is aborted, the scan ends early with what it has, and `partial` is true. */
  readonly signal?: AbortSignal;
  readonly log?: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
}

/** Scans captures and flow logs into one audit. Throws MinesweepError if nothing could be read or an option is wrong. */
export async function scan(options: Options): Promise<Audit> {
  refuseWrong(options);
  const { since, until, timeZone, storePassword, ...others } = options;
  return (await import('./scan.ts')).scan({
    local: [],
    poolFiles: [],
    allowFile: null,
    hash: false,
    inputFormat: null,
    signal: new AbortController().signal,
    ...others,
    ...(storePassword !== undefined && { storePassword: new Secret(storePassword) }),
    sinceUs: since === undefined ? null : since.getTime() * 1000,
    untilUs: until === undefined ? null : until.getTime() * 1000,
    timeZone: timeZone === undefined ? null : new Zone(timeZone).name,
  });
}

/** Reads an audit. Throws MinesweepError if the file cannot be read, or departs from the schema. */
export async function readAudit(file: string): Promise<Audit> {
  refuse('file', problemIn(file, text));
  return (await import('./audit/read-audit.ts')).readAudit(file, process.stdin);
}

type Check = (value: unknown) => Problem | null;

const is =
  (type: Type): Check =>
  (value) =>
    problemIn(value, type);
const holds =
  (passes: (value: unknown) => boolean, message: string): Check =>
  (value) =>
    passes(value) ? null : { at: '', message };
const texts = is(list(text));
const time = holds((value) => types.isDate(value) && !Number.isNaN(value.getTime()), 'must be a valid Date');
const CHECKS: Readonly<Record<keyof Options, Check>> = {
  inputs: (value) => texts(value) ?? holds((each) => String(each) !== '', 'must name an input')(value),
  local: texts,
  poolFiles: texts,
  nameFiles: texts,
  blockFiles: texts,
  malwareFiles: texts,
  allowFile: is(text),
  ownersFile: is(text),
  asnDb: is(text),
  cityDb: is(text),
  hash: is(flag),
  since: time,
  until: time,
  inputFormat: is(text),
  timeZone: is(text),
  dateOrder: is(oneOf(DATE_ORDERS)),
  storePassword: is(text),
  coverageThreshold: is(part),
  jobs: is({ ...count, least: 1 }),
  objects: is(record({ env: field(record({}), 'as of a process') })),
  signal: holds((value) => value instanceof AbortSignal, 'must be an AbortSignal'),
  log: holds((value) => typeof value === 'function', 'must be a function'),
};

/** A program without types may pass anything. Throws USAGE. */
function refuseWrong(options: Options): void {
  refuse('options', problemIn(options, record({ inputs: field(list(text), '') })));
  const checks: Readonly<Record<string, Check | undefined>> = CHECKS;
  for (const [option, value] of Object.entries(options)) {
    const check = checks[option] ?? holds(() => false, 'is no option of a scan');
    refuse(option, value === undefined ? null : check(value));
  }
}

function refuse(what: string, problem: Problem | null): void {
  if (problem === null) return;
  fail('USAGE', `${problem.at} ${problem.message}`.trim(), {
    where: what,
    hint: 'See docs/reference/library.md.',
  });
}
