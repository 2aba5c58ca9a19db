/**
 * English: every word of ours that reports for people print. Its type is the catalogue's, so that a key missing in
 * another language does not compile. What the wire or the audit says itself (evidence, names, reasons) is quoted.
 */
import { counted, grouped } from '../figures.ts';
import type { Statement } from '../statement.ts';
import { enDiff } from './diff.ts';
import { enExplain } from './explain.ts';
import { enMethod } from './method.ts';
import { enPage } from './page.ts';

/** Cases that are no news, by what became of them. */
type NightRest = Record<'mining' | 'weaker' | 'acknowledged' | 'unseen' | 'closed', number>;

/** As an audit has it (hosts[].through). */
type Way = {
  kind: 'tunnel' | 'export';
  source: string | null;
  destination: string | null;
  doubt: 'outside' | 'one-way' | 'unknown' | null;
};

const VERDICT = {
  confirmed: 'confirmed',
  probable: 'probable',
  suspected: 'suspected',
  attempted: 'attempted',
  listed: 'listed',
};

const ROLE = {
  miner: 'miner',
  proxy: 'proxy',
  'browser-miner': 'browser-miner',
  solo: 'solo',
  pool: 'pool',
  scanner: 'scanner',
  monitor: 'monitor',
  honeypot: 'honeypot',
};

const OWNER_CLASS = {
  government: 'government',
  education: 'education',
  research: 'research',
  enterprise: 'enterprise',
  healthcare: 'healthcare',
  finance: 'finance',
  isp: 'ISP',
  mobile: 'mobile',
  hosting: 'hosting',
  cdn: 'CDN',
  unknown: 'unknown',
};

const INTENT = {
  hijacked: 'probably hijacked',
  deliberate: 'probably deliberate',
  undetermined: 'undetermined',
};

const STRENGTH = {
  proof: 'proof',
  strong: 'strong',
  weak: 'weak',
  hint: 'hint',
};

const BASIS = {
  shares: 'from shares',
  counter: 'from nonce counters',
  'self-reported': 'reported by the miner',
  modelled: 'modelled',
};

/** Days, hours, minutes, seconds, milliseconds. */
const DURATION_UNITS: readonly [string, string, string, string, string] = ['d', 'h', 'min', 's', 'ms'];

