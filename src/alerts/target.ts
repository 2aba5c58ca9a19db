/**
 * The target of alerts: a file (opened again on request, after a rotation), standard output, or a syslog server by RFC
 * 5424 over UDP, TCP (octet counting, RFC 6587 section 3.4.1) or a Unix socket.
 */
import { createSocket } from 'node:dgram';
import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { isIPv6, type Socket, connect as tcpConnect } from 'node:net';
import { hostname } from 'node:os';
import type { Writable } from 'node:stream';
import { fail, reasonOf } from '../errors.ts';
import { schemeAndHost } from '../secret.ts';

interface AlertTarget {
  /** Sends one line. Rejects if it could not be handed over. */
  send(line: string, time: string): Promise<void>;
  /** Opens files again, for a rotation; absent if it has none. */
  reopen?(): void;
  close(): Promise<void>;
}

/** `-`, a path, `syslog:udp://host:514`, `syslog:tcp://host:601` or `syslog:unix:/dev/log`. Throws USAGE. */
export function openTarget(text: string, stdout: Writable): AlertTarget {
  if (text === '-') return streamTarget(stdout);
  if (!text.startsWith('syslog:')) return fileTarget(text);
  const address = text.slice('syslog:'.length);
  if (address.startsWith('unix:'))
    return socketTarget(
      () => tcpConnect(address.slice('unix:'.length)),
      (frame) => `${frame}\n`,
    );
  const url = /^(udp|tcp):\/\/(\[[^\]\s/@]+\]|[^\s:/?#@]+)(?::(\d+))?$/.exec(address);
  if (url === null) {
    return fail('USAGE', `not the address of a syslog server: ${schemeAndHost(address)}`, {
      where: '--alerts',
      hint: 'Write syslog:udp://host:514, syslog:tcp://host:601 or syslog:unix:/dev/log.',
    });
  }
  const [, transport = '', name = '', port] = url;
  const host = name.replace(/^\[|\]$/g, '');
  if (transport === 'udp') return datagramTarget(host, Number(port ?? 514));
  return socketTarget(
    () => tcpConnect(Number(port ?? 601), host),
    (frame) => `${Buffer.byteLength(frame)} ${frame}`,
  );
}

/** What ends with an error or without one. */
function promised(begin: (end: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((done, failed) => begin((error) => (error == null ? done() : failed(error))));
}

function streamTarget(stream: Writable): AlertTarget {
  return { send: (line) => promised((end) => stream.write(`${line}\n`, end)), close: async () => {} };
}

const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
/** Without waiting for who reads a named pipe: if nobody does, it is an error; if it is full, the alert waits. */
const TO_APPEND = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK;

function fileTarget(file: string): AlertTarget {
  // Alerts name accounts and owners: for the operator alone.
  const open = (): number => openSync(file, TO_APPEND, 0o600);
  let descriptor: number;
  let isStale = false;
  try {
    descriptor = open();
  } catch (cause) {
    return fail('OUTPUT_FAILED', `alerts cannot be written there: ${reasonOf(cause)}`, {
      where: file,
      hint: 'Name a file in a folder that is there and may be written to.',
    });
  }
  return {
    send: async (line) => {
      // Where its folder is away for a while, the alert waits.
      if (isStale) {
        const next = open();
        closeSync(descriptor);
        descriptor = next;
        isStale = false;
      }
      const { size } = fstatSync(descriptor);
      try {
        writeFileSync(descriptor, `${line}\n`);
      } catch (cause) {
        // Half a line on a full disk would spoil the next one.
        if (fstatSync(descriptor).isFile()) ftruncateSync(descriptor, size);
        throw cause;
      }
    },
    reopen: () => {
      isStale = true;
    },
    close: async () => closeSync(descriptor),
  };
}

/** Facility 13 (log audit), severity 4 (warning): RFC 5424 section 6.2.1. */
const PRIORITY = 13 * 8 + 4;

/**
 * RFC 5424 section 6: the line as the message. Without a byte order mark: receivers keep it, and JSON must not begin
 * with one.
 */
export function syslogFrame(line: string, time: string): string {
  const name =
    hostname()
      .replaceAll(/[^!-~]/g, '')
      .slice(0, 255) || '-';
  return `<${PRIORITY}>1 ${time} ${name} minesweep ${process.pid} alert - ${line}`;
}

function datagramTarget(host: string, port: number): AlertTarget {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  socket.unref();
  return {
    send: (line, time) => promised((end) => socket.send(syslogFrame(line, time), port, host, end)),
    close: () => new Promise((done) => socket.close(done)),
  };
}

/** A stream that is opened when it is needed, and again after it broke. */
function socketTarget(open: () => Socket, frame: (text: string) => string): AlertTarget {
  let socket: Socket | null = null;
  const ready = (): Promise<Socket> =>
    new Promise((done, failed) => {
      if (socket !== null && !socket.destroyed) return done(socket);
      const fresh = open();
      fresh.once('connect', () => done(fresh));
      fresh.once('error', failed);
      fresh.on('error', () => {});
      socket = fresh;
    });
  return {
    send: async (line, time) => {
      const open = await ready();
      await promised((end) => open.write(frame(syslogFrame(line, time)), end));
    },
    close: () =>
      new Promise((done) => {
        if (socket === null || socket.destroyed) return done();
        socket.end(done);
      }),
  };
}
