/** A conversation of flow records in memory: its two ends, and behind it two lanes, what each of them sent. */
import { Conversation, Lane } from './memory.ts';

export const CONVERSATION_BYTES: usize = offsetof<Conversation>() + 2 * offsetof<Lane>();

export function laneOf(conversation: Conversation, lane: u32): Lane {
  return changetype<Lane>(
    changetype<usize>(conversation) + offsetof<Conversation>() + <usize>lane * offsetof<Lane>(),
  );
}
