// The bearer token: from the address's fragment or the dialog, kept for this tab alone.
import { byId, setText } from './dom.js';

const KEY = 'promptgate-token';
let waiting = [];

export const token = () => sessionStorage.getItem(KEY);

/** The header of a request that needs the token; none without one. */
export const authorization = () => token() ? { Authorization: `Bearer ${token()}` } : {};

export function startToken() {
  takeFromAddress();
  window.addEventListener('hashchange', takeFromAddress);
  byId('token-button').addEventListener('click', () => askForToken());
  byId('token-form').addEventListener('submit', event => {
    event.preventDefault();
    keep(byId('token-input').value.trim());
  });
  byId('token-forget').addEventListener('click', () => keep(''));
  byId('token-cancel').addEventListener('click', () => byId('token-dialog').close());
  byId('token-dialog').addEventListener('close', () => {
    byId('token-input').value = '';
    const entered = waiting;
    waiting = [];
    entered.forEach(resolve => resolve(token()));
  });
  label();
}

/** Opens the dialog, with the reason why it is asked for; resolves, once it is closed, to the token or null. */
export function askForToken(why = '') {
  setText(byId('token-hint'), `${why ? `${why} ` : ''}It is the server’s api.token, and stays in this tab until the tab is closed.`);
  if (!byId('token-dialog').open) {
    byId('token-dialog').showModal();
  }
  byId('token-input').focus();
  return new Promise(resolve => waiting.push(resolve));
}

/** Takes the token out of "#token=...", and the fragment out of the address and its history. */
function takeFromAddress() {
  const found = new URLSearchParams(location.hash.slice(1)).get('token');
  if (found !== null) {
    history.replaceState(null, '', location.pathname + location.search);
    keep(found);
  }
}

function keep(value) {
  if (value) {
    sessionStorage.setItem(KEY, value);
  } else {
    sessionStorage.removeItem(KEY);
  }
  label();
  byId('token-dialog').close();
}

function label() {
  setText(byId('token-button'), token() ? 'Token: set' : 'Token: none');
}
