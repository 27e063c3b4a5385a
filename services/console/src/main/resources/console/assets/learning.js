// The last update of the learner: loss, cosine of the two gradients, and which branch the constraint took how often.
import { byId, el, empty, facts, setText, show } from './dom.js';
import { count, decimals, percent, time } from './format.js';
import { swatch } from './legend.js';
import { LineChart } from './line-chart.js';

const BRANCHES = {
  sam: ['Gradients agree', 'sharpness-aware gradient'],
  bisector: ['Gradients differ', 'projected on their bisector'],
  erm: ['Gradients conflict', 'plain gradient'],
};
const LOSSES = [{ label: 'Loss', colour: 'seen', width: 2 }, { label: 'Perturbed loss', colour: 'unseen', width: 1.5, dash: [6, 3] }];
const COSINES = [{ label: 'Cosine', colour: 'joint', width: 1.5 }];

const about = el('div', {});
const curves = el('div', { class: 'curves' });
let charts = null;
let trace = null;

export function showLearning(update) {
  if (!update) {
    setText(byId('learning-note'), '');
    show(byId('learning-body'), empty('No update yet: the first comes when enough classes have all their shots.'));
    return;
  }
  if (!about.isConnected) {
    show(byId('learning-body'), about, curves);
  }
  setText(byId('learning-note'), `Made candidate version ${update.version}, ${time(update.at)}.`);
  show(about, el('dl', { class: 'facts columns' }, facts([['Method', update.method], ['Classes', count(update.classes)], ['Shots', count(update.shots)], ['Steps', count(update.steps)], ['ρ', ruled(update.rho)], ['Learning rate', ruled(update.learning_rate)],
    ['Loss at the end', decimals(update.loss)], ['Perturbed loss', decimals(update.perturbed_loss)], ['Mean cosine', decimals(update.cosine)]])), branches(update.branches));
  showTrace(update.trace);
}

const ruled = value => value === null || value === undefined ? null : String(value);

function branches(counts) {
  const known = Object.keys(BRANCHES);
  const place = name => (known.includes(name) ? known.indexOf(name) : known.length);
  const entries = Object.entries(counts ?? {}).sort(([a], [b]) => place(a) - place(b));
  const sum = entries.reduce((total, [, n]) => total + n, 0);
  if (!sum) {
    return null;
  }
  const bar = el('div', { class: 'branch-bar', 'aria-hidden': 'true' }, entries.map(([, n], i) => {
    const part = el('span', { 'data-part': i });
    part.style.setProperty('flex-grow', n);
    return part;
  }));
  return el('div', { class: 'branches' }, el('h3', {}, 'Branches of the gradient constraint'), bar, el('ul', { class: 'branch-list' }, entries.map(([name, n], i) => {
    const [title, what] = BRANCHES[name] ?? [name, null];
    return el('li', {}, el('span', { class: 'branch-key', 'data-part': i, 'aria-hidden': 'true' }), el('strong', {}, percent(n / sum, 0)), ` ${title}`, what ? el('span', { class: 'quiet' }, `: ${what}`) : null);
  })));
}

function showTrace(found) {
  trace = found;
  if (!trace?.step?.length) {
    charts = null;
    show(curves, empty('This update carries no trace of its steps.'));
    return;
  }
  if (charts === null) {
    const places = [el('div', { class: 'chart short' }), el('div', { class: 'chart short' })];
    show(curves, curve('Loss by step', LOSSES, places[0], 'loss-reading'), curve('Cosine of the two gradients by step', COSINES, places[1], 'cosine-reading'));
    charts = [
      new LineChart(places[0], { label: 'Loss by step', time: false, format: value => decimals(value, 2), series: LOSSES, read: i => read(i, 'loss-reading', [['loss', trace.loss], ['perturbed loss', trace.perturbed_loss]]) }),
      new LineChart(places[1], { label: 'Cosine by step', time: false, format: value => decimals(value, 1), series: COSINES, fixed: [-1.05, 1.05], read: i => read(i, 'cosine-reading', [['cosine', trace.cosine]]) }),
    ];
  }
  const none = trace.step.map(() => null);
  charts[0].show([trace.step, trace.loss ?? none, trace.perturbed_loss ?? none]);
  charts[1].show([trace.step, trace.cosine ?? none]);
}

function curve(title, series, place, reading) {
  return el('div', {}, el('h3', {}, title), el('p', { class: 'legend keys' }, series.map(one => el('span', {}, swatch(one), one.label))), place, el('p', { class: 'reading', id: reading }));
}

function read(index, place, columns) {
  const i = index ?? trace.step.length - 1;
  const text = `Step ${trace.step[i]}: ${columns.map(([name, values]) => `${name} ${decimals(values?.[i])}`).join(', ')}`;
  setText(byId(place), text);
  return text;
}
