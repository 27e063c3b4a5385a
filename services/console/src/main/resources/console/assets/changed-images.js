// The images that changed their answer with a verdict's candidate.
import { get } from './api.js';
import { el, empty, show } from './dom.js';
import { count } from './format.js';
import { thumbnail } from './image-dialog.js';

/** Fetches and shows them; a failure says what it is and offers to try again. */
export async function showChangedImages(place, verdict) {
  show(place, el('p', { class: 'quiet', role: 'status' }, 'Looking up the images …'));
  try {
    const changed = await get(`/api/verdicts/${encodeURIComponent(verdict.id)}/changed`);
    show(place,
      group('Right before, wrong with the candidate', changed.lost, changed.lost_total, 'bad', 'No image lost its right answer.'),
      group('Wrong before, right with the candidate', changed.won, changed.won_total, 'good', 'No image won a right answer.'));
  } catch (problem) {
    show(place, el('p', { class: 'outcome', 'data-state': 'bad', role: 'status' }, problem.message), el('button', { type: 'button', click: () => showChangedImages(place, verdict) }, 'Try again'));
  }
}

function group(title, images, total, state, none) {
  return el('div', { class: 'changed' },
    el('h3', {}, el('span', { class: state }, state === 'bad' ? '✕ ' : '✓ '), `${title}: ${count(total)}${total > images.length ? `, of which ${count(images.length)} are shown` : ''}`),
    images.length ? el('ul', { class: 'thumbs' }, images.map(image => el('li', {}, figure(image)))) : empty(none));
}

function figure(image) {
  const label = image.label ?? 'unknown label';
  return el('figure', {},
    thumbnail({ source: image.image, alt: `${label}; live prompt: ${image.live_answer}; candidate: ${image.candidate_answer}`, title: label,
      about: [['Image', image.id], ['Label', label], ['Live prompt says', image.live_answer], ['Candidate says', image.candidate_answer]] }),
    el('figcaption', {}, el('strong', {}, label), el('span', { class: 'answers' }, el('span', { class: image.live_answer === image.label ? 'good' : 'bad' }, image.live_answer), ' → ',
      el('span', { class: image.candidate_answer === image.label ? 'good' : 'bad' }, image.candidate_answer))));
}
