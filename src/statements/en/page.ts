/** English words of the page, section by section in its order. */
import { counted, grouped } from '../figures.ts';

export const enPage = {
  title: 'Mining audit',
  madeBy: (tool: string, time: string) => `Made by ${tool} at ${time}`,
  contents: 'Contents',
  notAssessed: 'not assessed',
  none: 'none',
  other: (n: number) => `${grouped(n)} more`,
  more: (shown: number, all: number, where: string) =>
    `Showing the first ${grouped(shown)} of ${grouped(all)}; the rest is in ${where}.`,
  interval95: '95 %',
  addresses: 'Addresses',
  minerAddresses: 'Miner addresses',
  ofMiners: (n: number) => `Of ${grouped(n)}`,
  several:
    'An address that uses several of them counts in several rows, so the percentages may add up to more than 100 %.',

  nav: {
    headline: 'Headline',
    rates: 'Rates',
    time: 'Over time',
    breakdown: 'Who, what, where',
    hosts: 'Hosts',
    details: 'Host by host',
    coverage: 'Coverage',
    unseen: 'Not seen',
    method: 'Method',
    published: 'Published audits',
  },

  warning: {
    incomplete: (decoded: string, judged: string | null) =>
      `Coverage is incomplete: ${decoded} of bytes could be decoded${judged === null ? '' : `, and ${judged} of the traffic could be judged`}. Mining may exist that this audit does not show.`,
    damaged: (n: number) =>
      n === 1
        ? 'One input was damaged or unreadable; the readable part is included.'
        : `${grouped(n)} inputs were damaged or unreadable; the readable parts are included.`,
  },

  headline: {
    title: 'Headline figures',
    miners: 'Miner addresses',
    minersOf: (hosts: string) => `confirmed or probable, of ${hosts} with evidence`,
    machines: 'Machines behind them',
    machinesOf: (addresses: string) =>
      `distinct machines behind ${addresses}, by workers, logins, connections and nonces`,
    traffic: 'Traffic to pools',
    trafficOf: (into: string, bytes: string, sessions: string, window: string) =>
      `and ${into} back: ${bytes} in ${sessions}, mean over the window of ${window}`,
    energy: 'Electricity',
    energyOf: (low: string, high: string, watts: string, duty: string) =>
      `per day (${low}–${high}), extrapolated to 24 h, mining ${duty} of the time; ${watts} while mining`,
    energyNone: 'power could not be derived',
    energyModelled: (hosts: string, kwh: string, low: string, high: string, duty: string) =>
      `in addition, modelled and not included: ${kwh} kWh per day (${low}–${high}) of ${hosts} without a measured rate, mining ${duty} of the time`,
    institutional: 'Institutional share',
    institutionalOf: (n: number, all: number, interval: string) =>
      `${grouped(n)} of ${grouped(all)} miner addresses (95 %: ${interval}) at government, education or enterprise`,
    ownerUnknown: (n: number, all: number) => `owner unknown: ${grouped(n)} of ${grouped(all)}`,
    institutionalNone: 'owners were not looked up',
    coverage: 'Traffic decoded',
    coverageOf: (records: string) => `of bytes, in ${records}`,
    complete: 'complete',
    incomplete: 'INCOMPLETE',
    rates: 'Hashrate by algorithm',
    ratesNote: 'Rates of different algorithms are not comparable and never added.',
    noRates: 'No hashrate could be measured.',
  },

  paragraph: {
    title: 'In one paragraph',
    seen: (window: string, addresses: string, pools: string) =>
      `In the window ${window}, ${addresses} mined with ${pools}`,
    traffic: (out: string, into: string) => `, sending ${out} and receiving ${into} on average. `,
    compute: (rates: string) => `Measured hashrates: ${rates}. `,
    energy: (kwh: string, low: string, high: string) =>
      `Estimated electricity: ${kwh} kWh per day (${low}–${high}), extrapolated to 24 h. `,
    cities: (cities: string) => `Most addresses were in ${cities}. `,
    institutional: (share: string, interval: string, unknown: string) =>
      `${share} of the miner addresses (95 %: ${interval}) belong to government, education or enterprise; the owner of ${unknown} is unknown. `,
    intent: (hijacked: string, deliberate: string, undetermined: string) =>
      `Intent: probably hijacked ${hijacked}, probably deliberate ${deliberate}, undetermined ${undetermined}.`,
  },

  history: {
    title: 'Mining over time',
    byDay: 'By day',
    byOwner: 'By owner',
    everyDay: 'Every day',
    owner: 'Owner',
    day: 'Day',
    days: 'Days',
    observed: 'Observed',
    hosts: 'Addresses by verdict',
    traffic: 'Traffic with pools',
    trafficNote: 'Of addresses confirmed or probable.',
    energy: 'Electricity',
    energyNote: 'Central estimate of what the miners took in the observed time of each day.',
    measured: 'by measured rates and known machines',
    modelled: 'by assumptions alone',
    hashrate: (algorithm: string, basis: string) => `Hashrate, ${algorithm} (${basis})`,
    hashrateNote: 'Mean over the observed time of each day.',
    missing: (n: number) => `There is no audit of ${counted(n, 'day')} in between: nothing is known of it.`,
    incomplete: (n: number, all: number) =>
      `On ${grouped(n)} of ${counted(all, 'day')} not all traffic could be judged (marked *): there may have been more mining.`,
    pseudonyms: (kinds: string) => `Pseudonyms: ${kinds}`,
    cut: (n: number) => `${counted(n, 'earlier day')} not shown; the CSV has all.`,
    star: '* not all traffic of the day could be judged.',
  },

  time: {
    title: 'Over time',
    zone: (zone: string, step: string) => `Times are ${zone}; one step is ${step}.`,
    traffic: 'Traffic with pools',
    trafficNote: 'The bytes of a session are spread evenly over its duration.',
    out: 'to pools',
    into: 'from pools',
    miners: 'Addresses in a session with a pool',
    minersNote: 'Sessions of every verdict that were established.',
    hashrate: (algorithm: string) => `Hashrate, ${algorithm}`,
    hashrateNote: (sessions: string, all: string) =>
      `From the shares of known difficulty in ${sessions} of ${all} with this algorithm.`,
    moreAlgorithms: (n: number) => `${grouped(n)} further algorithms have no chart; see the table of rates.`,
    nothing: 'No data to chart in this window.',
  },

  breakdown: {
    title: 'Who, what, where',
    owners: 'Owners',
    ownersNote: 'Government, education and enterprise count as institutional.',
    ownerClass: 'Class',
    institutional: 'institutional',
    ofAll: 'Share of all',
    ofKnown: 'Share of known',
    departments: 'Departments',
    departmentsNote: 'From your owners table, highest power first. departments.csv lists the addresses.',
    organisation: 'Organisation',
    contact: 'Contact',
    intent: 'Intent',
    intentNote:
      'A result other than “undetermined” needs reasons of two independent kinds. It is a likelihood, not an accusation.',
    reasons: 'Reasons for hijacked or deliberate',
    reasonsNote:
      'What was seen at miner addresses. Of each kind of reason, only the strongest counts per address.',
    reason: 'Reason',
    algorithms: 'Algorithms',
    pools: 'Pools',
    poolsNote:
      'Most miner addresses first. Hosts are all addresses that reached the pool, whatever their verdict.',
    scanned: (n: number) => `${counted(n, 'further endpoint')} that only scanners tried.`,
    operator: 'Operator',
    coins: 'Coins',
    coinsNote: 'A coin is inferred from the pool, the port or the work itself.',
    clusters: 'Accounts with several addresses',
    clustersNote:
      'Either one operator has many hosts, or the address of a machine changed. A wallet links addresses at any pool, a user name only at one pool.',
    accounts: 'Account',
    workers: 'Workers',
    sameWorker: 'Workers at several addresses',
    cities: 'Places',
    citiesNote: 'From the owners table or the city database. The place of an address is an estimate.',
    city: 'City',
    region: 'Region',
    country: 'Country',
    energy: 'kWh/day',
    energyModelled: 'kWh/day, modelled, not included',
    placeUnknown: (known: number, all: number) =>
      `A city is known for ${grouped(known)} of ${grouped(all)} miner addresses.`,
    noMiners: 'No miner address was found.',
  },

  hosts: {
    title: 'Hosts',
    note: 'Every address with evidence: strongest verdict first, then highest power. Click a header to sort; rates sort within their algorithm.',
    search: 'Search',
    searchHint: 'address, worker, pool, owner …',
    anyVerdict: 'all verdicts',
    /** Around the number of rows that match. */
    found: { before: '', after: (all: string) => ` of ${all} match` },
    showAll: 'Show all matches',
    owner: 'Owner',
    none: 'No host has any evidence of mining.',
  },

  details: {
    title: 'Host by host',
    note: (n: number, all: number) =>
      n === all
        ? 'Sessions, shares over time and evidence of every host.'
        : `Sessions, shares over time and evidence of the first ${grouped(n)} of ${grouped(all)} hosts, strongest verdict first. For any other: minesweep explain IP audit.json.`,
    openAll: 'Open all',
    closeAll: 'Close all',
    printNote: 'When printed, only opened hosts are shown in full.',
    back: 'back to the list',
    seen: 'Seen',
    through: 'Found through',
    duty: 'Active',
    dutyOf: (part: string) => `${part} of the window`,
    owner: 'Owner',
    source: 'source',
    confidence: 'confidence',
    intent: 'Intent',
    power: 'Power',
    powerOf: (watts: string, kwh: string, low: string, high: string, duty: string) =>
      `${watts} while mining; ${kwh} kWh/day (${low}–${high}), extrapolated to 24 h, mining ${duty} of the time`,
    tier: {
      A: 'from shares',
      B: 'from the kind of machine',
      C: 'modelled, not included in totals',
      flat: 'one figure per address, as requested',
    },
    machines: 'Machines',
    traffic: 'Traffic',
    trafficOf: (out: string, into: string, bytes: string) => `${out} out, ${into} in; ${bytes}`,
    rates: 'Hashrate',
    accounts: 'Accounts',
    sessions: 'Sessions',
    time: 'Time',
    pool: 'Pool',
    via: 'via',
    protocol: 'Protocol',
    algorithm: 'Algorithm',
    login: 'Login',
    shares: 'Shares',
    sharesOf: (accepted: string, rejected: string, stale: string, unanswered: string) =>
      `${accepted} accepted, ${rejected} rejected, ${stale} stale, ${unanswered} unanswered`,
    difficulty: 'Hashes per share',
    changes: (n: number) => `last of ${grouped(n)} values`,
    rate: 'Rate (95 %)',
    timeline: 'Shares over time',
    timelineStep: (step: string) => `shares per ${step}`,
    timelineSeen: 'Shares of encrypted sessions over time, counted by sizes and times',
    sharesSeen: (accepted: string, rejected: string, pace: string) =>
      `counted by sizes and times; ${accepted} accepted, ${rejected} rejected; ${pace} a minute`,
    connections: (count: number) => `${grouped(count)} connections`,
    silent: (time: string) => `silent ${time}`,
    seenNote:
      'What a share of an encrypted session is worth does not show: ask the pool for the difficulty of the account, or read it off the miner; --assume makes a rate of it.',
    evidence: 'Evidence',
    evidenceNote: 'Strongest first.',
    kind: 'Kind',
    strength: 'Strength',
    what: 'What was seen',
    where: 'Input, record',
    noSessions: 'No session was established.',
    noEvidence: 'No evidence is recorded.',
    tried: (attempts: number, ends: number) =>
      `${grouped(attempts)} attempts at ${grouped(ends)} endpoints, as a scanner makes them.`,
    moreSessions: (n: number) => `${grouped(n)} more sessions are in sessions.csv.`,
    moreEvidence: (n: number) => `${grouped(n)} more facts are in audit.json.`,
  },

  coverage: {
    title: 'Coverage and damage',
    part: 'Part',
    ofBytes: 'Of bytes',
    ofRecords: 'Of packets or flows',
    meaning: 'What it means',
    parts: {
      decoded: { name: 'decoded', meaning: 'decoded down to TCP, UDP or another transport' },
      skipped: { name: 'skipped', meaning: 'not decoded; reasons are counted below' },
      encrypted: {
        name: 'encrypted',
        meaning: 'TCP that was TLS from the start: the protocol cannot be parsed',
      },
      oneSided: { name: 'one-sided', meaning: 'TCP connections with only one direction captured' },
      truncated: { name: 'truncated', meaning: 'packets truncated by the snap length of the capture' },
      sampled: { name: 'sampled', meaning: 'records that represent more packets than were observed' },
    },
    reasons: 'Why packets were skipped',
    reason: 'Reason',
    count: 'Count',
    inputs: 'Inputs',
    input: 'Input',
    kind: 'Kind',
    size: 'Size',
    records: 'Packets or flows',
    time: 'First and last record',
    damage: 'Damage',
    noDamage: 'none',
  },

  unseen: {
    title: 'Not observable',
    here: 'In this audit',
    nothingHere: 'Everything that was found could be measured.',
    always: 'In general',
    encrypted: (bytes: string) =>
      `${bytes} of TCP bytes were encrypted. Miners inside TLS are found by pool names, pool addresses and timing, not by content; a miner that uses an unlisted name or address can be missed.`,
    limits: [
      'Traffic that did not pass the point of capture: on other links, at other times, or of hosts that were switched off.',
      'Mining inside a VPN or an encrypted tunnel, and in the pages of a browser that reach their pool through an ordinary web server.',
      'A solo miner whose node runs on the same machine: only the node’s own traffic crosses the network.',
      'How many machines are behind an address translator or a proxy, if workers, logins and nonces do not show it.',
      'Whether the owner of a machine knows about the mining. Traffic shows that an address mines; only the machine shows who started it.',
    ],
  },

  foot: {
    schema: (schema: string) =>
      `The same figures in machine-readable form: audit.json (${schema}), hosts.csv, sessions.csv, pools.csv, totals.csv.`,
    self: 'This page is a single file; it loads nothing and sends nothing.',
    paper:
      'On paper: totals, hosts and coverage. Charts, all inputs, the method and each host in full are on the screen; a host that is open there is printed.',
    escapes:
      'Text from the network is shown as received; invisible and control characters are shown as code points:',
  },
};
