import type { FlowConversation } from '../../src/flows/conversation-summary.ts';
import { type FlowRelation, RelationSum } from '../../src/flows/relation.ts';

/** A relation of one conversation. */
export function relationOf(conversation: FlowConversation): FlowRelation {
  const sum = new RelationSum(conversation.client.ip, conversation.server);
  sum.add(conversation);
  return sum.relation();
}
