/**
 * Stratum V2 (sv2-spec, docs/protocols.md 2). In clear, which is allowed on local networks only: the vendor in
 * SetupConnection, user and rate if a channel is opened, targets, jobs, shares and their answers, each by its
 * channel. Encrypted: only the sizes of the handshake and of what follows, which make it possible and never certain;
 * records of the size of a share are counted, and no rate comes of them, for their difficulty is not observable.
 */
import { hashesFromTarget256LittleEndian } from '../evidence/target.ts';
import type { BinaryFrame, Message } from '../framing/message.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { loginOf } from './opening.ts';
import { textOf } from './shape.ts';
import type { OpenShare, Sink } from './sink.ts';
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
  methods: ['#binary-frame', '#opaque-flight'],
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

interface ChannelShare {
  readonly share: OpenShare;
  readonly channel: number;
  readonly sequence: number;
}

class StratumV2Session {
  private readonly channels = new Map<number, Channel>();
  /** Users by request, until the channel is opened. */
  private open: ChannelShare[] = [];
  private user: { account: string | null; worker: string | null } = { account: null, worker: null };
  private readonly opaque = new OpaqueSession();

  read(message: Message, session: Sink): void {
    if (message.kind === 'opaque-flight') this.opaque.read(message, session);
    if (message.kind !== 'binary-frame' || message.extension !== 0) return;
    const fields = new Fields(message.payload);
    switch (message.type) {
      case 0x00:
        this.setup(message, session);
        return;
      case 0x01:
        session.service('SetupConnection.Success');
        return;
      case 0x02:
        fields.u32();
        session.refuse(fields.text());
        return;
      case 0x04: {
        const host = fields.text();
        session.reconnect(host, fields.u16());
        return;
      }
      case 0x10:
      case 0x13:
        this.openChannel(fields, session);
        return;
      case 0x11:
      case 0x14:
        this.channelOpened(fields, message.type === 0x14, session);
        return;
      case 0x12:
        fields.u32();
        session.refuse(fields.text());
        return;
      case 0x15:
      case 0x1f:
        // A job without a time waits for the previous hash that it belongs to.
        this.job(fields.u32(), fields.u32(), fields.u8() !== 0, null, session);
        return;
      case 0x16: {
        fields.u32();
        selfReported(fields.f32(), session);
        return;
      }
      case 0x1a:
      case 0x1b:
        this.submit(message, fields, session);
        return;
      case 0x1c:
        this.accepted(fields.u32(), fields.u32(), session);
        return;
      case 0x1d:
        this.refused(fields, session);
        return;
      case 0x20:
        this.job(fields.u32(), fields.u32(), true, fields.hex(32), session);
        return;
      case 0x22:
        session.request('SetCustomMiningJob');
        return;
      case 0x23: {
        const channel = fields.u32();
        fields.u32();
        this.job(channel, fields.u32(), true, null, session);
        return;
      }
      case 0x21: {
        const channel = this.channels.get(fields.u32());
        const hashes = hashesFromTarget256LittleEndian(fields.hex(32));
        if (hashes === null) return;
        if (channel !== undefined) channel.hashes = hashes;
        session.difficulty(hashes);
      }
    }
  }

  private setup({ payload }: BinaryFrame, session: Sink): void {
    const setup = setupOf(payload);
    if (setup?.protocol !== MINING) return;
    session.request('SetupConnection');
    session.agent(setup.agent);
    const host = textOf(setup.host);
    if (host !== null) session.target(host, setup.port);
  }

  private openChannel(fields: Fields, session: Sink): void {
    fields.u32();
    const login = loginOf(fields.text());
    const rate = fields.f32();
    if (fields.isShort) return;
    if (login !== null) {
      this.user = { account: login.account, worker: login.worker };
      session.login(login.account, login.worker);
    } else session.request('OpenMiningChannel');
    selfReported(rate, session);
  }

  /** Standard: request, channel, target, prefix, group. Extended: request, channel, target, size, prefix. */
  private channelOpened(fields: Fields, isExtended: boolean, session: Sink): void {
    fields.u32();
    const id = fields.u32();
    const hashes = hashesFromTarget256LittleEndian(fields.hex(32));
    if (isExtended) fields.u16();
    fields.text();
    const group = isExtended ? id : fields.u32();
    if (fields.isShort) return;
    if (this.channels.size < CHANNELS_LIMIT) this.channels.set(id, { hashes, group });
    session.admit();
    if (hashes !== null) session.difficulty(hashes);
  }

  /** A job of a group is one of each of its channels, for their targets differ. */
  private job(id: number, job: number, isActive: boolean, previous: string | null, session: Sink): void {
    if (!isActive) return;
    session.names('sha256d', null, 'jobs of Stratum V2, which serves Bitcoin’s header');
    const members = this.channels.has(id) ? [id] : this.membersOf(id);
    for (const member of members.length > 0 ? members : [id]) {
      const hashes = this.channels.get(member)?.hashes ?? null;
      session.newJob(`${member}/${job}`, hashes, previous === null ? {} : { previous });
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
  private submit(message: BinaryFrame, fields: Fields, session: Sink): void {
    const channel = fields.u32();
    const sequence = fields.u32();
    const job = fields.u32();
    const nonce = fields.u32().toString(16).padStart(8, '0');
    const share = session.share(message, { jobId: `${channel}/${job}`, ...this.user, nonce });
    if (this.open.length === OPEN_LIMIT) this.open.shift();
    this.open.push({ share, channel, sequence });
  }

  /** One answer stands for all shares of the channel up to its sequence number that were not refused. */
  private accepted(channel: number, last: number, session: Sink): void {
    const isAnswered = (share: ChannelShare): boolean => share.channel === channel && share.sequence <= last;
    const answered = this.open.filter(isAnswered);
    this.open = this.open.filter((share) => !isAnswered(share));
    for (const { share } of answered) session.outcome(share, 'accepted', '');
  }

  private refused(fields: Fields, session: Sink): void {
    const channel = fields.u32();
    const sequence = fields.u32();
    const code = fields.text();
    const at = this.open.findIndex((share) => share.channel === channel && share.sequence === sequence);
    const [share] = at === -1 ? [] : this.open.splice(at, 1);
    if (share !== undefined) session.outcome(share.share, outcomeOf(code), code.slice(0, 200));
  }
}

/** Error codes of SubmitShares.Error. */
function outcomeOf(code: string): 'stale' | 'low-difficulty' | 'duplicate' | 'malformed' | 'other' {
  if (/stale|invalid-job-id/.test(code)) return 'stale';
  if (/difficulty/.test(code)) return 'low-difficulty';
  if (/duplicate/.test(code)) return 'duplicate';
  return /invalid/.test(code) ? 'malformed' : 'other';
}

function selfReported(hashrate: number, session: Sink): void {
  if (Number.isFinite(hashrate) && hashrate > 0) session.selfReported(hashrate);
}
