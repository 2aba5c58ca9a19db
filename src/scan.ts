/**
 * Inputs in, one Audit out: the program's table of contents. The command line calls this and nothing below it.
 */
import { availableParallelism } from 'node:os';
import { assembleAudit } from './audit/assemble.ts';
import type { Audit, AuditInput } from './audit/audit.ts';
import { damageRow } from './audit/damage.ts';
import { mergeBasis } from './audit/merge-basis.ts';
import { FlowReader } from './batch/flow-reader.ts';
import { DIALECTS } from './dialects/index.ts';
import { copyContact } from './endpoints/contact.ts';
import { Networks } from './endpoints/networks.ts';
import type { Pue } from './energy/pue.ts';
import { fail } from './errors.ts';
import { markDuplicates } from './hosts/duplicates.ts';
import { loadMalware } from './owners/malware.ts';
import { Tap } from './packets/tap.ts';
import { loadAllowList } from './pools/allow.ts';
import { catalogueWarning } from './pools/catalogue/index.ts';
import { loadPools, oldLookUps, refusalNote } from './pools/load.ts';
import type { ImportReport, PoolSet } from './pools/pool-set.ts';
import { FLOW_FORMATS, flowFormat } from './readers/index.ts';
import { CertificateNames } from './readers/names/certificate-names.ts';
import { discover, discoverAll } from './sources/discover.ts';
import { type Statement, statement } from './statements/index.ts';
import { isStoreUrl } from './stores/clickhouse/location.ts';
import { type Allowance, isAllowed, isSessionAllowed } from './survey/allowance.ts';
import { assessHosts, beginOwners } from './survey/assess-hosts.ts';
import { loadAssumptions, type ModelOptions } from './survey/assumptions.ts';
import { addRecords, Captured } from './survey/captured.ts';
import { canMatch, countCoverage, coverageOf } from './survey/coverage.ts';
import { FlowSurvey } from './survey/flow-survey.ts';
import { orderByFirstPacket, type ReadOptions, readInput, readNames } from './survey/inputs.ts';
import { readCounters } from './survey/session-counters.ts';
import { explainStore, readStore } from './survey/store-inputs.ts';
import { Survey } from './survey/survey.ts';
import { windowWithout } from './survey/window.ts';
import type { ThreadUse } from './thread-program.ts';
import { VERSION } from './version.ts';

type Log = NonNullable<ScanOptions['log']>;

export interface ScanProgress {
  doneBytes: number;
  /** Null where the size of an input is not known (standard input). */
  totalBytes: number | null;
  packets: number;
  /** Flow records. */
  flows: number;
  /** The input being read, and which it is of how many. */
  input: string;
  ordinal: number;
  inputs: number;
}

export interface ScanOptions extends ModelOptions {
  /** Files, folders, globs, or '-' for standard input. */
  inputs: readonly string[];
  /** Own networks, as CIDR text. */
  local: readonly string[];
  poolFiles: readonly string[];
  /** How long addresses out of DNS are proof of their pool, us; a week if absent. */
  lookUpHoldsUs?: number;
  allowFile: string | null;
  /** Files that tie names to addresses: resolver logs, passive DNS, tables. */
  nameFiles?: readonly string[];
  /** True where each input's SHA-256 is wanted. */
  hash: boolean;
  /** Nothing before this time counts; us since 1970. */
  sinceUs: number | null;
  /** Nothing from this time on counts; us since 1970. */
  untilUs: number | null;
  /** Format of every input, where the operator knows better than the content. */
  inputFormat: string | null;
  /** Lists of accounts, agents and hosts that are malware's. */
  malwareFiles?: readonly string[];
  /** Who owns which prefix, by the operator's own table; null: nothing but databases. */
  ownersFile?: string | null;
  /** Databases of networks and of places, instead of and beside the one that ships. */
  asnDb?: string | null;
  cityDb?: string | null;
  /** Power usage effectiveness; null: unknown, with its range. */
  pue?: Pue | null;
  /** Watts of every miner address, whatever it does; null: modelled from what it does. */
  wattsPerAddress?: number | null;
  /** Which column of a table of flows is what, ours to theirs; null: by its header. */
  columns?: Readonly<Record<string, string>> | null;
  /** Zone of times in flow logs that have none (IANA name); UTC where null. */
  timeZone?: string | null;
  /** Share of bytes decoded, 0 to 1, below which coverage is not complete; 0.99 where absent. */
  coverageThreshold?: number;
  /** Most threads used; one a core if null or absent. The audit is the same for any number. */
  jobs?: number | null;
  /** Whether inputs are read in threads of their own; where it pays, where absent. The audit is the same. */
  thread?: ThreadUse['threads'];
  /** Password of the stores among the inputs. */
  storePassword?: string;
  /** Aborted: the scan stops early and returns what it has, with `partial` true. */
  signal: AbortSignal;
  onProgress?: (progress: ScanProgress) => void;
  log?: (level: 'debug' | 'info' | 'warn', message: string) => void;
}

