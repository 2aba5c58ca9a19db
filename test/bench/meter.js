/** Runs a command and says what it took: wall s, CPU s of user and system, peak MB, exit status. Needs python3. */
import { execFileSync } from 'node:child_process';

const METER = `
import os, sys, time, json
begun = time.monotonic()
pid = os.fork()
if pid == 0:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1); os.dup2(null, 2)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(pid, 0)
print(json.dumps({'wall': time.monotonic() - begun, 'cpu': used.ru_utime + used.ru_stime,
  'peak': used.ru_maxrss / 1024, 'status': os.waitstatus_to_exitcode(status)}))
`;

/** `cwd`: where it runs. */
export function metered(command, cwd = process.cwd()) {
  return JSON.parse(execFileSync('python3', ['-c', METER, ...command], { encoding: 'utf8', cwd }));
}
