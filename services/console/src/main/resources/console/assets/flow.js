// The flow as it is: topics and the services between them, in the order in which records go.
import { byId, el, empty, setText, show } from './dom.js';
import { count, counted, rate, time } from './format.js';
import { sparkline } from './sparkline.js';

const MAIN = 'main';
/** Where the topics with their default names stand; one with another name goes on the main way as long as there is room, then below its end. */
const PLACES = {
  'labelled-images': MAIN, 'image-features': MAIN, 'prompt-candidates': MAIN, 'prompt-rollouts': MAIN,
  'rejected-images': 'encoder', 'evaluation-reports': 'evaluator', 'gate-commands': 'evaluator',
};
const INTO = new Set(['gate-commands']);
const NOTES = { encoder: 'CLIP features', learner: 'GCSCoOp', evaluator: 'judges candidates' };

export function showFlow(flow) {
  const topics = flow.topics.map((topic, i) => ({ ...topic, past: flow.history.map(point => point.rates[i]) }));
  const services = flow.services.map((service, i) => ({ ...service, past: flow.history.map(point => point.lags[i]) }));
  const body = byId('flow-body');
  if (!topics.length) {
    show(body, empty('Nothing is known of the topics yet: figures come as soon as the console has reached Kafka.'));
    return;
  }
  const main = topics.filter(topic => (PLACES[topic.name] ?? MAIN) === MAIN);
  const stages = [];
  for (let i = 0; i < Math.max(main.length, services.length); i++) {
    main[i] && stages.push(topicCard(main[i]));
    services[i] && stages.push(serviceCard(services[i], topics.filter(topic => PLACES[topic.name] === services[i].name)));
  }
  show(body,
    el('p', { class: 'bypass' }, el('span', {}, 'held-out and probe features judge the candidates')),
    el('ol', { class: 'flow', 'aria-label': 'The way of the data' }, stages));
  setText(byId('flow-note'), `Images in on the left, rolled out prompts on the right. Rates are records a second, at ${time(flow.at)}.`);
}

function topicCard(topic) {
  return el('li', { class: 'stage topic' },
    el('h3', {}, topic.name),
    el('p', { class: 'figure' }, el('strong', {}, rate(topic.rate)), el('span', {}, ' a second')),
    sparkline(topic.past),
    el('p', { class: 'small quiet' }, counted(topic.records, 'record')));
}

function serviceCard(service, besides) {
  return el('li', { class: 'stage service' },
    el('div', { class: 'service-box' },
      el('h3', {}, service.name, NOTES[service.name] ? el('span', { class: 'small' }, NOTES[service.name]) : null),
      el('p', { class: 'figure' }, lag(service.lag)),
      sparkline(service.past)),
    besides.length ? el('ul', { class: 'besides' }, besides.map(besideCard)) : null);
}

function besideCard(topic) {
  return el('li', { class: INTO.has(topic.name) ? 'beside into' : 'beside' },
    el('h4', {}, topic.name),
    el('p', { class: 'small quiet' }, `${counted(topic.records, 'record')}${topic.rate ? `, ${rate(topic.rate)}/s` : ''}`));
}

function lag(value) {
  if (value === null || value === undefined) {
    return el('span', { class: 'quiet' }, 'lag unknown');
  }
  return value === 0 ? el('span', {}, 'caught up') : el('span', {}, el('strong', {}, count(value)), ' behind');
}
