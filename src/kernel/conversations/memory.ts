/**
 * The layout of the memory of conversations. What tells which records only count, and the totals, lie as in that of flow
 * records (kernel/records/memory.ts). The kernel and TypeScript (flows/conversation-rows.ts) both read this file.
 */
import { BATCH_ROWS, ROW_BYTES, SIEVE_END } from '../records/memory.ts';

/** Rows of flow records that are to be taken. */
export const ROWS_AT: usize = SIEVE_END;
const MOST_ROWS: usize = BATCH_ROWS;
/** How much is in use (table.ts). */
export const TABLE_AT: usize = ROWS_AT + MOST_ROWS * ROW_BYTES;
export const TABLE_BYTES: usize = 128;
/** Key of the hash of ends (rows.ts), which TypeScript draws. */
export const KEY_AT: usize = TABLE_AT + TABLE_BYTES;
export const KEY_BYTES: usize = 16;
/** By ordinal of an exporter of the input in hand: the observer that it is, plus one. */
export const MOST_ORDINALS: usize = 1 << 17;
export const ORDINALS_AT: usize = KEY_AT + KEY_BYTES;
/** By observer: one packet in so many. The last one stands for all that do not fit. */
export const MOST_OBSERVERS: usize = 1 << 16;
export const INTERVALS_AT: usize = ORDINALS_AT + MOST_ORDINALS * 4;
/** Bits of listed addresses. */
export const LISTED_AT: usize = INTERVALS_AT + (MOST_OBSERVERS + 16) * 4;
export const LISTED_BYTES: usize = 2 * 1024 * 1024;
/** Counters of further observers (views.ts). */
export const MOST_VIEWS: usize = 1 << 18;
export const VIEW_BYTES: usize = 40;
export const VIEWS_AT: usize = LISTED_AT + LISTED_BYTES;
/** The index of conversations, two words for each (rows.ts). */
export const MOST_CONVERSATIONS: usize = 1 << 19;
export const INDEX_AT: usize = VIEWS_AT + MOST_VIEWS * VIEW_BYTES;
/** The conversations (conversation.ts): the memory grows with them. */
export const CONVERSATION_BYTES: usize = 208;
export const CONVERSATIONS_AT: usize = INDEX_AT + MOST_CONVERSATIONS * 2 * 4;