/** Scans the inputs. Throws MinesweepError NO_INPUT, FILE_UNREADABLE, FILE_INVALID or USAGE. */
export async function scan(options: ScanOptions): Promise<Audit> {
  const tell = options.log ?? (() => {});
  const notes: Statement[] = [];
  /** Warnings stand in the audit as well. */
  const warn = (said: Statement): void => {
    notes.push(said);
    tell('warn', said.text);
  };
  const assumptions = await loadAssumptions(options);
  const malware = await loadMalware(options.malwareFiles ?? []);
  const pools = await loadPools(options.poolFiles, options.lookUpHoldsUs);
  for (const report of pools.imports) {
    const old = oldLookUps(report, pools.lookUpHoldsUs);
    if (old !== null) warn(old);
    tell('info', importText(report));
    const refused = refusalNote(report);
    if (refused !== null) warn(refused);
  }
  const local = await Networks.parse(options.local);
  const sinceUs = options.sinceUs ?? Number.NEGATIVE_INFINITY;
  const untilUs = options.untilUs ?? Number.POSITIVE_INFINITY;
  const hasListedAddresses = options.poolFiles.length > 0;
  // Whether a rule still holds is judged by the time of the packets, when it is known.
  const allowFiles = options.allowFile === null ? [] : [options.allowFile];
  const allowedNames = [...(await loadAllowList(allowFiles, 0)).domains()];
  const windowed = { sinceUs, untilUs, allowedNames };
  const survey = new Survey({ dialects: DIALECTS, pools, hasListedAddresses, ...windowed });
  const tap = new Tap(survey);
  survey.watch(tap);
  tap.sinceUs = sinceUs;
  tap.untilUs = untilUs;

  const flows = new FlowSurvey({ pools, hasListedAddresses, sinceUs, untilUs });
  survey.collectFlows(flows);

  const { book } = await beginOwners(options);
  const inputs = await readInputs(options, pools, tap, flows, survey, tell, warn);
  for (const note of flows.remarks.notes(options.timeZone ?? null)) warn(note);
  notes.push(...survey.exportNotes(), ...flows.copies.notes());
  for (const note of flows.copies.captureNotes()) warn(note);
  const repeated = repeatedLogs(inputs.filter(({ path }) => !flows.copies.has(path)));
  if (repeated.length > 0) {
    const [[copy, of]] = repeated;
    warn(statement('logs-alike', { copy, of, more: repeated.length - 1 }));
  }
  const { window, notes: apart } = windowWithout(windowOf(tap, flows), inputs);
  for (const said of apart) warn(said);
  const counted = { packets: tap.packets, flows: flows.conversations.insideRecords };
  if (window === null) {
    const packets = inputs.reduce((sum, input) => sum + (input.packets ?? 0), 0);
    const outside = packets + flows.conversations.outsideRecords;
    if (outside > 0 && (options.sinceUs ?? options.untilUs) !== null) {
      warn(statement('outside-times', { count: outside }));
    }
  }
  const { edgeRecords } = flows.conversations;
  if (edgeRecords > 0) {
    notes.push(statement('across-times', { count: edgeRecords, of: counted.flows }));
  }
  if (window !== null) survey.closeRun(tap.lastUs);
  tap.end();
  const { sessions: settled, contacts, names, nameOverflow, opaqueOverflow } = survey.finish();
  const sessions = markDuplicates(
    await readCounters(settled, threadUse(options), (message) => tell('debug', message)),
  );
  // Shares one by one are of no more use, and most of what a session takes.
  for (const { session } of sessions) session.log.length = 0;
  const captured = new Captured(sessions, contacts);
  const inCaptures = [...contacts.values()].map(copyContact);
  const records = [...flows.contacts(captured)].map(copyContact);
  notes.push(...addRecords(contacts, captured, records));
  const { incomplete, overlapping, malformed } = tap.kernel.fragments;
  if (incomplete + overlapping + malformed > 0) {
    warn(statement('fragments', { incomplete, overlapping, malformed }));
  }
  const { evicted, unkept, viewOverflow, timelessRecords } = flows.conversations;
  for (const [code, count] of [
    ['limit-names', nameOverflow],
    ['limit-connections', tap.evictedFlows],
    ['limit-opaque', tap.unwatchedFlows + opaqueOverflow],
    ['limit-contacts', contacts.overflow],
    ['limit-undecided', tap.crowdedOut],
    ['limit-conversations', evicted],
    ['limit-conversations-total', unkept],
    ['limit-observers', viewOverflow],
    ['no-time', timelessRecords],
    ['limit-relations', flows.relationOverflow],
  ] as const) {
    if (count > 0) warn(statement(code, { count }));
  }
  if (flows.conversations.insideRecords > 0 && !canMatch(flows, survey)) warn(statement('nothing-to-match'));
  // What records cannot tell is no warning, but it is no finding either.
  for (const unjudged of flows.unjudged.values()) notes.push(statement('not-judged', unjudged));
  const lookedUp: LookedUp = (server, client) =>
    [...names.namesOf(server, client), ...flows.namesOf(server, client)]
      .filter((booked) => !booked.isSaid)
      .map((booked) => booked.name);
  const allow = await loadAllowed(options, window?.startUs ?? Number.NaN, lookedUp, warn);
  const found = { sessions: [...sessions], contacts: [...contacts.values()] };
  const kept = {
    sessions: found.sessions.filter(({ session }) => !isSessionAllowed(session, allow)),
    contacts: found.contacts.filter((contact) => !isAllowed(contact, allow)),
  };
  const allowed = {
    sessions: found.sessions.length - kept.sessions.length,
    contacts: found.contacts.length - kept.contacts.length,
  };
  const hasAllowed = allowed.sessions + allowed.contacts > 0;
  if (hasAllowed) {
    notes.push(statement('allowed', { file: options.allowFile ?? '', ...allowed }));
  }
  const staleness = window === null ? null : catalogueWarning(window.endUs);
  if (staleness !== null) warn(staleness);
  const audit = assembleAudit({
    tool: { name: 'minesweep', version: VERSION },
    partial: options.signal.aborted,
    notes,
    ...(hasAllowed ? { allowed } : {}),
    inputs,
    window,
    ...(options.sinceUs === null && options.untilUs === null ? {} : { counted }),
    coverage: coverageOf(countCoverage(tap, flows, survey, inputs), options.coverageThreshold),
    sessions: kept.sessions,
    contacts: kept.contacts,
    isLocal: (ip) => local.containsAddress(ip),
    merge: mergeBasis({
      sinceUs: options.sinceUs,
      untilUs: options.untilUs,
      local: options.local,
      coverageThreshold: options.coverageThreshold ?? null,
      names: names.entries(),
      sessions: kept.sessions,
      contacts: inCaptures.filter((contact) => !isAllowed(contact, allow)),
      records: records.filter((contact) => !isAllowed(contact, allow)),
      unknown: tap.atEdges,
    }),
  });
  await assessHosts(audit, {
    ...options,
    book,
    assumptions,
    malware,
    nameOf: (ip) => survey.reverseNames.nameOf(ip),
  });
  return audit;
}

