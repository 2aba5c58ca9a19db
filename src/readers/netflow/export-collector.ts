/**
 * Export datagrams found in captures to flow records: NetFlow v1, v5, v7, v9, IPFIX and sFlow v5, distinguished by their
 * first bytes, whatever the port. Each exporter's templates, samplers and sequence numbers are its own, and what its
 * sequence numbers miss is counted as loss.
 */
import { addressText } from '../../address.ts';
import type { Packet } from '../../packets/packet.ts';
import type { RecordsBetween } from '../../rows/batches.ts';
import { FilledRows } from '../../rows/filled-rows.ts';
import { FlowDamageLog, type FlowDamageRow } from '../../rows/flow-damage.ts';
import { AT } from '../../schema/records-memory.ts';
import { ExportDomain, type MissingTemplate, type UnscaledFlows } from './export-domain.ts';
import { isIpfix, readIpfix, readMessage } from './ipfix.ts';
import { isNetflowV5, readNetflowV5, trailerBytes } from './netflow-v5.ts';
import { isNetflowV9, readNetflowV9 } from './netflow-v9.ts';
import { isSflow, SflowReader, sflowHeaderBytes } from './sflow.ts';
import { TemplateFlows } from './template-flows.ts';

/** A UDP packet in place, as the packet engine decodes it. */
export type ExportPacket = Sender &
  Pick<Packet, 'payloadStart' | 'payloadEnd' | 'payloadBytes'> & {
    readonly memory: { readonly u8: Uint8Array; readonly view: DataView };
  };
type Sender = Readonly<Pick<Packet, 'source0' | 'source1' | 'source2' | 'source3' | 'sourcePort'>>;

type ExportKind = 'netflow-v1' | 'netflow-v5' | 'netflow-v9' | 'ipfix' | 'sflow';

/** What one exporter sent, and what of it never came, came too late, or was made up for. */
export interface ExporterTold
  extends Pick<ExportDomain, 'received' | 'lost' | 'bootless' | 'timeless' | 'clockless' | 'borrowedSets'> {
  readonly exporter: string;
  /** What `received` and `lost` count. */
  readonly unit: 'flows' | 'records' | 'datagrams';
  readonly missing: readonly MissingTemplate[];
  readonly unscaled: readonly UnscaledFlows[];
  /** Flows with counters for OUT that were left out, as nothing tells whether they are of the other direction. */
  readonly unreadOut: number;
}

/** Domains of all exporters; a flood of forged ones ends here. */
const MOST_DOMAINS = 4096;

/** Reads something of a datagram that begins there. */
type Read = (view: DataView, from: number) => number;

const word =
  (at: number): Read =>
  (view, from) =>
    view.getUint32(from + at);

/**
 * Of each format: the units of its sequence numbers, what its first bytes look like, its sequence number (uptime, if it has
 * none), and what tells domains of one sender apart.
 */
const KINDS: Readonly<
  Record<
    ExportKind,
    {
      readonly unit: ExporterTold['unit'];
      readonly is: (view: DataView, from: number, to: number, wireTo: number) => boolean;
      readonly sequence: Read;
      readonly id: Read;
    }
  >
> = {
  'netflow-v1': { unit: 'flows', is: isNetflowV5, sequence: word(4), id: () => 0 },
  'netflow-v5': {
    unit: 'flows',
    is: isNetflowV5,
    sequence: word(16),
    id: (view, from) => view.getUint16(from + 20),
  },
  'netflow-v9': { unit: 'datagrams', is: isNetflowV9, sequence: word(12), id: word(16) },
  ipfix: { unit: 'records', is: isIpfix, sequence: word(8), id: word(12) },
  sflow: {
    unit: 'datagrams',
    is: isSflow,
    sequence: (view, from) => view.getUint32(from + sflowHeaderBytes(view, from) - 12),
    id: (view, from) => {
      const at = from + sflowHeaderBytes(view, from) - 16;
      // The sub-agent, with the last word of the agent's address.
      return view.getUint32(at) * 0x100000000 + view.getUint32(at - 4);
    },
  },
};
/** Formats by the version that stands first. */
const VERSIONS: ReadonlyMap<number, ExportKind> = new Map([
  [0, 'sflow'],
  [1, 'netflow-v1'],
  [5, 'netflow-v5'],
  [7, 'netflow-v5'],
  [9, 'netflow-v9'],
  [10, 'ipfix'],
]);

