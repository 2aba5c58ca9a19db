/** A conversation of flow records in memory: its two ends, and behind it two directions, what each of them sent. */
import { Conversation, Direction } from './memory.ts';

export const CONVERSATION_BYTES: usize = offsetof<Conversation>() + 2 * offsetof<Direction>();

export function directionOf(conversation: Conversation, direction: u32): Direction {
  return changetype<Direction>(
    changetype<usize>(conversation) + offsetof<Conversation>() + <usize>direction * offsetof<Direction>(),
  );
}
