/**
 * A dialect as a table: for each method a row that says how well a call of it shows the dialect, what the call says, and
 * what a reply to it says; and the same for messages that are neither. What the registry looks up, recognition and reading
 * follow from that.
 */
import type { Call, Message, Reply } from '../framing/message.ts';
import type { Dialect, DialectReader, Profile, Recognition } from './dialect.ts';
import { isHidden } from './opening.ts';
import { isPlain, listOf, objectOf } from './shape.ts';
import type { SharePart, Sink } from './sink.ts';

/** How well a message shows the dialect: anything but null, undefined or false says yes. */
interface Tells<Given extends readonly unknown[]> {
  /** Only this dialect says so. */
  readonly certain?: (...given: Given) => unknown;
  /** This dialect says so, others may as well. */
  readonly possible?: (...given: Given) => unknown;
}

export interface Row<Own> extends Tells<[params: unknown, call: Call]> {
  readonly read?: (call: Call, session: Sink, own: Own, params: unknown) => void;
  /** The share that the call submits, null if it is none; of one that was cut before its parameters nothing is known. */
  readonly share?: (params: unknown, call: Call, own: Own) => SharePart | null;
  readonly reply?: (reply: Reply, session: Sink, own: Own) => void;
  /** A reply to it shows the dialect, though a call does not. */
  readonly tellsInReply?: boolean;
}

interface Other<Own, Said extends Message> extends Tells<[message: Said]> {
  readonly read?: (message: Said, session: Sink, own: Own) => void;
}

export interface Grammar<Own> {
  /** What a reader remembers of its session. */
  readonly own: () => Own;
  /** The messages that it is about; by default those of a stream, plain or within a WebSocket. */
  readonly takes?: (message: Message) => boolean;
  /** Where parameters are, if not in `params`. A call that has `params` as well is read, but does not show the dialect. */
  readonly paramsOf?: (call: Call) => unknown;
  readonly rows?: Readonly<Record<string, Row<Own>>>;
  /** True if messages that are not recognised are not read; 'calls' if that holds for calls alone. */
  readonly isStrict?: true | 'calls';
  /** What any call says, whatever its method. */
  readonly always?: (call: Call, session: Sink, own: Own) => void;
  /** A call of its methods is possible if the capture cut it before what would prove it. */
  readonly knowsCut?: boolean;
  /** What is neither call nor reply, by its kind. */
  readonly others?: {
    readonly [Kind in Message['kind']]?: Other<Own, Extract<Message, { readonly kind: Kind }>>;
  };
  /** What a reply says of itself, given how its call is recognised; else it is possible if that is known. */
  readonly ofReply?: (reply: Reply, ofCall: () => Recognition) => Recognition;
  /** Reads a reply by what is in it, whatever it answers; true if that was all. */
  readonly ahead?: (reply: Reply, session: Sink, own: Own) => boolean;
  /** Reads a reply to a call that was not captured, or of which no row says what its reply means. */
  readonly otherwise?: (reply: Reply, session: Sink, own: Own) => void;
}

/** The same, with what follows from it; a map finds the texts of messages more quickly than an object does. */
interface Known<Own> extends Grammar<Own>, Pick<Dialect, 'recognise'> {
  readonly byMethod: ReadonlyMap<string, Row<Own>>;
}

export const REQUEST = (call: Call, session: Sink): void => session.request(call.method);
export const SERVICE = (call: Call, session: Sink): void => session.service(call.method);
export const ADMISSION = (reply: Reply, session: Sink): void => session.admission(reply);
export const ANSWER = (reply: Reply, session: Sink): void => {
  session.answer(reply);
};
export const REFUSAL = (reply: Reply, session: Sink): void => session.refusal(reply);
/** A login under the names of CryptoNote's, whose answer may tell what it opens. */
export const LOGIN: Row<unknown> = {
  read: ({ method, params }, session) => {
    const { login, agent } = objectOf(params) ?? {};
    session.authorize(method, login);
    session.agent(agent);
  },
  reply: ADMISSION,
  tellsInReply: true,
};
/** A list is the answer to a subscription, anything else may refuse it. */
export const SUBSCRIPTION = (reply: Reply, session: Sink): void => {
  if (listOf(reply.result) !== null) session.service('mining.subscribe');
  else session.refusal(reply);
};

