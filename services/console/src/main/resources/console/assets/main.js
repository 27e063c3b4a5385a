// Brings the parts of the page together: each section has a module with a start function, and one that shows new data.
import { showAccuracy, startAccuracy } from './accuracy.js';
import { announce } from './announce.js';
import { showClasses, startClasses } from './classes.js';
import { showConfusion } from './confusion.js';
import { byId, setText } from './dom.js';
import { showFlow } from './flow.js';
import { showCommands, showGate, showRollbackTargets, startGate } from './gate.js';
import { showLabels } from './labels.js';
import { showLearning } from './learning.js';
import { markCurrentSection } from './navigation.js';
import { showRejections } from './rejections.js';
import { follow } from './stream.js';
import { showSuspects } from './suspects.js';
import { startTheme } from './theme.js';
import { startToken } from './token.js';
import { allowTryIt, startTryIt } from './try-it.js';
import { showVerdicts } from './verdicts.js';

const SHOW = {
  flow: [showFlow],
  accuracy: [showAccuracy, showRollbackTargets],
  gate: [showGate, allowTryIt],
  verdicts: [showVerdicts],
  classes: [showClasses, showConfusion],
  learning: [showLearning],
  rejections: [showRejections],
  commands: [showCommands],
  labels: [showLabels, showSuspects],
};
let wasLost = false;

function onConnection(state) {
  const chip = byId('chip-connection');
  chip.dataset.state = { connected: 'good', connecting: 'open', lost: 'bad' }[state];
  setText(chip, { connected: 'live', connecting: 'connecting', lost: 'disconnected' }[state]);
  byId('banner').hidden = state !== 'lost';
  if (state === 'lost') {
    setText(byId('banner'), 'Disconnected from the console’s server. What is shown may be old; trying again by itself.');
    wasLost = true;
  } else if (state === 'connected' && wasLost) {
    announce('Connected again.');
    wasLost = false;
  }
}

startTheme(byId('theme-button'));
startToken();
startAccuracy();
startClasses();
startGate();
startTryIt();
markCurrentSection();
follow(Object.keys(SHOW), (section, data) => SHOW[section].forEach(show => show(data)), onConnection);
