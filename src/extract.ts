/**
 * The packets of a host's sessions, written out of the captures that an audit was made of: for the case file. Every
 * input is read twice, first to make sure that it is the one that was audited (size, packets, times, SHA-256 where the
 * audit has it), then to write; so a file appears whole and true, or not at all. Left out: look-ups of names, flow
 * logs, which hold no packets.
 */

import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Audit, AuditInput, AuditSession } from './audit/audit.ts';
import { isoTime, timeUsOf } from './audit/time.ts';
import { FOLDED } from './dialects/index.ts';
import { proxiesOf } from './endpoints/servers.ts';
import { fail } from './errors.ts';
import { checkFile, Refused } from './given-file.ts';
import { totalOf } from './order.ts';
import type { CaptureRecord, Packet } from './packets/packet.ts';
import type { CaptureKind } from './packets/packet-kernel.ts';
import { eachRecord } from './packets/packet-kernel.ts';
import { createWriter } from './readers/pcap/pcap-writer.ts';
import { pumpCapture } from './readers/pcap/reader.ts';
import { Redaction } from './run/redaction.ts';
import { type WantedFlow, WantedFlows } from './run/wanted-flows.ts';
import { discover } from './sources/discover.ts';

/** Times in an audit are cut to whole microseconds. */
const SLACK_US = 1;
/** Dialects that open a connection per request, and rows that stand for several connections. */
const MANY_CONNECTIONS: ReadonlySet<string> = new Set([...FOLDED, 'flow', 'tls']);

/**
 * Writes the packets of the sessions of `ip` to `file`; returns how many of which inputs. Throws INPUT_UNREADABLE where an input is missing,
 * FILE_INVALID where one has changed since the audit, OUTPUT_FAILED if nothing can be written, NO_INPUT where there
 * is nothing to write. Known passwords are overwritten unless `withSecrets`. `captures`: the folder to which inputs were moved.
 */
export async function extractHost(
  audit: Audit,
  ip: string,
  file: string,
  withSecrets = false,
  captures: string | null = null,
) {
  const sessions = audit.sessions.filter((session) => session.miner.ip === ip || session.pool.ip === ip);
  const flows = sessions.flatMap(flowsOf);
  const held = audit.inputs.filter((input) => isCapture(input) && mayHold(input, sessions));
  const inputs = captures === null ? held : await movedTo(held, captures);
  if (inputs.some((input) => path.resolve(input.path) === path.resolve(file))) {
    fail('USAGE', 'this file is an input of the audit', { where: file, hint: 'Name another file.' });
  }
  const linkTypes = new Set<number>();
  const redaction = new Redaction();
  const counts: { path: string; packets: number }[] = [];
  for (const input of inputs) {
    const packets = await read(input, flows, audit.partial, (record, packet) => {
      linkTypes.add(record.linkType);
      if (!withSecrets) redaction.learn(packet);
    });
    if (packets > 0) counts.push({ path: input.path, packets });
  }
  const packets = totalOf(counts, (count) => count.packets);
  if (packets === 0) {
    fail('NO_INPUT', `no input of the audit holds packets of sessions of ${ip}`, {
      where: file,
      hint: 'Look-ups of names and flow logs leave no packets of sessions.',
    });
  }
  await write(file, [...linkTypes], packets, async (take) => {
    let written = 0;
    for (const input of inputs) {
      written += await read(input, flows, audit.partial, (record, packet) => {
        if (!withSecrets) redaction.redact(record, packet);
        take(record);
      });
    }
    return written;
  });
  return {
    format: linkTypes.size === 1 ? 'pcap' : 'pcapng',
    packets,
    inputs: counts,
    sessions: sessions.length,
  };
}

/** The inputs where they are now: files of the same name and size in the folder, whatever folders are in between. */
async function movedTo(inputs: readonly AuditInput[], folder: string): Promise<AuditInput[]> {
  const refs = await discover([folder]);
  return inputs.map((input) => {
    const name = path.basename(input.path);
    const found = refs.find((ref) => path.basename(ref.path) === name && ref.size === input.bytes);
    return found === undefined ? { ...input, path: path.join(folder, name) } : { ...input, path: found.path };
  });
}

