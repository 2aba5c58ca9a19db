/**
 * Export datagrams found in captures to flow records: NetFlow v1, v5, v7, v9, IPFIX and sFlow v5, distinguished by their
 * first bytes, whatever the port. Each exporter's templates, samplers and sequence numbers are its own, and what its
 * sequence numbers miss is counted as loss.
 */
import type { RecordsBetween } from '../../rows/batches.ts';
import { FilledRows } from '../../rows/filled-rows.ts';
import { FlowDamageLog, type FlowDamageRow } from '../../rows/flow-damage.ts';
import { AT } from '../../schema/records-memory.ts';
import { AddressCell, addressOf } from '../tables/address-cell.ts';
import { ExportDomain, type MissingTemplate, type UnscaledFlows } from './export-domain.ts';
import { isIpfix, readIpfix, readMessage } from './ipfix.ts';
import { isNetflowV5, readNetflowV5, trailerBytes } from './netflow-v5.ts';
import { isNetflowV9, readNetflowV9 } from './netflow-v9.ts';
import { isSflow, SflowReader, sflowHeaderBytes } from './sflow.ts';
import { TemplateFlows } from './template-flows.ts';

/** A UDP packet in place, as the tap decodes it. */
export interface ExportPacket {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly payloadStart: number;
  readonly payloadEnd: number;
  /** On the wire: more than payloadEnd - payloadStart if the capture cut it. */
  readonly payloadBytes: number;
  readonly source0: number;
  readonly source1: number;
  readonly source2: number;
  readonly source3: number;
  readonly sourcePort: number;
}

type ExportKind = 'netflow-v1' | 'netflow-v5' | 'netflow-v9' | 'ipfix' | 'sflow';

/** What one exporter sent, and what of it never came, in the units of its format. */
export interface ExporterLoss {
  readonly exporter: string;
  readonly kind: ExportKind;
  readonly unit: 'flows' | 'records' | 'datagrams';
  readonly received: number;
  readonly lost: number;
}

/** What an exporter did not send, and what was used instead. */
interface Makeshift {
  readonly exporter: string;
  /** Flows whose end is taken to be their export, as no time of the exporter's boot is known. */
  readonly bootless: number;
  /** Flows whose records have no field for a time, which are of the time of their export. */
  readonly timeless: number;
  /** Messages of a clock that was never set, which count from their arrival. */
  readonly clockless: number;
  /** Sets that were read by templates of another source port. */
  readonly borrowedSets: number;
}

/** Domains of all exporters; a flood of forged ones ends here. */
const MOST_DOMAINS = 4096;

const UNITS = {
  'netflow-v1': 'flows',
  'netflow-v5': 'flows',
  'netflow-v9': 'datagrams',
  ipfix: 'records',
  sflow: 'datagrams',
} as const;

/**
 * The export format of a UDP payload in [from, to), which ends at `wireTo` on the wire, or null. Cheap for what is
 * none: its first bytes tell.
 */
export function sniffExport(view: DataView, from: number, to: number, wireTo = to): ExportKind | null {
  if (to - from < 20 || view.getUint8(from) !== 0) return null;
  switch (view.getUint8(from + 1)) {
    case 0:
      return isSflow(view, from, to) ? 'sflow' : null;
    case 1:
      return isNetflowV5(view, from, to, wireTo) ? 'netflow-v1' : null;
    case 5:
    case 7:
      return isNetflowV5(view, from, to, wireTo) ? 'netflow-v5' : null;
    case 9:
      return isNetflowV9(view, from, to, wireTo) ? 'netflow-v9' : null;
    case 10:
      return isIpfix(view, from, to, wireTo) ? 'ipfix' : null;
    default:
      return null;
  }
}

interface KnownDomain {
  readonly kind: ExportKind;
  readonly domain: ExportDomain;
}

export class ExportCollector {
  /** Texts of the exporters, by `FlowRecord.exporter`, and who sent their datagrams. */
  readonly exporters: string[] = [];
  readonly senders: string[] = [];
  /** Datagrams taken, all and by kind. */
  datagrams = 0;
  readonly byKind: Record<ExportKind, number> = {
    'netflow-v1': 0,
    'netflow-v5': 0,
    'netflow-v9': 0,
    ipfix: 0,
    sflow: 0,
  };

  private readonly damageLog = new FlowDamageLog();
  private readonly between: RecordsBetween;
  private readonly rows: FilledRows;
  private readonly flows: TemplateFlows;
  private readonly sflow: SflowReader;
  private readonly domains = new Map<string, KnownDomain>();
  /** Of each exporter and domain: one a source port. */
  private readonly siblings = new Map<string, ExportDomain[]>();
  private readonly ordinals = new Map<string, number>();
  // The domain of the datagram before: exporters send in bursts, and no key is built for those.
  private last: KnownDomain | null = null;
  private last0 = 0;
  private last1 = 0;
  private last2 = 0;
  private last3 = 0;
  private lastPort = -1;
  private lastId = -1;
  private samplingInterval: number;

