/** Types of parts of an audit that the program knows better than data/audit.tsv can tell, by the names used there. */
import type { Likeness } from '../endpoints/contact.ts';
import type { Through } from '../endpoints/through.ts';
import type { AlgorithmClaim, CoinClaim, Outcome } from '../evidence/fact.ts';
import type { Sighting } from '../sessions/sightings.ts';
import type { Span as WorkSpan } from '../sessions/span.ts';
import type { Voices as VoiceCounts } from '../sessions/voices.ts';
import type { ReportText } from '../statements/codes.ts';
import type { Statement } from '../statements/index.ts';

export type { Contact } from '../endpoints/contact.ts';
export type { SharesSeen } from '../endpoints/shares-seen.ts';
export type { CounterStructure } from '../evidence/counter/counter-input.ts';
export type { Difficulty } from '../evidence/fact.ts';
export type { Likeness, Statement, Through };

export type Algorithms = readonly AlgorithmClaim[];
export type ByReason = Partial<Record<NotJudged, { conversations: number; bytes: number }>>;
export type Coins = readonly CoinClaim[];
export type EarlyOutcome = Outcome | 'unanswered';
export type Logins = readonly { account: string; worker: string | null }[];
export type Names = readonly string[];
export type PairTraffic = { bytesOut: number; bytesIn: number; packetsOut: number; packetsIn: number };
/** Why a conversation was not judged. */
export type NotJudged = keyof ReportText['summary']['whyUnjudged'];
export type Params = Statement['params'];
export type Reconnects = readonly { readonly host: string; readonly port: number; readonly timeUs: number }[];
export type Sightings = readonly Sighting[];
export type Span = Readonly<WorkSpan>;
export type Spans = readonly Span[];
export type Targets = readonly { readonly host: string; readonly port: number }[];
export type Throughs = readonly Through[];
export type Voices = Readonly<VoiceCounts>;
export type Windows = { readonly seconds: number; readonly rows: readonly (readonly number[])[] };
