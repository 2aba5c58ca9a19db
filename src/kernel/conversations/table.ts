/** The table of conversations: how much of it is in use, and what is known of the input. */
import { ConversationTable, TABLE_AT } from './memory.ts';

export const table = changetype<ConversationTable>(TABLE_AT);