export const en = {
  /** BCP 47 tag of the language. */
  tag: 'en',
  durationUnits: DURATION_UNITS,
  verdict: VERDICT,
  role: ROLE,
  ownerClass: OWNER_CLASS,
  intent: INTENT,
  strength: STRENGTH,
  basis: BASIS,
  /** Of a total from nonces: in how many sessions, or that as a whole, it and the shares exclude each other. */
  contradicted: {
    inSessions: (n: number, sessions: string) => `disagrees with the shares in ${grouped(n)} of ${sessions}`,
    asTotal: 'disagrees with the share-based total',
    sharesStand: 'share-based figure used',
  },
  unknown: 'unknown',
  /** A statement of the audit in this language. */
  translate: (statement: Statement): string => statement.text,
  /** A tunnel or exporter that a host was found through. */
  way: (p: Way): string => {
    const doubt = { outside: ', from outside', 'one-way': ', one way only', unknown: '' };
    const what =
      p.source === null
        ? 'tunnels too many to tell apart'
        : p.kind === 'export'
          ? `exports of ${p.source}`
          : `a tunnel from ${p.source} to ${p.destination}`;
    return `${what}${p.doubt === null ? '' : doubt[p.doubt]}`;
  },
  /** A word of a fixed set that stands in the audit: a source, a reason for skipping, a kind of input. */
  word: (word: string): string => word,
  /** Between items of a list, and between sentences in one. */
  comma: ', ',
  semicolon: '; ',
  colon: ': ',
  bracketed: (text: string) => ` (${text})`,
  brackets: [' (', ')'] as readonly [open: string, close: string],
  stop: '.',

  count: {
    hosts: (n: number) => counted(n, 'host'),
    addresses: (n: number) => counted(n, 'address', 'addresses'),
    minerAddresses: (n: number) => counted(n, 'miner address', 'miner addresses'),
    machines: (low: number, high: number) =>
      low === high ? counted(low, 'machine') : `${grouped(low)} to ${grouped(high)} machines`,
    sessions: (n: number) => counted(n, 'session'),
    contacts: (n: number) => counted(n, 'contact'),
    shares: (n: number) => counted(n, 'share'),
    inputs: (n: number) => counted(n, 'input'),
    moreInputs: (n: number) => counted(n, 'more input'),
    pools: (n: number) => counted(n, 'pool'),
    packets: (n: number) => counted(n, 'packet'),
    flows: (n: number) => counted(n, 'flow'),
    names: (n: number) => counted(n, 'name'),
    records: (packets: string, flows: string) => `${packets} and ${flows}`,
  },

  /** What to do about a host, in a line of a list. */
  action: {
    isolate: 'isolate it, look for the intrusion, change credentials',
    'clean-browser': 'close the page that mines, remove browser extensions',
    ask: 'find the machine, ask its owner, stop or allow the mining',
    'find-miners': 'find the miners behind it and ask who runs it',
    check: 'look at load and processes; nothing is proven yet',
    'look-up': 'find the program that contacted the pool; not urgent',
    nothing: 'nothing: a scanner or a trap, not a miner',
    'confirm-gone': 'check that it was stopped, then close the case',
  },

  /** To the contact of a department. */
  mail: {
    subject: (hosts: string, department: string) => `Cryptocurrency mining: ${hosts}, ${department}`,
    seen: (window: string) =>
      `In network traffic of ${window} these hosts of your department mined cryptocurrency, or tried to reach a mining pool. Please look at them:`,
    ask: 'Please tell us what you find. This mail names hosts of your department only. Traffic shows that an address mines; who started it only the machine can show.',
  },

  /** To the abuse contact of a pool, about one account. */
  letter: {
    contact: (pool: string) => `abuse contact of ${pool}`,
    subject: (account: string) => `Abuse report: mining in our network for account ${account}`,
    what: (pool: string) =>
      `In our network, computers mined for ${pool} without our permission. The work was credited to the account below. We ask for your help.`,
    account: 'Account',
    workers: 'Workers',
    work: 'Coin, algorithm',
    servers: 'Your servers',
    program: 'Program',
    times: 'First and last time',
    sum: 'In all',
    shares: (submitted: number, accepted: number) =>
      `${counted(submitted, 'share')} submitted, ${grouped(accepted)} accepted`,
    list: 'The connections, with address and port of our side and of yours:',
    hidden: '[behind our public address ____]',
    more: (n: number) => `… and ${counted(n, 'more session')}`,
    ask: [
      'Please',
      '1. stop payments to this account, and tell us when you have,',
      '2. keep what you have logged of it: logins, addresses, e-mail, payments,',
      '3. tell us whom the police should ask for these.',
    ],
    evidence: 'We keep the packets. SHA-256 of the recordings:',
    moreRecordings: (n: number) => `… and ${counted(n, 'more recording')}`,
    sign: '[name, organisation, telephone]',
  },

  /** Of a night: what is news, and one line for the rest. */
  night: {
    title: (date: string, news: string) => `Mining, night of ${date}: ${news}`,
    count: (n: number, kind: string) => `${grouped(n)} ${kind}`,
    moreLines: (count: number) => `… and ${counted(count, 'more line')}`,
    none: 'no news',
    kind: { new: 'new', back: 'back', worse: 'worse', gone: 'gone' },
    reason: {
      'first-seen': 'seen for the first time',
      'seen-again': 'mines again',
      'acknowledgement-ended': 'the acknowledgement has ended',
      stronger: 'a stronger verdict',
      faster: 'at least twice the rate of its week',
      'not-seen': 'not seen any more',
    },
    was: (verdict: string) => `${verdict} before`,
    rest: ({ mining, weaker, acknowledged, unseen, closed }: NightRest, least: string) =>
      `No news: ${grouped(mining)} known and still mining, ${grouped(weaker)} less than ${least}, ${grouped(acknowledged)} acknowledged, ${grouped(unseen)} not seen in this night, ${grouped(closed)} gone or closed.`,
    incomplete:
      'INCOMPLETE: part of the traffic could not be read or judged, so that mining may have been missed; no case was closed.',
    columns: {
      kind: 'News',
      reason: 'Why',
      state: 'State',
      nights: 'Nights',
      kwh: 'kWh',
      id: 'Case',
      until: 'Until',
    },
    state: {
      open: 'open',
      acknowledged: 'acknowledged',
      gone: 'gone',
      back: 'back',
      closed: 'closed',
    },
    noCases: 'There are no cases.',
  },

  label: {
    window: 'Window',
    inputs: 'Inputs',
    coverage: 'Coverage',
    hosts: 'Hosts',
    miners: 'Miners',
    owners: 'Owners',
    departments: 'Depts',
    places: 'Places',
    clusters: 'Accounts',
    traffic: 'Traffic',
    hashrate: 'Hashrate',
    power: 'Power',
    modelled: 'Modelled',
    notSeen: 'Not seen',
    damage: 'Damage',
    notes: 'Notes',
    sources: 'Data',
    tool: 'Made by',
  },

  /** Titles of columns; the table prints the first form that its page has room for, in capitals. */
  column: {
    ip: ['IP'],
    machine: ['Machine'],
    since: ['Since'],
    last: ['Last seen', 'Last'],
    contact: ['Contact'],
    action: ['What to do'],
    verdict: ['Verdict'],
    role: ['Role'],
    traffic: ['Traffic'],
    hashrate: ['Hashrate (95 %)', 'Hashrate'],
    algorithm: ['Algorithm', 'Algo'],
    algorithmCoin: ['Algorithm, coin', 'Algorithm'],
    pool: ['Pool'],
    account: ['Account'],
    department: ['Department', 'Dept'],
    owner: ['Owner'],
    power: ['Power'],
    evidence: ['Evidence'],
    hosts: ['Hosts'],
    sessions: ['Sessions'],
    pools: ['Pools'],
    endpoints: ['Endpoints'],
    basis: ['Basis'],
  },

  /** Words of the table and of Markdown alone. */
  plain: {
    title: 'Mining audit',
    madeBy: (tool: string) => `Made by ${tool}.`,
    leftOut: (width: number, columns: string) =>
      `Hidden columns (terminal too narrow, ${width} columns): ${columns}.`,
    shown: (n: number, all: number) => `Showing ${grouped(n)} of ${grouped(all)} hosts; totals are of all.`,
  },

  /** Words of the ticket alone. */
  ticket: {
    title: (miners: number) =>
      miners === 0
        ? 'Mining audit: no miner confirmed'
        : `Mining audit: ${counted(miners, 'miner address', 'miner addresses')}`,
    more: (n: number) => `and ${counted(n, 'more host')}`,
    since: (time: string) => `since ${time}`,
    doDetails: 'Details: minesweep explain ADDRESS audit.json',
    moreAlgorithms: (n: number) => `and ${counted(n, 'more algorithm')}`,
  },

  summary: {
    partial: (read: number, all: number) =>
      `PARTIAL: the run was interrupted; ${read < all ? `${grouped(read)} of ${grouped(all)} inputs were begun` : 'its last input was not read to the end'}; the rest is not in this audit.`,
    filtered: (which: string) =>
      `Only hosts of ${which}. Hosts, sessions, pools and totals are of these alone; inputs, window and coverage are those of the whole run.`,
    filterHosts: (networks: string) => `the networks ${networks}`,
    filterDepartments: (names: string) => `the department ${names}`,
    filterVerdict: (verdict: string) => `the verdict ${verdict} or stronger`,
    filterPool: (name: string) => `a pool with the name ${name}`,
    noDepartment: 'no department',
    noneLeft: 'No host of this choice has any evidence of mining.',
    looked: (records: string, inputs: string) => `${records} from ${inputs}`,
    decoded: (part: string) => `${part} of bytes`,
    besideAllowed: (sessions: string, contacts: string) =>
      ` apart from allowed hosts (${sessions} and ${contacts}, left out)`,
    quietPartial: (looked: string, beside: string) =>
      `No mining was seen${beside} before the interruption, in ${looked}. The rest was not examined.`,
    nothingRead: (inputs: string) =>
      `Nothing was read: no packet or flow in ${inputs}. No conclusion is possible.`,
    nothingInside: (records: string, inputs: string) =>
      `Nothing in the time range: none of ${records} from ${inputs} is in it. No conclusion is possible.`,
    namesAlone: (names: string, inputs: string) =>
      `No pool among ${names} from ${inputs}. Names alone do not show who mines: add the flow logs or captures of the same time.`,
    namesOnly: (names: string) => `INCOMPLETE: ${names} read, no packet and no flow`,
    tooLittle: (looked: string, decoded: string, beside: string) =>
      `No mining was seen${beside}, but only ${decoded} could be decoded, in ${looked}: too little to rule it out.`,
    partlyJudged: (conversations: string, bytes: string, looked: string, reasons: string, beside: string) =>
      `No mining was seen in the ${conversations} of conversations (${bytes} of bytes) that could be judged${beside}, in ${looked}. Of the others nothing is known: ${reasons}. Resolve addresses with 'minesweep pools resolve' and give the file with --pools, or give names with --names.`,
    notJudged: (looked: string, reasons: string, beside: string) =>
      `Nothing could be judged in ${looked}${beside}: ${reasons}. Resolve addresses with 'minesweep pools resolve' and give the file with --pools, or give names with --names.`,
    unjudged: (why: string, part: string) => `${why} ${part}`,
    whyUnjudged: {
      sampled: 'sampled',
      'too-short': 'too short',
      'no-packets': 'packets of one direction not counted',
      'no-roles': 'client and server not known',
      undecided: 'neither like mining nor surely unlike it',
      port: 'on ports whose behaviour is not judged',
      cut: 'cut by the begin or end of a log',
      limit: 'beyond a limit of memory',
      tunnel: 'in a tunnel that is not read',
      encrypted: 'encrypted or not captured, without a name',
    },
    quiet: (looked: string, decoded: string, beside: string) =>
      `No mining found${beside} in ${looked}, ${decoded} decoded.`,
    hosts: (verdicts: string, hosts: string) => `${verdicts}; of ${hosts} with evidence`,
    servers: (n: number) =>
      `not counted: ${n === 1 ? '1 host that only serves' : `${grouped(n)} hosts that only serve`} miners`,
    verdictCount: (n: number, verdict: string) => `${grouped(n)} ${verdict}`,
    miners: (addresses: string) => `${addresses} confirmed or probable`,
    rigs: (machines: string, addresses: number) => `, ${machines} behind ${addresses === 1 ? 'it' : 'them'}`,
    ownerCount: (ownerClass: string, n: number, share: string) => `${ownerClass} ${grouped(n)} (${share})`,
    owners: (owners: string, minerAddresses: string) => `${owners}; of ${minerAddresses}`,
    department: (n: number, power: string) => ` ${grouped(n)}${power === '' ? '' : ` (${power})`}`,
    moreDepartments: (n: number) => `, and ${counted(n, 'more department')}`,
    institutional: (share: string, range: string, n: number) =>
      `institutional (government, education, enterprise): ${grouped(n)}, ${share} (95 %: ${range})`,
    withResearch: (share: string, n: number) => `with research bodies too: ${grouped(n)}, ${share}`,
    clusters: (n: number, addresses: string, largest: number) =>
      `${grouped(n)} ${n === 1 ? 'account or group of accounts links' : 'accounts or groups of accounts link'} ${addresses} (the largest group: ${grouped(largest)})`,
    place: (n: number, share: string) => ` ${grouped(n)} (${share})`,
    morePlaces: (n: number) => `, and ${grouped(n)} more`,
    ofWhole: (minerAddresses: string) => `; of ${minerAddresses}`,
    traffic: (both: string, out: string, into: string) =>
      `${both} on average over the window: out ${out}, in ${into} `,
    trafficBytes: (bytes: string, sessions: string) => `(${bytes} with pools in ${sessions})`,
    trafficOthers: (bytes: string, sessions: string, hosts: string) =>
      `not included: ${bytes} in ${sessions} of ${hosts} with a verdict weaker than probable`,
    noWindow: 'none: no packet or flow was read',
    noneInside: 'none: no packet or flow in the time range',
    inWindow: (records: string) => `in the window ${records}`,
    inputsRead: (read: number, all: number) => `${grouped(read)} of ${grouped(all)} read`,
    inputsDamaged: (n: number) => `${grouped(n)} of them damaged`,
    inputsUnreadable: (n: number) => `${grouped(n)} unreadable`,
    incomplete: 'INCOMPLETE: ',
    judgedParts: (conversations: string, bytes: string) =>
      `${conversations} of conversations judged (${bytes} of their bytes)`,
    bytesDecoded: (part: string) => `${part} of bytes decoded`,
    truncated: (part: string) => `${part} of packets truncated by the snap length`,
    sampled: (part: string) => `${part} of records sampled`,
    ofTcpBytes: (parts: string) => `of TCP bytes ${parts}`,
    encrypted: (part: string) => `${part} encrypted`,
    oneSided: (part: string) => `${part} seen in one direction only`,
    power: (watts: string, kwh: string, low: string, high: string, duty: string) =>
      `${watts} while mining; ${kwh} kWh/day (${low}–${high}), extrapolated to 24 h, mining ${duty} of the time`,
    modelledPower: (hosts: string, watts: string, kwh: string, low: string, high: string, duty: string) =>
      `power of ${hosts} without a measured rate: ${watts} while mining; ${kwh} kWh/day (${low}–${high}), extrapolated to 24 h, mining ${duty} of the time; not included in totals`,
    moreAssumptions: (n: number) => `and ${counted(n, 'more assumption')}`,
    blindTo: (sessions: string, hosts: string, reason: string) =>
      `hashrate of ${sessions} on ${hosts}: ${reason}`,
    blind: {
      encrypted: 'encrypted: only names and timing are known',
      flow: 'known only from flow records',
      noShare: 'no share was seen',
      noAlgorithm: 'algorithm unknown, work stays in difficulty units',
      noDifficulty: 'difficulty of the shares unknown',
    },
    unpriced: (shares: string) =>
      `work of ${shares}: difficulty not seen, impossible to meet, or not met by their own hash`,
    damageMore: (inputs: string) => `and ${inputs}`,
  },

  diff: enDiff,
  explain: enExplain,
  page: enPage,
  method: enMethod,
};

/** The catalogue: what a language has to say. */
export type ReportText = typeof en;
