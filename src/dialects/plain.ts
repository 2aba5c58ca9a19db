/** What dialects of calls and replies on a plain stream, or in a WebSocket, have in common. */
import type { Call, Message, Reply } from '../framing/message.ts';
import type { DialectReader, Recognition } from './dialect.ts';
import { isPlain } from './shape.ts';
import type { Sink } from './sink.ts';

/** A reader of calls and of replies. */
export abstract class PlainReader implements DialectReader {
  read(message: Message, session: Sink): void {
    if (!isPlain(message)) return;
    if (message.kind === 'call') this.readCall(message, session);
    else if (message.kind === 'reply') this.readReply(message, session);
  }

  protected abstract readCall(call: Call, session: Sink): void;
  protected abstract readReply(reply: Reply, session: Sink): void;
}

/** Recognition of calls. What a reply says of itself counts first; otherwise it is possible if its call is known. */
export function recogniser(
  ofCall: (call: Call) => Recognition,
  ofReply: (reply: Reply) => Recognition = () => 'foreign',
): (message: Message) => Recognition {
  return (message) => {
    if (!isPlain(message)) return 'foreign';
    if (message.kind === 'call') return ofCall(message);
    if (message.kind !== 'reply') return 'foreign';
    const own = ofReply(message);
    if (own !== 'foreign') return own;
    return message.call !== undefined && ofCall(message.call) !== 'foreign' ? 'possible' : 'foreign';
  };
}