/**
 * The export format of a UDP payload in [from, to), which ends at `wireTo` on the wire, or null. Cheap for what is
 * none: its first bytes tell.
 */
export function sniffExport(view: DataView, from: number, to: number, wireTo = to): ExportKind | null {
  if (to - from < 20 || view.getUint8(from) !== 0) return null;
  const kind = VERSIONS.get(view.getUint8(from + 1));
  return kind !== undefined && KINDS[kind].is(view, from, to, wireTo) ? kind : null;
}

/** A domain, and all that tells it from others. */
interface KnownDomain extends Sender {
  readonly kind: ExportKind;
  readonly id: number;
  readonly domain: ExportDomain;
}

export class ExportCollector {
  /** Texts of the exporters, by `FlowRecord.exporter`, and who sent their datagrams. */
  readonly exporters: string[] = [];
  readonly senders: string[] = [];

  readonly damageLog = new FlowDamageLog();
  private readonly between: RecordsBetween;
  private readonly rows: FilledRows;
  /** Knows in which input the datagrams to come stand. */
  readonly flows: TemplateFlows;
  private readonly sflow: SflowReader;
  private readonly domains = new Map<string, KnownDomain>();
  /** Of each exporter and domain: one a source port. */
  private readonly siblings = new Map<string, ExportDomain[]>();
  private readonly ordinals = new Map<string, number>();
  /** The domain of the datagram before: exporters send in bursts, and nothing is built for those. */
  private last: KnownDomain | null = null;

  /**
   * @param samplingInterval What to assume if an exporter does not tell; 0: unknown.
   * @param inputs Hears where flows come that stood in another input than the current datagram, and behind them.
   */
  constructor(records: RecordsBetween, samplingInterval = 0, inputs: TemplateFlows['inputs'] = null) {
    this.between = records;
    this.rows = new FilledRows(records, this.damageLog);
    this.flows = new TemplateFlows(this.rows);
    this.flows.assumedInterval = samplingInterval;
    this.flows.inputs = inputs;
    this.sflow = new SflowReader(this.rows);
  }

  /** Flow records given on. */
  get records(): number {
    return this.rows.records;
  }

  /** Damage so far; after `finish` with what the sequence numbers miss. */
  get damage(): readonly FlowDamageRow[] {
    return this.damageLog.rows();
  }

  /** Bytes of export datagrams that could not be read. */
  get refusedBytes(): number {
    return this.damageLog.refusedBytes;
  }

  /**
   * Takes the payload of a UDP packet; false if it is not an export datagram. `number` is the packet's number in its
   * input, which its flow records carry; damage rows point to the packet too.
   */
  datagram(packet: ExportPacket, timeUs: number, number: number): boolean {
    const { payloadStart: from, payloadEnd: to } = packet;
    const { view } = packet.memory;
    const kind = sniffExport(view, from, to, from + packet.payloadBytes);
    if (kind === null) return false;
    if (packet.payloadBytes > to - from) this.damageLog.add('cut-datagram', number);
    const known = this.domain(packet, kind, KINDS[kind].id(view, from));
    this.flows.position = number;
    if (known === null) {
      this.damageLog.add('table-full', number);
      return true;
    }
    if (known.domain.recent.holds(KINDS[kind].sequence(view, from), view, from, to)) {
      this.damageLog.add('repeated-datagram', number);
      return true;
    }
    this.rows.number = number;
    this.read(kind, known.domain, packet, timeUs);
    // What packets say of names changes what the records mean: these are taken now.
    this.between.flush();
    return true;
  }

  /** Reads what still waits for a template or a sampler. Call at the end. */
  finish(): void {
    for (const { kind, domain } of this.domains.values()) {
      this.flows.finish(domain);
      this.damageLog.add(`lost-${KINDS[kind].unit}`, 0, domain.lost);
    }
    this.between.close();
  }

  told(): ExporterTold[] {
    return [...this.domains.values()].map(({ kind, domain }) => {
      const { text: exporter, received, lost, bootless, timeless, clockless, borrowedSets } = domain;
      const counts = { received, lost, bootless, timeless, clockless, borrowedSets };
      const waited = { missing: domain.missingTemplates(), unscaled: domain.unscaled() };
      return { exporter, unit: KINDS[kind].unit, ...counts, ...waited, unreadOut: domain.out.unread };
    });
  }

