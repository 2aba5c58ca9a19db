/**
 * The database that ships with the program: address data of the npm package @ip-location-db/asn (CC BY 4.0; RouteViews,
 * DB-IP, NRO), compiled at build time to one MMDB. The package is a development dependency and no longer updated on
 * npm; its date goes with the file, and `minesweep owners build` makes a newer one.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fail } from '../errors.ts';
import { RangeCompiler } from './ranges.ts';

export const EMBEDDED_FILE = 'minesweep-asn.mmdb';
/** Counts up when the same data would give another file. */
const FORMAT = 1;
const EMBEDDED_TYPE = 'minesweep-ASN';
const BUILT = ' (owners build)';
const MAX_TITLE = 200;

/** What a database calls itself that somebody else compiled with this program: by the files that it is made of. */
export function builtTitle(files: string): string {
  return `${files.slice(0, MAX_TITLE)}${BUILT}`;
}

/** True for a database that this program compiled: its description is the attribution that was asked for. */
export function isCompiledHere(title: string): boolean {
  return title === EMBEDDED_TYPE || title.endsWith(BUILT);
}

/**
 * A step of the build: compiles the data of the package in `folder` into `output`, unless that was made of the same data
 * already. Returns false then. Throws FILE_UNREADABLE if the package is not installed.
 */
export function compileEmbedded(folder: string, output: string): boolean {
  const version = versionOf(folder);
  const description = describe(version);
  if (existsSync(output) && readFileSync(output).subarray(-1024).includes(description)) return false;
  const compiler = new RangeCompiler();
  for (const name of ['asn-ipv4.csv', 'asn-ipv6.csv']) {
    compiler.add(readFileSync(path.join(folder, name), 'utf8'), name);
  }
  const bytes = compiler.finish(
    { databaseType: EMBEDDED_TYPE, description, buildEpoch: epochOf(version) },
    folder,
  );
  mkdirSync(path.dirname(output), { recursive: true });
  writeFileSync(`${output}.part`, bytes);
  renameSync(`${output}.part`, output);
  return true;
}

/** Attribution, as the licences ask for it, in the file itself. */
function describe(version: string): string {
  return (
    `IP address to network. Data from routeviews.org, IP to ASN data by DB-IP (db-ip.com) and nro.net, all CC BY 4.0, ` +
    `by way of @ip-location-db/asn ${version}; ranges merged and compiled by minesweep (format ${FORMAT})`
  );
}

/** The last part of the package's version is the date and hour of its data: 2.3.2026061719. */
function epochOf(version: string): number {
  const date = /(\d{4})(\d{2})(\d{2})(\d{2})$/.exec(version);
  if (date === null) return 0;
  const [, year, month, day, hour] = date.map(Number);
  return Date.UTC(year, month - 1, day, hour) / 1000;
}

function versionOf(folder: string): string {
  try {
    const { version }: { version: unknown } = JSON.parse(
      readFileSync(path.join(folder, 'package.json'), 'utf8'),
    );
    return String(version);
  } catch (cause) {
    return fail('FILE_UNREADABLE', 'the address data to build the owner database from is not installed', {
      where: folder,
      hint: 'Install the development dependencies first.',
      cause,
    });
  }
}
