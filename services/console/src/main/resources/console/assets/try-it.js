// Try it: an image, and what the live prompt and the hand-written one make of it.
import { post } from './api.js';
import { byId, el, empty, setText, show } from './dom.js';
import { percent, promptName } from './format.js';

const TOP = 5;
const PREVIEW = 160;
let gate = null;
let turn = 0;

export function startTryIt() {
  const drop = byId('try-drop');
  const file = byId('try-file');
  file.addEventListener('change', () => {
    file.files.length && classify(file.files[0]);
    file.value = '';
  });
  ['dragenter', 'dragover'].forEach(type => drop.addEventListener(type, event => {
    event.preventDefault();
    drop.dataset.over = 'true';
  }));
  ['dragleave', 'drop'].forEach(type => drop.addEventListener(type, () => delete drop.dataset.over));
  drop.addEventListener('drop', event => {
    event.preventDefault();
    event.dataTransfer.files.length ? classify(event.dataTransfer.files[0]) : say('That was no file: drop an image file.', 'bad');
  });
  ['dragover', 'drop'].forEach(type => window.addEventListener(type, event => event.preventDefault())); // a miss must not leave the page
  document.addEventListener('paste', event => event.clipboardData?.files.length && classify(event.clipboardData.files[0]));
  show(byId('try-result'), empty('No image yet.'));
}

/** Follows whether the console has a classifier to ask. */
export function allowTryIt(data) {
  const before = gate;
  gate = data;
  byId('try-file').disabled = !data.classifier;
  byId('try-drop').dataset.off = String(!data.classifier);
  if (!data.classifier) {
    say('No classifier: the console was started without console.classifier-url.', 'open');
  } else if (before && !before.classifier) {
    byId('try-outcome').hidden = true;
  }
}

async function classify(file) {
  if (!gate?.classifier) {
    return;
  }
  const mine = ++turn;
  say(`Asking about ${file.name || 'the image'} …`, 'open');
  try {
    const answer = await post(`/api/classify?top=${TOP}`, file, file.type || 'application/octet-stream', { needsToken: gate.commands, what: 'Classifying' });
    if (mine === turn) {
      await showAnswer(file, answer);
    }
  } catch (problem) {
    if (mine === turn) {
      show(byId('try-result'));
      say(problem.message, 'bad');
    }
  }
}

async function showAnswer(file, answer) {
  const [first] = answer.labels;
  const [reference] = answer.zero_shot ?? [];
  say(first ? `Live prompt: ${first.label}, ${percent(first.probability)}.${reference ? ` Hand-written: ${reference.label}, ${percent(reference.probability)}.` : ''}` : 'No label came back.', 'good');
  show(byId('try-result'),
    el('div', { class: 'try-image' }, await preview(file), el('p', { class: 'quiet small' }, file.name || 'pasted image')),
    el('div', { class: 'answers-side' }, bars(`Live: ${promptName(answer.prompt.version)}`, answer.labels, 'live'), bars('Hand-written prompt', answer.zero_shot ?? [], 'zero-shot')));
}

function bars(title, labels, kind) {
  return el('div', { class: 'bars', 'data-prompt': kind }, el('h3', {}, title), el('ol', {}, labels.map(({ label, probability }) => {
    const bar = el('span', { class: 'bar-fill', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', probability);
    return el('li', {}, el('span', { class: 'bar-label' }, label), el('span', { class: 'bar-value' }, percent(probability)), bar);
  })));
}

/** A small copy, drawn here: the page's policy lets no image in but the server's own. */
async function preview(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, PREVIEW / Math.max(bitmap.width, bitmap.height));
    const canvas = el('canvas', { class: 'preview', role: 'img', 'aria-label': 'The image that was classified', width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)) });
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas;
  } catch {
    return null; // a format that the classifier reads and the browser does not
  }
}

function say(text, state) {
  const place = byId('try-outcome');
  place.hidden = false;
  place.dataset.state = state;
  setText(place, text);
}