  private read(kind: ExportKind, domain: ExportDomain, packet: ExportPacket, timeUs: number): void {
    const { payloadStart: from, payloadEnd: to } = packet;
    const { number } = this.rows;
    const { u8: bytes } = packet.memory;
    const damage = this.damageLog;
    // Of what the capture cut, sets and samples that do not fit are not fault of the exporter.
    const isCut = packet.payloadBytes > to - from;
    this.flows.arrivedUs = timeUs;
    if (kind === 'sflow') {
      domain.advance(KINDS[kind].sequence(packet.memory.view, from), 1);
      const isWhole = this.sflow.read(bytes, packet.memory.view, from, to, domain.ordinal, timeUs);
      if (!isWhole && !isCut) damage.refuse('bad-block', number, to - from);
      return;
    }
    const { kernel } = this.between.writer;
    kernel.bytes.set(bytes.subarray(from, to), AT.plain);
    const { view } = kernel;
    const end = AT.plain + to - from;
    switch (kind) {
      case 'netflow-v1':
      case 'netflow-v5':
        // Nothing in v1 tells what was lost.
        if (kind === 'netflow-v1') domain.received += view.getUint16(AT.plain + 2);
        else domain.advance(KINDS[kind].sequence(view, AT.plain), view.getUint16(AT.plain + 2));
        if (trailerBytes(view, AT.plain, end) > 0) damage.add('trailing-bytes', number);
        readNetflowV5(this.flows, domain, AT.plain, end);
        return;
      case 'netflow-v9':
        domain.advance(KINDS[kind].sequence(view, AT.plain), 1);
        if (!readNetflowV9(this.flows, domain, AT.plain, end) && !isCut)
          damage.refuse('bad-block', number, to - from);
        return;
      case 'ipfix':
        if (isCut) {
          readIpfix(this.flows, domain, AT.plain, end);
          domain.resynchronise();
          return;
        }
        readMessage(this.flows, domain, AT.plain, AT.plain + view.getUint16(AT.plain + 2));
    }
  }

  /** What is known of this exporter's domain; null if there is no room for another. */
  private domain(packet: ExportPacket, kind: ExportKind, id: number): KnownDomain | null {
    const { source0, source1, source2, source3, sourcePort } = packet;
    const { last } = this;
    const isOfLast = last !== null && last.kind === kind && last.id === id && last.sourcePort === sourcePort;
    if (isOfLast && last.source3 === source3 && last.source2 === source2) {
      if (last.source1 === source1 && last.source0 === source0) return last;
    }
    const sender = addressText([source0, source1, source2, source3]);
    const exporter = kind === 'sflow' ? agentText(packet, sender) : `${sender} domain ${id}`;
    // Two processes of one exporter have their own templates (RFC 7011: transport session), but watch the same links.
    const group = `${kind} ${exporter}`;
    const key = `${sourcePort} ${group}`;
    let known = this.domains.get(key);
    if (known === undefined) {
      if (this.domains.size >= MOST_DOMAINS) return null;
      const siblings = this.siblings.get(group) ?? [];
      this.siblings.set(group, siblings);
      const ordinal = this.ordinal(exporter, sender);
      const domain = new ExportDomain(
        exporter,
        ordinal,
        this.ordinal(`${exporter} egress`, sender),
        siblings,
      );
      known = { kind, domain, id, source0, source1, source2, source3, sourcePort };
      this.domains.set(key, known);
    }
    this.last = known;
    return known;
  }

  private ordinal(text: string, sender: string): number {
    const known = this.ordinals.get(text);
    if (known !== undefined) return known;
    const ordinal = this.exporters.length;
    this.exporters.push(text);
    this.senders.push(sender);
    this.ordinals.set(text, ordinal);
    return ordinal;
  }
}

/** An sFlow agent by its own address, and by that of a proxy which sends for it. */
function agentText({ memory: { view }, payloadStart: from }: ExportPacket, sender: string): string {
  const subAgentAt = from + sflowHeaderBytes(view, from) - 16;
  const at = subAgentAt - 16;
  const last = view.getInt32(at + 12);
  const isIpv4 = subAgentAt === from + 12;
  const agent = addressText(
    isIpv4 ? [0, 0, 0xffff, last] : [view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), last],
  );
  const by = agent === sender ? '' : ` sent by ${sender}`;
  return `agent ${agent} sub-agent ${view.getUint32(subAgentAt)}${by}`;
}
