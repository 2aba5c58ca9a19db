/**
 * Messages of a run, on standard error: plain lines on a terminal, JSON lines (pino) anywhere else. A message that
 * comes again is counted, and its count is told at the end. Text is escaped, since messages name files and hosts.
 */
import { escapeTerminal } from '../report/escape.ts';
import type { TextStream } from './command.ts';
import type { LogLevel } from './options.ts';

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
export async function createLog(stream: TextStream, level: LogLevel, interlude: () => void): Promise<Log> {
  const put = stream.isTTY === true ? plainWriter(stream) : await jsonWriter(stream, level);
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

async function jsonWriter(stream: TextStream, level: LogLevel): Promise<Put> {
  const { pino } = await import('pino');
  const logger = pino(
    { level, base: { name: 'minesweep' }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => stream.write(line) },
  );
  return (messageLevel, message) => logger[messageLevel](escapeTerminal(message));
}
