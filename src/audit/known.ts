/** Types of parts of an audit that the program knows better than data/audit.tsv can tell, by the names used there. */
import type { Likeness } from '../endpoints/pool-connection.ts';
import type { Through } from '../endpoints/through.ts';
import type { Outcome } from '../evidence/fact.ts';
import type { WorkInterval as OneWorkInterval } from '../sessions/work-interval.ts';
import type { ReportText } from '../statements/codes.ts';
import type { Statement } from '../statements/index.ts';

export type { PoolConnection } from '../endpoints/pool-connection.ts';
export type { SharesSeen } from '../endpoints/shares-seen.ts';
export type { CounterStructure } from '../evidence/counter/counter-input.ts';
export type { Difficulty } from '../evidence/fact.ts';
export type { Likeness, Statement, Through };

export type ByReason = Partial<Record<NotJudged, { conversations: number; bytes: number }>>;
export type EarlyOutcome = Outcome | 'unanswered';
export type Logins = readonly { account: string; worker: string | null }[];
/** Why a conversation was not judged. */
export type NotJudged = keyof ReportText['summary']['whyUnjudged'];
export type Params = Statement['params'];
export type WorkInterval = Readonly<OneWorkInterval>;
export type Throughs = readonly Through[];