  /**
   * @param samplingInterval What to assume if an exporter does not tell; 0: unknown.
   * @param enterInput Called where flows come that stood in another input than the current datagram, and behind them.
   */
  constructor(
    records: RecordsBetween,
    samplingInterval = 0,
    enterInput: ((input: number) => void) | null = null,
  ) {
    this.between = records;
    this.rows = new FilledRows(records, this.damageLog);
    this.flows = new TemplateFlows(this.rows);
    this.flows.assumedInterval = samplingInterval;
    this.flows.enterInput = enterInput;
    this.samplingInterval = samplingInterval;
    this.sflow = new SflowReader(this.rows);
  }

  /** The datagrams to come stand in this input. */
  set input(ordinal: number) {
    this.flows.input = ordinal;
  }

  /** Flow records given on, and their times. */
  get records(): number {
    return this.rows.records;
  }

  get firstUs(): number {
    return this.rows.times.firstUs;
  }

  get lastUs(): number {
    return this.rows.times.lastUs;
  }

  /** Damage so far; after `finish` with what the sequence numbers miss. */
  get damage(): readonly FlowDamageRow[] {
    return this.damageLog.rows();
  }

  /** Bytes of export datagrams that could not be read. */
  get refusedBytes(): number {
    return this.damageLog.refusedBytes;
  }

  /** The damage since the last call: that of one input among several. */
  takeDamage(): readonly FlowDamageRow[] {
    return this.damageLog.take();
  }

  /**
   * Takes the payload of a UDP packet; false if it is not an export datagram. `number` is the packet's number in its
   * input, which its flow records carry; damage rows point to the packet too.
   */
  datagram(packet: ExportPacket, timeUs: number, number: number): boolean {
    const { view, payloadStart: from, payloadEnd: to } = packet;
    const kind = sniffExport(view, from, to, from + packet.payloadBytes);
    if (kind === null) return false;
    this.datagrams++;
    this.byKind[kind]++;
    if (packet.payloadBytes > to - from) this.damageLog.add('cut-datagram', number);
    const known = this.domain(packet, kind, domainId(kind, view, from));
    this.flows.position = number;
    if (known === null) {
      this.damageLog.add('table-full', number);
      return true;
    }
    if (known.domain.recent.holds(sequenceOf(kind, view, from), view, from, to)) {
      this.damageLog.add('repeated-datagram', number);
      return true;
    }
    this.rows.number = number;
    this.read(kind, known.domain, packet, timeUs, number);
    // What packets say of names changes what the records mean: these are taken now.
    this.between.flush();
    return true;
  }

  /** Reads what still waits for a template or a sampler. Call at the end. */
  finish(): void {
    for (const { kind, domain } of this.domains.values()) {
      this.flows.finish(domain);
      this.damageLog.add(`lost-${UNITS[kind]}`, 0, domain.lost);
    }
    this.between.close();
  }

  losses(): ExporterLoss[] {
    return [...this.domains.values()].map(({ kind, domain: { text, received, lost } }) => ({
      exporter: text,
      kind,
      unit: UNITS[kind],
      received,
      lost,
    }));
  }

  /** Templates that never came, or too late, so that their data were not read. */
  missingTemplates(): MissingTemplate[] {
    return [...this.domains.values()].flatMap(({ domain: { text, missing, late } }) =>
      [...missing].map(([templateId, sets]) => ({
        exporter: text,
        templateId,
        sets,
        isLate: late.has(templateId),
      })),
    );
  }

  /** Flows that count as they are, since their sampling interval was told too late or never. */
  unscaledFlows(): UnscaledFlows[] {
    return [...this.domains.values()].flatMap(({ domain }) => domain.unscaled());
  }

  /** Flows with counters for OUT that were left out, as nothing tells whether they are of the other direction. */
  unreadOut(): { readonly exporter: string; readonly flows: number }[] {
    return [...this.domains.values()].map(({ domain: { text, out } }) => ({
      exporter: text,
      flows: out.unread,
    }));
  }

  /** Exporters whose times or templates are not their own. */
  makeshifts(): Makeshift[] {
    return [...this.domains.values()].map(
      ({ domain: { text, bootless, timeless, clockless, borrowedSets } }) => ({
        exporter: text,
        bootless,
        timeless,
        clockless,
        borrowedSets,
      }),
    );
  }