/** The SQL that a scan of the stores among the inputs would run, with the operator's lists. Nothing is sent. */
export async function explainSql(
  options: Pick<ScanOptions, 'inputs' | 'poolFiles' | 'sinceUs' | 'untilUs'>,
): Promise<string> {
  const pools = await loadPools(options.poolFiles);
  const { sinceUs, untilUs } = options;
  const flows = new FlowSurvey({
    ...{ pools, hasListedAddresses: options.poolFiles.length > 0 },
    ...{ sinceUs: sinceUs ?? Number.NEGATIVE_INFINITY, untilUs: untilUs ?? Number.POSITIVE_INFINITY },
  });
  const stores = options.inputs.filter(isStoreUrl);
  return stores.map((url) => explainStore(url, { flows, pools, sinceUs, untilUs })).join('\n\n');
}

function threadUse({ thread = 'auto', jobs = null }: ScanOptions): ThreadUse {
  const most = jobs ?? availableParallelism();
  return { threads: most < 2 ? 'never' : thread, jobs: most };
}

/** What folders hold and is not read. */
function leftOut(skipped: readonly string[], specials: readonly string[]): Statement[] {
  const some = (paths: readonly string[]) => ({
    inputs: paths.slice(0, 3),
    more: Math.max(0, paths.length - 3),
  });
  return [
    ...(skipped.length === 0
      ? []
      : [statement('files-skipped', { count: skipped.length, ...some(skipped) })]),
    ...(specials.length === 0
      ? []
      : [statement('specials-skipped', { count: specials.length, ...some(specials) })]),
  ];
}

