/**
 * Finds passwords in texts from the wire, so that none goes into an audit: those that a text contains itself
 * (`user:word`, `pass=word`, `//user:word@host`), and those that a client sent, wherever another text repeats them.
 */
import { isObject } from '../json.ts';
import { wordList } from '../schema/words.ts';
import { HIDDEN, withoutWritings, writingsOf } from '../secret.ts';
import { remembered } from './shared-text.ts';

/** A text that may be shown: without passwords. Only this file makes one. */
export type Shown = string & { readonly shown: true };

/** Nothing to hide. */
export const NOTHING_SHOWN: Shown = shown('');

/** A host that may be shown, with its port; '' without one. */
export function endpointShown(host: Shown, port: number): Shown {
  return host === '' ? host : shown(`${host}:${port}`);
}

function shown(text: string): Shown {
  if (!isShown(text)) throw new TypeError('not a text');
  return text;
}

function isShown(text: unknown): text is Shown {
  return typeof text === 'string';
}

const NAMES =
  'pass(?:word|wd|phrase)?|pwd|pw|pin|secret|token|api[_-]?key|auth(?:orization)?|credentials?|key';
/** What stands before the credentials of a request (RFC 9110 11.4). */
const SCHEMES = '(?:basic|bearer|digest|token|apikey|negotiate|ntlm)';
/** A member of an object, or a field of a head, that holds a secret. */
const SECRET_NAME = new RegExp(`(?:^|[_-]|rig)(?:${NAMES}|jwt|cookie)$`, 'i');
/** The same as one word: `accessToken`, but not `publicKey`. */
const SECRET_IN_CAMELS =
  /[a-z](?:Pass(?:word|phrase)?|Pwd|Token|Secret|Credentials?)$|(?:api|access|private|secret)Key$/;
const ASSIGNED = new RegExp(
  `((?:^|[^A-Za-z0-9])(?:${NAMES})["']?\\s*[=:]\\s*)("[^"]*"?|'[^']*'?|(?:${SCHEMES}\\s+)?[^\\s,;&|"'(){}<>]+)`,
  'gi',
);
/** A field of a head: how long the secret is depends on the scheme. */
const AS_FIELD = /((?:^|[^A-Za-z0-9])(?:authorization|cookie)\s*:\s*)[^\r\n]+/gi;
const IN_URL = /(\/\/[^\s/:@]{0,256}:)[^\s/@]+@/g;
/** An option of a miner's command line, which may stand in its name; also `-pWORD`, unless it is an option such as `-pool`. */
const AS_OPTION =
  /((?:^|\s)(?:(?:-p|-[a-z]{0,2}psw|-O|--?(?:user|d|pool[-_])?pass(?:word)?|--[\w-]*(?:token|secret))[\s=]+|-p(?!(?:ool|ort|roxy|rofile|rotocol|latform|sw|ass|assword)\b)|-O(?=\S*:)|(?:-x|--proxy)[\s=]+(?=\S*:\S*@)|(?:-U|--proxy-user)[\s=]+(?=[^\s:]+:[^\s/])))\S+/g;
/** `kaspa:qz…`, and workers that are hardware addresses: their colons part no password. */
const COIN_ADDRESS = /^[A-Za-z]{2,14}:[A-Za-z0-9]{25,}/;
const HARDWARE_ADDRESS = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

/** The text without the passwords that it shows by itself. */
export function withoutSecrets(text: string): Shown {
  if (!/[=:-]/.test(text)) return shown(text);
  return shown(
    text
      .replace(AS_OPTION, `$1${HIDDEN}`)
      .replace(AS_FIELD, `$1${HIDDEN}`)
      .replace(IN_URL, `$1${HIDDEN}@`)
      .replace(ASSIGNED, `$1${HIDDEN}`),
  );
}