/** The connections of a session, that between the miner and a proxy included. */
function flowsOf(session: AuditSession): WantedFlow[] {
  const { miner, pool, via, dialect, attempts = 1, start, end } = session;
  const client = MANY_CONNECTIONS.has(dialect) || attempts > 1 ? { ...miner, port: 0 } : miner;
  const time = { startUs: timeUsOf(start) - SLACK_US, endUs: timeUsOf(end) + SLACK_US };
  const flows: WantedFlow[] = [{ a: client, b: pool, ...time }];
  for (const proxy of proxiesOf(via))
    flows.push({ a: client, b: proxy, ...time }, { a: proxy, b: pool, ...time });
  return flows;
}

function isCapture(input: AuditInput): boolean {
  return input.kind === 'pcap' || input.kind === 'pcapng';
}

function mayHold({ first, last }: AuditInput, sessions: readonly AuditSession[]): boolean {
  if (first === null || last === null) return false;
  const from = timeUsOf(first);
  const to = timeUsOf(last);
  return sessions.some(({ start, end }) => timeUsOf(start) <= to + 1 && timeUsOf(end) >= from - 1);
}

/** Reads an input to its end and proves that it is the one that was audited. Returns the packets that were wanted. */
async function read(
  input: AuditInput,
  flows: readonly WantedFlow[],
  isPartial: boolean,
  take: (record: CaptureRecord, packet: Packet) => void,
): Promise<number> {
  if (input.path === '-') {
    fail('INPUT_UNREADABLE', 'standard input cannot be read again', {
      where: input.path,
      hint: 'Keep the capture in a file, and scan that.',
    });
  }
  const [ref] = await discover([input.path]).catch(() => []);
  if (ref === undefined) return missing(input);
  if (ref.size !== input.bytes) return changed(input, `${ref.size} bytes, not ${input.bytes}`);
  const source = await ref.open({ hash: input.sha256 !== null });
  try {
    const kind: CaptureKind = input.kind === 'pcap' ? 'pcap' : 'pcapng';
    const wanted = new WantedFlows(flows, take);
    const reader = eachRecord((record, packet, reason) => wanted.record(record, packet, reason));
    await pumpCapture(source, kind, reader);
    if (source.damage === 'unreadable') return missing(input);
    const sha256 = source.sha256();
    if (input.sha256 !== null && sha256 !== input.sha256) return changed(input, `SHA-256 ${sha256}`);
    const { packets, firstUs } = reader.input;
    // An interrupted scan has not read its last input to the end.
    const mayBeMore = isPartial && packets > (input.packets ?? 0);
    if (packets !== input.packets && !mayBeMore) {
      return changed(input, `${packets} packets, not ${input.packets}`);
    }
    if (Number.isNaN(firstUs) || isoTime(firstUs) !== input.first) {
      return changed(input, 'its first packet is of another time');
    }
    return wanted.packets;
  } finally {
    await source.close();
  }
}

function missing(input: AuditInput): never {
  return fail('INPUT_UNREADABLE', 'this input of the audit is not there', {
    where: input.path,
    hint: 'Run this where the scan ran, or say with --captures where its captures are now.',
  });
}

function changed(input: AuditInput, how: string): never {
  return fail('FILE_INVALID', `this input has changed since the audit: ${how}`, {
    where: input.path,
    hint: 'Scan it again, or put back the capture that was scanned.',
  });
}

/** Writes through a file beside it, which takes its place when all is there. */
async function write(
  file: string,
  linkTypes: readonly number[],
  expected: number,
  fill: (take: (record: CaptureRecord) => void) => Promise<number>,
): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  let isOpen = false;
  let handle = -1;
  try {
    const before = statSync(file, { throwIfNoEntry: false });
    if (before !== undefined) checkFile(before);
    handle = openSync(part, 'wx', 0o600);
    isOpen = true;
    const writeRecord = createWriter(linkTypes, (bytes) => {
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
    });
    const written = await fill(writeRecord);
    if (written !== expected) {
      fail('FILE_INVALID', 'an input changed while it was read', {
        where: file,
        hint: 'Nothing was written. Try again when the captures are at rest.',
      });
    }
    closeSync(handle);
    isOpen = false;
    renameSync(part, file);
  } catch (cause) {
    if (isOpen) closeSync(handle);
    if (handle !== -1) rmSync(part, { force: true });
    if (!(cause instanceof Refused) && !(cause instanceof Error && 'syscall' in cause)) throw cause;
    fail('OUTPUT_FAILED', `cannot write the packets: ${cause.message}`, {
      where: file,
      hint: 'Check that the folder exists and may be written to.',
      cause,
    });
  }
}
