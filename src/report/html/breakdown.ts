/** Miners by owner, intent, algorithm, coin, pool, place and account: each as bars and as a table with its whole. */
import type { Audit } from '../../audit/audit.ts';
import type { ReportText } from '../../statements/codes.ts';
import { grouped } from '../../statements/figures.ts';
import { type Breakdown, breakdowns } from '../breakdown.ts';
import { type Bar, barChart } from './chart.ts';
import { html, type Markup, plainTable } from './markup.ts';

const BARS_AT_MOST = 8;
const ROWS_AT_MOST = 25;
/** Cards that take the whole width. */
const WIDE: ReadonlySet<Breakdown['id']> = new Set(['departments', 'reasons', 'pools', 'places', 'clusters']);

/** Whose hosts they are, right after them; nothing if no table says. */
export function departments(audit: Audit, text: ReportText): Markup {
  const found = breakdowns(audit, text).filter(({ id }) => id === 'departments');
  return html`${found.map((each) => html`<section id="departments">${card(each, text)}</section>\n`)}`;
}

/** The section. */
export function breakdown(audit: Audit, text: ReportText): Markup {
  const { breakdown: words } = text.page;
  const cards = breakdowns(audit, text)
    .filter(({ id }) => id !== 'departments')
    .map((each) => card(each, text));
  return html`<section id="breakdown"><h2>${words.title}</h2>
<p class="note">${text.page.several}</p>
${cards.length === 0 ? html`<p>${words.noMiners}</p>` : html`<div class="grid">${cards}</div>`}</section>
`;
}

function card(each: Breakdown, text: ReportText): Markup {
  const { id, title, note, table, absent, below } = each;
  return html`<div id="by-${id}" class="card${WIDE.has(id) ? ' whole' : ''}"><h3>${title}</h3>${
    note === null ? null : html`<p class="note">${note}</p>`
  }${table === null ? html`<p class="absent">${absent}</p>` : [bars(each, text), rows(each, text)]}${
    below === null ? null : html`<p class="note">${below}</p>`
  }</div>
`;
}

/** The bars of the first rows, and how many more there are. */
function bars({ bars: all, title, whole }: Breakdown, text: ReportText): Markup | null {
  if (all.length === 0) return null;
  const shown = all.length <= BARS_AT_MOST ? all : all.slice(0, BARS_AT_MOST - 1);
  const drawn: Bar[] = shown.map(({ name, addresses }) => ({
    name,
    value: addresses,
    label:
      whole > 0 ? `${grouped(addresses)} (${text.figures.percent(addresses / whole)})` : grouped(addresses),
  }));
  const rest = all.length - shown.length;
  // Addresses of the rest cannot be added up, as one may stand in several rows: only their number is told.
  return html`${barChart(drawn, title)}${rest === 0 ? null : html`<p class="note">${text.page.other(rest)}</p>`}`;
}

/** The first rows of a table, and a word about the others. */
function rows({ title, table, file }: Breakdown, text: ReportText): Markup | null {
  if (table === null) return null;
  const shown = table.rows.slice(0, ROWS_AT_MOST);
  return html`${plainTable(title, { ...table, rows: shown })}${
    table.rows.length > shown.length
      ? html`<p class="note">${text.page.more(shown.length, table.rows.length, file)}</p>`
      : null
  }`;
}
