import type { Weight } from '../audit/edges.ts';
import type { NameBook } from '../endpoints/name-book.ts';
import type { FlowTable } from '../packets/flow-table.ts';
import type { Tap } from '../packets/tap.ts';
import type { Conversation, SeenName } from '../sessions/conversation.ts';
import type { Session } from '../sessions/session.ts';
import type { OpaqueFlows } from './opaque-flows.ts';

/** What a survey has of its flows and sessions, as the edges need it. */
export interface SurveyParts {
  readonly flows: FlowTable;
  readonly tap: Tap;
  readonly conversations: Map<number, Conversation>;
  readonly flowNames: Map<number, SeenName>;
  readonly sessions: Session[];
  readonly nameBook: NameBook;
  readonly opaque: OpaqueFlows;
  /** What the run shows of traffic that could not be seen. */
  readonly unseen: Unseen;
  /** True where further connections may belong to the session. */
  isFolded(session: Session): boolean;
}

/** What of a run could not be seen, by why. */
export interface Unseen {
  readonly encrypted: Weight;
  readonly oneSided: Weight;
}
