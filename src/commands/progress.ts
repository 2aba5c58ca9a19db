/**
 * The progress bar of a scan on a terminal's standard error: part done, throughput, packets and flows, time left. If the
 * size of an input is not known there is no bar and no time left, only what was read.
 */
import path from 'node:path';
import { escapeTerminal } from '../escape.ts';
import type { ScanProgress } from '../scan.ts';
import { inLanguage } from '../statements/catalogue.ts';
import { byteCount, si } from '../statements/figures.ts';
import type { TextStream } from './command.ts';
import type { LineHooks } from './log.ts';

const { figures: english } = inLanguage('en');

export interface Progress extends LineHooks {
  update(progress: ScanProgress): void;
  stop(): void;
}

const BAR_WIDTH = 24;
const NAME_WIDTH = 24;

/** A bar that is drawn at most ten times a second. */
export async function createProgress(stream: TextStream): Promise<Progress> {
  const { SingleBar } = (await import('cli-progress')).default;
  let started = 0;
  let latest: ScanProgress | null = null;
  const bar = new SingleBar({
    stream,
    fps: 10,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    // Signals belong to the command, which still has an audit to print.
    gracefulExit: false,
    format: () => (latest === null ? '' : progressLine(latest, (Date.now() - started) / 1000)),
  });
  return {
    update(progress) {
      const first = latest === null;
      latest = progress;
      // Before that, many inputs were looked into for their order.
      if (first) started = Date.now();
      if (first) bar.start(progress.totalBytes ?? 0, progress.doneBytes);
      else bar.update(progress.doneBytes);
    },
    before() {
      // The bar is cut at the end of the line; a message is not.
      if (latest !== null) stream.write('\r\u001b[K\u001b[?7h');
    },
    after() {
      // The bar goes back to where it began when it stops: that is here from now on, below what was written.
      if (latest !== null) stream.write('\u001b7\u001b[?7l');
    },
    stop() {
      if (latest !== null) bar.stop();
    },
  };
}

/** The line after so many seconds: '[======    ]  25 %  812 MB/s  3.20 M packets  9 s left  edge.pcap'. */
export function progressLine(progress: ScanProgress, seconds: number): string {
  const { doneBytes, totalBytes, packets, flows, input, ordinal, inputs } = progress;
  const perSecond = seconds > 0 ? doneBytes / seconds : 0;
  const parts: string[] = [];
  if (totalBytes === null || totalBytes === 0) {
    parts.push(byteCount(doneBytes));
  } else {
    const part = Math.min(1, doneBytes / totalBytes);
    const filled = Math.round(part * BAR_WIDTH);
    parts.push(
      `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}] ${english.points(Math.floor(part * 100)).padStart(5)}`,
    );
  }
  parts.push(si(perSecond, 'B/s'));
  if (packets > 0 || flows === 0) parts.push(counted(packets, 'packet'));
  if (flows > 0) parts.push(counted(flows, 'flow'));
  if (totalBytes !== null && perSecond > 0 && doneBytes < totalBytes) {
    parts.push(`${english.duration((totalBytes - doneBytes) / perSecond)} left`);
  }
  const name = escapeTerminal(path.basename(input));
  const shown = name.length > NAME_WIDTH ? `${name.slice(0, NAME_WIDTH - 1)}…` : name;
  parts.push(inputs > 1 ? `${shown} (${ordinal} of ${inputs})` : shown);
  return parts.join('  ');
}

function counted(count: number, noun: string): string {
  const figure = count < 1000 ? String(count) : si(count, '');
  return `${figure} ${noun}${count === 1 ? '' : 's'}`;
}