/** The passwords that a text shows by itself, each as it stands. */
export function secretsIn(text: string): string[] {
  if (!/[=:-]/.test(text)) return [];
  const found = [AS_OPTION, AS_FIELD, ASSIGNED, IN_URL].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([whole, before = '']) => whole.slice(before.length)),
  );
  return found.map((word) => word.replace(/^["']|["'@]$/g, ''));
}

/** An account or worker: behind its name a colon begins a password. */
export function withoutPassword(account: string): Shown {
  if (!/[=:]/.test(account)) return withoutSecrets(account);
  const prefix = COIN_ADDRESS.exec(account)?.[0] ?? '';
  const colon = HARDWARE_ADDRESS.test(account) ? -1 : account.indexOf(':', prefix.length);
  const named = colon === -1 ? account : `${account.slice(0, colon + 1)}${HIDDEN}`;
  return withoutSecrets(named);
}

/** Shorter ones stand in ordinary words. */
const LEAST = 4;
const LONGEST = 512;
/** Secrets that are kept of one connection. */
const MOST = 64;
const DEEPEST = 8;
const COMMON = wordList('common-password');
/** A rig's number, given for want of a password. */
const RIG = /^(?:rig|worker|miner|asic|gpu|cpu|node)[-_]?\d{0,4}$/i;
/** Options that pools take in place of a password: `d=1000`, `c=BTC,mc=DGB`. */
const OPTION = /^(\w{1,12})=(\S*)$/;

/** What stands in the clear beside the proof of a password (RFC 7616 3.4). */
const PUBLIC = /^(?:username|realm|nonce|uri|qop|nc|algorithm|opaque)$/i;

type Members = Readonly<Record<string, unknown>>;

/** What a member of this name holds. */
const saidAs = remembered((name) =>
  SECRET_NAME.test(name) || SECRET_IN_CAMELS.test(name)
    ? 'secret'
    : /^(?:login|user|worker|rig_?id$)/i.test(name)
      ? 'user'
      : 'other',
);

/** How a word may be written, in lower case. */
const lowerWritings = remembered((word) => writingsOf(word).map((form) => form.toLowerCase()));

/** The passwords that were sent in a connection, and texts without them. */
export class SentSecrets {
  /** Each as it stood; null while there are none. */
  private known: Set<string> | null = null;

  get words(): Iterable<string> {
    return this.known ?? [];
  }

  /** User of the last share: most have the same. */
  private lastUser: unknown = undefined;

  /**
   * What a message may say in secret: members of telling names, and what follows the user in a login. A share whose
   * parameters are a list names its user and nothing else: most shares have the user of the last one.
   */
  collect(body: Members): void {
    const { method, params } = body;
    if (Array.isArray(params) && typeof method === 'string') {
      const user: unknown = params[0];
      const isLogin = /auth|log_?in/i.test(method);
      const isShare = !isLogin && /submit/i.test(method);
      if (isShare && user === this.lastUser) return;
      if (isLogin) this.all(params.slice(1), 0);
      if (isShare) this.lastUser = user;
      if ((isLogin || isShare) && typeof user === 'string') this.ofUser(user);
    }
    this.members(body, 0);
  }

  /** What a message says in secret in which the capture ended: also if it ended within the secret itself. */
  collectBegun({
    members,
    cutMember,
  }: {
    members: Members;
    cutMember: { name: string; text: string } | null;
  }): void {
    this.members(cutMember === null ? members : { ...members, [cutMember.name]: cutMember.text }, 0);
  }

  /** How many there are. */
  get count(): number {
    return this.known?.size ?? 0;
  }

  /** A password, or options in its place, one of which may be one. */
  add(word: string): void {
    const options = word.split(/[,;]/).map((part) => OPTION.exec(part));
    if (options.every((option) => option !== null)) {
      for (const [, name, value] of options) if (SECRET_NAME.test(name)) this.addWord(value);
    } else this.addWord(word);
  }

  /** Of a long one its beginning. */
  private addWord(whole: string): void {
    const word = whole.slice(0, LONGEST);
    if (word.length < LEAST || COMMON.has(word.toLowerCase()) || RIG.test(word)) return;
    this.known ??= new Set();
    if (this.known.size < MOST) this.known.add(word);
  }

  /**
   * The text without what was sent, in any writing and case. A secret that is a part of `known`, a public name in the text, is
   * left there.
   */
  without(text: string, known = ''): Shown {
    let rest = text;
    const lower = text.toLowerCase();
    for (const word of this.known ?? []) {
      const forms = lowerWritings(word).filter((form) => lower.includes(form));
      if (forms.length === 0) continue;
      const isPublic = forms.some((form) => known.toLowerCase().includes(form));
      const parts = isPublic ? rest.split(known) : [rest];
      rest = parts.map((part) => withoutWritings(part, forms)).join(known);
    }
    // Of a word that is long, or that the capture cut, only the beginning is known.
    return withoutSecrets(rest === text ? rest : rest.replace(/\*{3}\w+/g, HIDDEN));
  }

  /** A host without what was sent, and without the user that may stand before it. */
  hostWithout(host: string): Shown {
    return shown(this.without(host).replace(/^.*@/, ''));
  }

  /** Credentials and cookies in a head. */
  collectHead(headers: ReadonlyMap<string, string>): void {
    for (const [name, value] of headers) this.collectField(name, value);
  }

  /**
   * What a field of a head says in secret: credentials in any scheme, several of them with commas between (RFC 9110 11.4,
   * RFC 7617, RFC 6750), or cookies (RFC 6265 4): of those that a server sets, what follows the first is no secret.
   */
  collectField(name: string, value: string): void {
    if (name === 'set-cookie') this.addPair(value.split(';', 1)[0]);
    else if (name === 'cookie') for (const pair of value.split(';')) this.addPair(pair);
    else if (saidAs(name) === 'secret') for (const part of value.split(',')) this.addCredentials(part.trim());
  }

  private addCredentials(part: string): void {
    const [first, ...rest] = part.split(/\s+/);
    for (const word of rest.length === 0 ? [first] : rest) this.addPair(word);
    if (!/^basic$/i.test(first)) return;
    const text = Buffer.from(rest.join(), 'base64').toString('utf8');
    this.add(text.slice(text.indexOf(':') + 1));
  }

  /** A word, or a name with a value of which that is the secret; `=` at the end is a part of the word (base64). */
  private addPair(pair: string): void {
    const [, name = '', value = pair] = /^\s*([\w.-]+)\s*=\s*([^=].*)$/.exec(pair) ?? [];
    if (!PUBLIC.test(name)) this.addWord(value.trim().replace(/^"|"$/g, ''));
  }

  private ofUser(user: string): void {
    const cut = withoutPassword(user);
    if (cut.endsWith(`:${HIDDEN}`)) this.add(user.slice(cut.length - HIDDEN.length));
  }

  private members(value: Members, depth: number): void {
    if (depth > DEEPEST) return;
    for (const name in value) {
      const member = value[name];
      const said = saidAs(name);
      if (said === 'secret') this.all(member, depth);
      else this.member(member, said === 'user', depth);
    }
  }

  private member(value: unknown, isUser: boolean, depth: number): void {
    if (depth > DEEPEST) return;
    if (Array.isArray(value)) for (const item of value) this.member(item, isUser, depth + 1);
    else if (isObject(value)) this.members(value, depth + 1);
    else if (isUser && typeof value === 'string') this.ofUser(value);
  }

  /** Every text in the value. */
  private all(value: unknown, depth: number): void {
    if (typeof value === 'string') this.add(value);
    else if (typeof value === 'number') this.add(String(value));
    else if (typeof value === 'object' && value !== null && depth <= DEEPEST) {
      for (const each of Object.values(value)) this.all(each, depth + 1);
    }
  }
}
