/**
 * Stratum V2 (sv2-spec, docs/reference/protocols.md 2). In clear, which is allowed on local networks only: the vendor in
 * SetupConnection, user and rate if a channel is opened, targets, jobs, shares and their answers, each by its
 * channel. Encrypted: only the sizes of the handshake and of what follows, which make it possible and never certain;
 * records of the size of a share are counted, and no rate comes of them, for their difficulty is not observable.
 */
import { FrameCount } from '../evidence/sealed-frames.ts';
import { hashesFromTarget256LittleEndian } from '../evidence/target.ts';
import type { BinaryFrame, OpaqueMessage } from '../framing/message.ts';
import { grammar } from './grammar.ts';
import { loginOf } from './opening.ts';
import { textOf } from './shape.ts';
import type { OpenShare, Sink } from './sink.ts';
import { Fields, setupOf } from './stratum-v2-messages.ts';

const MINING = 0;
const CHANNELS_LIMIT = 4096;
const OPEN_LIMIT = 4096;
const GROUP_LIMIT = 64;

/** Bytes of the acts of the Noise handshake. */
const ACT_1 = 64;
const ACT_2 = 234;

export const stratumV2 = grammar({
  id: 'stratum-v2',
  title: 'Stratum V2',
  reference: 'sv2-spec 03 to 08, docs/reference/protocols.md 2',
  serves: 'Bitcoin',
  framing: 'binary',
  own: () => new StratumV2Session(),
  others: {
    'binary-frame': {
      certain: (frame) => frame.extension === 0 && isCertain(frame),
      possible: (frame) => frame.extension === 0 && isPossible(frame),
      read: (frame, session, own) => {
        if (frame.extension === 0) READERS[frame.type]?.(new Fields(frame.payload), session, own, frame);
      },
    },
    'opaque-message': {
      possible: () => true,
      read: (handshakeMessage, session, own) => own.hear(handshakeMessage, session),
    },
  },
});

/** Sizes were checked by the framing; shares, jobs and answers of a channel have fixed ones. */
function isCertain(frame: BinaryFrame): boolean {
  const { type, payload } = frame;
  if (type === 0) return setupOf(payload)?.protocol === MINING;
  if (type === 0x10 || type === 0x13) return opensChannel(frame);
  return type > 0x10 && type <= 0x25 && frame.isChannel;
}

function isPossible({ type, payload }: BinaryFrame): boolean {
  // The version that was agreed upon: there is only the second so far.
  if (type === 1) return new Fields(payload).u16() === 2;
  return type === 2 || (type > 0x10 && type <= 0x25 && type !== 0x13);
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

type Reader = (fields: Fields, session: Sink, own: StratumV2Session, frame: BinaryFrame) => void;

const refused: Reader = (fields, session) => {
  fields.u32();
  session.refuse(fields.text());
};
const openChannel: Reader = (fields, session, own) => own.openChannel(fields, session);
// A job without a time waits for the previous hash that it belongs to.
const job: Reader = (fields, session, own) =>
  own.job(fields.u32(), fields.u32(), fields.u8() !== 0, null, session);
const submit: Reader = (fields, session, own, frame) => own.submit(frame, fields, session);

/** What the messages say, by their types. */
const READERS: Readonly<Record<number, Reader>> = {
  0: (_, session, __, { payload }) => setUp(payload, session),
  1: (_, session) => session.service('SetupConnection.Success'),
  2: refused,
  4: (fields, session) => session.reconnect(fields.text(), fields.u16()),
  16: openChannel,
  17: (fields, session, own) => own.channelOpened(fields, false, session),
  18: refused,
  19: openChannel,
  20: (fields, session, own) => own.channelOpened(fields, true, session),
  21: job,
  22: (fields, session) => {
    fields.u32();
    session.hashrate(fields.f32());
  },
  26: submit,
  27: submit,
  28: (fields, session, own) => own.accepted(fields.u32(), fields.u32(), session),
  29: (fields, session, own) => own.refused(fields, session),
  31: job,
  32: (fields, session, own) => own.job(fields.u32(), fields.u32(), true, fields.hex(32), session),
  33: (fields, session, own) => own.setTarget(fields, session),
  34: (_, session) => session.request('SetCustomMiningJob'),
  35: (fields, session, own) => {
    const [channel, , id] = [fields.u32(), fields.u32(), fields.u32()];
    own.job(channel, id, true, null, session);
  },
};

function setUp(payload: Uint8Array, session: Sink): void {
  const setup = setupOf(payload);
  if (setup?.protocol !== MINING) return;
  session.request('SetupConnection');
  session.agent(setup.agent);
  const host = textOf(setup.host);
  if (host !== null) session.target(host, setup.port);
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
  private readonly frames = new FrameCount(true);

  /**
   * What is encrypted, by its size (evidence/sealed-frames.ts). Shares count from the first one on whose size is known.
   * An answer covers several shares: it does not say which of them were accepted.
   */
  hear(handshakeMessage: OpaqueMessage, session: Sink): void {
    const { direction, offset, bytes, timeUs } = handshakeMessage;
    if (offset === 0 && direction === 0) session.request('noise act 1');
    else if (offset === 0) session.service('noise act 2');
    else if (direction === 1 && offset === ACT_2) session.service('noise setup answered');
    // The first message behind the handshake sets the connection up.
    else if (direction === 1 || offset > ACT_1) {
      const observed = this.frames.hear(direction === 0 ? bytes : -bytes, timeUs);
      for (const sentUs of observed.sharesUs) if (sentUs === timeUs) session.share(handshakeMessage, {});
      session.counted(observed);
    }
  }

  setTarget(fields: Fields, session: Sink): void {
    const channel = this.channels.get(fields.u32());
    const hashes = hashesFromTarget256LittleEndian(fields.hex(32));
    if (hashes === null) return;
    if (channel !== undefined) channel.hashes = hashes;
    session.difficulty(hashes);
  }

  openChannel(fields: Fields, session: Sink): void {
    fields.u32();
    const login = loginOf(fields.text());
    const rate = fields.f32();
    if (fields.isShort) return;
    if (login !== null) {
      this.user = { account: login.account, worker: login.worker };
      session.login(login.account, login.worker);
    } else session.request('OpenMiningChannel');
    session.hashrate(rate);
  }

  /** Standard: request, channel, target, prefix, group. Extended: request, channel, target, size, prefix. */
  channelOpened(fields: Fields, isExtended: boolean, session: Sink): void {
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
  job(id: number, job: number, isActive: boolean, previous: string | null, session: Sink): void {
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
  submit(message: BinaryFrame, fields: Fields, session: Sink): void {
    const channel = fields.u32();
    const sequence = fields.u32();
    const job = fields.u32();
    const nonce = fields.u32().toString(16).padStart(8, '0');
    const share = session.share(message, { jobId: `${channel}/${job}`, ...this.user, nonce });
    if (this.open.length === OPEN_LIMIT) this.open.shift();
    this.open.push({ share, channel, sequence });
  }

  /** One answer stands for all shares of the channel up to its sequence number that were not refused. */
  accepted(channel: number, last: number, session: Sink): void {
    const isAnswered = (share: ChannelShare): boolean => share.channel === channel && share.sequence <= last;
    const answered = this.open.filter(isAnswered);
    this.open = this.open.filter((share) => !isAnswered(share));
    for (const { share } of answered) session.outcome(share, 'accepted', '');
  }

  refused(fields: Fields, session: Sink): void {
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
