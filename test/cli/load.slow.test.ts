/** The program as it is installed: it starts wherever it lies, and says so if it never comes to an end. */
import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const folder = temporaryFolder();
const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');

/** First line of a scan's page, for which the program loads modules late. */
async function scanned(env: NodeJS.ProcessEnv = {}, node = process.execPath): Promise<string> {
  const args = [path.join(folder, 'bin/minesweep.js'), 'scan', CAPTURE, '--format', 'html', '--quiet'];
  const { stdout, stderr } = await run(node, args, { maxBuffer: 1 << 24, env });
  return stderr + stdout.slice(0, 15);
}

beforeAll(() => {
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(path.join(REPO_ROOT, part), path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(REPO_ROOT, 'node_modules'), path.join(folder, 'node_modules'));
});

describe('the program', () => {
  describe('what a run keeps for the next one', () => {
    const HOME = temporaryFolder('home');
    const caches = path.join(HOME, '.cache/minesweep');
    const onlyFile = (): string => path.join(caches, readdirSync(caches).join());

    /** Scans, and says if the file was written anew. */
    async function isRewritten(node = process.execPath): Promise<boolean> {
      const before = statSync(onlyFile()).mtimeMs;
      expect(await scanned({ HOME }, node)).toBe('<!doctype html>');
      return statSync(onlyFile()).mtimeMs !== before;
    }

    it('is one file of this user alone, and used', async () => {
      expect(await scanned({ HOME })).toBe('<!doctype html>');
      expect(readdirSync(caches)).toEqual([expect.stringMatching(/^scan-\d+$/)]);
      expect([statSync(caches).mode & 0o777, statSync(onlyFile()).mode & 0o777]).toEqual([0o700, 0o600]);
      expect(await isRewritten()).toBe(false);
    });

    it('is not used if it is damaged, or others may write it', async () => {
      const good = readFileSync(onlyFile());
      const flipped = Buffer.from(good);
      for (let at = 100; at < flipped.length; at += 1000) flipped[at] = 255 - (flipped[at] ?? 0);
      for (const bad of [flipped, good.subarray(0, -100), Buffer.alloc(good.length), Buffer.alloc(0)]) {
        writeFileSync(onlyFile(), bad);
        expect(await isRewritten()).toBe(true);
        expect(await isRewritten()).toBe(false);
      }
      chmodSync(onlyFile(), 0o666);
      expect(await isRewritten()).toBe(true);
      expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
    });

    it('is not used by another build of Node.js, whose code would end in a crash', async () => {
      const other = path.join(HOME, 'node');
      cpSync(process.execPath, other);
      expect(await isRewritten(other)).toBe(true);
      expect(await isRewritten(other)).toBe(false);
      expect(await isRewritten()).toBe(true);
    });

    it('is neither read from a pipe nor written through a link', async () => {
      const at = onlyFile();
      const elsewhere = path.join(HOME, 'elsewhere');
      const places = [() => execFileSync('mkfifo', [at]), () => symlinkSync(elsewhere, at)];
      writeFileSync(elsewhere, 'untouched');
      for (const place of places) {
        rmSync(at);
        place();
        expect(await scanned({ HOME })).toBe('<!doctype html>');
        expect(lstatSync(at).isFile()).toBe(true);
      }
      expect(readFileSync(elsewhere, 'utf8')).toBe('untouched');
    });

    it('is not used, and not written, in a folder of another user or that others may write', async () => {
      writeFileSync(onlyFile(), 'untouched');
      chmodSync(caches, 0o777);
      expect(await isRewritten()).toBe(false);
      chmodSync(caches, 0o700);
      if (process.getuid?.() !== 0) return;
      chownSync(caches, 1, 1);
      expect(await isRewritten()).toBe(false);
      chownSync(caches, 0, 0);
    });

    it('needs a home that can be written, and can be switched off', async () => {
      const other = temporaryFolder('other');
      const blocked = path.join(other, 'file');
      writeFileSync(blocked, '');
      for (const env of [
        {},
        { HOME: '' },
        { HOME: '/proc' },
        { XDG_CACHE_HOME: 'relative', HOME: other },
        { XDG_CACHE_HOME: blocked },
        { HOME: other, NODE_DISABLE_COMPILE_CACHE: '1' },
      ]) {
        expect(await scanned(env)).toBe('<!doctype html>');
      }
      expect(readdirSync(other)).toEqual(['file']);
      mkdirSync(path.join(other, 'caches'));
      await scanned({ XDG_CACHE_HOME: path.join(other, 'caches') });
      expect(existsSync(path.join(other, 'caches/minesweep'))).toBe(true);
    });
  });

  it('ends with 1 if it never comes to an end', async () => {
    writeFileSync(path.join(folder, 'dist/minesweep.cjs'), 'exports.main = () => new Promise(() => {});');
    await expect(scanned()).rejects.toMatchObject({ code: 1 });
  });
});
