/** English words of `minesweep explain`. {names} stand for figures, and for what the wire or the audit says. */

import { counted, grouped } from '../figures.ts';

export const enExplain = {
  is: '{ip} is {verdict}.',
  isServer: '{ip} is a {role}: its sessions with miners are {verdict}, and it mines nothing itself.',
  sections: {
    facts: 'FACTS, in order of time',
    sessions: 'SESSIONS, in order of time',
    hashrate: 'HASHRATE',
    traffic: 'TRAFFIC',
    unseen: 'NOT SEEN',
    lookAlikes: 'POSSIBLE FALSE POSITIVES',
    next: 'WHAT TO DO NEXT',
  },
  machine: 'Machine: {names} ({source}; lease from {from} to {to}).',
  askWhom: 'Ask: {contact}.',
  next: {
    isolate:
      'Take the machine off the network, keep its disk and memory, look for the way in, and change the passwords and keys that it held.',
    'clean-browser':
      'Close the page or remove the extension that mines; clear the browser before it is used again.',
    ask: 'Find the machine and ask its owner. Stop the mining, or allow it: an endpoint or host in --allow is not reported, and a case that is acknowledged is no news.',
    'find-miners': 'It passes on the work of others: find the machines behind it, and ask who runs it.',
    check: 'Look at load and processes of the machine. Nothing is proven: accuse nobody.',
    'look-up': 'Find the program that contacted the pool. One contact is no mining, and this is not urgent.',
    nothing: 'Nothing: a scanner tries endpoints, and a trap answers it. Neither mines.',
    'confirm-gone': 'Check that it was stopped, then close the case.',
  },
  lookFor: {
    title: ': what to look for at the machine',
    machine: 'The machine: {names}, by leases.',
    process:
      'The process that is connected to {ends}: ss -tnp on Linux, lsof -i on macOS, netstat -abno on Windows.',
    agent: 'A program that calls itself {agents}, under whatever name its file has.',
    account: 'A configuration file or command line with {accounts}.',
    start:
      'What starts it: cron, systemd units and timers, autostart entries, containers; on Windows scheduled tasks, services and Run keys.',
    since: 'Files, logins and installed packages from shortly before {time} on.',
    browser: 'Open pages and extensions of browsers that use much processor time.',
    load: 'Load of processors and graphics cards, and if it goes down when the connection is blocked.',
  },
  meaning: {
    confirmed:
      'A pool session was parsed from both sides: an accepted login or a job, and shares submitted and answered, or a login, a stream of jobs and shares.',
    probable:
      'The protocol was seen in part or from one side only, or a dedicated pool endpoint was used and the session behaves like mining.',
    suspected: 'Only behaviour, or a single weak protocol fact, was seen. This proves nothing.',
    attempted: 'A pool was tried, but no session was established.',
    listed: 'The host contacted a listed pool endpoint or looked up its name, nothing more.',
  },
  strength: { proof: 'Proof', strong: 'Strong evidence', weak: 'Weak evidence', hint: 'A hint' },
  reason: 'Reason: {reasons}.',
  seen: 'Seen {when}{lasted}{roles}.',
  through: 'Found through {ways}.',
  inRoles: (roles: readonly string[]) => `, in the role of ${roles.join(' and ')}`,
  owner: {
    class: 'Owner: {class}',
    known: ' (known from {source}',
    confidence: (share: number) => `; confidence ${Math.round(share * 100)} %`,
    end: ').',
    contact: ' Contact: {contact}.',
    intent: 'Intent: {intent}. Signs: {signs}.',
  },
  times: (count: number) => ` (${counted(count, 'time')})`,
  noInput: 'no input',
  record: (record: number) => `, record ${grouped(record)}`,
  place: '{strength}: {input}{record}, {time}',
  noFacts: 'The audit has none.',
  traffic: {
    pools: { label: 'To pools', out: 'out', in: 'in' },
    miners: { label: 'With miners', out: 'from them', in: 'to them' },
    way: (name: string, bytes: string, packets: string, rate: string) =>
      `${name} ${bytes} in ${packets} (${rate} on average over the window)`,
    both: '{label}: {out}, {in}.',
    duty: (share: string) => `It was mining ${share} of the window.`,
    activity: (share: string) => `It behaved in this way for ${share} of the window.`,
    power: (watts: string, kwh: string, low: string, high: string) =>
      `Power: ${watts} while mining; ${kwh} kWh per day (${low}–${high}), extrapolated to 24 h.`,
  },
  lookAlike: '{title}: {lookAlike} (rule: {rule}).',
  /** Title, rule and look-alike of a kind of evidence, whose words stand with the kinds. */
  kind: <K extends { readonly title: string; readonly rule: string; readonly lookAlike: string }>(
    _id: string,
    kind: K,
  ): Pick<K, 'title' | 'rule' | 'lookAlike'> => kind,

  session: {
    more: (count: number) => `and ${counted(count, 'more session')}.`,
    when: '{when}{lasted}: {verdict}{attempts}.',
    attempts: (count: number) => `, ${counted(count, 'attempt')}`,
    pool: '{pool} at {target}',
    named: '{name} ({address})',
    hop: ', through the {kind} proxy {at}',
    claim: ', with a PROXY header that claims the client {at}',
    port: (port: number) => `From port ${port}`,
    from: 'From {address}',
    over: '{dialect} over {transport}',
    route: '{from} to {pool}{hops}; {protocol}, {out} out, {in} in.',
    worker: '{account} as worker {worker}',
    moreLogins: (count: number) => `${grouped(count)} more`,
    login: 'Login: {logins}.',
    loginBy: 'Login: {logins}, by {agent}.',
    noLogin: 'Login: none seen; session by {agent}.',
    knownBy: {
      'share-hash': 'a share hashes to its target',
      job: 'by the job',
      dialect: 'the protocol serves no other',
      account: 'by the address of the account',
      agent: 'by the software',
      catalogue: 'by the pool',
      family: 'a family, of which the member is not known',
    } as Readonly<Record<string, string>>,
    coin: 'coin {coin}',
    difficulty: (units: number) => `difficulty ${grouped(units)}`,
    worth: (hashes: string) => `shares worth ${hashes} each`,
    changed: (worth: string, changes: number, last: string | null) =>
      `${worth} at first, changed ${changes === 1 ? 'once' : counted(changes, 'time')}${last === null ? '' : `, ${last} at the end`}`,
    job: 'Job: {job}.',
    noShares: 'Shares: none seen.',
    seen: (shares: string, range: string, accepted: string, rejected: string, pace: string, time: string) =>
      `Shares, counted by sizes and times: ${shares}${range}, ${accepted} accepted, ${rejected} rejected; ${pace} a minute over ${time}. What one is worth does not show.`,
    targets: (targets: number, channels: number) =>
      `The pool set the target ${counted(targets, 'time')}; its value does not show.${
        channels === 0 ? '' : ` ${counted(channels, 'channel')} opened.`
      }`,
    course: 'Shares by time, in steps of {step}: {steps}.',
    silent: 'Connected, but silent: {spans}.',
    connections: '{count}: {spans}.',
    connected: (count: number) => counted(count, 'connection'),
    accepted: (count: number) => `${grouped(count)} accepted`,
    stale: (count: number) => `${grouped(count)} stale`,
    unanswered: (count: number) => `${grouped(count)} without an answer`,
    work: (hashes: string) => `; work of ${hashes}`,
    shares: (submitted: number, outcomes: string, work: string) =>
      `Shares: ${grouped(submitted)} submitted, ${outcomes}${work}.`,
    rejected: 'Rejected: {shares}{why}; not counted as work.',
  },

  rate: {
    encrypted: 'Not observable: the content is encrypted.',
    counted:
      "Not observable: the content is encrypted. Shares were counted, but not what one is worth: ask the pool for the difficulty of this account, or read it off the miner’s screen, log or web page. Then --assume 'miner=ADDRESS algorithm=… difficulty=LOW..HIGH' gives the rate.",
    records: 'Not observable: flow records show no shares. A range can be modelled (--model).',
    unknown: 'The rate is unknown.',
    row: '{algorithm}: {rate}, {basis}.',
    marked: '* marks the rate that is used for the host. Intervals are 95 %.',
    markedModelled:
      '* marks the rate that is used for the host. Intervals are 95 %; the range of a modelled figure also covers what is not known of the assumptions.',
    fromShares: (shares: string, work: string | null, time: string | null) =>
      `from ${shares}${work === null ? '' : ` worth ${work}`}${time === null ? '' : `, found in ${time} of mining`}`,
    fromNonces: (sessions: string) => `from the nonces of ${sessions}`,
    reported: 'reported by the miner, which can set it freely',
    modelled: 'modelled from bytes and assumptions, not measured',
    modelledByCount: 'modelled from counted shares and the difficulty that was given, not measured',
    port: (port: number) => `Port ${port}: `,
    overTime: (least: string, most: string, last: string) =>
      ` In spans of 15 minutes it lay between ${least} and ${most}; in the last at ${last}.`,
    moreSessions: (count: number) => `${counted(count, 'more session')} read in the same way.`,
    more: (count: number) => `And ${counted(count, 'more')}.`,
    agree: (from: 'nonces' | 'shares') =>
      `Nonces and shares of {algorithm} agree; they are independent measurements. The more precise one, from ${from}, is used for the host.`,
    lost: 'Nonces and shares of {algorithm} disagree: packets are missing from the capture, and shares in them. The nonce-based figure is used for the host.',
    moreNonces:
      'Nonces and shares of {algorithm} disagree. The miner searched more than the shares show: pauses, rejected shares, or shares submitted elsewhere. The share-based figure is used for the host.',
    moreShares:
      'Nonces and shares of {algorithm} disagree. The shares show more than the nonces: there are more machines or threads than could be distinguished. The share-based figure is used for the host.',
  },

  unseen: {
    partial: 'The scan was interrupted: the rest is not in the audit.',
    encrypted: (count: number) =>
      `${counted(count, 'session')} ${count === 1 ? 'is' : 'are'} encrypted: names, bytes and timing are known, work and rate are not observable.`,
    refused: (sessions: string) =>
      `In ${sessions} TLS was offered and the server answered in clear text: no session was established.`,
    opaque: (sessions: string) =>
      `${sessions} without a readable message: only endpoints, bytes and times are known.`,
    unpriced: (shares: string) =>
      `Work of ${shares} is unknown: difficulty not seen, impossible to meet, or not met by the share’s own hash.`,
    units: (sessions: string) =>
      `Work of ${sessions} stays in units of difficulty: the algorithm is unknown.`,
    nonces: 'Nonces of {sessions}: {why}',
    judged: (conversations: string, bytes: string) =>
      `Only ${conversations} of all conversations and ${bytes} of their bytes could be judged.`,
    decoded: (part: string) => `Only ${part} of all bytes could be decoded.`,
    truncated: (part: string) => `${part} of all packets were truncated by the capture.`,
    oneSided: (part: string) => `${part} of all packets belong to connections seen in one direction only.`,
    damaged: '{input} is damaged: {kinds}.',
  },
};
