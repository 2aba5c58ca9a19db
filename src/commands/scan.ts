/** `minesweep scan INPUT...`: options to one call of the engine, its audit to the places that were asked for. */
import type { Audit } from '../audit/audit.ts';
import { narrow } from '../audit/narrow.ts';
import { fail } from '../errors.ts';
import { DAMAGED_NAMED } from '../report/format.ts';
import type { ScanOptions, StateUse } from '../scan.ts';
import type { CommandContext, Execute } from './command.ts';
import { createLog } from './log.ts';
import { outcomeOf, whyFailed } from './outcome.ts';
import { deliver, destinationOf, isOneScreen } from './output.ts';
import type { Progress } from './progress.ts';
import { pseudonymsOf } from './pseudonyms.ts';
import { requestOf } from './request.ts';
import { onceStopped } from './signals.ts';

/** Runs the scan. Throws MinesweepError if nothing could be scanned at all. */
export const runScan: Execute = async (inputs, context) => {
  const { settings, streams } = context;
  const destination = await destinationOf(context);
  const shared = await pseudonymsOf(settings);
  const failOn = settings.read('fail-on');
  const strict = settings.read('strict');
  if (settings.read('explain-sql')) {
    const { explainSql } = await import('../scan.ts');
    streams.stdout.write(`${await explainSql(await scanRequest(inputs, context, false))}\n`);
    return 'done';
  }
  const showsNotes = isOneScreen(destination, streams);
  const audit = await scanned(inputs, context, destination.folder !== null, { showsNotes });
  const part = await narrow(audit, destination.filter);
  await deliver(shared(part), destination, context);
  const outcome = isShort(audit) ? 'failed' : outcomeOf(part, failOn, strict);
  const log = await createLog(context, 'error');
  if (isShort(audit)) log.write('error', SHORT);
  else if (outcome === 'failed') log.write('error', whyFailed(audit));
  log.close();
  return outcome;
};

const SHORT = 'the run ended early: memory is nearly full; the audit is partial and says what to do';

function isShort(audit: Audit): boolean {
  return audit.notes.some(({ code }) => code === 'short-of-memory');
}

/** What a scan is asked for. Throws USAGE. */
async function scanRequest(inputs: readonly string[], context: CommandContext, hash: boolean) {
  const { settings } = context;
  return {
    ...(await requestOf(context)),
    inputs,
    hash: settings.read('hash') || hash,
    ...timesOf(settings.read('since'), settings.read('until'), settings.read('last')),
    state: stateOf(settings),
  };
}

/**
 * The audit of the inputs, with progress and messages, until a signal stops it. `hash`: inputs are hashed in any case;
 * `more`: what else the command wants of the scan; `showsNotes`: the terminal will
 * show the notes and the damage of the audit, so that a warning that is one of them is not written before.
 */
export async function scanned(
  inputs: readonly string[],
  context: CommandContext,
  hash: boolean,
  {
    showsNotes = false,
    ...more
  }: Pick<ScanOptions, 'undecided' | 'minersServers'> & { readonly showsNotes?: boolean },
): Promise<Audit> {
  const request = { ...(await scanRequest(inputs, context, hash)), ...more };
  const progress = await progressFor(context);
  const log = await createLog(context, undefined, progress);
  const controller = new AbortController();
  const { signal } = controller;
  const release = onceStopped(() => {
    controller.abort();
    log.write('warn', 'stopping early; a second signal quits at once');
  });
  /** Warnings that wait for the notes. */
  const waiting: string[] = [];
  let shown: ReadonlySet<string> = new Set();
  try {
    const { isShortOfMemory, scan, SHORT_OF_MEMORY } = await import('../scan.ts');
    const audit = await scan({
      ...request,
      signal,
      log: (messageLevel, message) => {
        if (showsNotes && messageLevel === 'warn') waiting.push(message);
        else log.write(messageLevel, message);
      },
      onProgress: (now) => {
        progress?.update(now);
        if (!signal.aborted && isShortOfMemory(now.heapBytes)) controller.abort(SHORT_OF_MEMORY);
      },
    });
    shown = new Set(shownOf(audit));
    return audit;
  } finally {
    release();
    progress?.stop();
    for (const message of waiting) if (!shown.has(message)) log.write('warn', message);
    log.close();
  }
}

/** Warnings that the first screen repeats: notes, and what is damaged in the inputs that it names. */
function shownOf({ notes, inputs }: Audit): string[] {
  const damaged = inputs.filter(({ damage }) => damage.length > 0).slice(0, DAMAGED_NAMED);
  return [
    ...notes.map(({ text }) => text),
    ...damaged.flatMap(({ path, damage }) => damage.map(({ text }) => `${path}: ${text}`)),
  ];
}

/** The state that the run continues from. Throws USAGE. */
function stateOf(settings: CommandContext['settings']): StateUse | null {
  const [file, checkpoint] = [settings.read('state'), settings.read('checkpoint')];
  if (file !== null) return { file, checkpoint };
  if (checkpoint === null) return null;
  return fail('USAGE', '--checkpoint needs --state', { hint: 'Name the file with --state FILE.' });
}

/** The times asked for; --last counts back from --until, or from now. Throws USAGE. */
function timesOf(
  sinceUs: number | null,
  untilUs: number | null,
  lastUs: number | null,
): { sinceUs: number | null; untilUs: number | null } {
  if (lastUs === null) return { sinceUs, untilUs };
  if (sinceUs !== null) fail('USAGE', '--since and --last exclude each other', { hint: 'Give one of them.' });
  return { sinceUs: (untilUs ?? Date.now() * 1000) - lastUs, untilUs };
}

async function progressFor({ settings, streams: { stderr } }: CommandContext): Promise<Progress | null> {
  if (settings.read('no-progress') || settings.read('quiet') || stderr.isTTY !== true) return null;
  const { createProgress } = await import('./progress.ts');
  return createProgress(stderr);
}
