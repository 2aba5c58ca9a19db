import type { Audit, AuditHost } from './audit.ts';

/** Microseconds since 1970 to ISO 8601 UTC with six decimals; times outside the calendar become its edge. */
export function isoTime(timeUs: number): string {
  const clamped = Math.min(Math.max(timeUs, 0), MAX_US);
  const wholeMs = Math.floor(clamped / 1000);
  const restUs = Math.min(999, Math.floor(clamped - wholeMs * 1000));
  // In one piece: put together by `+`, its parts would be kept beside each other, five times as large.
  return [new Date(wholeMs).toISOString().slice(0, -1), String(restUs).padStart(3, '0'), 'Z'].join('');
}

/** The same; null of what is no time. */
export function isoTimeOrNull(timeUs: number | null | undefined): string | null {
  return Number.isFinite(timeUs) ? isoTime(Number(timeUs)) : null;
}

/** The last instant of the year 9999. */
const MAX_US = 253_402_300_799_999_000;

/** Such a time, or any other of ISO 8601, in us since 1970; NaN if it is none. */
export function timeUsOf(time: string): number {
  const fraction = /\.(\d{3})(\d{1,3})/.exec(time);
  return Date.parse(time) * 1000 + Number((fraction?.[2] ?? '').padEnd(3, '0'));
}

/** How long a host was watched, s. */
export function observedSecondsOf(
  { observedSeconds }: Pick<AuditHost, 'observedSeconds'>,
  window: Pick<Audit['window'], 'observedSeconds'>,
): number {
  return observedSeconds ?? window.observedSeconds;
}
