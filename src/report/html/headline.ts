/** The first section: all of it in one paragraph, what to do, and five figures with their wholes; then the rates of the algorithms. */
import { actionOf } from '../../audit/action.ts';
import type { Audit, Intent } from '../../audit/audit.ts';
import { conversationsOf, judgedParts } from '../../audit/judged.ts';
import { isAtLeast, isMiner, isPoolServer, minersOf } from '../../audit/miners.ts';
import { groupBy } from '../../order.ts';
import type { ReportText } from '../../statements/codes.ts';
import { bitrate, byteCount, grouped, si } from '../../statements/figures.ts';
import { departmentsOf, hasDepartments } from '../departments.ts';
import { basisText, totalRateRows } from '../rows.ts';
import { institutionalOf, institutionalRange, intentAssessed } from '../shares.ts';
import { unmeasuredHosts, verdictCounts, windowText } from '../summary.ts';
import { tableOf } from '../tables.ts';
import { othersTexts, trafficShares } from '../traffic.ts';
import { type Content, foreign, html, type Markup, plainTable } from './markup.ts';

/** Rates and cities that the paragraph names. */
const RATES_NAMED = 4;
const CITIES_NAMED = 3;
/** Hosts that an action names. */
const HOSTS_NAMED = 5;
const DEPARTMENTS_NAMED = 5;

interface Tile {
  readonly title: string;
  /** Null if it was not assessed. */
  readonly value: string | null;
  readonly notes: readonly Content[];
}

/** The paragraph, what to do, the figures. */
export function headline(audit: Audit, zone: string, text: ReportText): Markup {
  const { page } = text;
  return html`<section id="headline"><h2>${page.headline.title}</h2>
${audit.hosts.length === 0 ? null : html`<p class="prose">${paragraph(audit, zone, text)}</p>${actions(audit, text)}`}
<div class="tiles">${tilesOf(audit, text).map(
    (
      tile,
    ) => html`<div class="tile"><h3>${tile.title}</h3><p class="value${tile.value === null ? ' absent' : ''}">${
      tile.value ?? page.notAssessed
    }</p>${tile.notes.map((note) => html`<p>${note}</p>`)}</div>
`,
  )}</div></section>
`;
}

/** What to do, and about which hosts; of weaker verdicts the list of hosts tells. */
function actions(audit: Audit, text: ReportText): Markup | null {
  const mining = audit.hosts.filter((host) => !isPoolServer(host) && isAtLeast(host.verdict, 'suspected'));
  if (mining.length === 0) return null;
  const items = [...groupBy(mining, actionOf)].map(([action, hosts]) => {
    const more = hosts.length - HOSTS_NAMED;
    const names = hosts
      .slice(0, HOSTS_NAMED)
      .map(({ ip }) => ip)
      .join(text.comma);
    const said = more > 0 ? text.screen.andMore(names, more) : names;
    return html`<li>${text.action[action]}${text.colon}${said}</li>`;
  });
  return html`<h3>${text.column.action[0]}</h3><ul>${items}</ul>`;
}

/** The rates of the algorithms. */
export function rates(audit: Audit, text: ReportText): Markup {
  const { page, column } = text;
  const rows = totalRateRows(audit, text);
  return html`<section id="rates"><h2>${page.headline.rates}</h2>${
    rows.length === 0
      ? html`<p>${page.headline.noRates}</p>`
      : html`<p class="note">${page.headline.ratesNote}</p>${plainTable(
          page.headline.rates,
          tableOf(rows, [
            [column.algorithm[0], (row) => row.algorithm],
            [column.hashrate[0], (row) => row.rate, 'figure'],
            [column.hosts[0], (row) => row.hosts, 'figure'],
            [column.basis[0], (row) => basisText(row, text.semicolon)],
          ]),
        )}`
  }</section>
`;
}

/** Machines that mine; of an audit without machines its addresses. */
function minersCount({ machines, totals }: Audit): number {
  return machines.length === 0
    ? totals.minerAddresses
    : machines.filter(({ verdict }) => isMiner(verdict)).length;
}

function tilesOf(audit: Audit, text: ReportText): Tile[] {
  const { totals, coverage } = audit;
  const { headline: words } = text.page;
  const { bytesOut, bytesIn, mbpsOut, mbpsIn } = totals.traffic;
  const shares = trafficShares(audit);
  const judged = judgedParts(coverage.judged);
  return [
    {
      title: words.machines,
      value: grouped(minersCount(audit)),
      notes: [
        words.machinesOf(
          text.count.minerAddresses(totals.minerAddresses),
          text.figures.range(totals.machines.low, totals.machines.high),
          [...new Set(minersOf(audit).flatMap(({ rigsBy = [] }) => rigsBy))].map(
            (sign) => text.rigSign[sign],
          ),
        ),
        verdictCounts(audit, text),
      ],
    },
    energyTile(audit, text),
    ...ownerTiles(audit, text),
    {
      title: words.judged,
      value: text.figures.percent(judged.conversations),
      notes: [
        words.judgedOf(
          text.count.conversations(conversationsOf(coverage.judged)),
          text.figures.percent(judged.bytes),
        ),
        coverage.complete ? words.complete : words.incomplete,
      ],
    },
    {
      title: words.traffic,
      value: bitrate(mbpsOut),
      notes: [
        words.trafficOf(
          bitrate(mbpsIn),
          byteCount(bytesOut + bytesIn),
          text.count.sessions(shares.minerSessions),
          text.figures.duration(audit.window.observedSeconds),
        ),
        ...othersTexts(shares, text),
      ],
    },
  ];
}

