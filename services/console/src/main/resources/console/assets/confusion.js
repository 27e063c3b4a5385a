// What the live prompt takes for what: the whole matrix as a picture, and its largest entries as a table.
import { byId, el, empty, setText, show } from './dom.js';
import { counted, percent, promptName } from './format.js';
import { Heatmap } from './heatmap.js';

const LISTED = 25;
const list = el('div', { class: 'scroll tall-list', role: 'region', tabindex: 0, 'aria-label': 'Most frequent confusions' });
const reading = el('p', { class: 'reading', id: 'confusion-reading', role: 'status' });
let heatmap = null;
let data = null;

export function showConfusion(classes) {
  if (!classes?.confusion.length) {
    heatmap = null;
    show(byId('confusion-map'), empty('No confusion known yet: it comes with the first measurement of the live prompt.'));
    show(byId('confusion-list'));
    setText(byId('confusion-note'), '');
    return;
  }
  data = matrix(classes);
  if (heatmap === null) {
    const place = el('div', { class: 'heatmap-place' });
    show(byId('confusion-map'), el('p', { class: 'axis-note quiet' }, 'Rows: the true label. Columns: the answer. ', el('span', { class: 'key right' }, 'right'), ' ', el('span', { class: 'key wrong' }, 'wrong'), ', stronger for a larger share of the row.'), place, reading);
    show(byId('confusion-list'), list);
    heatmap = new Heatmap(place, { label: 'Confusion matrix of the live prompt', describedBy: 'confusion-note', onRead: read });
  }
  heatmap.show(data.names, data.cells.map(([row, column, n]) => [row, column, n / data.totals[row]]), data.seen);
  showList(classes);
  setText(byId('confusion-note'), `${promptName(classes.version)[0].toUpperCase()}${promptName(classes.version).slice(1)}, ${counted(data.names.length, 'class', 'classes')} in one label space, ${data.seen} of them seen: these come first, then the unseen, each by name.${classes.complete === false ? ' The rarest confusions are left out: there are too many for one report.' : ''}`);
}

/** Names in the order of rows and columns, cells by number instead of name. */
function matrix({ per_class, confusion }) {
  const seen = new Map(per_class.map(one => [one.name, one.seen]));
  const names = [...new Set([...seen.keys(), ...confusion.flatMap(([label, answer]) => [label, answer])])]
    .sort((a, b) => (seen.get(b) ?? false) - (seen.get(a) ?? false) || a.localeCompare(b));
  const index = new Map(names.map((name, i) => [name, i]));
  const cells = confusion.map(([label, answer, n]) => [index.get(label), index.get(answer), n]);
  const totals = names.map(() => 0);
  cells.forEach(([row, , n]) => { totals[row] += n; });
  return { names, cells, totals, counts: new Map(cells.map(([row, column, n]) => [`${row}/${column}`, n])), seen: names.filter(name => seen.get(name)).length };
}

function read(row, column) {
  if (row === null) {
    setText(reading, 'Point at a cell, or use the arrow keys.');
    return;
  }
  const { names, totals, counts } = data;
  const n = counts.get(`${row}/${column}`) ?? 0;
  const share = totals[row] ? ` (${percent(n / totals[row], 0)})` : '';
  setText(reading, row === column ? `${names[row]}: ${n} of ${counted(totals[row], 'image')} right${share}` : `${names[row]} taken for ${names[column]}: ${n} of ${counted(totals[row], 'image')}${share}`);
}

function showList({ confusion }) {
  const wrong = confusion.filter(([label, answer]) => label !== answer).sort((a, b) => b[2] - a[2]).slice(0, LISTED);
  const totals = new Map(data.names.map((name, i) => [name, data.totals[i]]));
  show(list, wrong.length ? el('table', {},
    el('caption', {}, 'Most frequent confusions'),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Label'), el('th', { scope: 'col' }, 'Taken for'), el('th', { scope: 'col', class: 'number' }, 'Images'))),
    el('tbody', {}, wrong.map(([label, answer, n]) => el('tr', {}, el('th', { scope: 'row', class: 'name' }, label), el('td', { class: 'name' }, answer), el('td', { class: 'number' }, `${n} of ${totals.get(label)}`)))))
    : empty('No image is answered wrongly.'));
}
