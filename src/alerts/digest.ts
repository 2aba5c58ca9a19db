/** A message to people: the news of a night, or the alerts of a moment. Its facts stand in the templates of webhooks. */

/** What a message says of a machine. */
export interface DigestAlert {
  readonly id: string;
  readonly kind: string;
  readonly ip: string;
  readonly verdict: string;
  /** In one line, for people. */
  readonly summary: string;
  readonly pool: string | null;
  readonly algorithm: string | null;
  readonly account: string | null;
  readonly department: string | null;
  readonly contact: string | null;
  /** First time, and the last one. */
  readonly first: string;
  readonly last: string;
  readonly isOver: boolean;
}

export interface Digest {
  readonly subject: string;
  /** Plain text, a line at most 120 columns. */
  readonly text: string;
  /** Says in place of the last lines that so many do not fit. */
  readonly more: (lines: number) => string;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  /** True if no machine mines any more. */
  readonly isOver: boolean;
  /** When it became known. */
  readonly time: string;
  readonly alerts: readonly DigestAlert[];
  /** All of it for programs: of alerts or of a night. */
  readonly events: readonly object[] | null;
  readonly night: object | null;
}