/** From the first to the last of packets and records; null where there was none. */
function windowOf(tap: Tap, { conversations, named }: FlowSurvey): { startUs: number; endUs: number } | null {
  const starts = [tap.firstUs, conversations.firstUs].filter((timeUs) => !Number.isNaN(timeUs));
  const ends = [tap.lastUs, conversations.lastUs].filter((timeUs) => !Number.isNaN(timeUs));
  // Logs of names alone have times, too.
  if (starts.length === 0 && !Number.isNaN(named.firstUs))
    return { startUs: named.firstUs, endUs: named.lastUs };
  return starts.length === 0 ? null : { startUs: Math.min(...starts), endUs: Math.max(...ends) };
}

async function readInputs(
  options: ScanOptions,
  pools: PoolSet,
  tap: Tap,
  flows: FlowSurvey,
  survey: Survey,
  log: Log,
  warn: (said: Statement) => void,
): Promise<AuditInput[]> {
  const nameFiles = options.nameFiles ?? [];
  const named = nameFiles.length === 0 ? [] : await discoverAll(nameFiles);
  const stores = options.inputs.filter(isStoreUrl);
  const files = options.inputs.filter((input) => !isStoreUrl(input));
  const specials: string[] = [];
  const found = await discover(files, (special) => specials.push(special));
  const ordered = await orderByFirstPacket(found, {
    inputFormat: knownFormat(options.inputFormat),
    columns: options.columns ?? null,
    timeZone: options.timeZone ?? null,
    signal: options.signal,
  });
  for (const said of leftOut(ordered.skipped, specials)) warn(said);
  const refs = [...named, ...ordered.refs];
  const sizes = refs.map((ref) => ref.size);
  const totalBytes = sizes.reduce<number | null>(
    (sum, size) => (sum === null || size === null ? null : sum + size),
    0,
  );
  const inputs: AuditInput[] = [];
  const certificates = new CertificateNames();
  const use = threadUse(options);
  const tell = (message: string) => log('debug', message);
  const flowReader = new FlowReader(use, totalBytes, tell);
  let doneBytes = 0;
  try {
    for (const [ordinal, ref] of refs.entries()) {
      if (options.signal.aborted) break;
      const reading: ReadOptions = {
        hash: options.hash,
        inputFormat: knownFormat(options.inputFormat),
        flows,
        flowReader,
        columns: options.columns ?? null,
        timeZone: options.timeZone ?? null,
        certificates,
        signal: options.signal,
        onBlock: (storedBytes) =>
          options.onProgress?.({
            doneBytes: doneBytes + storedBytes,
            totalBytes,
            packets: tap.packets,
            flows: flows.conversations.records,
            input: ref.path,
            ordinal: ordinal + 1,
            inputs: refs.length,
          }),
      };
      const input =
        ordinal < named.length
          ? await readNames(ref, ordinal, reading, (name) => survey.learn(name, ordinal))
          : await readInput(ref, ordinal, tap, reading);
      doneBytes += input.bytes;
      inputs.push(input);
      for (const { text } of input.damage) log('warn', `${ref.path}: ${text}`);
      addExportDamage(input, survey, log);
    }
    for (const url of stores) {
      const store = await readStore(url, inputs.length, {
        ...{ flows, pools, warn, signal: options.signal },
        ...{ sinceUs: options.sinceUs, untilUs: options.untilUs, password: options.storePassword ?? '' },
        onProgress: (rowsRead, slice, slices) =>
          options.onProgress?.({
            ...{ doneBytes: slice - 1, totalBytes: slices, packets: tap.packets, flows: rowsRead },
            ...{ input: url, ordinal: inputs.length + 1, inputs: refs.length + stores.length },
          }),
      });
      inputs.push(store);
    }
  } finally {
    await flowReader.close();
  }
  survey.finishExports();
  const lastExport = inputs[survey.exportInput];
  if (lastExport !== undefined) addExportDamage(lastExport, survey, log);
  return inputs;
}

