// Requests to the console's own server. What it refuses comes as a problem document, and is thrown as one line.
import { askForToken, authorization, token } from './token.js';

export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const get = path => request(path, {});

/**
 * With the token of this tab. Where the server needs one and the tab has none, it is asked for first; where the server refuses the one there is, it is
 * asked for once more.
 */
export async function post(path, body, type, { needsToken, what }) {
  const send = () => request(path, { method: 'POST', body, headers: { 'Content-Type': type, ...authorization() } });
  if (needsToken && !token() && !await askForToken(`${what} needs the token.`)) {
    throw new Problem(401, `${what} needs the token.`);
  }
  const used = token();
  try {
    return await send();
  } catch (problem) {
    if (problem.status === 401 && await askForToken('The server does not accept that token.') && token() !== used) {
      return send();
    }
    throw problem;
  }
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', ...options });
  } catch {
    throw new Problem(0, 'The console’s server cannot be reached.');
  }
  const text = await response.text();
  if (!response.ok) {
    throw new Problem(response.status, describe(response.status, text));
  }
  return text ? JSON.parse(text) : null;
}

function describe(status, text) {
  try {
    const problem = JSON.parse(text);
    return [problem.title, problem.detail].filter(Boolean).join(': ') || `The server answered ${status}.`;
  } catch {
    return `The server answered ${status}.`;
  }
}
