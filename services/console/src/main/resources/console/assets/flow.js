// The flow as it is: topics and the services between them, in the order in which records go. What is drawn stays, and only its figures change: they come
// every two seconds, and nobody could read or select what is made anew that often.
import { byId, el, empty, setText, show } from './dom.js';
import { count, counted, rate, time } from './format.js';
import { drawSparkline, sparkline } from './sparkline.js';

const MAIN = 'main';
/** Where the topics with their default names stand: on the way, or beside a service. One with another name goes on the way. */
const PLACES = { 'rejected-images': 'encoder', 'evaluation-reports': 'evaluator', 'gate-commands': 'evaluator' };
const NOTES = { encoder: 'CLIP features', learner: 'GCSCoOp', evaluator: 'judges candidates' };
/** What a lag counts: learner and evaluator commit where they are only with what they write. */
const BEHIND = { learner: ' since its update', evaluator: ' since its report' };

let drawn = '';
let updates = [];

export function showFlow(flow) {
  if (!flow.topics.length) {
    drawn = '';
    show(byId('flow-body'), empty('Nothing is known of the topics yet: figures come as soon as the console has reached Kafka.'));
    return;
  }
  const names = [...flow.topics, ...flow.services].map(one => one.name).join();
  if (names !== drawn) {
    drawn = names;
    draw(flow);
  }
  updates.forEach(update => update(flow));
  setText(byId('flow-note'), `From labelled images to rolled out prompts; at ${time(flow.at)}.`);
}

function draw({ topics, services }) {
  updates = [];
  const place = name => PLACES[name] ?? MAIN;
  const way = topics.filter(topic => place(topic.name) === MAIN);
  const stages = [];
  for (let i = 0; i < Math.max(way.length, services.length); i++) {
    if (way[i]) {
      stages.push(topicCard(way[i].name, topics.indexOf(way[i])));
    }
    if (services[i]) {
      stages.push(serviceCard(services[i].name, i, topics.filter(topic => place(topic.name) === services[i].name).map(topic => besideCard(topic.name, topics.indexOf(topic)))));
    }
  }
  show(byId('flow-body'),
    el('p', { class: 'bypass' }, el('span', {}, 'held-out and probe features judge the candidates')),
    el('ol', { class: 'flow', 'aria-label': 'The way of the data' }, stages));
}

function topicCard(name, i) {
  const figure = el('strong', {});
  const spark = sparkline();
  const records = el('p', { class: 'small quiet' });
  updates.push(({ topics, history }) => {
    setText(figure, rate(topics[i].rate));
    setText(records, held(topics[i]));
    drawSparkline(spark, history.map(point => point.rates[i]));
  });
  return el('li', { class: 'stage topic', 'data-topic': name }, el('h3', {}, name), el('p', { class: 'figure' }, figure, ' a second'), spark, records);
}

function serviceCard(name, i, besides) {
  const figure = el('strong', {});
  const behind = el('span', {});
  const spark = sparkline();
  updates.push(({ services, history }) => {
    const { lag } = services[i];
    setText(figure, lag > 0 ? count(lag) : '');
    setText(behind, lag === null || lag === undefined ? 'lag unknown' : lag === 0 ? 'caught up' : BEHIND[name] ?? ' behind');
    drawSparkline(spark, history.map(point => point.lags[i]));
  });
  return el('li', { class: 'stage service', 'data-service': name },
    el('div', { class: 'service-box' }, el('h3', {}, name), el('p', { class: 'figure' }, figure, behind), spark, el('p', { class: 'small quiet' }, NOTES[name] ?? 'service')),
    besides.length ? el('ul', { class: 'besides' }, besides) : null);
}

function besideCard(name, i) {
  const figures = el('p', { class: 'small quiet' });
  updates.push(({ topics }) => setText(figures, `${held(topics[i])}${topics[i].rate ? `, ${rate(topics[i].rate)}/s` : ''}`));
  return el('li', { class: 'beside', 'data-topic': name }, el('h4', {}, name), figures);
}

/** Offsets count what compaction took away and the marks of transactions, too: of such a topic they say only about how many records there are. */
function held({ records, exact }) {
  return `${exact === false ? 'about ' : ''}${counted(records, 'record')}`;
}
