// The list of verdicts, newest first. One that is open stays open while others come in.
import { announce } from './announce.js';
import { showChangedImages } from './changed-images.js';
import { byId, el, empty, keyed, setText, show } from './dom.js';
import { count, decimals, percent, points, time } from './format.js';

const OUTCOMES = { pass: ['good', '✓ pass'], fail: ['bad', '✕ fail'], inconclusive: ['open', '? inconclusive'] };
const METRICS = [['seen', 'Seen'], ['unseen', 'Unseen'], ['hm', 'HM'], ['joint', 'Joint']];
const CALIBRATION = [['ece', 'ECE'], ['coverage', 'Answered']];
const list = el('ol', { class: 'verdicts', reversed: true });
let told = null;

export function showVerdicts(verdicts) {
  setText(byId('verdicts-note'), verdicts.length ? 'Newest first. Open one for its figures and the images that changed their answer.' : '');
  if (!verdicts.length) {
    show(byId('verdicts-body'), empty('No verdict yet: the first comes when the learner has made a candidate from newly labelled classes.'));
  } else if (!list.isConnected) {
    show(byId('verdicts-body'), list);
  }
  keyed(list, verdicts, verdict => verdict.id, entry);
  if (told) {
    verdicts.filter(verdict => !told.has(verdict.id)).reverse().forEach(verdict => announce(`New verdict. Version ${verdict.candidate_version}: ${verdict.outcome}, ${fate(verdict)}. ${verdict.reason}`));
  }
  told = new Set(verdicts.map(verdict => verdict.id));
}

function entry(verdict) {
  const [state, name] = OUTCOMES[verdict.outcome] ?? ['open', verdict.outcome];
  const body = el('div', { class: 'verdict-body' });
  const details = el('details', { 'data-version': verdict.candidate_version, 'data-outcome': verdict.outcome },
    el('summary', {},
      el('span', { class: 'badge', 'data-state': state }, name),
      el('span', { class: 'verdict-version' }, `Version ${verdict.candidate_version}`),
      el('span', { class: 'verdict-fate' }, fate(verdict)),
      el('span', { class: 'verdict-change' }, known(verdict.lost) ? `${count(verdict.won)} won, ${count(verdict.lost)} lost` : null),
      el('time', { class: 'quiet', datetime: new Date(verdict.at).toISOString() }, time(verdict.at)),
      el('span', { class: 'verdict-reason' }, verdict.reason)),
    body);
  details.addEventListener('toggle', () => details.open && !body.hasChildNodes() && open(body, verdict));
  return el('li', {}, details);
}

const known = value => value !== null && value !== undefined;

function fate(verdict) {
  if (verdict.rolled_out) {
    return 'rolled out';
  }
  if (verdict.held_by) {
    return `held back: ${verdict.held_by}`;
  }
  return verdict.final ? 'not rolled out' : `to be judged again (look ${verdict.look})`;
}

function open(body, verdict) {
  const images = el('div', {});
  show(body, figures(verdict), images);
  if (known(verdict.lost)) {
    showChangedImages(images, verdict);
  } else {
    show(images, el('p', { class: 'quiet' }, 'This report does not tell which images changed their answer.'));
  }
}

function figures(verdict) {
  const columns = known(verdict.candidate?.ece) ? [...METRICS, ...CALIBRATION] : METRICS;
  const row = (name, figures, reference) => el('tr', {}, el('th', { scope: 'row' }, name), columns.map(([key]) => el('td', { class: 'number' }, percent(figures?.[key], 2),
    reference ? el('span', { class: 'delta' }, ` ${points(reference?.[key], figures?.[key])}`) : null)));
  return el('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': `Figures of the verdict on version ${verdict.candidate_version}` }, el('table', { class: 'figures' },
    el('thead', {}, el('tr', {}, el('td', {}), columns.map(([, name]) => el('th', { scope: 'col', class: 'number' }, name)))),
    el('tbody', {}, row('Candidate', verdict.candidate, verdict.live), row('Live then', verdict.live), row('Hand-written', verdict.zero_shot))),
  columns === METRICS ? null : el('p', { class: 'quiet' }, `ECE: calibration error; the candidate's temperature is ${decimals(verdict.candidate.temperature, 2)}. Answered: share of the images that a prompt may answer if at most ${percent(verdict.candidate.target_error, 0)} of its answers shall be wrong.`));
}
