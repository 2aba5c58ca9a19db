/**
 * The contacts among the flows of captures that have no session: what is kept of a flow until it ends (a pool's name, its
 * TLS opening, marks of mining, pushes of its server), and whether it was a contact.
 */
import { Contacts } from '../endpoints/contact.ts';
import type { Through } from '../endpoints/through.ts';
import type { PushTrain } from '../evidence/in-step.ts';
import type { TlsHello } from '../framing/message.ts';
import { BY_BEHAVIOUR, BY_ENDPOINT, GAUGED, NOT_TOLD, WANTED, WEB } from '../packets/flow-table.ts';
import type { WatchedFlow } from '../packets/watched-flow.ts';
import type { SeenName } from '../sessions/conversation.ts';
import { type ContactContext, type EndedFlow, flowContact } from './flow-contact.ts';
import { InStepFinder } from './in-step.ts';
import { OpaqueFlows, saysEnough } from './opaque-flows.ts';
import { sharesIn, WatchBook } from './watch-book.ts';

/** What was kept of a flow that has ended. */
interface KeptFlow extends EndedFlow {
  readonly pushes: PushTrain | null;
}

export class ContactFinder {
  contacts = new Contacts();
  inStep = new InStepFinder();
  readonly opaque = new OpaqueFlows();
  readonly book = new WatchBook();
  private readonly names = new Map<number, SeenName>();
  private readonly words = new Int32Array(4);

  constructor(
    /** What tells whether a flow that ended is a contact. */
    public around: ContactContext,
  ) {}

  /** Begins a period, in which no contact was found yet. */
  turn(): void {
    this.contacts = new Contacts();
    this.inStep = new InStepFinder();
    this.book.turn();
  }

  /** The client of a flow said a pool's name in clear. */
  named(flow: number, name: SeenName): void {
    // The name under which encryption started says more than the request to a proxy before it.
    if (this.names.get(flow)?.kind !== 'tls-sni') this.names.set(flow, name);
  }

  /** What one side of TLS said in clear; false if nothing that follows can be of interest. */
  greeted(flow: number, { server, client, alpn, serverName, timeUs, record, input }: TlsHello): boolean {
    const { flows } = this.around;
    if (server !== null) this.opaque.server(flow, server);
    if (client === null) return false;
    const isPool = this.names.has(flow);
    if (alpn.length > 0) flows.mark(flow, WEB);
    if (isPool) flows.mark(flow, WANTED);
    if (!isPool && serverName !== '' && alpn.length > 0) return false;
    return this.opaque.hello(flow, client, { timeUs, record, input });
  }

  /** What the sides of a flow said in sizes and times; its watch is over. */
  watched(flow: number, watched: WatchedFlow, slot: number): void {
    const isNamed = this.names.has(flow);
    this.opaque.watched(flow, watched, isNamed, this.book.longer(slot, watched));
    if (saysEnough(watched)) this.around.flows.mark(flow, GAUGED);
    this.book.end(flow, slot, watched, isNamed || this.opaque.isMarked(flow) || this.mayBePools(flow));
  }

  /** True if one end of the flow may be a pool's by its address. */
  mayBePools(flow: number): boolean {
    const { flows, nameBook, hasListedAddresses } = this.around;
    return (
      hasListedAddresses ||
      ([0, 1] as const).some((lane) => {
        flows.endpoint(flow, lane, this.words);
        return nameBook.mayHave(this.words);
      })
    );
  }

  /** What was kept of a flow that ends, and came through these tunnels; it is forgotten here. */
  take(flow: number, through: readonly Through[]): KeptFlow {
    const name = this.names.get(flow);
    this.names.delete(flow);
    const { waiting, ...opaque } = this.opaque.take(flow);
    const kept = this.book.take(flow);
    return {
      flow,
      name,
      through,
      ...opaque,
      sharesOf: (lane) => kept?.(lane).shares ?? (waiting === null ? null : sharesIn(waiting, lane)),
      pushes: kept?.(opaque.finding()?.clientLane ?? 0).pushes ?? null,
    };
  }

  /** Adds the contact of a flow that has ended, if it is one; says how the flow was judged. */
  add(kept: KeptFlow): number {
    const contact = flowContact(kept, this.around);
    // A pool's web site is nothing at all.
    if (contact === null) return kept.name === undefined ? NOT_TOLD : BY_ENDPOINT;
    this.contacts.add(contact);
    if (kept.pushes !== null) this.inStep.add(contact, kept.pushes);
    return contact.match.by === null ? BY_BEHAVIOUR : BY_ENDPOINT;
  }
}
