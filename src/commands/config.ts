/**
 * The sources of option values: flag, then MINESWEEP_ variable, then minesweep.json in the working directory, then
 * the option's own default. Every value is read as words, so that one parser per option serves all three.
 */
import path from 'node:path';
import { codeOf, fail, reasonOf } from '../errors.ts';
import { readGivenSync } from '../given-file.ts';
import { nearestName } from '../nearest.ts';
import { readBack } from '../schema/check.ts';
import type { Type } from '../schema/field.ts';
import { HIDDEN } from '../secret.ts';
import type { Option } from './option.ts';
import { splitList } from './option-values.ts';
import { OPTIONS, type OptionName, type ValueOf } from './options.ts';

export const CONFIG_FILE = 'minesweep.json';
const MOST_BYTES = 1024 * 1024;

/** Words of flags or a file, by option name. A switch that is set has one empty word. */
type Words = ReadonlyMap<string, readonly string[]>;

/** Reads options; the first place that speaks wins. */
export class Settings {
  constructor(
    private readonly flags: Words,
    private readonly env: NodeJS.ProcessEnv,
    private readonly file: Words,
    private readonly fileName = CONFIG_FILE,
  ) {}

  /** The option's value. Throws USAGE naming the place of a bad one. */
  read<Name extends OptionName>(name: Name): ValueOf<Name> {
    const { words, where } = this.#wordsOf(OPTIONS[name]);
    return OPTIONS[name].parse(words, where);
  }

  /** Where an option was set: by the flag, or by a place that holds for every command. */
  sourceOf(id: OptionName): { readonly where: string; readonly isFlag: boolean } {
    const option = OPTIONS[id];
    return { where: this.#wordsOf(option).where, isFlag: this.flags.has(option.name) };
  }

  #wordsOf(option: Option<unknown>): { readonly words: readonly string[]; readonly where: string } {
    const given = this.flags.get(option.name);
    if (given !== undefined) return { words: given, where: `--${option.name}` };
    const variable = variableName(option.name);
    const value = this.env[variable];
    // An empty variable is how a shell says that there is none.
    if (value !== undefined && value !== '') {
      return { words: option.repeats ? splitList(value) : [value], where: variable };
    }
    return { words: this.file.get(option.name) ?? [], where: `${option.name} in ${this.fileName}` };
  }
}

/** The variable of an option: fail-on is MINESWEEP_FAIL_ON. */
export function variableName(name: string): string {
  return `MINESWEEP_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** What a settings file says: words by option, and messages about it for the log. */
interface ConfigFile {
  readonly words: Words;
  readonly messages: readonly (readonly [level: 'info' | 'warn', message: string])[];
}

/**
 * Reads the file that --config names, or else minesweep.json in the folder, if the user or root owns it; an absent file sets
 * nothing. What the program writes, root's file does not say for another user. Throws USAGE if it is not an object of known
 * options.
 */
export function readConfigFile(
  folder: string,
  named: string | null,
  known: readonly Option<unknown>[],
): ConfigFile {
  const file = named ?? path.join(folder, CONFIG_FILE);
  const user = process.getuid?.() ?? 0;
  let text: string;
  let owner: number;
  try {
    ({ text, owner } = readGivenSync(file, MOST_BYTES));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' && named === null) return { words: new Map(), messages: [] };
    return fail('USAGE', `the settings file cannot be read: ${reasonOf(cause)}`, {
      where: file,
      hint: 'Check its path and permissions.',
      cause,
    });
  }
  if (named === null && owner !== user && owner !== 0) {
    const message = `${file} belongs to another user (${owner}) and is not read; --config ${CONFIG_FILE} reads it`;
    return { words: new Map(), messages: [['warn', message]] };
  }
  const messages: (readonly ['info' | 'warn', string])[] = [['info', `settings of ${file}`]];
  const words = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(parseObject(text, file))) {
    const option = known.find((each) => each.name === name);
    if (option === undefined) {
      // In a file given by mistake, a name may be anything.
      const shown = /^[a-z_-]{1,20}$/i.test(name) ? name : HIDDEN;
      fail('USAGE', `there is no option '${shown}'`, { where: file, hint: hintFor(name, known) });
    }
    if (option.isOutput && named === null && owner !== user)
      messages.push([
        'warn',
        `${file} belongs to root, so that its '${name}' is not taken; --config takes it`,
      ]);
    else words.set(name, wordsOf(option, value, file));
  }
  return { words, messages };
}

/** By any names: what each holds is its option's matter. */
const SETTINGS: Type<Record<string, unknown>> = { kind: 'map' };

function parseObject(text: string, where: string): object {
  return readBack(text, SETTINGS, ({ message }) =>
    fail('USAGE', `the settings file is no object of JSON: ${message}`, {
      where,
      hint: 'Write { "format": "table" }.',
    }),
  );
}

function wordsOf(option: Option<unknown>, value: unknown, file: string): readonly string[] {
  const where = `${option.name} in ${file}`;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) && !option.repeats) {
    fail('USAGE', 'this is a list, but the option takes one value', {
      where,
      hint: 'Write it without brackets.',
    });
  }
  return values.map((each) => {
    if (typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean')
      return String(each);
    return fail('USAGE', 'this is not text, a number, true or false', {
      where,
      hint: 'Write the value in quotes.',
    });
  });
}

function hintFor(name: string, known: readonly Option<unknown>[]): string {
  const dashed = name
    .replace(/^-+/, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
  const names = known.map((option) => option.name);
  if (names.includes(dashed)) return `Write '${dashed}', as the flag is written.`;
  const near = nearestName(dashed, names);
  return near === null ? `Options: ${names.join(', ')}.` : `Did you mean '${near}'?`;
}
