// Accuracy over time: the live prompt as lines, candidates as markers, the hand-written prompt as the thin reference.
import { byId, el, empty, setText, show } from './dom.js';
import { percent, points as change, promptName, time } from './format.js';
import { swatch } from './legend.js';
import { LineChart } from './line-chart.js';

const METRICS = [
  { key: 'seen', name: 'Seen', dash: [], marker: 'circle' },
  { key: 'unseen', name: 'Unseen', dash: [8, 4], marker: 'square' },
  { key: 'hm', name: 'HM', dash: [], marker: 'diamond' },
  { key: 'joint', name: 'Joint', dash: [9, 3, 2, 3], marker: 'triangle' },
];
const KINDS = [{ key: 'live', name: 'Live' }, { key: 'candidate', name: 'Candidates' }, { key: 'zero_shot', name: 'Hand-written' }];
const SIGNS = { rollout: '▲', rollback: '▼', repair: '◆', fail: '✕' };
const ROWS = 60;

const shown = new Set([...METRICS, ...KINDS].map(one => one.key));
const combinations = KINDS.flatMap(kind => METRICS.map(metric => ({ kind: kind.key, metric })));
let chart = null;
let points = [];

export function startAccuracy() {
  const toggles = (entries, label, picture) => el('div', { class: 'legend', role: 'group', 'aria-label': label },
    entries.map(entry => el('button', { type: 'button', class: 'toggle', 'aria-pressed': 'true', click: event => toggle(event.currentTarget, entry.key) }, picture(entry), entry.name)));
  show(byId('accuracy-legend'),
    toggles(METRICS, 'Accuracies shown', metric => swatch({ colour: metric.key, dash: metric.dash, marker: metric.marker, width: 2 })),
    toggles(KINDS, 'Prompts shown', kind => swatch({ colour: 'quiet', width: kind.key === 'live' ? 2.5 : kind.key === 'zero_shot' ? 1 : 0, dash: kind.key === 'zero_shot' ? [1.5, 2.5] : [], marker: kind.key === 'candidate' ? 'circle' : undefined })),
    el('p', { class: 'legend keys' }, el('span', { class: 'good' }, '▲ rollout'), el('span', { class: 'bad' }, '▼ rollback'), el('span', { class: 'bad' }, '✕ candidate failed')));
  show(byId('accuracy-chart'), empty('No measurement yet: the first comes when enough held-out images have arrived.'));
}

export function showAccuracy(accuracy) {
  points = accuracy.points;
  showTiles(points.at(-1));
  byId('accuracy-legend').hidden = byId('accuracy-as-table').hidden = !points.length;
  setText(byId('accuracy-note'), points.length ? `Live prompt, as last measured at ${time(points.at(-1).at)}; change against the hand-written prompt in points.` : '');
  if (!points.length) {
    return;
  }
  chart ??= new LineChart(byId('accuracy-chart'), { label: 'Accuracies over time', time: true, format: value => percent(value, 0), series: combinations.map(series), read });
  chart.show([points.map(point => point.at), ...combinations.map(({ kind, metric }) => points.map(point => point[kind]?.[metric.key] ?? null))],
    accuracy.events.map(event => ({ x: event.at, kind: event.kind, text: `${SIGNS[event.kind] ?? '◆'}${mark(event)}` })));
  showTable(accuracy);
}

function mark({ candidate, to }) {
  return candidate ? `v${candidate}` : to === 0 ? 'hand' : `v${to}`;
}

function showTiles(last) {
  show(byId('accuracy-tiles'), METRICS.map(({ key, name }) => {
    const live = last?.live?.[key];
    const reference = last?.zero_shot?.[key];
    const gain = change(reference, live);
    return el('div', { class: 'tile', 'data-metric': key }, el('dt', {}, name), el('dd', {}, el('strong', {}, percent(live)),
      gain === '–' ? null : el('span', { class: gain.startsWith('+') ? 'good' : gain.startsWith('−') ? 'bad' : 'quiet' }, gain)));
  }));
}

function series({ kind, metric }) {
  const base = { label: `${metric.name}, ${kind}`, colour: metric.key };
  return kind === 'live' ? { ...base, width: metric.key === 'hm' ? 2.5 : 2, dash: metric.dash }
    : kind === 'zero_shot' ? { ...base, width: 1, dash: [1.5, 3], alpha: 0.9 } : { ...base, marker: metric.marker };
}

function toggle(button, key) {
  const on = !shown.delete(key);
  if (on) {
    shown.add(key);
  }
  button.setAttribute('aria-pressed', String(on));
  combinations.forEach(({ kind, metric }, i) => chart?.setVisible(i, shown.has(kind) && shown.has(metric.key)));
}

/** The point that is pointed at, else the last, in words. */
function read(index) {
  const point = points[index ?? points.length - 1];
  if (!point) {
    return '';
  }
  const figures = accuracies => METRICS.map(({ key, name }) => `${name} ${percent(accuracies?.[key])}`).join(', ');
  const text = [`${time(point.at)}, live ${promptName(point.live_version)}: ${figures(point.live)}`,
    point.candidate ? `candidate version ${point.candidate_version}: ${figures(point.candidate)}` : null,
    point.zero_shot ? `hand-written: ${figures(point.zero_shot)}` : null].filter(Boolean).join('; ');
  setText(byId('accuracy-reading'), `${index === null ? 'Last point' : 'Here'}: ${text}.`);
  return text;
}

function showTable({ points: all, events }) {
  const cells = accuracies => METRICS.map(({ key }) => el('td', { class: 'number' }, percent(accuracies?.[key], 2)));
  const rows = all.map(point => ({ at: point.at, row: () => el('tr', {}, el('td', {}, time(point.at)), el('td', {}, point.candidate ? `candidate v${point.candidate_version}` : 'measurement'), el('td', {}, `v${point.live_version}`),
    cells(point.live), cells(point.candidate), cells(point.zero_shot)) }))
    .concat(events.map(event => ({ at: event.at, row: () => el('tr', {}, el('td', {}, time(event.at)), el('td', { colspan: 14 }, `${event.candidate ? `${promptName(event.candidate)} failed` : `${event.kind}: ${promptName(event.from)} → ${promptName(event.to)}`}. ${event.reason ?? ''}`)) })));
  rows.sort((a, b) => b.at - a.at);
  const groups = ['Live', 'Candidate', 'Hand-written'];
  show(byId('accuracy-table'), el('table', {},
    el('caption', {}, `Newest first${rows.length > ROWS ? `; the newest ${ROWS} of ${rows.length}` : ''}`),
    el('thead', {}, el('tr', {}, ['When', 'What', 'Live is'].map(name => el('th', { scope: 'col' }, name)),
      groups.flatMap(group => METRICS.map(({ name }) => el('th', { scope: 'col', class: 'number' }, `${group} ${name}`))))),
    el('tbody', {}, rows.slice(0, ROWS).map(({ row }) => row()))));
}