/** The same row for several methods, whose names stand in a line. */
export function rowsOf<Own>(methods: string, row: Row<Own>): Record<string, Row<Own>> {
  return Object.fromEntries(methods.split(' ').map((method) => [method, row]));
}

/** A dialect with this grammar. */
export function grammar<Own>(given: Profile & Grammar<Own>): Dialect {
  const { rows = {}, others = {}, ofReply, takes = isPlain, knowsCut = false } = given;
  const byMethod = new Map(Object.entries(rows));
  const ofCall = (call: Call): Recognition => {
    const row = byMethod.get(call.method);
    const isAlien = given.paramsOf !== undefined && call.params !== undefined;
    const recognition = isAlien ? 'foreign' : told(row, paramsOf(given, call), call);
    const isCutOff = recognition === 'foreign' && knowsCut && row !== undefined && isHidden(call);
    return isCutOff ? 'possible' : recognition;
  };
  const recognise = (message: Message): Recognition => {
    if (!takes(message)) return 'foreign';
    if (message.kind === 'call') return ofCall(message);
    if (message.kind !== 'reply') return told(otherOf(others, message), message);
    const { call } = message;
    const called = (): Recognition => (call === undefined ? 'foreign' : ofCall(call));
    const own = ofReply?.(message, called) ?? 'foreign';
    return own === 'foreign' && called() !== 'foreign' ? 'possible' : own;
  };
  const known: Known<Own> = { ...given, recognise, byMethod };
  const methods = Object.keys(rows).filter((name) => isTold(rows[name]));
  for (const kind of Object.keys(others)) methods.push(`#${kind}`);
  if (ofReply !== undefined) methods.push('#reply');
  return { ...given, methods, recognise, reader: () => new GrammarReader(known) };
}

function told<Given extends readonly unknown[]>(
  tells: Tells<Given> | undefined,
  ...given: Given
): Recognition {
  if (says(tells?.certain?.(...given))) return 'certain';
  return says(tells?.possible?.(...given)) ? 'possible' : 'foreign';
}

function isTold({ certain, possible, tellsInReply }: Row<never>): boolean {
  return certain !== undefined || possible !== undefined || tellsInReply === true;
}

function says(found: unknown): boolean {
  return found !== undefined && found !== null && found !== false;
}

function otherOf<Own>(others: Grammar<Own>['others'], message: Message): Other<Own, Message> | undefined {
  // That of the message's own kind.
  return others?.[message.kind] as Other<Own, Message> | undefined;
}

function paramsOf<Own>(given: Grammar<Own>, call: Call): unknown {
  return given.paramsOf === undefined ? call.params : given.paramsOf(call);
}

class GrammarReader<Own> implements DialectReader {
  private readonly grammar: Known<Own>;
  private readonly own: Own;

  constructor(given: Known<Own>) {
    this.grammar = given;
    this.own = given.own();
  }

  read(message: Message, session: Sink): void {
    const { grammar, own } = this;
    const { byMethod, takes = isPlain } = grammar;
    const { isStrict } = grammar;
    const mustFit = isStrict === true || (isStrict === 'calls' && message.kind === 'call');
    if (mustFit ? grammar.recognise(message) === 'foreign' : !takes(message)) return;
    if (message.kind === 'call') {
      grammar.always?.(message, session, own);
      const row = byMethod.get(message.method);
      if (row === undefined) return;
      const params = paramsOf(grammar, message);
      row.read?.(message, session, own, params);
      const share = row.share?.(params, message, own);
      if (share != null || (share === null && isHidden(message))) session.share(message, share ?? {});
    } else if (message.kind !== 'reply') otherOf(grammar.others, message)?.read?.(message, session, own);
    else if (grammar.ahead?.(message, session, own) !== true)
      (byMethod.get(message.call?.method ?? '')?.reply ?? grammar.otherwise)?.(message, session, own);
  }
}
