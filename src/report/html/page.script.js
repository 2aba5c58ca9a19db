(() => {
'use strict';
const byId = (id) => document.getElementById(id);
const table = byId('host-table');

if (table) {
  const body = table.tBodies[0];
  const search = byId('host-search');
  const verdict = byId('host-verdict');
  const action = byId('host-action');
  const found = byId('host-found');
  const all = byId('host-all');
  let rows = Array.from(body.rows, (row) => ({ row, text: null }));
  let limit = 200;

  const textOf = (entry) => {
    if (entry.text === null) {
      const whole = Array.from(entry.row.querySelectorAll('[data-s]'), (cell) => cell.dataset.s);
      entry.text = [entry.row.textContent, ...whole].join(' ').toLowerCase();
    }
    return entry.text;
  };
  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = rows.filter((entry) =>
      (verdict.value === '' || entry.row.cells[2].dataset.v === verdict.value) &&
      (action.value === '' || entry.row.dataset.a === action.value) &&
      words.every((word) => textOf(entry).includes(word)));
    body.replaceChildren(...fitting.slice(0, limit).map(({ row }) => row));
    found.textContent = fitting.length.toLocaleString('en-US');
    all.hidden = fitting.length <= limit;
  };
  let waiting = 0;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, rows.length > 500 ? 120 : 0);
  });
  verdict.addEventListener('change', show);
  action.addEventListener('change', show);
  all.addEventListener('click', () => {
    limit = Infinity;
    show();
  });
  let before = limit;
  addEventListener('beforeprint', () => {
    before = limit;
    limit = Infinity;
    show();
  });
  addEventListener('afterprint', () => {
    limit = before;
    show();
  });

  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const keyOf = (entry, column) => {
    const cell = entry.row.cells[column];
    const number = cell.dataset.v === undefined ? null : Number(cell.dataset.v);
    return { entry, number, group: cell.dataset.g || '', text: number === null ? cell.textContent : '' };
  };
  const isEmpty = (key, column) =>
    key.number === null && (column === RATE || key.text === '' || key.text === '\u2013');
  const compare = (a, b) =>
    a.number !== null && b.number !== null ? a.number - b.number : collator.compare(a.text, b.text);
  // Columns of figures start with the largest, names and addresses with the first.
  const RATE = 4;
  const TRAFFIC = 5;
  const heads = Array.from(table.tHead.rows[0].cells);
  const sortBy = (column) => {
    const head = heads[column];
    const now = head.getAttribute('aria-sort');
    const up = now === null ? column !== TRAFFIC && column !== RATE : now === 'descending';
    for (const each of heads) each.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const keys = rows.map((entry) => keyOf(entry, column));
    // What has no value comes last either way, and groups keep their order.
    keys.sort((a, b) =>
      Number(isEmpty(a, column)) - Number(isEmpty(b, column)) ||
      collator.compare(a.group, b.group) ||
      (up ? compare(a, b) : compare(b, a)));
    rows = keys.map(({ entry }) => entry);
    show();
  };
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    button.addEventListener('click', () => sortBy(column));
    head.replaceChildren(button);
  });
  byId('host-controls').hidden = false;
  show();
}

// A frame that scrolls is reached by keyboard.
const frames = document.querySelectorAll('.scroll');
const reach = () => {
  for (const frame of frames) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute('tabindex');
  }
};
addEventListener('resize', reach);
document.addEventListener('toggle', reach, true);
reach();

const sections = Array.from(document.querySelectorAll('details.host'));
if (sections.length > 0) {
  const setAll = (open) => () => {
    for (const section of sections) section.open = open;
  };
  byId('open-all').addEventListener('click', setAll(true));
  byId('close-all').addEventListener('click', setAll(false));
  byId('detail-controls').hidden = false;
  const follow = () => {
    const target = /^#host-[0-9]+$/.test(location.hash) ? byId(location.hash.slice(1)) : null;
    if (target === null) return;
    target.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', follow);
  follow();
}
})();
