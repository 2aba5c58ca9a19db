/** A command: the fields of its line in the registry, its input, and its possible outcomes. */
import type { Readable, Writable } from 'node:stream';
import type { Settings } from './config.ts';
import type { Option } from './option.ts';

/** How a run ended. cli.ts holds the table from these to exit statuses. */
export type Outcome = 'done' | 'failed' | 'usage' | 'matched' | 'damaged' | 'interrupted';

/** A stream for text; a terminal if it says so. */
export interface TextStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Streams {
  readonly stdin: Readable;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

export interface CommandContext {
  readonly streams: Streams;
  readonly env: NodeJS.ProcessEnv;
  readonly settings: Settings;
  /** The registry, for what is made from it. */
  readonly commands: readonly CommandSpec[];
}

export type Execute = (args: readonly string[], context: CommandContext) => Promise<Outcome>;

export interface CommandSpec {
  readonly name: string;
  /** What its arguments are, by their names as commander writes them: '<input...>'. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  readonly options: readonly Option<unknown>[];
  /** Names of the options that its help lists; the others with --all. Absent: it lists all. */
  readonly usual?: readonly string[];
  /** How it may end beside done, failed and wrong usage, as its help says. */
  readonly outcomes: readonly Outcome[];
  /** What an option means here, by name, if it means something else elsewhere. */
  readonly meanings?: Readonly<Record<string, string>>;
  /** Lines, and what they do. */
  readonly examples: Readonly<Record<string, string>>;
  /** Loads the command's code when it is called. */
  load(): Promise<Execute>;
}
