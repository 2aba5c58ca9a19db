/** Lines that the build must refuse: each is added to its table, or takes the place of another one. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';

const textOf = (file: string): string => readFileSync(path.join(REPO_ROOT, file), 'utf8');
const { tables, checkedFiles } = await import(path.join(REPO_ROOT, 'bin/tables.mjs'));
const { check } = await tables(JSON.parse(textOf('dist/metafile.json')).inputs);

describe('the build refuses', () => {
  it.each([
    // A key twice.
    ['address-prefixes.tsv', 'cash\tkaspa\tKAS', /: form prefix: 'cash kaspa' is in line \d+ already/],
    ['agents.tsv', 'new\tcpu\t\t\t\tXMRig', /: 'XMRig' is in line \d+ already/],
    ['alerts/cef.tsv', 'src\tip', /: field: 'src' is in line \d+ already/],
    ['algorithms.tsv', 'new\tnew\tH/s\t\tscrypt', /: 'scrypt' is in line \d+ already/],
    ['coins.tsv', 'NEW\tmonero\t-', /: 'monero' is in line \d+ already/],
    ['csv-columns.tsv', 'ip\tip\tip', /: name: 'ip' is in line \d+ already/],
    ['elements.tsv', '1\toctetDeltaCount\tnumber\tbytes', /: number when: '1 ' is in line \d+ already/],
    [
      'hardware.tsv',
      'sha256d\tasic\tAntminer S9\tJ/TH\twall\t\t1\t2\t3\t\t\t\tx',
      /'sha256d Antminer S9' is in line/,
    ],
    ['keywords.tsv', 'hospitals\thospital', /'hospitals hospital' is in line \d+ already/],
    ['metrics.tsv', 'minesweep_hosts\tTwice.', /'minesweep_hosts' is in line \d+ already/],
    ['networks.tsv', '7\tisp\tGB\tTwice', /: asn: '7' is in line \d+ already/],
    ['pools.tsv', 'New\tpool\t+antpool.com\t\t\tcapture', /: names: 'antpool.com' is in line \d+ already/],
    ['pools.tsv', 'New\tpool\tnew.org new.org\t\t\tcapture', /: names: 'new.org' is there twice/],
    ['pools.tsv', 'New\tpool\tnew.org\t\t\tcapture\teu#\t\teu#', /: mining unsure web: 'eu#' is there twice/],
    ['words.tsv', 'region\teu eu', /: words: 'eu' is there twice/],
    ['ports.tsv', '3333\tweak\tnew\t\thive', /: port: '3333' is in line \d+ already/],
    ['special-networks.tsv', '10.0.0.0/8\tprivate\t1918', /'10.0.0.0\/8' is in line \d+ already/],
    ['texts/zh.tsv', 'diff-overlap\t两', /: code: 'diff-overlap' is in line \d+ already/],
    ['audit.tsv', 'host.ip?\ttext\tTwice.', /: field: 'host.ip' is in line \d+ already/],
    // What another table does not have.
    [
      'pools.tsv',
      'New\tpool\tnew.org\t\t\tcapture\t\t\t\tXYZ: 3333',
      /: ports coins: 'XYZ' is not in coins.tsv/,
    ],
    [
      'pools.tsv',
      'New\tpool\tnew.org\t\t\tcapture\t\t\t\txyz: 3333',
      /: ports: 'xyz' is not in algorithms.tsv/,
    ],
    ['pools.tsv', 'New\tpool\tnew.org\t\t\tcapture hvie', /'hvie' is not in pool-sources.tsv/],
    ['pools.tsv', 'New\tpool\tnew.org', /: sources '': empty/],
    ['address-prefixes.tsv', 'cash\txyz\tXYZ', /: coins: 'XYZ' is not in coins.tsv/],
    ['evidence.tsv', 'xyz\tweak', /: kind: 'xyz' is not in texts\/en.tsv/],
    ['hardware.tsv', 'xyz\tasic\tNew\tJ/TH\twall\t\t1\t2\t3\t\t\t\tx', /'xyz' is not in families.tsv/],
    ['keywords.tsv', 'hospital\tsanatorium', /'hospital' is not in keyword-rules.tsv/],
    ['keyword-rules.tsv', 'new\tisp\torg\tword\t0.5', /: rule: 'new' is not in keywords.tsv/],
    ['models.tsv', 'new\tNo Such', /: device: 'No Such' is not in hardware.tsv/],
    // No date.
    ['coins.tsv', 'NEW\t\tethash<2021-02-30 -', /is no day, month or year/],
    ['pools.tsv', 'New\tpool\tnew.org\t\t2021-13\tcapture', /: listed '2021-13': is no day, month or year/],
    ['pools.tsv', 'New\tpool\tnew.org\t\t\tcapture\t\t\t\t\t\t2021-02-30', /: gone '2021-02-30': is no day/],
    // What nobody reads.
    ['csv-columns.tsv', 'colour\tip', /: name: 'colour' is not in --columns/],
    ['csv-columns.tsv', 'evidence\towner.colour', /: columns brief: 'owner.colour' is not in hosts.csv/],
    ['formats.tsv', 'agrus\tbytes\tTotBytes', /: format: nothing in the program reads this/],
    ['metrics.tsv', 'minesweep_colours\tNew.', /: metric figure: nothing in the program reads this/],
    [
      'metrics.tsv',
      'minesweep_day_colours\tNew.\tcolours',
      /: metric figure: nothing in the program reads this/,
    ],
    ['narrow-pages.tsv', 'hosts\tcolour\t10', /: column: nothing in the program reads this/],
    ['pseudonym-fields.tsv', 'colour\tcolour\tnew', /: kind: nothing in the program reads this/],
    ['words.tsv', 'web-labels\tforum', /: list: nothing in the program reads this/],
    // What is never looked up in this form, and what is in no order.
    ['antminers.tsv', 'KX\tkheavyhash', /: series: 'KX' is not like/],
    ['coins.tsv', 'NEW\tNewCoin\t-', /: names: 'NewCoin' is not like/],
    ['networks.tsv', '4200000001\tisp\tGermany\tNew', /: country: 'Germany' is not like/],
    ['pools.tsv', 'New\tpool\thttps://new.org\t\t\tcapture', /: names: 'https:\/\/new.org' is not like/],
    [
      'share-sizes.tsv',
      '^new\t300\t200\t400\tshort-fields',
      /: low central high: 300, 200, 400 are not in order/,
    ],
    ['message-sizes.tsv', 'new\t300-200\t1-2\t1-2', /: share '300-200': is not a number from 300/],
    ['logs.tsv', 'new\tline\t{srcc} {dst}', /: theirs: nothing in the program reads this/],
    ['coins.tsv', 'NEW\t\tethash<2022-09-15 kawpow<2020-01-01 -', /2022-09-15, 2020-01-01 are not in order/],
    ['coins.tsv', 'NEW\t\tethash kawpow', /: algorithms: 'ethash kawpow' is not like/],
    ['formats.tsv', 'csv\ttitle\tAgain', /: format field: 'csv title' is in line \d+ already/],
    ['ports.tsv', '3333.5\tweak\tnew\t\thive', /: port: '3333.5' is not like/],
    ['words.tsv', 'region\t', /: words: is empty/],
    ['special-networks.tsv', '10.0.0.0\tprivate\t1918', /: network '10.0.0.0': is not a number from 0 to 32/],
  ])('a line of %s: %j', (file, line, reason) => {
    expect(() => check(file, `${textOf(`data/${file}`)}${line}\n`)).toThrow(reason);
  });

  it.each([
    [
      'limits.json',
      '"line": {',
      '"lime": {',
      /^data\/limits.json:\d+: 'lime': nothing in the program reads this/,
    ],
    [
      'stores.json',
      '"source": [',
      '"sorce": [',
      /^data\/stores.json:10: 'sorce': nothing in the program reads/,
    ],
  ])('in %s, in the place of %s, %s', (file, name, wrong, reason) => {
    expect(() => check(file, textOf(`data/${file}`).replace(name, wrong))).toThrow(reason);
  });

  it('a rule that is none', () => {
    for (const rule of ['# rule: once: colour', '# rule: twice: asn', '# rule: asn once'])
      expect(() => check('networks.tsv', `${rule}\n${textOf('data/networks.tsv')}`)).toThrow(
        'data/networks.tsv:1: is no rule of this table',
      );
  });
});

describe('each file', () => {
  it.each<string>(checkedFiles())('%s is as it must be', (file) => {
    expect(() => check(file)).not.toThrow();
  });
});
