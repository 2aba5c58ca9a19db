/**
 * `npm run compare -- --mining DIR --clean DIR` (each may be repeated): which tool finds mining in captures, which accuses captures
 * without any, and at what cost. A capture counts as mining or clean by the folder that it is in, unless NAME.json beside it
 * says `is_mining`. Each tool sees each capture alone, in a process of its own. minesweep: a host confirmed or probable.
 * nDPI: a flow named Mining. Suricata and Zeek: an alert or a hit of the lists that `minesweep pools export` makes;
 * Suricata has rules for the openings of mining protocols as well (stratum.rules), as public rule sets have. What is not
 * installed has a row that says so. `--write` puts the result into docs/guide/comparison.md. Options: --tools LIST, --folder DIR
 * for files in between (.cache/compare).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { metered } from './meter.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = path.join(ROOT, 'docs', 'guide', 'comparison.md');
const [BEGIN, END] = ['<!-- figures: npm run compare -- --write -->', '<!-- end of figures -->'];
const MINESWEEP = [process.execPath, path.join(ROOT, 'bin', 'minesweep.js')];

const { values } = parseArgs({
  options: {
    mining: { type: 'string', multiple: true, default: [] },
    clean: { type: 'string', multiple: true, default: [] },
    tools: { type: 'string', default: 'minesweep,ndpi,suricata,zeek' },
    folder: { type: 'string', default: path.join(ROOT, '.cache', 'compare') },
    write: { type: 'boolean', default: false },
  },
});
const work = path.resolve(values.folder);
mkdirSync(work, { recursive: true });

const exported = (format) => {
  const { status, stdout, stderr } = spawnSync(MINESWEEP[0], [MINESWEEP[1], 'pools', 'export', format], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};
const versionOf = (program, ...args) => {
  const { error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return error === undefined ? (/\d+\.\d+(\.\d+)?/.exec(`${stdout}${stderr}`)?.[0] ?? '?') : null;
};
const text = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** `version`: null if it is not installed. `command`: run in a folder of its own. `finds`: reads what it left there. */
const TOOLS = {
  minesweep: {
    title: 'minesweep',
    version: () => versionOf(...MINESWEEP, '--version'),
    prepare: () => undefined,
    command: (file) => [...MINESWEEP, 'scan', file, '--out', 'out', '--quiet', '--no-progress'],
    finds: (folder) => {
      const audit = text(path.join(folder, 'out/audit.json'));
      if (audit === '') return false;
      return JSON.parse(audit).hosts.some(({ verdict }) => verdict === 'confirmed' || verdict === 'probable');
    },
    shown: 'minesweep scan FILE --out DIR',
  },
  ndpi: {
    title: 'nDPI (ndpiReader)',
    version: () => versionOf('ndpiReader', '-h'),
    prepare: () => undefined,
    command: (file) => ['ndpiReader', '-q', '-i', file, '-C', 'flows.csv'],
    // The name of the protocol, alone or below another one: Mining, TLS.Mining.
    finds: (folder) =>
      text(path.join(folder, 'flows.csv'))
        .split('\n')
        .some((line) => /(^|\.)Mining$/.test(line.split(',')[10] ?? '')),
    shown: 'ndpiReader -q -i FILE -C flows.csv',
  },
  suricata: {
    title: 'Suricata, names and openings',
    version: () => versionOf('suricata', '-V'),
    prepare: () => {
      writeFileSync(path.join(work, 'minesweep-names.lst'), exported('suricata-dataset'));
      const own = readFileSync(path.join(ROOT, 'test/bench/stratum.rules'), 'utf8');
      writeFileSync(path.join(work, 'mining.rules'), exported('suricata-rules') + own);
      writeFileSync(path.join(work, 'suricata.yaml'), SURICATA);
    },
    command: (file) => [
      ...['suricata', '-c', path.join(work, 'suricata.yaml'), '-S', path.join(work, 'mining.rules')],
      ...['-k', 'none', '--runmode', 'single', '-l', '.', '-r', file],
    ],
    finds: (folder) => text(path.join(folder, 'eve.json')) !== '',
    shown: 'suricata -c suricata.yaml -S mining.rules -k none --runmode single -r FILE',
  },
  zeek: {
    title: 'Zeek, names (intelligence framework)',
    version: () => versionOf('zeek', '--version'),
    prepare: () => {
      writeFileSync(path.join(work, 'mining.intel'), exported('zeek-intel'));
      writeFileSync(path.join(work, 'mining.zeek'), ZEEK(path.join(work, 'mining.intel')));
    },
    command: (file) => ['zeek', '-C', '-r', file, path.join(work, 'mining.zeek')],
    finds: (folder) => /^[^#\n]/m.test(text(path.join(folder, 'intel.log'))),
    shown: 'zeek -C -r FILE mining.zeek',
  },
};

const SURICATA = `%YAML 1.1
---
vars:
  address-groups:
    HOME_NET: "any"
    EXTERNAL_NET: "any"
classification-file: /etc/suricata/classification.config
outputs:
  - eve-log:
      enabled: yes
      filename: eve.json
      types: [alert]
app-layer:
  protocols:
    tls: {enabled: yes, detection-ports: {dp: 443}}
    http: {enabled: yes}
    dns:
      udp: {enabled: yes, detection-ports: {dp: 53}}
      tcp: {enabled: yes, detection-ports: {dp: 53}}
`;

/** Zeek would end with the capture before it has read the list: it has to wait for it. */
const ZEEK = (file) => `@load frameworks/intel/seen
redef Intel::read_files += { "${file}" };
event zeek_init() { suspend_processing(); }
event Input::end_of_data(name: string, source: string) { continue_processing(); }
`;

const wrong = [
  ...[...values.mining, ...values.clean].filter((folder) => !existsSync(folder)),
  ...values.tools.split(',').filter((id) => !Object.hasOwn(TOOLS, id)),
];
if (wrong.length > 0) {
  console.error(`no such folder, or no tool (${Object.keys(TOOLS).join(', ')}): ${wrong.join(', ')}`);
  process.exit(2);
}
const captures = [
  ...values.mining.flatMap((folder) => capturesIn(folder, true)),
  ...values.clean.flatMap((folder) => capturesIn(folder, false)),
];
const mining = captures.filter(({ isMining }) => isMining);
const clean = captures.filter(({ isMining }) => !isMining);
if (captures.length === 0) {
  console.error('no captures: name folders with --mining DIR and --clean DIR');
  process.exit(2);
}

const rows = [];
const lists = [];
for (const id of values.tools.split(',')) {
  const tool = TOOLS[id];
  const version = tool.version();
  if (version === null) {
    rows.push(`| ${tool.title} | not installed | | | | | | |`);
    continue;
  }
  tool.prepare();
  const found = new Set();
  const failed = [];
  let [wall, cpu, peak] = [0, 0, 0];
  for (const capture of captures) {
    const folder = path.join(work, id);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const took = metered(tool.command(capture.file), folder);
    [wall, cpu, peak] = [wall + took.wall, cpu + took.cpu, Math.max(peak, took.peak)];
    if (tool.finds(folder)) found.add(capture);
    // 4: done, with damaged input.
    if (took.status !== 0 && !(id === 'minesweep' && took.status === 4)) failed.push(capture);
  }
  const missed = mining.filter((capture) => !found.has(capture));
  const accused = clean.filter((capture) => found.has(capture));
  rows.push(
    `| ${tool.title} | ${version} | ${mining.length - missed.length} of ${mining.length} | ${missed.length} | ${accused.length} of ${clean.length} | ${cpu.toFixed(1)} | ${wall.toFixed(1)} | ${Math.round(peak)} |`,
  );
  const named = (all) => (all.length === 0 ? 'none' : all.map(({ name }) => name).join(', '));
  lists.push(
    `- **${tool.title}**, \`${tool.shown}\`. Missed: ${named(missed)}. Accused: ${named(accused)}.${failed.length === 0 ? '' : ` Ended with an error: ${named(failed)}.`}`,
  );
  console.error(`${tool.title}: done`);
}

const figures = [
  `${new Date().toISOString().slice(0, 10)}; ${mining.length} captures with mining, ${clean.length} without. CPU and wall are sums over all captures, a process each; peak is of the largest process.`,
  '',
  '| tool | version | found | missed | accused | CPU, s | wall, s | peak, MB |',
  '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
  ...rows,
  '',
  ...lists,
].join('\n');
console.log(figures);
if (values.write) {
  const page = readFileSync(PAGE, 'utf8');
  const [before, after] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
  writeFileSync(PAGE, `${before}${BEGIN}\n${figures}\n${after}`);
}

/** Files of the folder itself, by name; those that only minesweep could unpack are unpacked for all. */
function capturesIn(folder, isMining) {
  return readdirSync(folder)
    .filter((name) => /\.(pcap|pcapng|cap)(\.gz)?$/.test(name) && statSync(path.join(folder, name)).isFile())
    .sort()
    .map((name) => {
      let file = path.resolve(folder, name);
      const truth = file.replace(/\.(pcap|pcapng|cap)(\.gz)?$/, '.json');
      const said = existsSync(truth) ? JSON.parse(readFileSync(truth, 'utf8')).is_mining : undefined;
      if (name.endsWith('.gz')) {
        // Two folders may have captures of one name.
        const plain = path.join(work, file.slice(0, -'.gz'.length).replaceAll(path.sep, '_'));
        writeFileSync(plain, gunzipSync(readFileSync(file)));
        file = plain;
      }
      return { name, file, isMining: said ?? isMining };
    });
}