function energyTile(audit: Audit, text: ReportText): Tile {
  const { headline: words } = text.page;
  const { power, modelledPower } = audit.totals;
  const beside: string[] = [];
  if (modelledPower !== undefined) {
    const [, ...energy] = text.figures.power(modelledPower);
    beside.push(words.energyModelled(text.count.hosts(unmeasuredHosts(audit)), ...energy));
  }
  if (power === null) return { title: words.energy, value: null, notes: [words.energyNone, ...beside] };
  const [watts, kwh, mined] = text.figures.power(power);
  const alone = text.figures.energy(power.kwhPerDay);
  return {
    title: words.energy,
    value: alone,
    notes: [words.energyOf(kwh.slice(alone.length), watts, mined), ...beside],
  };
}

/** Departments if there are any; institutions too, unless the departments are all that is known of owners. */
function ownerTiles(audit: Audit, text: ReportText): Tile[] {
  if (!hasDepartments(audit)) return [institutionalTile(audit, text)];
  const found = institutionalOf(audit);
  const isUnknown = found !== null && found.unknown === found.all;
  return [departmentsTile(audit, text), ...(isUnknown ? [] : [institutionalTile(audit, text)])];
}

/** Departments of the operator's own table, those of most power first. */
function departmentsTile(audit: Audit, { column, summary, bracketed }: ReportText): Tile {
  const rows = departmentsOf(audit);
  const named = rows.slice(0, DEPARTMENTS_NAMED).map(({ department, hosts, watts }): Content => {
    const count = summary.department(hosts.length, watts > 0 ? si(watts, 'W') : '');
    return [department === '' ? summary.noDepartment : foreign(department), count];
  });
  const more = rows.length - named.length;
  const rest = more > 0 ? [bracketed(`+${grouped(more)}`).trim()] : [];
  const known = rows.filter(({ department }) => department !== '').length;
  return { title: column.department[0], value: grouped(known), notes: [...named, ...rest] };
}

function institutionalTile(audit: Audit, text: ReportText): Tile {
  const { headline: words } = text.page;
  const found = institutionalOf(audit);
  if (found === null) return { title: words.institutional, value: null, notes: [words.institutionalNone] };
  return {
    title: words.institutional,
    value: text.figures.percent(found.share),
    notes: [
      words.institutionalOf(found.addresses, found.all, institutionalRange(audit, text)),
      words.ownerUnknown(found.unknown, found.all),
    ],
  };
}

function paragraph(audit: Audit, zone: string, text: ReportText): Content[] {
  const { totals } = audit;
  const { paragraph: words } = text.page;
  const miners = minersOf(audit);
  const facts: Content[] = [
    words.seen(
      windowText(audit, zone, text),
      text.count.machines(minersCount(audit), minersCount(audit)),
      text.count.addresses(totals.minerAddresses),
      text.count.pools(new Set(miners.flatMap((host) => host.pools)).size),
    ),
    words.traffic(bitrate(totals.traffic.mbpsOut), bitrate(totals.traffic.mbpsIn)),
  ];
  const rates = totals.hashrate.filter((row) => row.headline && row.basis !== 'modelled');
  if (rates.length > 0) {
    const named = rates.slice(0, RATES_NAMED);
    const each = named.map((row) => `${row.algorithm} ${text.figures.hashrate(row)}`);
    facts.push(words.compute(each.join(text.semicolon), rates.length - named.length));
  }
  if (totals.power !== null) {
    facts.push(words.energy(text.figures.power(totals.power)[1]));
  }
  const cities = totals.cities
    .slice(0, CITIES_NAMED)
    .map((place) => `${place.city} (${grouped(place.addresses)})`);
  if (cities.length > 0) facts.push(words.cities(cities.join(text.comma)));
  const found = institutionalOf(audit);
  if (found !== null) {
    facts.push(
      words.institutional(
        text.figures.percent(found.share),
        institutionalRange(audit, text),
        text.count.minerAddresses(found.unknown),
      ),
    );
  }
  if (intentAssessed(audit)) {
    const count = (intent: Intent): string =>
      grouped(miners.filter(({ owner }) => owner.intent === intent).length);
    facts.push(words.intent(count('hijacked'), count('deliberate'), count('undetermined')));
  }
  return facts;
}
