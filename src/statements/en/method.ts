/** English words of the method section: how the figures came about, and those of published audits beside them. */

import { grouped } from '../figures.ts';

const VERDICT_MEANING = {
  confirmed:
    'A pool session was parsed from both sides: a login accepted or a job received, and shares submitted and answered, or a login, a stream of jobs and shares.',
  probable:
    'Part of a protocol or one side of it, or a dedicated pool endpoint together with a session that behaves like mining.',
  suspected: 'Behaviour alone, or one weak protocol fact.',
  attempted: 'A pool was tried, but no session was established.',
  listed: 'Contact with a listed endpoint, or a look-up of its name, nothing more.',
};

/** What each figure is: the word, and the sentence that goes on from it. */
const RULES: readonly (readonly [string, string])[] = [
  [
    'Miner addresses',
    'are confirmed or probable, without pool servers inside the own networks. Weaker verdicts are listed and counted separately, and add nothing to traffic, hashrate or energy.',
  ],
  [
    'Traffic',
    'is IP bytes of conversations with pools, both directions, as a mean over the whole window; it is neither a peak nor a percentile. Out is from miner to pool.',
  ],
  [
    'Work',
    'is the number of hashes that the accepted, stale and unanswered shares represent by their difficulty. Rejected shares do not count. Shares of unknown difficulty or algorithm are counted, but add no work.',
  ],
  [
    'Hashrate',
    'of a host is its work divided by its active time. Intervals are 95 % and depend on the number of shares: with ten shares they are about a third wide either way. If no shares are seen, a rate may come from nonce counters, from the miner’s own report or from a model; the basis is stated.',
  ],
  [
    'Energy',
    'is hashrate × joules per hash of hardware of the capture’s time × active time × overhead of the site, each with a low, a central and a high value. Lows and highs add up, because an error in efficiency is the same for all hosts of one algorithm. Per-day figures extrapolate the window to 24 h.',
  ],
  [
    'Owners',
    'come from the operator’s own table first, then from databases of networks, names and keywords. The class has a source and a confidence. Government, education and enterprise count as institutional; “unknown” is always part of the denominator.',
  ],
  [
    'Shares of addresses',
    'have Wilson 95 % intervals. They cover the sampling error only, not a wrong owner class.',
  ],
  [
    'Passwords',
    'are never shown. Wallets and workers are shown, because they link addresses to one operator; many jurisdictions treat them as personal data.',
  ],
];

export const enMethod = {
  title: 'Method and assumptions',
  assumptions: 'Assumptions of the energy figures',
  noAssumptions: 'Power could not be derived.',
  verdicts: 'Verdicts',
  verdictMeaning: VERDICT_MEANING,
  rules: RULES,

  published: {
    title: 'Beside published audits',
    lead: 'Audits like this one are held against figures that others published. The rows below the headings are computed here, from the published figures alone.',
    figure: 'Figure',
    own: 'This audit',
    notPublished: 'not published',
    rows: {
      by: 'Published by',
      addresses: 'Addresses',
      ownTraffic: (rate: string) => `${rate}, both directions, mean of the window`,
      notObserved: 'not observed',
      ownShare: (addresses: string, share: string) =>
        `${share}: ${addresses} at government, education and enterprise, whatever the intent`,
      traffic: 'Traffic to pools',
      hashrate: 'Hashrate',
      energy: 'Electricity per day',
      share: 'Institutional share',
      coins: 'Coins named',
      funnel: 'From addresses to units to machines',
      institutional: 'Addresses at institutions',
      units: 'Units (institutions)',
      namedUnits: (count: number) => `${grouped(count)} with a name`,
      intents: 'Why the units mine',
      ofUnits: (deliberate: number, hijacked: number, undetermined: number) =>
        `${grouped(deliberate)} deliberate, ${grouped(hijacked)} hijacked, ${grouped(undetermined)} undetermined`,
      machines: 'Machines',
      derived: 'Derived here',
      power: 'Mean power',
      perAddress: 'Power per address',
      energyPerAddress: 'Electricity per address and day',
      trafficPerAddress: 'Traffic per address',
      hashratePerAddress: 'Hashrate per address',
      joules: 'Energy per hash, if SHA-256',
      factor: {
        'coal-cn': (kg: string, year: string) => `Standard coal per day, ${kg} kg/kWh (${year})`,
        'co2-cn-old': (kg: string, year: string) => `CO₂ per day, ${kg} kg/kWh (old convention, ${year})`,
        'co2-cn-grid': (kg: string, year: string) => `CO₂ per day, ${kg} kg/kWh (grid of China, ${year})`,
      },
    },
    sourcesTitle: 'Sources',
  },
};
