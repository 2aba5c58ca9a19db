/** Conversations of captures that have ended and could not be judged: from the kernel's rows to the ledger. */
import { addressText } from '../address.ts';
import type { NotJudged } from '../audit/audit.ts';
import {
  QUIC,
  REPEATS_MONOLOGUE,
  REPEATS_SHORT,
  REPEATS_SPARSE,
  REPEATS_VISIT,
} from '../packets/flow-table.ts';
import type { Judgement } from '../packets/judgements.ts';
import type { PacketEngine } from '../packets/packet-engine.ts';
import type { Describer, Extent, Ledger, LeftConversation, RepeatedKind } from './ledger.ts';
import { quicServerName } from './quic-initial.ts';

/** What protocols of IP are called (IANA 'Protocol Numbers'); others by their number. */
const TRANSPORTS: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  50: 'esp',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
};

/** Kinds of conversations that are judged beside others, by the kernel's numbers. */
const KINDS: Readonly<Record<number, RepeatedKind>> = {
  [REPEATS_SHORT]: 'short',
  [REPEATS_SPARSE]: 'sparse',
  [REPEATS_VISIT]: 'visit',
  [REPEATS_MONOLOGUE]: 'monologue',
};

/** Flows whose first datagrams are kept, and how many of each. */
const MOST_OPENINGS = 4096;
const MOST_DATAGRAMS = 3;

/** The first datagrams of a client of QUIC, of the flow that began then. */
interface Opening {
  readonly firstUs: number;
  readonly datagrams: Uint8Array[];
}

export class CapturedConversations implements Describer {
  private readonly openings = new Map<number, Opening>();
  private readonly words = new Int32Array(4);

  constructor(
    private readonly engine: PacketEngine,
    private ledger: Ledger,
  ) {}

  /** Begins a period. */
  turn(ledger: Ledger): void {
    this.ledger = ledger;
  }

  left(flow: number, why: Judgement): void {
    const { ledger } = this;
    const ends = this.ends(flow);
    // Of QUIC the name is asked for now alone.
    const isNamed = why === 'encrypted' && ends.transport === 'quic' && ends.name !== '';
    ledger.add({ ...this.extent(flow), ...ends }, isNamed ? 'unlisted-name' : (why as NotJudged));
  }

  /** Keeps what may hold the name of a server, in case that nobody can judge the conversation. */
  opening(flow: number, direction: 0 | 1, datagram: Uint8Array): void {
    if (direction === 1) return;
    const { firstUs } = this.engine.flows.row(flow);
    const known = this.openings.get(flow);
    if (known?.firstUs === firstUs) {
      if (known.datagrams.length < MOST_DATAGRAMS) known.datagrams.push(datagram.slice());
      return;
    }
    this.openings.delete(flow);
    if (this.openings.size >= MOST_OPENINGS) {
      const [oldest] = this.openings.keys();
      this.openings.delete(oldest);
    }
    this.openings.set(flow, { firstUs, datagrams: [datagram.slice()] });
  }

  private nameOf(flow: number, isQuic: boolean, firstUs: number): string {
    const opening = isQuic ? this.openings.get(flow) : undefined;
    if (opening === undefined) return this.engine.flows.name(flow);
    this.openings.delete(flow);
    return opening.firstUs === firstUs ? quicServerName(opening.datagrams) : '';
  }

  repeated(flow: number, why: Judgement, pair: number, of: number, mark: number): void {
    const requests = this.engine.flows.row(flow).reads;
    const one = { ...this.extent(flow), kind: KINDS[of], requests, mark };
    this.ledger.addRepeated(pair, why as NotJudged, one, this, flow);
  }

  private extent(flow: number): Extent {
    const { firstUs, lastUs, bytes0, bytes1 } = this.engine.flows.row(flow);
    return { startUs: firstUs, endUs: lastUs, bytes: bytes0 + bytes1 };
  }

  hostBit(flow: number): number {
    return this.engine.kernel.calls.hostBitOf(flow);
  }

  ends(flow: number): Omit<LeftConversation, keyof Extent> {
    const { flows } = this.engine;
    const end = (direction: 0 | 1) => {
      const port = flows.endpoint(flow, direction, this.words);
      return { ip: addressText(this.words), port };
    };
    const { protocol, seen, firstUs } = flows.row(flow);
    const isQuic = (seen & QUIC) !== 0;
    const transport = isQuic ? 'quic' : (TRANSPORTS[protocol] ?? String(protocol));
    return { client: end(0), server: end(1), name: this.nameOf(flow, isQuic, firstUs), transport };
  }
}
