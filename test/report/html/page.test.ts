import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../../src/audit/audit.ts';
import { PUBLISHED_AUDITS, type PublishedAudit } from '../../../src/energy/published.ts';
import { renderAudit } from '../../../src/report/index.ts';
import { catalogueOf } from '../../../src/statements/catalogue.ts';
import { verbatim } from '../../../src/statements/index.ts';
import { LANGUAGES, type Language } from '../../../src/statements/languages.ts';
import { largeAudit } from '../../support/large-audit.ts';
import { HOSTILE, quietAudit, sampleAudit } from '../../support/sample-audit.ts';

async function page(
  audit: Audit,
  language: Language = 'en',
  format = 'html',
  compare: readonly PublishedAudit[] = [],
): Promise<string> {
  return [
    ...(await renderAudit(format, audit, { width: 200, color: false, zone: 'UTC', language, compare })),
  ].join('');
}

/** Its words as a reader sees them, less style, script and charts. */
function wordsOf(html: string): string {
  return html
    .replace(/<(style|script|svg)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<\/?(bdi|small|br|span|a)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/\n+/g, '\n')
    .replace(/&(amp|lt|gt|quot|#39|#96);/g, (_, name: string) => ENTITIES[name] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#96': '`',
};

/** The page's elements in order, with the names of their attributes; a long account stands in two pieces. */
function skeleton(html: string): string[] {
  return (html.match(/<[^>]*>/g) ?? [])
    .filter((tag) => !/^<\/?bdi>$/.test(tag))
    .map((tag) => tag.replace(/="[^"]*"/g, '=').replace(' data-s=', ''));
}

function part(html: string, element: 'style' | 'script'): string {
  return new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(html)?.[1] ?? '';
}

describe('the page', () => {
  it('has the figures of the table and of Markdown, with their wholes', async () => {
    const audit = sampleAudit();
    const words = wordsOf(await page(audit));
    const table = await page(audit, 'en', 'table');
    for (const figure of [
      '4.30 kH/s (4.04–4.57)',
      '95.2 TH/s (81.4–111)',
      '61.3 MH/s (12.6–179)',
      '410 Sol/s (0–1,510)',
      '2.49 kbps',
      '3.52 kbps',
      '676 kB',
      '3.69 kW (3.10–4.90)',
      '2.15 kH/s (1.97–2.35)',
      '99.8 % of bytes decoded',
      '3 confirmed, 1 probable, 1 suspected, 1 attempted, 1 listed',
    ]) {
      expect(table).toContain(figure);
      expect(words).toContain(figure);
    }
    expect(words).toContain('confirmed or probable, at 4 miner addresses; 4–7 devices');
    expect(words).toContain(
      '1 of 4 miner addresses at government, education or enterprise (22.5–100 % if classes are wrong as often as their confidence says)',
    );
    expect(words).toContain('owner unknown: 3 of 4');
    // First the paragraph, then what to do, then the figures.
    const first = [
      '4 addresses mined with',
      'What to do',
      'ask its owner',
      'Machines that mine',
      'Department',
    ];
    const places = first.map((said) => words.indexOf(said));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(words).toContain('\n88.6 kWh\n');
  });

  it('is the same page each time', async () => {
    expect(await page(sampleAudit())).toBe(await page(sampleAudit()));
  });

  it('allows itself one style and one script, by their hashes, and nothing else', async () => {
    const html = await page(sampleAudit());
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'");
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash(part(html, 'style'))}`,
      `script-src ${hash(part(html, 'script'))}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style>'));
  });

  it('loads nothing, styles nothing inline and handles nothing inline', async () => {
    const tags = (await page(sampleAudit())).match(/<[^>]*>/g) ?? [];
    expect(
      tags.filter((tag) => /\s(style|on\w+|srcset|src|xlink:href)=/i.test(tag.replace(/="[^"]*"/g, '='))),
    ).toEqual([]);
    const targets = tags.flatMap((tag) => /\shref="([^"]*)"/.exec(tag)?.[1] ?? []);
    expect(targets.filter((target) => !/^(#[a-z0-9-]+|data:,)$/.test(target))).toEqual([]);
  });

  it('links only to what is there, and each id is there once', async () => {
    const html = await page(sampleAudit());
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const match of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(match[1]);
  });

  it('gives each table a caption, and each chart over time its values as a table', async () => {
    const html = await page(sampleAudit());
    const count = (pattern: RegExp): number => [...html.matchAll(pattern)].length;
    expect(count(/<table/g)).toBeGreaterThan(20);
    expect(count(/<table[^>]*><caption class="away">[^<]+<\/caption>/g)).toBe(count(/<table/g));
    // Bars stand above their table.
    const bars = count(/<\/svg><\/div><div class="scroll"><table/g);
    expect(count(/<\/svg><\/div><details class="data">/g)).toBeGreaterThan(3);
    expect(count(/<\/svg><\/div>/g)).toBe(bars + count(/<details class="data">/g));
  });

  it('says by which column the hosts are sorted, before anybody sorts them', async () => {
    const heads = async (sort: 'verdict' | 'traffic' | 'power'): Promise<(string | undefined)[]> => {
      const options = { width: 200, color: false, zone: 'UTC', language: 'en' } as const;
      const selection = { sort, top: null, columns: null };
      const html = [...(await renderAudit('html', sampleAudit(), { ...options, selection }))].join('');
      return [...html.matchAll(/<th scope="col" aria-sort="(\w+)">([^<]*)</g)].map(
        ([, way, head]) => `${head} ${way}`,
      );
    };
    expect(await heads('verdict')).toEqual(['Verdict ascending']);
    expect(await heads('traffic')).toEqual(['Traffic descending']);
    expect(await heads('power')).toEqual([]);
  });

  it('has one row for the addresses of one machine, and says each advice once', async () => {
    const audit = sampleAudit();
    const [first, , third, fourth] = audit.hosts;
    if (first === undefined || third === undefined || fourth === undefined) throw new Error('four hosts');
    // 192.0.2.77 comes after 192.0.2.11 in time: the same laptop, moved.
    const lease = { mac: '02:00:00:00:00:01', hostname: 'lab-7', user: null, source: 'leases' };
    for (const host of [first, third])
      host.machines = [{ ...lease, from: host.firstSeen, to: host.lastSeen }];
    const html = await page(audit);
    const rows = [...html.matchAll(/<tr data-a="([\w-]+)">(.*?)<\/tr>/gs)];
    expect(rows).toHaveLength(audit.hosts.length - 1);
    const cells = rows.map(([, , cells = '']) => wordsOf(cells).replace(/\s+/g, ' '));
    const moved = cells.find((each) => each.includes('lab-7')) ?? '';
    for (const { ip } of [first, third]) {
      expect(moved).toContain(ip);
      expect(cells.filter((each) => each.includes(`${ip} `) || each.includes(`${ip}lab`))).toHaveLength(1);
    }
    // In the section of each address there is a link to the other one's.
    const sections = html.split('<details class="host"').slice(1);
    const other = (ip: string): string => {
      const own =
        sections.find((section) => section.includes(`<span class="address"><bdi>${ip}</bdi>`)) ?? '';
      return /Other addresses of this machine<\/dt><dd><a href="#host-\d+"><bdi>([^<]*)/.exec(own)?.[1] ?? '';
    };
    expect([first.ip, third.ip, fourth.ip].map(other)).toEqual([third.ip, first.ip, '']);
    // Advice stands above the list, and in the filter of the list.
    const { ask } = catalogueOf('en').action;
    expect(html.split(ask)).toHaveLength(3);
    expect(cells.join()).not.toContain(ask);
  });

  it('draws no time that nobody watched', async () => {
    const audit = largeAudit(20);
    const [start, end] = [audit.window.start ?? '', audit.window.end ?? ''];
    audit.window.observed = [
      { start, end: start.replace('T00', 'T06') },
      { start: start.replace('T00', 'T18'), end },
    ];
    const time = /<section id="time">.*?<\/section>/s.exec(await page(audit))?.[0] ?? '';
    // One step is 15 min: 48 of 96 steps are not known, in each table of the three kinds, twice in that of two directions.
    const charts = [...time.matchAll(/<figure/g)].length;
    expect([...time.matchAll(/>not watched</g)]).toHaveLength(48 * (charts + 1));
    expect([...time.matchAll(/Hatched: no input/g)]).toHaveLength(charts);
  });

  it('says so where owners, power and places were not assessed', async () => {
    const audit = sampleAudit();
    audit.totals = { ...audit.totals, power: null, owners: [], institutionalShare: null, cities: [] };
    for (const host of audit.hosts) {
      host.owner = {
        ...host.owner,
        class: 'unknown',
        name: null,
        source: null,
        intent: 'undetermined',
        reasons: [],
      };
    }
    const words = wordsOf(await page(audit));
    expect(words).toContain('Electricity\nnot assessed\npower could not be derived');
    expect(words).toContain('Institutional share\nnot assessed\nowners were not looked up');
    for (const title of ['Owners', 'Intent', 'Places'])
      expect(words).toMatch(new RegExp(`\n${title}\nnot assessed\n`));
  });

  it('has a row for every city, and says of how many addresses it is known', async () => {
    const audit = sampleAudit();
    audit.totals.cities = [
      { country: 'CN', region: 'Jiangsu', city: 'Suzhou', addresses: 2, kwhPerDay: 61.4 },
      { country: 'CN', region: null, city: '<i>南京</i>', addresses: 1, kwhPerDay: 3 },
    ];
    const words = wordsOf(await page(audit)).replace(/\n+/g, '|');
    expect(words).toContain('|Suzhou|Jiangsu|CN|2|50.0 %|61.4|');
    expect(words).toContain('|<i>南京</i>|–|CN|1|25.0 %|3.00|');
    expect(words).toContain('A city is known for 3 of 4 miner addresses.');
  });

  it('tells what the energy rests on', async () => {
    const audit = sampleAudit();
    audit.totals.powerAssumptions = [verbatim('PUE 1.10 (1.01–1.50)')];
    expect(wordsOf(await page(audit))).toContain('\nPUE 1.10 (1.01–1.50)\n');
  });

  it('calls nothing clean that it could not read', async () => {
    const quiet = quietAudit();
    const said = wordsOf(await page(quiet));
    expect(said).toContain('No mining found in 400 conversations; all could be judged.');
    const judged = {
      ...quiet.coverage.judged,
      notJudged: { cut: { conversations: 30, bytes: 9 }, encrypted: { conversations: 70, bytes: 90 } },
    };
    const blind = wordsOf(await page({ ...quiet, coverage: { ...quiet.coverage, complete: false, judged } }));
    expect(blind).toContain('or only 94.0 % of conversations were seen whole');
    expect(blind).toContain(
      'No mining was seen in 500 conversations; 100 conversations could not be judged (70 encrypted, 30 cut by the beginning or end of the capture). Coverage is incomplete',
    );
    const partial = wordsOf(await page({ ...quiet, partial: true }));
    expect(partial).toContain('PARTIAL: the run was interrupted');
  });

  it('stands where nothing has a time or a number that makes sense', async () => {
    const audit = sampleAudit();
    Object.assign(audit.window, {
      start: '0001-01-01T00:00:00.000Z',
      end: '9999-12-31T23:59:59.999Z',
      seconds: 3e11,
    });
    for (const session of audit.sessions) {
      session.start = 'never';
      session.series = [{ start: 'never', seconds: 1e300, shares: 5, hashrate: 1e300 }];
    }
    const html = await page(audit);
    expect(html).toContain('</html>');
    expect(html.replace(part(html, 'script'), '')).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('the page on published audits', () => {
  it('says why one algorithm cannot give the figures of Jiangsu, beside those of Zhejiang', async () => {
    const words = wordsOf(await page(quietAudit(), 'en', 'html', PUBLISHED_AUDITS)).replace(/\n+/g, '|');
    // docs/reference/energy.md section 4, by hand: 260,000 kWh / 24 h = 10.83 MW; / 4,502 = 2.41 kW; / 10,000 TH/s = 1,083 J/TH.
    expect(words).toContain('|Mean power|10.8 MW|6.19 MW|');
    expect(words).toContain('|Power per address|2.41 kW|1.32 kW|');
    expect(words).toContain('|Traffic per address|30.4 kbps|–|');
    expect(words).toContain('|Hashrate per address|2.22 TH/s|–|');
    expect(words).toContain('|Energy per hash, if SHA-256|1,083 J/TH|–|');
    expect(words).toContain('11 to 22 times too high');
    expect(words).toContain('741 machines of that kind and 23.5 MWh a day');
    expect(words).toContain('91 of the Antminer S19 Pro and 7.08 MWh');
    expect(words).toContain('91.0 % to 97.3 % of the electricity');
    expect(words).toContain('9.85 MW');
    expect(words).toContain('3.79 TH/s, about 9,000 rigs of 1.1 kW or 2 per address');
    expect(words).toContain('|109,000 servers, 24 per address|');
    expect(words).toContain('945 hijacked servers at 90 W more each, they draw 85.0 kW');
    expect(words).toContain('183 addresses at about 78 state units: 3.9 %');
    // 57.75 and 31.6 kWh an address; 60 t of coal a day, 54,000 t of carbon dioxide a year, as Zhejiang says itself.
    expect(words).toContain('|Electricity per address and day|57.8 kWh|31.6 kWh|');
    expect(words).toContain('|Standard coal per day, 0.404 kg/kWh (2021)|105 t|60.0 t|');
    expect(words).toContain('|CO₂ per day, 0.997 kg/kWh (old convention, 2021)|259 t|148 t|');
    expect(words).not.toContain('This audit');
  });

  it('has this audit in a column of its own, its compute by algorithm and never per address', async () => {
    const words = wordsOf(await page(sampleAudit(), 'en', 'html', PUBLISHED_AUDITS)).replace(/\n+/g, '|');
    // 2.49 and 3.52 kbit/s, 88.6 kWh a day and 3.69 kW of four addresses, one of them at a university.
    expect(words).toContain('|Figure|Jiangsu|Zhejiang|This audit|');
    expect(words).toContain('|Addresses|4,502|4,699|4|');
    expect(words).toContain(
      '|136.77 Mbps|not published|6.01 kbps, both directions, mean of the time watched|',
    );
    expect(words).toContain(
      '|not published|rx/0 4.30 kH/s (4.04–4.57); sha256d 95.2 TH/s (81.4–111); etchash 61.3 ',
    );
    expect(words).toContain('|260,000 kWh|148,500 kWh|88.6 kWh (74.4–118)|');
    expect(words).toContain(
      '|25.0 %: 1 address at government, education and enterprise, whatever the intent|',
    );
    expect(words).toContain('|Mean power|10.8 MW|6.19 MW|3.69 kW|');
    expect(words).toContain('|Hashrate per address|2.22 TH/s|–|–|');
  });
});

describe('a page of 5,000 hosts', () => {
  it('has every host in its table, and tells the first 250 in full', async () => {
    const html = await page(largeAudit(5000));
    expect(html.match(/<tr data-a=/g)).toHaveLength(5000);
    expect(html.match(/<details class="host"/g)).toHaveLength(250);
    expect(html).not.toContain('<details class="host" id="host-1" open>');
    expect(wordsOf(html)).toContain('of the first 250 of 5,000 addresses');
    expect(html.length).toBeLessThan(8_000_000);
  });
});

describe('whatever the wire says', () => {
  const word = fc
    .array(
      fc.oneof(
        fc.constantFrom(...'<>"\'`&=/\\{}|%;:()[]!-#\t\r\n\u001b\u009b\u202e\u200b\u2028\ud800機\u0301'),
        fc.constantFrom('</script>', '<!--', ']]>', '<svg onload=x>', '{b}', '{a|x}', '&lt;', '</style>'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
      ),
      { minLength: 1, maxLength: 20 },
    )
    .map((parts) => parts.join(''));

  /** The sample with this text wherever somebody else chooses it. */
  function saying(text: string): Audit {
    const audit = sampleAudit();
    for (const input of audit.inputs) {
      input.path = text;
      for (const row of input.damage) row.kind = text;
    }
    audit.coverage.skippedReasons = { [text]: 3 };
    for (const row of audit.totals.hashrate) row.algorithm = text;
    audit.totals.cities = [{ country: text, region: text, city: text, addresses: 1, kwhPerDay: 1 }];
    audit.totals.powerAssumptions = [verbatim(text)];
    for (const host of audit.hosts) {
      Object.assign(host, { workers: [text], algorithms: [text], coins: [text], pools: [text] });
      Object.assign(host.owner, {
        name: text,
        city: text,
        region: text,
        country: text,
        source: text,
        reasons: [verbatim(text)],
      });
      for (const each of host.hashrate) each.algorithm = text;
      for (const each of host.evidence) Object.assign(each, { kind: text, ...verbatim(text), input: text });
    }
    for (const session of audit.sessions) {
      session.agent = text;
      session.algorithm = text;
      session.coin = text;
      session.dialect = text;
      session.transport = text;
      session.reason = verbatim(text);
      session.pool.names = [text];
      session.pool.pool = text;
      session.logins = [{ account: text, worker: text }];
      session.via = [{ ip: '192.0.2.1', port: 1, kind: text }];
    }
    for (const pool of audit.pools)
      Object.assign(pool, { pool: text, operator: text, endpoints: [text], coins: [text] });
    return audit;
  }

  it('the page keeps its elements, and nothing in it acts', async () => {
    const plain = skeleton(await page(saying('x')));
    await fc.assert(
      fc.asyncProperty(word, async (text) => {
        const html = await page(saying(text));
        expect(skeleton(html)).toEqual(plain);
        expect(html).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
      { seed: 20260302, numRuns: 10 },
    );
  }, 180_000);

  it('shows hostile names as their characters', async () => {
    const words = wordsOf(await page(sampleAudit()));
    expect(words).toContain(HOSTILE.worker);
    expect(words).toContain(
      'login \\u{202e}gnp.exe\\u{202c} acc\\u{200b}epted\\u{2028}\\u{9b}31m\\u{d}\\u{a}FAKE',
    );
    expect(words).toContain('evil\\u{1b}[2J\\u{1b}]0;owned\\u{7}/1.0');
  });
});

describe('languages', () => {
  const HAN = /\p{Script=Han}/u;

  function leaves(value: unknown, at = ''): [string, unknown][] {
    if (typeof value !== 'object' || value === null) return [[at, value]];
    return Object.entries(value).flatMap(([key, child]) => leaves(child, `${at}.${key}`));
  }

  it('say the same things', () => {
    const keys = LANGUAGES.map((language) =>
      leaves(catalogueOf(language))
        .map(([at]) => at.replace(/\.\d+$/, ''))
        .sort(),
    );
    for (const each of keys) expect([...new Set(each)]).toEqual([...new Set(keys[0])]);
  });

  it('are not mixed', () => {
    const english = leaves(catalogueOf('en')).filter(
      ([, said]) => typeof said === 'string' && HAN.test(said),
    );
    expect(english).toEqual([]);
    // What has no letters, and what is written so in Chinese too.
    const alike = /^[^\p{L}]*$|^IP$|^zh-CN$|^kWh|^client\.reconnect$|^--pools$/u;
    const chinese = leaves(catalogueOf('zh')).filter(
      ([, said]) => typeof said === 'string' && !HAN.test(said) && !alike.test(said),
    );
    expect(chinese).toEqual([]);
  });

  it('of the page is Chinese where asked, with the same figures', async () => {
    const html = await page(sampleAudit(), 'zh');
    expect(html).toContain('<html lang="zh-CN">');
    const words = wordsOf(html);
    expect(words).toContain('“挖矿”活动监测分析报告');
    expect(words).toContain(
      '4 个挖矿地址中有 1 个属于党政机关、教育或企业（若归属类别的出错率与其可信度相符：22.5～100%）',
    );
    for (const figure of ['4.30 kH/s（4.04～4.57）', '88.6 千瓦时', '2.49 kbps'])
      expect(words).toContain(figure);
    expect(words).not.toMatch(/not assessed|Miner addresses|confirmed or probable/);
  });

  it.each(['table', 'markdown'])('of %s is Chinese where asked', async (format) => {
    const said = await page(sampleAudit(), 'zh', format);
    expect(said).toContain('2 台主机');
    expect(said).toContain('4.30 kH/s（4.04～4.57）');
    expect(said).not.toMatch(/\b(Hosts|Window|VERDICT|Verdict|from shares)\b/);
  });
});
