/**
 * Messages of a run, on standard error, a line each: for people on a terminal, `level time message` anywhere else, or JSON
 * (pino) with --log-format json. A warning or error that comes again soon is counted, and its count is told when it comes later,
 * or at the end. Text is escaped, since messages name files and hosts.
 */
import { escapeTerminal } from '../escape.ts';
import { withoutCredentials } from '../secret.ts';
import { hasColor } from './color.ts';
import type { CommandContext, TextStream } from './command.ts';
import type { LogLevel } from './options.ts';

type MessageLevel = Exclude<LogLevel, 'silent'>;

export interface Log {
  write(level: MessageLevel, message: string): void;
  /** Tells the counts of repeated messages. */
  close(): void;
}

const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50, silent: 99 };
/** On a terminal: what a message is called, and its colour. */
const SHOWN: Readonly<Record<MessageLevel, readonly [word: string, color: number]>> = {
  debug: ['debug', 2],
  info: ['note', 36],
  warn: ['warning', 33],
  error: ['error', 31],
};
/** Different messages whose repeats are counted; later ones are written each time. */
const COUNTED_MESSAGES = 1000;
/** A message that comes again after so long is news: a service runs for months. */
const SOON_MS = 600_000;

/** What makes room for a message on a terminal, and goes on behind it: a progress bar. */
export interface LineHooks {
  before(): void;
  after(): void;
}

/** The log of a command, as its settings want it; `level` if it has another. */
export async function createLog(
  { settings, streams: { stderr }, env }: Pick<CommandContext, 'settings' | 'streams' | 'env'>,
  level: LogLevel = settings.read('quiet') ? 'error' : settings.read('log-level'),
  hooks: LineHooks | null = null,
): Promise<Log> {
  const put =
    settings.read('log-format') === 'json'
      ? await jsonWriter(stderr, level)
      : stderr.isTTY === true
        ? terminalWriter(stderr, hasColor(stderr, env, settings.read('no-color')))
        : lineWriter(stderr);
  const seen = new Map<string, { level: MessageLevel; message: string; repeats: number; wroteMs: number }>();
  return {
    write(messageLevel, text) {
      if (SEVERITY[messageLevel] < SEVERITY[level]) return;
      const message = withoutCredentials(text);
      const key = `${messageLevel} ${message}`;
      const before = seen.get(key);
      const wroteMs = performance.now();
      if (before !== undefined && wroteMs - before.wroteMs < SOON_MS) {
        before.repeats++;
        return;
      }
      const isCounted = SEVERITY[messageLevel] >= SEVERITY.warn;
      if (isCounted && (before !== undefined || seen.size < COUNTED_MESSAGES))
        seen.set(key, { level: messageLevel, message, repeats: 0, wroteMs });
      hooks?.before();
      put(messageLevel, withRepeats(message, before?.repeats));
      hooks?.after();
    },
    close() {
      for (const { level, message, repeats } of seen.values())
        if (repeats > 0) put(level, withRepeats(message, repeats));
      seen.clear();
    },
  };
}

function withRepeats(message: string, repeats = 0): string {
  return repeats === 0 ? message : `${message} (${repeats} more times)`;
}

type Put = (level: MessageLevel, message: string) => void;

function terminalWriter(stream: TextStream, color: boolean): Put {
  return (level, message) => {
    const [word, code] = SHOWN[level];
    const shown = color ? `\u001b[${code}m${word}\u001b[0m` : word;
    stream.write(`minesweep: ${shown}: ${escapeTerminal(message)}\n`);
  };
}

/** 'warn 2026-03-02T08:00:00Z message'. */
function lineWriter(stream: TextStream): Put {
  return (level, message) => {
    const time = new Date().toISOString().replace(/\.\d+/, '');
    stream.write(`${level} ${time} ${escapeTerminal(message)}\n`);
  };
}

/** pino is loaded if it is wanted: it costs a tenth of a start-up. */
async function jsonWriter(stream: TextStream, level: LogLevel): Promise<Put> {
  const { default: pino } = await import('pino');
  const logger = pino(
    { level, base: { name: 'minesweep' }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => stream.write(line) },
  );
  return (messageLevel, message) => logger[messageLevel](escapeTerminal(message));
}
