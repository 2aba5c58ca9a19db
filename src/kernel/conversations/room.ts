/** Room for further conversations, where there are as many as may be: which of them go, and what is kept of these. */
import { directionOf } from './conversation.ts';
import { keep } from './host.ts';
import { GONE, WATCHED_0, WATCHED_1 } from './marks.ts';
import { Conversation, table } from './memory.ts';
import { compact, conversationAt } from './rows.ts';
import { releaseViews } from './views.ts';

/** Over, for the purpose of making room. */
const OVER_US: f64 = 120_000_000;
const IDLE_US: f64 = 900_000_000;
const LEAST_ACTIVE_US: f64 = 60_000_000;
const MOST_BYTES_PER_SECOND: f64 = 32_000;

/** Makes at least an eighth of the rows free, and up to half of what is over and unlike mining. */
export function makeRoom(): void {
  let left = table.size;
  for (let pass = 0; pass < 4; pass++) {
    const wanted = pass === 0 ? table.size >> 1 : table.size - (table.maximum >> 3);
    for (let row: u32 = 0; row < table.size && left > wanted; row++) {
      const conversation = conversationAt(row);
      if ((conversation.marks & GONE) !== 0 || !mayGo(conversation, row, pass)) continue;
      left--;
      if (pass === 0) table.folded += 1;
      else table.evicted += 1;
      forget(conversation, row);
    }
  }
  compact();
}

/** What goes first: over and unlike mining; then idle; then anything unlisted; then, for want of anything else, all. */
function mayGo(conversation: Conversation, row: u32, pass: i32): bool {
  if (pass === 3) return true;
  if (isWatched(conversation)) return false;
  const silence = table.keptUs - conversation.lastUs;
  if (pass === 0) return silence > OVER_US && !mayBeMining(conversation);
  if (pass === 1) return silence > IDLE_US;
  return !mayBeMining(conversation) || (row & 1) === 0;
}

function forget(conversation: Conversation, row: u32): void {
  const isWanted = isWatched(conversation) || mayBeMining(conversation);
  if (!isWanted || !keep(row)) {
    if (isWanted) table.keptOverflow += 1;
    table.evictedBytes += bytesOf(conversation);
  }
  releaseViews(conversation.views);
  conversation.marks |= GONE;
}

function isWatched(conversation: Conversation): bool {
  return (conversation.marks & (WATCHED_0 | WATCHED_1)) !== 0;
}

/** Could this still turn out to behave like mining? */
function mayBeMining(conversation: Conversation): bool {
  const active = conversation.activeUs;
  return active >= LEAST_ACTIVE_US && bytesOf(conversation) / (active / 1e6) <= MOST_BYTES_PER_SECOND;
}

function bytesOf(conversation: Conversation): f64 {
  return directionOf(conversation, 0).bytes + directionOf(conversation, 1).bytes;
}
