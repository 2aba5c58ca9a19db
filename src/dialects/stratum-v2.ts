/**
 * Stratum V2 (sv2-spec, docs/protocols.md 2). In clear, which is allowed on local networks only: the vendor in
 * SetupConnection, user and rate if a channel is opened, targets, jobs, shares and their answers, each by its
 * channel. Encrypted: only the sizes of the handshake and of what follows, which make it possible and never certain;
 * records of the size of a share are counted, and no rate comes of them, for their difficulty is not observable.
 */
import type { Fact } from '../evidence/fact.ts';
import { hashesFromTarget256LittleEndian } from '../evidence/target.ts';
import type { BinaryFrame, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { agentFact, loginFact, Shares } from './opening.ts';
import { textOf } from './shape.ts';
import { Fields, setupOf } from './stratum-v2-messages.ts';
import { OpaqueSession } from './stratum-v2-opaque.ts';

const MINING = 0;
const CHANNELS_LIMIT = 4096;
const OPEN_LIMIT = 4096;
const GROUP_LIMIT = 64;

export const stratumV2: Dialect = {
  id: 'stratum-v2',
  title: 'Stratum V2',
  reference: 'sv2-spec 03 to 08, docs/protocols.md 2',
  serves: 'Bitcoin',
  framing: 'binary',
  recognise,
  reader: () => new StratumV2Session(),
};

function recognise(message: Message): Recognition {
  if (message.kind === 'opaque-flight') return 'possible';
  if (message.kind !== 'binary-frame' || message.extension !== 0) return 'foreign';
  if (message.type === 0) return setupOf(message.payload)?.protocol === MINING ? 'certain' : 'foreign';
  // Sizes were checked by the framing; shares, jobs and answers of a channel have fixed ones.
  if (message.type === 0x10 || message.type === 0x13) return opensChannel(message) ? 'certain' : 'foreign';
  if (message.type > 0x10 && message.type <= 0x25) return message.isChannel ? 'certain' : 'possible';
  // The version that was agreed upon: there is only the second so far.
  if (message.type === 1) return new Fields(message.payload).u16() === 2 ? 'possible' : 'foreign';
  return message.type === 2 ? 'possible' : 'foreign';
}

/** Request, user, rate, largest target; an extended channel has the size of its extranonce behind. */
function opensChannel({ payload, type }: BinaryFrame): boolean {
  const fields = new Fields(payload);
  fields.u32();
  const user = fields.text();
  const rate = fields.f32();
  fields.hex(32);
  if (type === 0x13) fields.u16();
  // Text, as opposed to the bytes of another protocol.
  return fields.isWhole && /^\P{Cc}*$/u.test(user) && !user.includes('\ufffd') && rate >= 0 && rate < 1e24;
}

interface Channel {
  /** Hashes of a share; null while no target was seen. */
  hashes: number | null;
  readonly group: number;
}

interface OpenShare {
  readonly message: BinaryFrame;
  readonly channel: number;
  readonly sequence: number;
}

class StratumV2Session {
  private readonly shares = new Shares();
  private readonly channels = new Map<number, Channel>();
  /** Users by request, until the channel is opened. */
  private open: OpenShare[] = [];
  private hasJob = false;
  private user: { account: string | null; worker: string | null } = { account: null, worker: null };
  private readonly opaque = new OpaqueSession();

  *read(message: Message): Iterable<Fact> {
    if (message.kind === 'opaque-flight') yield* this.opaque.read(message);
    if (message.kind !== 'binary-frame' || message.extension !== 0) return;
    const fields = new Fields(message.payload);
    switch (message.type) {
      case 0x00:
        yield* this.setup(message);
        return;
      case 0x01:
        yield { kind: 'service', method: 'SetupConnection.Success' };
        return;
      case 0x02:
        fields.u32();
        yield { kind: 'admission', admitted: false, reason: fields.text() };
        return;
      case 0x04: {
        const host = fields.text();
        yield { kind: 'reconnect', host, port: fields.u16() };
        return;
      }
      case 0x10:
      case 0x13:
        yield* this.openChannel(fields);
        return;
      case 0x11:
      case 0x14:
        yield* this.channelOpened(fields, message.type === 0x14);
        return;
      case 0x12:
        fields.u32();
        yield { kind: 'admission', admitted: false, reason: fields.text() };
        return;
      case 0x15:
      case 0x1f:
        // A job without a time waits for the previous hash that it belongs to.
        yield* this.job(fields.u32(), fields.u32(), fields.u8() !== 0, null);
        return;
      case 0x16: {
        fields.u32();
        yield* selfReported(fields.f32());
        return;
      }
      case 0x1a:
      case 0x1b:
        yield* this.submit(message, fields);
        return;
      case 0x1c:
        yield* this.accepted(fields.u32(), fields.u32());
        return;
      case 0x1d:
        yield* this.refused(fields);
        return;
      case 0x20:
        yield* this.job(fields.u32(), fields.u32(), true, fields.hex(32));
        return;
      case 0x21: {
        const channel = this.channels.get(fields.u32());
        const hashes = hashesFromTarget256LittleEndian(fields.hex(32));
        if (hashes === null) return;
        if (channel !== undefined) channel.hashes = hashes;
        yield { kind: 'difficulty', difficulty: { scale: 'hashes', value: hashes } };
      }
    }
  }

  private *setup({ payload }: BinaryFrame): Iterable<Fact> {
    const setup = setupOf(payload);
    if (setup?.protocol !== MINING) return;
    yield { kind: 'request', method: 'SetupConnection' };
    yield* agentFact(setup.agent);
    const host = textOf(setup.host);
    if (host !== null) yield { kind: 'target', host, port: setup.port };
  }

  private *openChannel(fields: Fields): Iterable<Fact> {
    fields.u32();
    const login = loginFact(fields.text());
    const rate = fields.f32();
    if (fields.isShort) return;
    if (login !== null) {
      this.user = { account: login.account, worker: login.worker };
      yield login;
    } else yield { kind: 'request', method: 'OpenMiningChannel' };
    yield* selfReported(rate);
  }

  /** Standard: request, channel, target, prefix, group. Extended: request, channel, target, size, prefix. */
  private *channelOpened(fields: Fields, isExtended: boolean): Iterable<Fact> {
    fields.u32();
    const id = fields.u32();
    const hashes = hashesFromTarget256LittleEndian(fields.hex(32));
    if (isExtended) fields.u16();
    fields.text();
    const group = isExtended ? id : fields.u32();
    if (fields.isShort) return;
    if (this.channels.size < CHANNELS_LIMIT) this.channels.set(id, { hashes, group });
    yield { kind: 'admission', admitted: true, reason: '' };
    if (hashes !== null) yield { kind: 'difficulty', difficulty: { scale: 'hashes', value: hashes } };
  }

  /** A job of a group is one of each of its channels, for their targets differ. */
  private *job(id: number, job: number, isActive: boolean, previous: string | null): Iterable<Fact> {
    if (!isActive) return;
    if (!this.hasJob) {
      const detail = 'jobs of Stratum V2, which serves Bitcoin’s header';
      yield { kind: 'algorithm', algorithm: 'sha256d', source: 'dialect', detail, side: 'pool' };
    }
    this.hasJob = true;
    const members = this.channels.has(id) ? [id] : this.membersOf(id);
    for (const member of members.length > 0 ? members : [id]) {
      const hashes = this.channels.get(member)?.hashes ?? null;
      yield {
        kind: 'job',
        jobId: `${member}/${job}`,
        difficulty: hashes === null ? null : { scale: 'hashes', value: hashes },
        ...(previous === null ? {} : { previous }),
      };
    }
  }

  private membersOf(group: number): number[] {
    const members: number[] = [];
    for (const [id, channel] of this.channels) {
      if (channel.group === group && members.length < GROUP_LIMIT) members.push(id);
    }
    return members;
  }

  /** Channel, sequence, job, nonce, time, version. */
  private *submit(message: BinaryFrame, fields: Fields): Iterable<Fact> {
    const channel = fields.u32();
    const sequence = fields.u32();
    const job = fields.u32();
    const nonce = fields.u32().toString(16).padStart(8, '0');
    if (this.open.length === OPEN_LIMIT) this.open.shift();
    this.open.push({ message, channel, sequence });
    yield this.shares.take(message, { jobId: `${channel}/${job}`, ...this.user, nonce });
  }

  /** One answer stands for all shares of the channel up to its sequence number that were not refused. */
  private *accepted(channel: number, last: number): Iterable<Fact> {
    const isAnswered = (share: OpenShare): boolean => share.channel === channel && share.sequence <= last;
    const answered = this.open.filter(isAnswered);
    this.open = this.open.filter((share) => !isAnswered(share));
    for (const { message } of answered)
      yield* this.shares.answerTo(message, { outcome: 'accepted', text: '' });
  }

  private *refused(fields: Fields): Iterable<Fact> {
    const channel = fields.u32();
    const sequence = fields.u32();
    const code = fields.text();
    const at = this.open.findIndex((share) => share.channel === channel && share.sequence === sequence);
    const [share] = at === -1 ? [] : this.open.splice(at, 1);
    yield* this.shares.answerTo(share?.message, { outcome: outcomeOf(code), text: code.slice(0, 200) });
  }
}

/** Error codes of SubmitShares.Error. */
function outcomeOf(code: string): 'stale' | 'low-difficulty' | 'duplicate' | 'malformed' | 'other' {
  if (/stale|invalid-job-id/.test(code)) return 'stale';
  if (/difficulty/.test(code)) return 'low-difficulty';
  if (/duplicate/.test(code)) return 'duplicate';
  return /invalid/.test(code) ? 'malformed' : 'other';
}

function* selfReported(hashrate: number): Iterable<Fact> {
  if (Number.isFinite(hashrate) && hashrate > 0) yield { kind: 'self-reported', hashrate };
}
