/** A Slurm cluster of one node on loopback, with its own key, folders and ports. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch'];

/** False if a program is missing, or nobody may start them: the daemons want root. */
export function hasSlurm(): boolean {
  return (
    process.getuid?.() === 0 && PROGRAMS.every((program) => spawnSync(program, ['-V']).error === undefined)
  );
}

export interface Cluster {
  /** Runs a job script as an array and waits for its end. Returns what Slurm says if it fails, else null. */
  array(script: string, size: number): string | null;
  stop(): void;
}

/** Starts it. Throws if the node does not become idle. */
export function startCluster(folder: string): Cluster {
  const at = (...names: readonly string[]): string => path.join(folder, ...names);
  const node = hostname().split('.')[0] ?? 'localhost';
  mkdirSync(at('state'));
  mkdirSync(at('spool'));
  writeFileSync(at('munge.key'), randomBytes(1024));
  chmodSync(at('munge.key'), 0o600);
  const settings = {
    ...{ ClusterName: 'test', SlurmctldHost: `${node}(127.0.0.1)`, SlurmUser: 'root' },
    ...{ AuthType: 'auth/munge', AuthInfo: `socket=${at('munge.socket')}` },
    ...{
      SlurmctldPort: '16817',
      SlurmdPort: '16818',
      StateSaveLocation: at('state'),
      SlurmdSpoolDir: at('spool'),
    },
    ...{ SlurmctldPidFile: at('slurmctld.pid'), SlurmdPidFile: at('slurmd.pid') },
    ...{ ProctrackType: 'proctrack/linuxproc', TaskPlugin: 'task/none', SelectType: 'select/cons_tres' },
    ...{ MpiDefault: 'none', ReturnToService: '2' },
  };
  writeFileSync(
    at('slurm.conf'),
    [
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      `NodeName=${node} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN`,
      'PartitionName=main Nodes=ALL Default=YES State=UP',
      '',
    ].join('\n'),
  );
  const env = { ...process.env, SLURM_CONF: at('slurm.conf') };
  const munge = [
    '--force',
    '--foreground',
    `--key-file=${at('munge.key')}`,
    `--socket=${at('munge.socket')}`,
  ];
  const daemons: ChildProcess[] = [
    spawn('munged', [
      ...munge,
      `--pid-file=${at('munge.pid')}`,
      `--log-file=${at('munge.log')}`,
      `--seed-file=${at('munge.seed')}`,
    ]),
    spawn('slurmctld', ['-D'], { env, stdio: 'ignore' }),
    spawn('slurmd', ['-D'], { env, stdio: 'ignore' }),
  ];
  const stop = (): void => {
    for (const daemon of daemons) daemon.kill('SIGKILL');
  };
  for (let tries = 0; ; tries++) {
    if (spawnSync('sinfo', ['-h', '-o', '%t'], { env, encoding: 'utf8' }).stdout.includes('idle')) break;
    if (tries === 60) {
      stop();
      throw new Error('the Slurm node did not become idle');
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  return {
    array: (script, size) => {
      const options = [
        '--wait',
        '--requeue',
        `--array=0-${size - 1}`,
        `--output=${at('job-%a.out')}`,
        `--chdir=${folder}`,
      ];
      const { status, stdout, stderr } = spawnSync('sbatch', [...options, script], { env, encoding: 'utf8' });
      return status === 0 ? null : `${stdout}${stderr}`;
    },
    stop,
  };
}
