/** A watch survives what befalls a service, and tells of it. */
import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { essence, scanInputs } from '../support/scanning.ts';
import { HAS_SMALL_DISKS, NO_SMALL_DISKS, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');
const OTHER = path.join(REPO_ROOT, 'fixtures/ethereum/eth-proxy.pcap');
const SESSIONS = path.join(REPO_ROOT, 'test/bench/sessions.js');

class Service {
  readonly folder;
  readonly captures;
  readonly out;
  log = '';
  private readonly child;
  readonly exit: Promise<number | null>;

  /** @param place The folder is one of another service that has ended. */
  constructor(place: { inputs?: readonly string[]; out?: string; folder?: string; heapMb?: number } = {}) {
    this.folder = place.folder ?? temporaryFolder('watch');
    this.captures = path.join(this.folder, 'captures');
    this.out = place.out ?? path.join(this.folder, 'audits');
    mkdirSync(this.captures, { recursive: true });
    running.push(this);
    const inputs = place.inputs ?? [this.captures];
    this.child = spawn(
      process.execPath,
      [
        ...(place.heapMb === undefined ? [] : [`--max-old-space-size=${place.heapMb}`]),
        ...[BIN, 'watch', ...inputs, '--out', this.out, '--state', path.join(this.folder, 'state')],
        ...['--alerts', `cef:${this.alerts}`, '--quiet-time', '1s', '--every', '1s', '--log-level', 'info'],
      ],
      { stdio: ['pipe', 'ignore', 'pipe'], cwd: this.folder },
    );
    this.exit = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stderr.on('data', (bytes) => {
      this.log += bytes;
    });
    this.child.stdin.on('error', () => undefined);
  }

  get alerts(): string {
    return path.join(this.folder, 'alerts.cef');
  }

  get stdin() {
    return this.child.stdin;
  }

  drop(file: string, name = path.basename(file)): void {
    cpSync(file, path.join(this.captures, `${name}.part`));
    renameSync(path.join(this.captures, `${name}.part`), path.join(this.captures, name));
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async until(met: () => boolean): Promise<void> {
    for (let i = 0; i < 200 && !met(); i++) await sleep(200);
    expect(met(), `not met; the log says:\n${this.log}`).toBe(true);
  }

  hosts(): number {
    try {
      return this.audit().hosts.length;
    } catch {
      return -1;
    }
  }

  audit(): Audit {
    return JSON.parse(readFileSync(path.join(this.out, 'audit.json'), 'utf8'));
  }

  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.exit;
  }
}

const running: Service[] = [];

// One that a failed test left behind would run for ever.
afterEach(() => {
  for (const service of running.splice(0)) service.signal('SIGKILL');
});

describe('a watch', () => {
  it('reads a pipe that does not end', async () => {
    const service = new Service({ inputs: ['-'] });
    const bytes = readFileSync(CAPTURE);
    service.stdin.write(bytes.subarray(0, bytes.length - 200));
    await service.until(() => service.hosts() === 1);
    service.stdin.write(bytes.subarray(bytes.length - 200));
    await sleep(1500);
    expect(await service.stop()).toBe(0);
    expect(essence(service.audit())).toEqual(essence(await scanInputs([CAPTURE])));
    expect(readFileSync(service.alerts, 'utf8').match(/\|appeared\|/g)?.length).toBe(1);
  }, 60_000);

  it('says at once that a log from a pipe is judged when the pipe ends', async () => {
    const service = new Service({ inputs: ['-'] });
    service.stdin.write('start,end,src,sport,dst,dport,proto,packets,bytes\n');
    await service.until(() => service.log.includes('standard input is no capture'));
    service.stdin.end();
    expect(await service.exit).toBe(0);
  });

  it('tells of broken files and folders that are gone, and goes on', async () => {
    const service = new Service();
    // A few bytes of a capture may be its beginning; this is none.
    const broken = Buffer.concat([readFileSync(CAPTURE).subarray(0, 24), Buffer.alloc(4096, 0xff)]);
    writeFileSync(path.join(service.captures, 'broken.pcap'), broken);
    writeFileSync(path.join(service.captures, 'README'), 'not a capture');
    service.drop(CAPTURE);
    await service.until(() => service.hosts() === 1);
    rmSync(service.captures, { recursive: true });
    await service.until(() => service.log.includes(service.captures));
    mkdirSync(service.captures);
    service.drop(OTHER);
    await service.until(() => service.hosts() === 2);
    expect(service.log).toContain('broken.pcap');
    expect(await service.stop()).toBe(0);
  }, 60_000);

  it('keeps a state of another layout beside, and begins anew', async () => {
    const place = temporaryFolder('watch');
    const other = Buffer.from('{"format":"minesweep.state/1","program":"0.1.0"}\nwhatever it holds');
    writeFileSync(path.join(place, 'state'), other);
    const service = new Service({ folder: place });
    service.drop(CAPTURE);
    await service.until(() => service.hosts() === 1);
    expect(service.log).toContain('the state is of minesweep.state/1');
    const [aside = ''] = readdirSync(place).filter((name) => name.startsWith('state.unread-'));
    expect(readFileSync(path.join(place, aside)).equals(other)).toBe(true);
    expect(await service.stop()).toBe(0);
    expect(existsSync(path.join(place, 'state'))).toBe(true);
  }, 60_000);

  it('reads on in a file that grows after it was read, and reads nothing twice', async () => {
    const service = new Service();
    service.drop(CAPTURE);
    await service.until(() => service.hosts() === 1);
    const bytes = readFileSync(CAPTURE);
    appendFileSync(path.join(service.captures, path.basename(CAPTURE)), bytes.subarray(24));
    await service.until(() => (service.audit().inputs[0]?.bytes ?? 0) === 2 * bytes.length - 24);
    service.drop(CAPTURE, 'renamed.pcap');
    await sleep(3000);
    expect(await service.stop()).toBe(0);
    expect(service.audit().inputs).toHaveLength(1);
  }, 60_000);

  it('tells of a file that comes too late for the audit of its day', async () => {
    const service = new Service();
    const moved = (days: number): string => {
      const file = path.join(service.folder, `moved-${days}.pcap`);
      const packets = readCapture(CAPTURE).map((packet) => ({
        ...packet,
        timeUs: Math.floor(packet.timeUs) - days * 86_400e6,
      }));
      writeFileSync(file, writePcap(packets));
      return file;
    };
    service.drop(CAPTURE);
    await service.until(() => service.hosts() === 1);
    const before = service.audit().totals.traffic;
    // A clock set back does the same.
    service.drop(moved(3));
    await service.until(() => service.log.includes('came too late'));
    expect(await service.stop()).toBe(0);
    expect(service.audit().totals.traffic).toEqual(before);
    expect(service.audit().notes.map(({ code }) => code)).toContain('input-late');
  }, 60_000);

  it('opens the file of alerts again on SIGHUP', async () => {
    const service = new Service();
    service.drop(CAPTURE);
    await service.until(() => existsSync(service.alerts) && readFileSync(service.alerts).length > 0);
    renameSync(service.alerts, `${service.alerts}.1`);
    service.signal('SIGHUP');
    await service.until(() => service.log.includes('lists are read again'));
    service.drop(OTHER);
    // It is made with the next alert.
    await service.until(
      () => existsSync(service.alerts) && readFileSync(service.alerts, 'utf8').includes('appeared'),
    );
    expect(await service.stop()).toBe(0);
  }, 60_000);

  it('ends if memory is nearly full, and leaves out what the next process cannot hold either', async () => {
    const service = new Service({ heapMb: 160 });
    service.drop(CAPTURE);
    await service.until(() => service.hosts() === 1);
    const before = essence(service.audit());
    const sessions = path.join(service.folder, 'sessions.pcap');
    writeFileSync(sessions, execFileSync(process.execPath, [SESSIONS, '20000'], { maxBuffer: 1 << 28 }));
    service.drop(sessions);
    expect(await service.exit, service.log).toBe(1);
    expect(service.log).toContain('memory is nearly full');
    expect(essence(service.audit())).toEqual(before);

    const next = new Service({ heapMb: 160, folder: service.folder });
    await next.until(() => next.log.includes('more than the memory can hold'));
    next.drop(OTHER);
    await next.until(() => next.hosts() === 2);
    expect(await next.stop(), next.log).toBe(0);
    expect(essence(next.audit())).toEqual(essence(await scanInputs([CAPTURE, OTHER])));
    expect(next.audit().inputs).toContainEqual(
      expect.objectContaining({
        path: path.join(next.captures, 'sessions.pcap'),
        damage: [expect.objectContaining({ kind: 'short-of-memory' })],
      }),
    );
    expect(next.audit().coverage.complete).toBe(false);
  }, 240_000);

  it.skipIf(!HAS_SMALL_DISKS)(
    HAS_SMALL_DISKS ? 'survives a disk that is full' : NO_SMALL_DISKS,
    async () => {
      const disk = smallDisk();
      try {
        disk.fill();
        const service = new Service({ out: path.join(disk.folder, 'audits') });
        service.drop(CAPTURE);
        await service.until(() => /no space|cannot be written|cannot write/i.test(service.log));
        expect(existsSync(path.join(service.out, 'audit.json'))).toBe(false);
        disk.free();
        service.drop(OTHER);
        await service.until(() => service.hosts() === 2);
        expect(await service.stop()).toBe(0);
        expect(essence(service.audit())).toEqual(essence(await scanInputs([CAPTURE, OTHER])));
      } finally {
        disk.remove();
      }
    },
    60_000,
  );
});
