/**
 * `explain IP AUDIT --bundle FILE.zip`: what a case file needs, in one archive: the page and the explanation of the host, its
 * part of the audit, the packets of its sessions, what to look for at the machine, and the hashes of all of it.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { Audit, AuditHost } from '../audit/audit.ts';
import { NO_FILTER, narrowTo } from '../audit/narrow.ts';
import { MinesweepError } from '../errors.ts';
import { escapeTerminal } from '../escape.ts';
import { extractHost } from '../extract.ts';
import { renderExplanation, renderLookFor } from '../report/explain/explain.ts';
import type { ReportOptions } from '../report/format.ts';
import { renderAudit } from '../report/index.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import { VERSION } from '../version.ts';
import { writeWhole } from '../whole-file.ts';

interface BundleOptions extends Pick<ReportOptions, 'zone' | 'language'> {
  readonly withSecrets: boolean;
  /** Folder in which the captures are now; null: where they were. */
  readonly captures: string | null;
  /** The command as it was given. */
  readonly command: string;
  readonly nowMs: number;
}

const WIDTH = 100;
/** Zip has no time before that. */
const FIRST_MS = Date.UTC(1980, 0, 2);

/** Writes the archive whole or not at all; returns why it has no packets, or null. */
export async function writeBundle(
  audit: Audit,
  host: AuditHost,
  file: string,
  options: BundleOptions,
): Promise<string | null> {
  const { zone, language, nowMs } = options;
  const { noPackets } = catalogueOf(language).bundle;
  const own = { ...narrowTo(audit, [host]), filter: { ...(audit.filter ?? NO_FILTER), hosts: [host.ip] } };
  const page = { width: WIDTH, color: false, zone, language };
  const text = async (format: string): Promise<Uint8Array> =>
    strToU8([...(await renderAudit(format, own, page))].join(''));
  const files: Record<string, Uint8Array> = {
    'report.html': await text('html'),
    'explanation.txt': strToU8([...renderExplanation(audit, host, page)].join('')),
    'look-for.txt': strToU8([...renderLookFor(audit, host, page)].join('')),
    'audit.json': await text('json'),
  };
  const packets = await packetsOf(audit, host, options);
  if (typeof packets === 'string') files['packets-missing.txt'] = strToU8(`${noPackets(packets)}\n`);
  else files[packets.name] = packets.bytes;
  files['README.txt'] = strToU8(readme(audit, host, options));
  const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  files.SHA256SUMS = strToU8(
    Object.entries(files)
      .map(([name, bytes]) => `${hash(bytes)}  ${name}\n`)
      .join(''),
  );
  const mtime = Math.max(nowMs, FIRST_MS);
  await writeWhole(file, zipSync(files, { mtime }), { mode: 0o600 });
  return typeof packets === 'string' ? packets : null;
}

/** The packets, or why there are none. */
async function packetsOf(
  audit: Audit,
  host: AuditHost,
  { withSecrets, captures }: BundleOptions,
): Promise<{ readonly name: string; readonly bytes: Uint8Array } | string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'minesweep-bundle-'));
  try {
    const file = path.join(folder, 'packets');
    const { format } = await extractHost(audit, host.ip, file, withSecrets, captures);
    return { name: `packets.${format}`, bytes: await readFile(file) };
  } catch (error) {
    if (!(error instanceof MinesweepError)) throw error;
    const where = error.where === undefined || error.where.startsWith(folder) ? '' : `${error.where}: `;
    return escapeTerminal(where + error.message);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readme(
  { inputs, tool }: Audit,
  host: AuditHost,
  { command, nowMs, language }: BundleOptions,
): string {
  const { bundle, verdict } = catalogueOf(language);
  const hashed = inputs.filter(({ sha256 }) => sha256 !== null);
  return [
    bundle.case(escapeTerminal(host.ip), verdict[host.verdict], host.firstSeen, host.lastSeen),
    '',
    bundle.made(escapeTerminal(command), `minesweep ${VERSION}`, new Date(nowMs).toISOString()),
    bundle.audit(escapeTerminal(`${tool.name} ${tool.version}`)),
    '',
    ...bundle.files,
    '',
    hashed.length === 0 ? bundle.noHashes : bundle.hashes,
    ...hashed.map(({ sha256, path: name }) => `${sha256}  ${escapeTerminal(name)}`),
    '',
  ].join('\n');
}
