/**
 * Operators' mistakes, as opposed to broken input: bytes never throw, they become damage rows. Anything thrown
 * that is not a MinesweepError is a bug and keeps its stack.
 */
import { withoutCredentials } from './secret.ts';

type ErrorCode =
  | 'USAGE' // an option or argument makes no sense
  | 'NO_INPUT' // no input matched
  | 'INPUT_UNREADABLE' // no input could be read at all
  | 'FILE_UNREADABLE' // a file that an option names could not be read
  | 'FILE_INVALID' // a file that an option names is not what the option wants
  | 'OUTPUT_FAILED'; // a result could not be written

interface ErrorDetail {
  /** The file, option or address that the error is about. */
  readonly where?: string | undefined;
  /** What to try. One sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

export class MinesweepError extends Error {
  readonly where: string | undefined;
  readonly hint: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    detail: ErrorDetail = {},
  ) {
    super(withoutCredentials(message), detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'MinesweepError';
    this.where = detail.where === undefined ? undefined : withoutCredentials(detail.where);
    this.hint = detail.hint;
  }
}

/** Throws a MinesweepError. */
export function fail(code: ErrorCode, message: string, detail?: ErrorDetail): never {
  throw new MinesweepError(code, message, detail);
}

/** What an error says; of anything else that was thrown, its text. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The code of an error of the system or a library, such as ENOENT; empty if it has none. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** Letters of what could not be read that a message shows: it may be anything, also a secret that was given by mistake. */
const SHOWN = 20;

/** The beginning of such a text: printable ASCII. */
export function beginning(text: string): string {
  const shown = text.slice(0, SHOWN).replace(/[^\x20-\x7e]/g, '?');
  return text.length > SHOWN ? `${shown}…` : shown;
}
