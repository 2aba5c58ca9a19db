/**
 * Does a conversation seen in flow records behave like mining? Flows show no payload and no pushes; what is left is
 * time, packets and bytes. Mining is one connection to one server for long, thin and steady in both directions, small
 * packets up. Chats, push channels and remote shells look the same, so that this alone is never more than a suspicion,
 * ports of such services count for nothing, and everything that a format or sampling takes away makes it silent.
 */
import type { FlowConversation } from './conversation-summary.ts';
import { isOrdinaryPort } from './ordinary-ports.ts';

const LEAST_SECONDS = 20 * 60;
/** Part of the time between first and last record in which it was busy. */
const LEAST_DUTY = 0.8;
/** Packets a minute and direction: a job every other minute at the least, a share a second at the most. */
const LEAST_PACKETS_PER_MINUTE = 0.5;
const MOST_PACKETS_PER_MINUTE = 240;
/** Bytes/s of both directions; a proxy of a hundred rigs stays below, a voice call does not. */
const MOST_BYTES_PER_SECOND = 6000;
/** Mean bytes of a packet by its IP header. Bare acknowledgements have 40 to 52, shares 100 to 400. */
const LEAST_BYTES_PER_PACKET = 54;
const MOST_BYTES_PER_PACKET_OUT = 400;
const MOST_BYTES_PER_PACKET_IN = 900;
/** Upstream to downstream; a download or a camera is far outside. */
const MOST_LOPSIDED = 12;
/** Shape is gone where fewer packets are looked at (flow-formats 6.4). */
const MOST_SAMPLING = 10;

/** IP and TCP headers without and with timestamps, IPv4. */
const HEADERS = 52;
/** Payload of the smallest share or job that any dialect has. */
const LEAST_PUSH = 48;

export type FlowBehaviour = 'like-mining' | 'unlike' | 'unclear';

/** What the records allow to say, with the reason in words. */
export function flowBehaviour(conversation: FlowConversation): { behaviour: FlowBehaviour; because: string } {
  const { traffic, activeSeconds, duty, sampling, server, roles } = conversation;
  if (sampling.interval > MOST_SAMPLING) return unclear(`one packet in ${sampling.interval} was looked at`);
  if (!conversation.answered) return unlike('no answer');
  if (traffic.packetsOut === 0 || traffic.packetsIn === 0) return unclear('packets of one direction only');
  if (activeSeconds < LEAST_SECONDS) return unlike('short');
  if (roles === 'undecided') return unclear('nothing tells the server from the client');
  if (isOrdinaryPort(server.port)) return unlike('a port of services that look the same');
  if (duty < LEAST_DUTY) return unlike('busy now and then only');
  const minutes = activeSeconds / 60;
  const isThin =
    traffic.packetsOut / minutes >= LEAST_PACKETS_PER_MINUTE &&
    traffic.packetsIn / minutes >= LEAST_PACKETS_PER_MINUTE &&
    traffic.packetsOut / minutes <= MOST_PACKETS_PER_MINUTE &&
    traffic.packetsIn / minutes <= MOST_PACKETS_PER_MINUTE &&
    (traffic.bytesOut + traffic.bytesIn) / activeSeconds <= MOST_BYTES_PER_SECOND;
  if (!isThin) return unlike('too little or too much traffic');
  const out = traffic.bytesOut / traffic.packetsOut;
  const back = traffic.bytesIn / traffic.packetsIn;
  const ratio = traffic.bytesOut / traffic.bytesIn;
  const isShaped =
    out >= LEAST_BYTES_PER_PACKET &&
    back >= LEAST_BYTES_PER_PACKET &&
    out <= MOST_BYTES_PER_PACKET_OUT &&
    back <= MOST_BYTES_PER_PACKET_IN &&
    ratio <= MOST_LOPSIDED &&
    ratio >= 1 / MOST_LOPSIDED;
  if (!isShaped) return unlike('packets of other sizes');
  return { behaviour: 'like-mining', because: 'one server for long, thin and steady in both directions' };
}

function unlike(because: string): { behaviour: FlowBehaviour; because: string } {
  return { behaviour: 'unlike', because };
}

function unclear(because: string): { behaviour: FlowBehaviour; because: string } {
  return { behaviour: 'unclear', because };
}

/** What the test of connections to listed endpoints asks for (evidence/behaviour.ts). */
export interface FlowConnectionFigures {
  readonly answered: boolean;
  readonly seconds: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly pushesOut: number;
  readonly pushesIn: number;
}

/**
 * The figures of a conversation in the words of that test. Pushes are estimated from above: no more than there are
 * packets beyond the handshake, no more than the payload fills. Sampled conversations give no figures: with one packet
 * in more than ten, being there in many hours is all that can be said.
 */
export function connectionFigures(conversation: FlowConversation): FlowConnectionFigures {
  const { traffic, answered, activeSeconds, sampling } = conversation;
  const isShapeless = sampling.interval > MOST_SAMPLING;
  return {
    answered,
    seconds: activeSeconds,
    bytesOut: traffic.bytesOut,
    bytesIn: traffic.bytesIn,
    pushesOut: isShapeless ? 0 : pushes(traffic.bytesOut, traffic.packetsOut),
    pushesIn: isShapeless ? 0 : pushes(traffic.bytesIn, traffic.packetsIn),
  };
}

function pushes(bytes: number, packets: number): number {
  const payload = Math.max(0, bytes - packets * HEADERS);
  return Math.max(0, Math.min(packets - 2, Math.floor(payload / LEAST_PUSH)));
}
