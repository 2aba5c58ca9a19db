/**
 * Messages of a run, on standard error: plain lines on a terminal, JSON lines (pino) anywhere else. A message that
 * comes again is counted, and its count is told at the end. Text is escaped, since messages name files and hosts.
 */
import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import { escapeTerminal } from '../report/escape.ts';
import type { TextStream } from './command.ts';
import type { LogLevel } from './options.ts';

// Under this name, so that the build makes the package part of the bundle (bin/build.mjs).
const require = createRequire(import.meta.url);

type MessageLevel = Exclude<LogLevel, 'silent'>;

export interface Log {
  write(level: MessageLevel, message: string): void;
  /** Tells the counts of repeated messages. */
  close(): void;
}

const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50, silent: 99 };
const WORDS: Readonly<Record<MessageLevel, string>> = {
  debug: 'debug',
  info: 'note',
  warn: 'warning',
  error: 'error',
};
/** Different messages whose repeats are counted; later ones are written each time. */
const COUNTED_MESSAGES = 1000;

/** `interlude` runs before each message, to clear a progress bar away. */
export function createLog(stream: TextStream, level: LogLevel, interlude: () => void): Log {
  const put = stream.isTTY === true ? plainWriter(stream) : jsonWriter(stream, level);
  const seen = new Map<string, { level: MessageLevel; message: string; repeats: number }>();
  return {
    write(messageLevel, message) {
      if (SEVERITY[messageLevel] < SEVERITY[level]) return;
      const key = `${messageLevel} ${message}`;
      const before = seen.get(key);
      if (before !== undefined) {
        before.repeats++;
        return;
      }
      if (seen.size < COUNTED_MESSAGES) seen.set(key, { level: messageLevel, message, repeats: 0 });
      interlude();
      put(messageLevel, message);
    },
    close() {
      for (const each of seen.values()) {
        if (each.repeats > 0) put(each.level, `${each.message} (${each.repeats} more times)`);
      }
      seen.clear();
    },
  };
}

type Put = (level: MessageLevel, message: string) => void;

function plainWriter(stream: TextStream): Put {
  return (level, message) => {
    stream.write(`minesweep: ${WORDS[level]}: ${escapeTerminal(message)}\n`);
  };
}

/** pino is loaded at the first message: most runs have nothing to say, and it costs a tenth of a start-up. */
function jsonWriter(stream: TextStream, level: LogLevel): Put {
  let logger: Logger | null = null;
  return (messageLevel, message) => {
    if (logger === null) {
      const { pino }: typeof import('pino') = require('pino');
      logger = pino(
        { level, base: { name: 'minesweep' }, timestamp: pino.stdTimeFunctions.isoTime },
        { write: (line: string) => stream.write(line) },
      );
    }
    logger[messageLevel](escapeTerminal(message));
  };
}