  private read(
    kind: ExportKind,
    domain: ExportDomain,
    packet: ExportPacket,
    timeUs: number,
    number: number,
  ): void {
    const { bytes, payloadStart: from, payloadEnd: to } = packet;
    const damage = this.damageLog;
    // Of what the capture cut, sets and samples that do not fit are not fault of the exporter.
    const isCut = packet.payloadBytes > to - from;
    this.flows.arrivedUs = timeUs;
    if (kind === 'sflow') {
      domain.advance(sequenceOf(kind, packet.view, from), 1);
      const isWhole = this.sflow.read(bytes, packet.view, from, to, domain.ordinal, timeUs, number);
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
        else domain.advance(sequenceOf(kind, view, AT.plain), view.getUint16(AT.plain + 2));
        if (trailerBytes(view, AT.plain, end) > 0) damage.add('trailing-bytes', number);
        readNetflowV5(this.rows, AT.plain, end, domain, this.samplingInterval, number, timeUs);
        return;
      case 'netflow-v9':
        domain.advance(sequenceOf(kind, view, AT.plain), 1);
        if (!readNetflowV9(this.flows, domain, view, AT.plain, end) && !isCut)
          damage.refuse('bad-block', number, to - from);
        return;
      case 'ipfix':
        if (isCut) {
          readIpfix(this.flows, domain, view, AT.plain, end);
          domain.resynchronise();
          return;
        }
        readMessage(
          this.flows,
          domain,
          view,
          AT.plain,
          AT.plain + view.getUint16(AT.plain + 2),
          damage,
          number,
        );
    }
  }

  /** What is known of this exporter's domain; null if there is no room for another. */
  private domain(packet: ExportPacket, kind: ExportKind, id: number): KnownDomain | null {
    const last = this.last;
    if (
      last !== null &&
      last.kind === kind &&
      this.lastId === id &&
      this.lastPort === packet.sourcePort &&
      this.last3 === packet.source3 &&
      this.last0 === packet.source0 &&
      this.last1 === packet.source1 &&
      this.last2 === packet.source2
    ) {
      return last;
    }
    const address = new AddressCell();
    address.word0 = packet.source0;
    address.word1 = packet.source1;
    address.word2 = packet.source2;
    address.word3 = packet.source3;
    const sender = addressOf(address);
    const exporter = kind === 'sflow' ? agentText(packet, sender) : `${sender} domain ${id}`;
    // Two processes of one exporter have their own templates (RFC 7011: transport session), but watch the same links.
    const group = `${kind} ${exporter}`;
    const key = `${packet.sourcePort} ${group}`;
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
      known = { kind, domain };
      this.domains.set(key, known);
    }
    this.last = known;
    this.lastId = id;
    this.lastPort = packet.sourcePort;
    this.last0 = packet.source0;
    this.last1 = packet.source1;
    this.last2 = packet.source2;
    this.last3 = packet.source3;
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
function agentText({ view, payloadStart: from }: ExportPacket, sender: string): string {
  const address = new AddressCell();
  const subAgentAt = from + sflowHeaderBytes(view, from) - 16;
  if (subAgentAt === from + 12) address.word2 = 0xffff;
  else {
    address.word0 = view.getInt32(from + 8);
    address.word1 = view.getInt32(from + 12);
    address.word2 = view.getInt32(from + 16);
  }
  address.word3 = view.getInt32(subAgentAt - 4);
  const agent = addressOf(address);
  const by = agent === sender ? '' : ` sent by ${sender}`;
  return `agent ${agent} sub-agent ${view.getUint32(subAgentAt)}${by}`;
}

/** Uptime, if the format has no sequence number. */
function sequenceOf(kind: ExportKind, view: DataView, from: number): number {
  switch (kind) {
    case 'netflow-v1':
      return view.getUint32(from + 4);
    case 'netflow-v5':
      return view.getUint32(from + 16);
    case 'netflow-v9':
      return view.getUint32(from + 12);
    case 'ipfix':
      return view.getUint32(from + 8);
    case 'sflow':
      return view.getUint32(from + sflowHeaderBytes(view, from) - 12);
  }
}

/** What tells domains of one sender apart: engine, source id, observation domain, or agent and sub-agent. */
function domainId(kind: ExportKind, view: DataView, from: number): number {
  switch (kind) {
    case 'netflow-v1':
      return 0;
    case 'netflow-v5':
      return view.getUint16(from + 20);
    case 'netflow-v9':
      return view.getUint32(from + 16);
    case 'ipfix':
      return view.getUint32(from + 12);
    case 'sflow': {
      const headerBytes = sflowHeaderBytes(view, from);
      const subAgent = view.getUint32(from + headerBytes - 16);
      // With the last word of the agent's address.
      return subAgent * 0x100000000 + view.getUint32(from + headerBytes - 20);
    }
  }
}
