/** What a reader must know of how an audit was made: limits that were reached, old data, what could not be read. */
import { counted, digits, grouped } from '../figures.ts';
import type { Statement } from '../statement.ts';

/** Inputs of which the same is said: the first ones, and how many more. */
export type Inputs = { inputs: readonly string[]; more: number };
type Count = { count: number };
const some = ({ inputs, more }: Inputs): string =>
  `${inputs.join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
const alike = (more: number): string => (more === 0 ? '' : ` (and ${counted(more, 'more input')} likewise)`);
/** Packets that came through the same kind of tunnel or export, and its first senders. */
export type Through = { packets: number; senders: readonly string[]; more: number };
const packetsOf = ({ packets }: Through): string => counted(packets, 'packet');
const senders = (p: Through): string => some({ inputs: p.senders, more: p.more });
const flows = (count: number): string => counted(count, 'flow record');
const pairs = (count: number): string =>
  count === 1 ? '1 pair of client and server' : `${grouped(count)} pairs of client and server`;

/** Columns of a store without which the audit is weaker. */
export type StoreColumn = 'end' | 'packets' | 'tcpFlags' | 'sampling' | 'exporter' | 'protocol';
const WITHOUT: Readonly<Record<StoreColumn, string>> = {
  end: 'no end of flows: durations come from the first and last record',
  packets: 'no packet counts: behaviour is not judged',
  tcpFlags: 'no TCP flags: attempts without an answer look like short flows',
  sampling: 'no sampling rate: counters are used as they are',
  exporter: 'no exporter: flows that two exporters report count twice',
  protocol: 'no protocol: all rows are treated as TCP',
};

/** Why an entry of a pool list is ignored. */
export type LineReason = Extract<keyof typeof NOTES, `line-${string}`>;

export const NOTES = {
  'news-alone': () => 'only hosts that are news of this night are told of',
  'pseudonyms-of-accounts': () => 'accounts and workers are pseudonyms: acct-… and wkr-… are not real names',
  'pseudonyms-of-addresses': (p: { range: string }) =>
    `addresses in ${p.range} are pseudonyms, not real hosts; addresses of known pools are real; names, owners and files are pseudonyms, places are removed`,
  'old-owners': (p: { title: string; date: string; months: number; isBefore: boolean }) =>
    `Owners come from ${p.title} of ${p.date}, ${p.months} months ${p.isBefore ? 'before' : 'after'} the traffic: addresses may have changed hands.`,
  'old-look-ups': (p: { file: string; day: string; days: number; most: number }) =>
    `${p.file}: addresses were looked up on ${p.day}, ${grouped(p.days)} days ago; after ${grouped(p.most)} days they are no proof: run 'minesweep pools resolve' again (--pools-age)`,
  'old-catalogue': (p: { date: string; days: number }) =>
    `the pool catalogue is of ${p.date}, ${grouped(p.days)} days before the traffic: pools may be missing`,
  'owners-lines-ignored': (p: { file: string; count: number; examples: readonly string[]; more: boolean }) =>
    `${p.file}: ${counted(p.count, 'line')} ignored (${p.examples.join(', ')}${p.more ? ', …' : ''})`,
  'leases-wrong': (p: { count: number }) =>
    `leases: ${counted(p.count, 'entry', 'entries')} without an address, a machine or a possible time, or with an end before the beginning, ignored`,
  'leases-left': (p: { count: number; most: number }) =>
    `leases: ${counted(p.count, 'entry', 'entries')} beyond the first ${grouped(p.most)} ignored`,
  'leases-overlap': (p: { count: number; ip: string; time: string }) =>
    `leases: ${grouped(p.count)} overlap, for example that of ${p.ip} from ${p.time} on and the one before it; the one that began last counts`,
  'leases-none': (p: { count: number; of: number }) =>
    `leases: none tells who had the address of ${grouped(p.count)} of ${counted(p.of, 'host')} at the time; if that is most of them, check their time zone (--input-tz)`,
  'leases-shared': (p: { ips: readonly string[]; more: number }) =>
    `leases: changed hands while they were seen, so that their rows are of several machines: ${p.ips.join(', ')}${p.more > 0 ? ` and ${grouped(p.more)} more` : ''}`,
  'allow-expired': (p: { file: string; line: number; day: string }) =>
    `${p.file}:${p.line}: expired ${p.day}, ignored`,
  'allow-no-rule': (p: { file: string; line: number }) => `${p.file}:${p.line}: not a rule, ignored`,
  allowed: (p: { file: string; sessions: number; contacts: number }) =>
    `${p.file}: known, not reported: ${counted(p.sessions, 'session')}, ${counted(p.contacts, 'contact')} without a session`,
  'pool-list-empty': (p: { file: string; line: number | null; reason: Statement | null }) =>
    `${p.file}: no endpoint found${p.line === null ? '' : `; line ${p.line}: ${p.reason?.text ?? ''}`}`,
  'pool-list-ignored': (p: { file: string; count: number; line: number; reason: Statement }) =>
    `${p.file}: ${counted(p.count, 'entry', 'entries')} ignored; line ${p.line}: ${p.reason.text}`,
  'line-node-port': "a port of a coin's own network",
  'line-reserved-address': 'a private or reserved address; only a plain list may name one, with its port',
  'line-wide-prefix': 'a prefix too wide to be a pool',
  'line-too-many-prefixes': 'more prefixes than a list of pools has',
  'line-no-host-name': 'not a host name',
  'line-no-host': 'no host in the row',
  'line-no-port': 'not a valid port',
  'line-no-time': 'no time of its look-up',
  'line-no-endpoint': 'not an endpoint',
  'line-no-rule': 'not a rule',
  'line-other-rule': 'a rule that is not about mining',
  'line-empty-rule': 'a rule without a host name or address',
  'line-web-address': 'a web address, not an endpoint',
  'line-pool-website': 'a known web site of a pool',
  'line-single-label': 'a single label, not a domain',
  'line-public-suffix': 'a public suffix',
  'line-shared-domain': 'a shared hosting or dynamic DNS domain',
  'line-coin-node': 'a seed, node, wallet or explorer of a coin',
  'line-known-site': 'a known site that is not a pool',
  'line-run-together': 'two names run together',

  'outside-times': (p: Count) =>
    `none of ${grouped(p.count)} packets and flow records is between --since and --until`,
  'across-times': (p: Count & { of: number }) =>
    `${grouped(p.count)} of ${flows(p.of)} ${p.count === 1 ? 'crosses' : 'cross'} --since or --until: counted in full, and the window is extended to match`,
  'times-without-zone': (p: Inputs) =>
    `${some(p)}: times have no time zone, UTC assumed; set it with --input-tz`,
  'times-apart': (p: Inputs & { first: string; last: string }) =>
    `${some(p)}: times of ${p.first === p.last ? p.first : `${p.first} to ${p.last}`} are months or years from all others, probably by a wrong clock; not counted in the window`,
  'files-skipped': (p: Inputs & Count) =>
    `${counted(p.count, 'file')} in folders skipped, neither captures nor logs: ${some(p)}`,
  'input-grown': (p: { readonly input: string }) =>
    `${p.input}: has grown since it was read; the new part is not read`,
  'input-late': (p: { readonly input: string }) =>
    `${p.input}: came too late: the audit of its period is closed; not counted`,
  'through-outside': (p: Through) =>
    `${packetsOf(p)} of what was found came through tunnels from outside the own networks (${senders(p)}): no more than suspected; name their senders with --trust-tunnel if they are yours`,
  'through-one-way': (p: Through) =>
    `${packetsOf(p)} of what was found came through tunnels that go one way, as a switch mirrors traffic (${senders(p)}): no more than suspected; name their sender with --trust-tunnel if it is yours`,
  'through-unknown': (p: Through) =>
    `${packetsOf(p)} of what was found came through tunnels that were too many to tell apart: no more than suspected`,
  'through-exporter': (p: Through) =>
    `${packetsOf(p)} of what was found are told of by exporters outside the own networks (${senders(p)}): no more than suspected; name them with --trust-exporter if they are yours`,
  'through-unread': (p: { exports: number; names: number }) =>
    `not read, as they came through tunnels from outside the own networks: ${counted(p.exports, 'export datagram')} and ${counted(p.names, 'DNS message')}; name their senders with --trust-tunnel if they are yours`,
  'captures-out-of-order': (p: Count) =>
    `${counted(p.count, 'capture')} read after later ones: shares of connections that continue in them may be missing`,
  'specials-skipped': (p: Inputs & Count) =>
    `${p.count === 1 ? '1 pipe, socket or device' : `${grouped(p.count)} pipes, sockets or devices`} in folders skipped: ${some(p)}; name them to read them`,
  'input-silent': (p: Inputs) => `${some(p)}: no flow records and no names`,
  'columns-missing': (p: Inputs & { columns: readonly string[] }) =>
    `${some(p)}: no column found for ${listed(p.columns)}; name it with --columns src=…,dst=…,dport=…,start=…`,
  'both-directions-together': (p: Inputs) =>
    `${some(p)}: both directions are counted together, all of it as sent; Argus prints them apart with ra -s +spkts,+dpkts,+sbytes,+dbytes`,
  'both-directions-estimated': (p: Inputs) =>
    `${some(p)}: both directions are counted together; the split is estimated, the sum is exact`,
  'bytes-missing': (p: Inputs) =>
    `${some(p)}: no column found for bytes, so flows have none; name it with --columns bytes=…`,
  'bytes-never': (p: Inputs) =>
    `${some(p)}: this log does not count the bytes of connections; it shows who talked to whom, not how much`,
  'columns-unread': (p: Inputs & { columns: readonly string[] }) =>
    `${some(p)}: ${listed(p.columns)} may count bytes and ${p.columns.length === 1 ? 'is' : 'are'} not read; name them with --columns bytes=…,reverse-bytes=…`,
  'dates-mixed': (p: Inputs) =>
    `${some(p)}: some dates start with the day; ambiguous ones are read as starting with the month`,
  'input-unsupported-layout': (p: Inputs) =>
    `${some(p)}: this layout is not supported; print it with the nfdump that wrote it (nfdump -q -r FILE -o csv-fast)`,
  'input-encrypted': (p: Inputs) => `${some(p)}: encrypted; print it with the nfdump that wrote it`,
  'input-anonymised': (p: Inputs) => `${some(p)}: addresses were rewritten, so pools cannot be recognised`,
  'input-unknown': (p: Inputs & { what: Statement }) => `${some(p)}: ${p.what.text}`,
  'head-capture': (p: { program: string }) =>
    `a capture of ${p.program}, which is not supported; convert it with: editcap -F pcapng IN OUT`,
  'head-packed': 'compressed with xz, zip or 7-Zip; unpack it first',
  'head-silk': 'SiLK records; print them with rwcut, or convert them with rwsilk2ipfix',
  'head-argus': (p: { columns: string }) =>
    `Argus records; print them with: ra -n -u -c , -s ${p.columns} -r FILE`,
  'head-utf16': 'text in UTF-16, which is not supported; save it as UTF-8',
  'head-product': (p: { product: string }) =>
    `nearest to ${p.product}, but its first lines hold no connection; if it is that, name it with --input-format`,
  'head-pmacct': 'flows of pmacct without a time or without ports; aggregate by timestamp_start and dst_port',
  'head-json': 'JSON of an unknown kind; if it is a supported format, name it with --input-format',
  'head-no-header': (p: { columns: boolean }) =>
    `the first line is a row, not a header; name its columns by position, for example --columns src=#1,dst=#2,dport=#3,start=#4${p.columns ? `, or all of them in order: --columns '\${version} \${account-id} …'` : ''}`,
  'head-ra-blanks': 'columns of ra separated by blanks; print them with commas (ra -c ,)',
  'head-columns-missing': (p: { columns: readonly string[] }) =>
    `a table without a known column for ${listed(p.columns)}; name it with --columns ${p.columns.map((name) => `${name}=…`).join(',')}`,

  'capture-copies': (p: { copy: string; of: string; more: number }) =>
    `${p.copy} starts like ${p.of}${alike(p.more)}: if it is a copy, its traffic counts twice`,
  'clocks-differ': (p: { input: string; of: string; seconds: number }) =>
    `${p.input} holds packets of ${p.of}, ${grouped(Math.abs(p.seconds))} seconds ${p.seconds > 0 ? 'later' : 'earlier'}: the clocks differ, so the times of ${p.of} count, and its packets count once`,
  'packets-twice': (p: { input: string; seconds: number }) =>
    `${p.input} holds packets twice, ${grouped(p.seconds)} seconds apart, as of two probes whose clocks differ: TCP packets count once, where they come first; the window is as long as the times of both`,
  'log-copies': (p: { copy: string; of: string; more: number }) =>
    `${p.copy} starts like ${p.of}${alike(p.more)}: treated as copies, only the more complete one counts`,
  'logs-alike': (p: { copy: string; of: string; more: number }) =>
    `${p.copy} has the same number of records, at the same times, as ${p.of}${alike(p.more)}: if they are the same, they count twice`,

  'exports-lost': (p: { exporter: string; unit: string; lost: number; of: number }) =>
    `exports of ${p.exporter}: ${grouped(p.lost)} of ${grouped(p.of)} ${p.unit} missing (${digits((p.lost / p.of) * 100, 2)} %)`,
  'exports-template': (p: { exporter: string; template: number; sets: number; isLate: boolean }) =>
    `exports of ${p.exporter}: ${counted(p.sets, 'set')} of template ${p.template} not read, ${p.isLate ? 'template arrived too late' : 'template missing'}`,
  'exports-unscaled': (p: {
    exporter: string;
    sampler: number | null;
    flows: number;
    interval: number | null;
  }) =>
    `exports of ${p.exporter}: ${counted(p.flows, 'flow')}${p.sampler === null ? '' : ` of sampler ${p.sampler}`} not scaled up, ${
      p.interval === null
        ? 'sampling interval missing'
        : `sampling interval (1 in ${digits(p.interval, 6)}) arrived too late`
    }`,
  'exports-out-counters': (p: { exporter: string; flows: number }) =>
    `exports of ${p.exporter}: OUT counters of ${counted(p.flows, 'flow')} ignored, they may count the same packets as the IN counters`,
  'exports-no-clock': (p: { exporter: string; messages: number }) =>
    `exports of ${p.exporter}: clock not set in ${counted(p.messages, 'message')}; arrival time used`,
  'exports-no-boot': (p: { exporter: string; flows: number }) =>
    `exports of ${p.exporter}: times of ${counted(p.flows, 'flow')} count from an unknown boot time; export time used as their end`,
  'exports-no-time': (p: { exporter: string; flows: number }) =>
    `exports of ${p.exporter}: ${counted(p.flows, 'flow')} without a time; export time used`,
  'exports-borrowed': (p: { exporter: string; sets: number }) =>
    `exports of ${p.exporter}: ${counted(p.sets, 'set')} read with a template from another source port`,
  'exports-no-clock-more': (p: Count) => `exports: ${counted(p.count, 'more exporter')} without a clock`,
  'exports-no-boot-more': (p: Count) =>
    `exports: ${counted(p.count, 'more exporter')} with unknown boot time`,
  'exports-no-time-more': (p: Count) => `exports: ${counted(p.count, 'more exporter')} without times`,
  'exports-borrowed-more': (p: Count) =>
    `exports: ${counted(p.count, 'more exporter')} with templates and data from different ports`,
  'exports-lost-more': (p: Count) => `exports: ${counted(p.count, 'more exporter')} lost some records`,
  'exports-template-more': (p: Count) => `exports: ${counted(p.count, 'more template')} too late or missing`,
  'exports-unscaled-more': (p: Count) =>
    `exports: ${counted(p.count, 'more sampler')} with a sampling interval too late or missing`,
  'exports-out-more': (p: Count) => `exports: ${counted(p.count, 'more exporter')} with OUT counters ignored`,

  'captured-and-recorded': (p: Count) =>
    `${pairs(p.count)} in both captures and flow records: the captures count`,
  'partly-captured': (p: Count) =>
    `${pairs(p.count)} in captures for a part of the time of the flow records: what the captures do not cover is added from the records`,
  'nothing-to-match':
    "nothing could be matched in the flow logs: the catalogue holds names, and these logs have none; look addresses up with 'minesweep pools resolve' and give the file with --pools, or give names with --names",
  'pairs-undecided': (p: Count) =>
    `behaviour of ${pairs(p.count)} in flow records could not be decided from what these parts keep of them`,
  'not-judged': (p: Count & { reason: Statement }) =>
    `behaviour of ${pairs(p.count)} in flow records was not judged: ${p.reason.text}`,

  'not-captured': (p: { bytes: number; sessions: number; percent: number }) =>
    `${grouped(p.bytes)} bytes of ${counted(p.sessions, 'mining session')} (${p.percent} % of their payload) were sent but not captured: shares in them are not counted, and share-based rates are too low by about as much`,
  'same-work': (p: { sessions: number }) =>
    p.sessions === 1
      ? '1 session submits the same shares as another one: if both sides of a router or relay were captured, or it was played again, it counts twice'
      : `${grouped(p.sessions)} sessions submit the same shares as others: if both sides of a router or relay were captured, or they were played again, they count twice`,

  'limit-names': (p: Count) =>
    `${counted(p.count, 'pool address', 'pool addresses')} dropped: the table of names is full`,
  fragments: (p: { incomplete: number; overlapping: number; malformed: number }) =>
    `fragments: ${grouped(p.incomplete)} incomplete datagrams, ${grouped(p.overlapping)} overlaps, ${grouped(p.malformed)} malformed`,
  'limit-connections': (p: Count) => `${counted(p.count, 'connection')} ended early: too many at once`,
  'limit-opaque': (p: Count) =>
    `${counted(p.count, 'unreadable connection')} not checked for signs of mining: too many at once`,
  'limit-in-step': (p: Count) =>
    `${grouped(p.count)} pushes, blocks, sessions or parts of sessions were not compared or counted: too many; more sessions may be in step with new blocks, or have more shares`,
  'blocks-apart': 'no block of --blocks was found while the traffic was recorded: are its times in UTC?',
  'limit-contacts': (p: Count) => `${counted(p.count, 'contact')} with pools dropped: too many`,
  'limit-undecided': (p: Count) => `${counted(p.count, 'connection')} not examined: too many at once`,
  'limit-sessions': (p: Count) => `${counted(p.count, 'session')} not kept: too many`,
  'limit-messages': (p: Count) =>
    `${counted(p.count, 'message')} of connections that may be mining read only in part: too long`,
  'limit-looks': (p: Count) =>
    `${counted(p.count, 'packet')} not looked at: what these connections said before was not mining`,
  'limit-tunnels': (p: Count) =>
    `${counted(p.count, 'tunnel')} forgotten: too many at once; what comes through them counts as from a stranger`,
  'limit-evidence': (p: Count) => `${counted(p.count, 'row')} of evidence left out: too many for one host`,
  'limit-conversations': (p: Count) =>
    `${counted(p.count, 'flow conversation')} ended early: too many at once`,
  'limit-conversations-total': (p: Count) => `${counted(p.count, 'flow conversation')} dropped: too many`,
  'limit-relations': (p: Count) => `${counted(p.count, 'flow conversation')} not judged: too many at once`,
  'limit-observers': (p: Count) => `${flows(p.count)} not counted: too many exporters saw the same flow`,
  'short-of-memory':
    'the run ended early, because the memory that Node.js may use was nearly full: scan fewer inputs at once and merge the audits, set limits (--limit sessions=…), or give it more (NODE_OPTIONS=--max-old-space-size=8192)',
  'no-time': (p: Count) => `${flows(p.count)} not counted: no time`,

  'store-lacks': (p: { store: string; column: StoreColumn }) => `${p.store}: ${WITHOUT[p.column]}`,
  'store-partial': (p: { store: string; settings: readonly string[] }) =>
    `${p.store}: the server settings of this user may drop rows: ${p.settings.join(', ')}`,
  'store-no-endpoint': (p: { store: string }) =>
    `${p.store}: no endpoint could be matched: the catalogue holds names, the table holds addresses; give --pools with the file of 'minesweep pools resolve', or --names`,
  'store-not-judged': (p: { store: string }) =>
    `${p.store}: behaviour was not judged, because the table has no packet counts`,
  'store-search-cut': (p: { store: string; searched: number; slices: number; pairs: number }) =>
    `${p.store}: the search for unlisted miners read ${p.searched} of ${p.slices} time slices and ${grouped(p.pairs)} pairs of hosts; then its budget was used up`,
};
