// Accuracy by class, worst first.
import { byId, el, empty, setText, show } from './dom.js';
import { counted, percent, promptName, time } from './format.js';

let classes = null;

export function startClasses() {
  byId('classes-filter').addEventListener('input', list);
  byId('classes-which').addEventListener('change', list);
}

export function showClasses(data) {
  classes = data;
  const known = data !== null && data.per_class.length > 0;
  byId('classes-filters').hidden = !known;
  setText(byId('classes-note'), known ? `Worst first; ${promptName(data.version)} on ${counted(data.images, 'image')}, ${time(data.at)}.` : '');
  list();
}

function list() {
  if (!classes?.per_class.length) {
    show(byId('classes-body'), classes && said(''), empty('No class yet: they come with the first measurement of the live prompt.'));
    return;
  }
  const words = byId('classes-filter').value.trim().toLowerCase();
  const which = byId('classes-which').value;
  const matching = classes.per_class.filter(one => one.name.toLowerCase().includes(words) && (which === 'all' || one.seen === (which === 'seen')));
  show(byId('classes-body'), said(words), matching.length ? table(matching) : empty(`No class ${words ? `with “${words}” in its name` : 'of that kind'}.`));
}

/** What operators say of classes: retired ones are not in the table, as they judge nothing. */
function said(words) {
  return classes.said.filter(one => one.name.toLowerCase().includes(words))
    .map(({ name, retired, description }) => el('p', { class: 'quiet' }, `${name}: ${[retired && 'retired', description && `described as “${description}”`].filter(Boolean).join(', ')}`));
}

function table(entries) {
  return el('table', {},
    el('caption', {}, `${counted(entries.length, 'class', 'classes')}`),
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Class'), el('th', { scope: 'col' }, 'Kind'), el('th', { scope: 'col', class: 'number' }, 'Right'), el('th', { scope: 'col', class: 'number' }, 'Accuracy'))),
    el('tbody', {}, entries.map(row)));
}

function row({ name, seen, right, total }) {
  const share = total ? right / total : null;
  const bar = el('span', { class: 'cell-bar', 'aria-hidden': 'true' });
  bar.style.setProperty('--share', share ?? 0);
  return el('tr', {}, el('th', { scope: 'row', class: 'name' }, name), el('td', { class: 'quiet' }, seen ? 'seen' : 'unseen'), el('td', { class: 'number quiet' }, `${right} / ${total}`),
    el('td', { class: 'number accuracy-cell' }, bar, percent(share, 0)));
}
