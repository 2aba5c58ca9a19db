/**
 * An hour of a service in two minutes: captures grow in blocks of any size, rotate, and are compressed while they are watched; the
 * program is killed, the mount goes away and comes back, clocks are moved, the disk is full. The audit is that of one scan, and
 * each event is told of once. Seeded.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { type Random, random } from '../support/random.ts';
import { essence, scanInputs } from '../support/scanning.ts';
import { HAS_SMALL_DISKS, type SmallDisk, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SEEDS = [20_261_202, 7];
const STEPS = 150;
const STEP_MS = 400;
/** A file is compressed so long after it ended: one whose end was not read yet comes behind its successor. */
const COMPRESS_MS = 5000;
const START_MS = 3000;
const HEADER_BYTES = 24;
const ETHERNET = 1;

/** The laboratory's captures as one link saw them. */
function traffic(): CapturedPacket[] {
  const folder = path.join(REPO_ROOT, 'fixtures');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name))
    .sort()
    .flatMap((name) => readCapture(path.join(folder, name)))
    .filter(({ linkType }) => linkType === ETHERNET)
    .map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs) }))
    .sort((a, b) => a.timeUs - b.timeUs);
}

/** A sensor that writes as tcpdump -C and -z gzip do: blocks that end anywhere, a file behind the other. */
class Sensor {
  private at = HEADER_BYTES;
  private from = HEADER_BYTES;
  private file = 0;
  private readonly edges: number[] = [];
  private readonly rotatedMs: number[] = [];

  constructor(
    private readonly folder: string,
    private readonly bytes: Uint8Array,
    private readonly draw: Random,
  ) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = HEADER_BYTES; at < bytes.length; at += 16 + view.getUint32(at + 8, true))
      this.edges.push(at);
    this.edges.push(bytes.length);
    this.begin();
  }

  get live(): string {
    return this.name(this.file);
  }

  get isOver(): boolean {
    return this.at === this.bytes.length;
  }

  private name(file: number): string {
    return path.join(this.folder, `live-${String(file).padStart(4, '0')}.pcap`);
  }

  private begin(): void {
    writeFileSync(this.live, this.bytes.subarray(0, HEADER_BYTES));
  }

  /** Some bytes more, as a buffer that is full lets them out. */
  write(bytes: number): void {
    const to = Math.min(this.bytes.length, this.at + bytes);
    appendFileSync(this.live, this.bytes.subarray(this.at, to));
    this.at = to;
  }

  /** The rest of the record, then the next file; files before it are compressed some time. */
  rotate(): void {
    const edge = this.edges.find((each) => each >= this.at) ?? this.bytes.length;
    this.write(edge - this.at);
    if (this.at === this.from) return;
    this.from = this.at;
    this.rotatedMs.push(performance.now());
    this.file++;
    this.begin();
    for (let old = 0; old < this.file; old++)
      if (
        existsSync(this.name(old)) &&
        performance.now() - this.rotatedMs[old] > COMPRESS_MS &&
        this.draw.below(3) === 0
      )
        this.compress(this.name(old));
  }

  private compress(file: string): void {
    writeFileSync(`${file}.gz.part`, gzipSync(readFileSync(file)));
    renameSync(`${file}.gz.part`, `${file}.gz`);
    rmSync(file);
  }
}

class Service {
  readonly folder = temporaryFolder('hour');
  readonly captures = path.join(this.folder, 'captures');
  log = '';
  private child: ChildProcess | null = null;
  private beganMs = 0;

  constructor(private readonly out: string) {
    mkdirSync(this.captures);
    onTestFinished(async () => {
      await this.end('SIGKILL');
    });
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  begin(): void {
    this.beganMs = performance.now();
    const argv = [
      'watch',
      this.captures,
      '--out',
      path.join(this.out, 'audits'),
      '--state',
      this.at('state'),
    ];
    const how = [
      '--alerts',
      `eve:${this.at('alerts.json')}`,
      '--alert-from',
      'suspected',
      '--health',
      this.at('health'),
    ];
    const times = ['--quiet-time', '1s', '--every', '1s', '--expect', '1h', '--log-level', 'info'];
    this.child = spawn(process.execPath, [BIN, ...argv, ...how, ...times], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: this.folder,
    });
    this.child.stderr?.on('data', (bytes) => {
      this.log += bytes;
    });
  }

  /** Not to one that begins, which has no handler yet and would end. */
  hangUp(): void {
    if (performance.now() - this.beganMs > START_MS) this.child?.kill('SIGHUP');
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (child === null) return null;
    this.child = null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return exit;
  }

  audit(): Audit | null {
    try {
      return JSON.parse(readFileSync(path.join(this.out, 'audits', 'audit.json'), 'utf8'));
    } catch {
      return null;
    }
  }
}

/** One thing that befalls a service. */
async function befall(service: Service, sensor: Sensor, disk: SmallDisk | null, draw: Random): Promise<void> {
  switch (draw.below(6)) {
    case 0:
    case 1:
      await service.end('SIGKILL');
      await sleep(draw.below(1000));
      service.begin();
      return;
    case 2:
      service.hangUp();
      return;
    case 3: {
      // The clock of the sensor was moved.
      const { mtimeMs } = statSync(sensor.live);
      const moved = mtimeMs / 1000 + (draw.below(2) === 0 ? -7200 : 7200);
      utimesSync(sensor.live, moved, moved);
      return;
    }
    case 4:
      renameSync(service.captures, `${service.captures}-away`);
      await sleep(1500);
      renameSync(`${service.captures}-away`, service.captures);
      return;
    default:
      if (disk === null) return;
      disk.fill();
      await sleep(1500);
      disk.free();
  }
}

describe.each(SEEDS)('an hour by seed %d', (seed) => {
  it('has the audit of one scan, and tells of each event once', async () => {
    const draw = random(seed);
    const packets = traffic();
    const bytes = writePcap(packets);
    const disk = HAS_SMALL_DISKS ? smallDisk(16_384) : null;
    onTestFinished(() => disk?.remove());
    const service = new Service(disk?.folder ?? temporaryFolder('out'));
    const whole = service.at('whole.pcap');
    writeFileSync(whole, bytes);
    const sensor = new Sensor(service.captures, bytes, draw);
    service.begin();
    const mean = bytes.length / STEPS;
    while (!sensor.isOver) {
      // tcpdump lets 4,096 bytes out at once, or all at each packet with -U.
      sensor.write(draw.below(3) === 0 ? 4096 : 1 + draw.below(Math.ceil(2 * mean)));
      if (draw.below(8) === 0) sensor.rotate();
      if (draw.below(8) === 0) await befall(service, sensor, disk, draw);
      await sleep(STEP_MS);
    }
    sensor.rotate();
    const counted = (): number =>
      (service.audit()?.inputs ?? []).reduce((sum, input) => sum + (input.packets ?? 0), 0);
    for (let i = 0; i < 120 && counted() < packets.length; i++) await sleep(500);
    expect(counted(), service.log).toBe(packets.length);
    expect(await service.end('SIGTERM'), service.log).toBe(0);
    const once = await scanInputs([whole]);
    expect(essence(service.audit() as Audit), service.log).toEqual(essence(once));

    const alerts: { alert: { metadata: { tag: string[] } } }[] = readFileSync(
      service.at('alerts.json'),
      'utf8',
    )
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const ids = alerts.map(({ alert }) => alert.metadata.tag.find((tag) => tag.startsWith('id:')));
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(readFileSync(service.at('health'), 'utf8')).toMatch(/^minesweep_watch_up 0$/m);
  }, 400_000);
});
