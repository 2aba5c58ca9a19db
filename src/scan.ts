/**
 * Inputs in, one Audit out: the program's table of contents. The command line calls this and nothing below it.
 */
import type { Audit } from './audit/audit.ts';
import { MinesweepError } from './errors.ts';

export interface ScanProgress {
  doneBytes: number;
  /** Null where the size of an input is not known (standard input). */
  totalBytes: number | null;
  packets: number;
  /** The input being read. */
  input: string;
}

export interface ScanOptions {
  /** Files, folders, globs, or '-' for standard input. */
  inputs: readonly string[];
  /** Own networks, as CIDR text. */
  local: readonly string[];
  poolFiles: readonly string[];
  allowFile: string | null;
  /** True where each input's SHA-256 is wanted. */
  hash: boolean;
  /** Nothing before this time counts; us since 1970. */
  sinceUs: number | null;
  /** Nothing from this time on counts; us since 1970. */
  untilUs: number | null;
  /** Format of every input, where the operator knows better than the content. */
  inputFormat: string | null;
  /** Share of bytes decoded, 0 to 1, below which coverage is not complete; 0.99 where absent. */
  coverageThreshold?: number;
  /** Aborted: the scan stops early and returns what it has, with `partial` true. */
  signal: AbortSignal;
  onProgress?: (progress: ScanProgress) => void;
  log?: (level: 'debug' | 'info' | 'warn', message: string) => void;
}

/** Scans the inputs. Throws MinesweepError NO_INPUT, INPUT_UNREADABLE, FILE_UNREADABLE or FILE_INVALID. */
export async function scan(options: ScanOptions): Promise<Audit> {
  throw new MinesweepError('INPUT_UNREADABLE', 'the scan engine is not built yet', {
    where: options.inputs.join(', '),
  });
}