/** Flow logs of one kind with as many records between the same times: copies, packed and unpacked, say. */
function repeatedLogs(inputs: readonly AuditInput[]): readonly (readonly [again: string, first: string])[] {
  const firsts = new Map<string, string>();
  const repeated: (readonly [string, string])[] = [];
  for (const { path, kind, flows, first, last } of inputs) {
    if (flows === undefined || flows < 2 || first === null) continue;
    const key = `${kind} ${flows} ${first} ${last}`;
    const known = firsts.get(key);
    if (known === undefined) firsts.set(key, path);
    else if (known !== path) repeated.push([path, known]); // else given for its names as well
  }
  return repeated;
}

/** What was wrong with the exports that an input held, and what they missed. */
function addExportDamage(input: AuditInput, survey: Survey, log: Log): void {
  for (const { kind, count, at } of survey.exportDamage()) {
    log('warn', `${input.path}: exported flow records: ${damageRow({ kind, count, at }).text}`);
    const known = input.damage.find((row) => row.kind === kind);
    if (known === undefined) input.damage.push(damageRow({ kind, count, at }));
    else Object.assign(known, damageRow({ kind, count: known.count + count, at: known.at }));
  }
}

function knownFormat(format: string | null): string | null {
  if (format === null || format === 'pcap' || format === 'pcapng' || flowFormat(format) !== null)
    return format;
  const known = ['pcap', 'pcapng', ...FLOW_FORMATS.map(({ id }) => id)];
  return fail('USAGE', `unknown input format: ${format}`, {
    where: format,
    hint: `Known are ${known.join(', ')}.`,
  });
}

/** Names that a server has by answers to a client, or by files of the operator. */
type LookedUp = (server: string, client: string) => readonly string[];

/** Says whether one of two addresses, or a name of the pool's end, is allowed for by the operator's list. */
async function loadAllowed(
  options: ScanOptions,
  timeUs: number,
  lookedUp: LookedUp,
  warn: (said: Statement) => void,
): Promise<Allowance> {
  if (options.allowFile === null) return () => false;
  const list = await loadAllowList([options.allowFile], Number.isNaN(timeUs) ? 0 : timeUs);
  for (const { file, line, until } of list.expired) {
    warn(statement('allow-expired', { file, line, day: until ?? '' }));
  }
  for (const { file, line } of list.unread) warn(statement('allow-no-rule', { file, line }));
  return (miner, pool, names) =>
    list.allowsAddress(miner.ip, miner.port) !== null ||
    list.allowsAddress(pool.ip, pool.port) !== null ||
    [...names, ...lookedUp(pool.ip, miner.ip)].some((name) => list.allowsName(name, pool.port) !== null);
}

function importText(report: ImportReport): string {
  const refused = report.refused.reduce((sum, { count }) => sum + count, 0);
  return `${report.path}: ${report.format}, ${report.kept} places kept, ${refused} refused`;
}
