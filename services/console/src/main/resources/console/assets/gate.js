// The gate: what is live, whether it is open, and the three commands that steer it.
import { announce } from './announce.js';
import { post } from './api.js';
import { byId, el, empty, facts, keyed, setText, show } from './dom.js';
import { promptName, time } from './format.js';

const PAST = { pause: 'Pause', resume: 'Resume', rollback: 'Rollback', note: 'Note' };
const CONFIRM = {
  pause: ['Pause the gate?', 'Candidates are still judged, but none is rolled out until the gate is resumed.', 'Pause'],
  resume: ['Resume the gate?', 'The newest candidate that passed meanwhile is judged once more and may be rolled out.', 'Resume'],
  rollback: ['Roll back?', null, 'Roll back'],
};
const commandList = el('ol', { class: 'commands' });
const mine = new Set();
let latest = [];
let gate = null;

export function startGate() {
  byId('gate-form').addEventListener('submit', event => {
    event.preventDefault();
    steer(event.submitter?.value ?? 'pause');
  });
  byId('gate-reason').addEventListener('input', () => complain(''));
  show(byId('gate-commands'), empty('No command yet.'));
}

export function showGate(data) {
  gate = data;
  const cooling = data.cool_down_until !== null && data.cool_down_until > Date.now();
  const state = data.paused ? ['open', 'paused'] : cooling ? ['open', `cools down until ${time(data.cool_down_until)}`] : ['good', 'open'];
  setText(byId('chip-live'), data.live ? `live: ${data.live.version === 0 ? 'hand-written prompt' : `version ${data.live.version}`}` : 'no prompt known yet');
  setText(byId('chip-gate'), `gate ${state[1]}`);
  byId('chip-gate').dataset.state = state[0];
  setText(byId('gate-prompt'), `of prompt “${data.prompt}”`);
  show(byId('gate-facts'), facts([
    ['State', el('span', { class: 'badge', 'data-state': state[0] }, state[1])],
    ['Live', data.live ? `${promptName(data.live.version)}${data.live.classes ? `, ${data.live.classes} classes` : ''}` : 'not known yet'],
    ['Since', data.live?.since ? time(data.live.since) : null],
    ['Why', data.live?.reason ? el('span', { class: 'why' }, data.live.reason) : null],
  ]));
  lock(data);
}

/** Versions that were live before, newest first; the hand-written prompt last. */
export function showRollbackTargets({ events }) {
  const versions = [...new Set(events.flatMap(event => [event.from, event.to]))].filter(version => version > 0).sort((a, b) => b - a);
  const select = byId('gate-to');
  const wanted = ['', ...versions.map(String), '0'];
  if ([...select.options].map(option => option.value).join() === wanted.join()) {
    return;
  }
  const chosen = select.value;
  show(select, wanted.map(value => el('option', { value }, value === '' ? 'the prompt it replaced' : promptName(Number(value)))));
  select.value = wanted.includes(chosen) ? chosen : '';
}

export function showCommands(commands) {
  latest = commands;
  if (!commands.length) {
    show(byId('gate-commands'), empty('No command yet.'));
    return;
  }
  if (!commandList.isConnected) {
    show(byId('gate-commands'), el('div', { class: 'scroll commands-place', role: 'region', tabindex: 0, 'aria-label': 'Commands so far' }, commandList));
  }
  keyed(commandList, commands, command => `${command.id}/${command.accepted}`, entry);
  tellAnswers();
}

/** Of the commands sent from here, those that the evaluator has answered. */
function tellAnswers() {
  latest.filter(command => mine.has(command.id) && command.accepted !== null).forEach(command => {
    mine.delete(command.id);
    outcome(`${PAST[command.action] ?? command.action} ${command.accepted ? 'done' : 'refused'}: ${command.answer ?? ''}`, command.accepted ? 'good' : 'bad');
  });
}

function entry(command) {
  const [state, name] = command.accepted === null ? ['open', '… waits'] : command.accepted ? ['good', '✓ done'] : ['bad', '✕ refused'];
  return el('li', {}, el('p', {}, el('span', { class: 'badge', 'data-state': state }, name), ' ', el('strong', {}, command.action), ' ', el('span', { class: 'quiet' }, `${time(command.at)}, by ${command.by || 'somebody'}`)),
    el('p', { class: 'small' }, [command.reason ? `“${command.reason}”` : null, command.answer].filter(Boolean).join(' – ')));
}

function lock(data) {
  byId('gate-fields').disabled = !data.commands;
  byId('gate-locked').hidden = data.commands;
  setText(byId('gate-locked'), 'Not from here: the console was started without a token. Set api.token to allow commands, or use promptgate pause, resume and rollback.');
  byId('gate-pause').disabled = data.paused;
  byId('gate-resume').disabled = !data.paused;
  byId('gate-rollback').disabled = !data.live || data.live.version === 0;
}

async function steer(action) {
  const reason = byId('gate-reason').value.trim();
  if (!reason) {
    complain('Please say why: the reason goes into the history of the prompt.');
    return;
  }
  const to = action === 'rollback' && byId('gate-to').value !== '' ? Number(byId('gate-to').value) : undefined;
  if (!await confirmed(action, to)) {
    return;
  }
  outcome(`${PAST[action]}: sending …`, 'open');
  try {
    const { id } = await post('/api/commands', JSON.stringify({ action, to, reason }), 'application/json', { needsToken: gate?.commands, what: 'Steering the gate' });
    mine.add(id);
    byId('gate-reason').value = '';
    outcome(`${PAST[action]}: sent, waiting for the evaluator …`, 'open');
    tellAnswers(); // it may have been faster than the server's answer to us
  } catch (problem) {
    outcome(`${PAST[action]} not sent. ${problem.message}`, 'bad');
  }
}

function confirmed(action, to) {
  const [title, text, yes] = CONFIRM[action];
  const target = to === undefined ? 'the prompt it replaced' : promptName(to);
  setText(byId('confirm-title'), title);
  setText(byId('confirm-text'), text ?? `${target[0].toUpperCase()}${target.slice(1)} becomes live instead of ${promptName(gate.live.version)}, for every classifier at once. Nothing is rolled out during the cool-down that follows.`);
  setText(byId('confirm-yes'), yes);
  const dialog = byId('confirm-dialog');
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
}

function complain(text) {
  const field = byId('gate-reason');
  byId('gate-error').hidden = !text;
  setText(byId('gate-error'), text);
  if (text) {
    field.setAttribute('aria-invalid', 'true');
    field.focus();
  } else {
    field.removeAttribute('aria-invalid');
  }
}

function outcome(text, state) {
  const place = byId('gate-outcome');
  place.hidden = false;
  place.dataset.state = state;
  setText(place, text);
  announce(text);
}
