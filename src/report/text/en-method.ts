/** English words of the method section: how the figures came about, and how those of two published audits did. */
import type { Verdict } from '../../audit/audit.ts';

const VERDICT_MEANING: Readonly<Record<Verdict, string>> = {
  confirmed:
    'A pool session was parsed from both sides: a login accepted or a job received, and shares submitted and answered; or a login followed by a stream of jobs.',
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
    title: 'Two audits of 2021, and what their figures say together',
    lead: 'In 2021 two neighbouring provinces counted their miners. Audits like this one are compared with their figures, so it is important what these can mean. The arithmetic below uses only the published figures and the data sheets of machines of the time.',
    figure: 'Figure',
    jiangsu: 'Jiangsu',
    zhejiang: 'Zhejiang',
    own: 'This audit',
    notPublished: 'not published',
    rows: {
      by: 'Published by',
      jiangsuBy: 'Communications Administration of the province, October 2021',
      zhejiangBy:
        'provincial CNCERT branch, discipline commission and cyberspace office, December 2021 (sampled in July, spot checks in September)',
      addresses: 'Addresses',
      ownTraffic: (rate: string) => `${rate}, both directions, mean of the window`,
      notObserved: 'not observed',
      ownShare: (addresses: string, share: string) =>
        `${share}: ${addresses} at government, education and enterprise, whatever the intent`,
      traffic: 'Traffic to pools',
      hashrate: 'Hashrate',
      atLeast: (value: string) => `over ${value}, no algorithm named`,
      energy: 'Electricity per day',
      share: 'Institutional share',
      jiangsuShare:
        'about 21 % of addresses at party and government bodies, universities and enterprises, all called invaded and used',
      zhejiangShare: (addresses: string, share: string) =>
        `${addresses} addresses at about 78 state units: ${share}; of the units 34 mined deliberately, 32 were infected, 12 are not stated`,
      coins: 'Coins named',
      jiangsuCoins: 'Ethereum and Bitcoin as the most active',
      zhejiangCoins: 'twelve, among them Bitcoin, Ethereum, Litecoin and Monero',
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
    chart: 'Joules per terahash of SHA-256',
    chartImplied: 'Jiangsu, as published',
    chartNetwork: 'Bitcoin network, 2021',
    oneTitle: 'One algorithm cannot give both figures',
    one: (v: {
      rate: string;
      energy: string;
      joules: string;
      oldMachine: string;
      oldJoules: string;
      oldCount: string;
      oldEnergy: string;
      newMachine: string;
      newCount: string;
      newEnergy: string;
      factorLow: string;
      factorHigh: string;
      restLow: string;
      restHigh: string;
    }) =>
      `${v.rate} and ${v.energy} a day would be ${v.joules} per terahash. The ${v.oldMachine}, a machine of 2016, needs ${v.oldJoules}, and the whole network of 2021 about half of that: the published energy is ${v.factorLow} to ${v.factorHigh} times too high. ${v.rate} are ${v.oldCount} machines of that kind and ${v.oldEnergy} a day, or ${v.newCount} of the ${v.newMachine} and ${v.newEnergy}. So ${v.restLow} to ${v.restHigh} of the electricity belongs to machines whose work does not show in a figure of petahashes.`,
    restTitle: 'What the rest can be',
    rest: (power: string) =>
      `The rest is about ${power}. If one kind of mining alone used it, this would be:`,
    restCandidate: 'All of it by',
    restMeans: 'would mean',
    restPlausible: 'Plausible?',
    candidates: {
      ethash: (joules: string) => `Ethash on graphics cards, ${joules} at the wall`,
      ethashMeans: (rate: string, rigs: string, perAddress: string) =>
        `${rate}, about ${rigs} rigs of 1.1 kW or ${perAddress} per address`,
      ethashPlausible: 'Yes: half a percent of that network, and Ethereum is named.',
      randomx: (joules: string) => `RandomX on processors, ${joules}`,
      randomxMeans: (rate: string) => `${rate}`,
      randomxPlausible: 'No: nearly a third of all Monero mining of the time.',
      servers: 'Servers that mine unnoticed, 90 W each',
      serversMeans: (hosts: string, perAddress: string) => `${hosts} servers, ${perAddress} per address`,
      serversPlausible: 'Only behind very large address translators.',
      scrypt: (joules: string) => `Scrypt machines, ${joules}`,
      scryptMeans: (rate: string) => `${rate}`,
      scryptPlausible: 'As a part of it.',
    },
    readTitle: 'How the figures can be read',
    read: (v: {
      flatJiangsu: string;
      perJiangsu: string;
      perZhejiang: string;
      machine: string;
      watts: string;
    }) => [
      'Together they can mean: the hashrate is the Bitcoin part, at about a megawatt or less, and nearly all of the electricity is the Ethereum part. “Over” also makes the hashrate a lower bound.',
      `Another reading is a flat power per address: 4,502 × 2.4 kW × 24 h is ${v.flatJiangsu}. Zhejiang’s total is ${v.perZhejiang} per address, which is one ${v.machine} (${v.watts}) almost exactly; Jiangsu’s is ${v.perJiangsu}. So two neighbours used two different constants in one year. This is why an energy figure here has its basis and a range, and why a flat figure per address is never the default.`,
    ],
    traffic: (perAddress: string) =>
      `Traffic does not show which. One worker of a mining pool needs 0.2 to 1.5 kbit/s, so ${perAddress} per address are 20 to 150 workers, while the electricity per address is that of one to three machines. The figure may be a peak, may include pool servers or proxies in the province or other traffic of the same addresses, or many small machines may be behind each address. A report has to say which.`,
    share: (hosts: string, power: string, energy: string, part: string) =>
      `A share of addresses is not a share of energy. If the 21 % are ${hosts} hijacked servers at 90 W more each, they draw ${power}: ${energy} a day, ${part} of the total. The two shares in the table do not measure the same thing either: one counts private enterprises and calls all cases invaded, the other counts state units and finds about half of them deliberate.`,
    sourcesTitle: 'Sources',
    sources: [
      'Jiangsu Communications Administration, notice of 8 October 2021, as repeated by the trade press from 9 to 15 October.',
      'Zhejiang: report on the joint inspection by the provincial CNCERT branch, the discipline inspection commission and the cyberspace office, December 2021.',
      'Machines: makers’ data sheets (Antminer S9 13.5 TH/s at 1,323 W; S19 Pro 110 TH/s at 3,250 W; L3+ about 1.6 J/MH). Ethash at the wall 2.6 J/MH: card measurements of 2021 plus host and supply losses, an estimate (2.2–4.5). RandomX 12 J/kH and 90 W per hijacked server: estimates.',
      'Network sizes of autumn 2021 (Ethash about 700 TH/s, RandomX about 2.6 GH/s, Bitcoin about 50 J/TH): common knowledge of the time, rounded.',
    ],
  },
};
