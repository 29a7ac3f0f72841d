// What to do first, where there is nothing yet: lines to paste, with the ports that are open now.

import { json } from './ask.js';
import { make } from './dom.js';
import { say } from './words.js';

export async function firstSteps(title) {
  const { endpoints, accounts } = await json('/maillab/v1/ready');
  const door = endpoints.find((each) => each.service === 'smtp');
  if (!door) return [make('p', {}, say(title))];
  const where = `${door.host}:${door.port}`;
  const [from, to] = [accounts[0]?.address, (accounts.find((each) => !each.address.endsWith(door.site)) ?? accounts[0])?.address];
  return [
    make('h2', {}, say(title)),
    make('p', {}, say('card.program', { where })),
    command(`swaks --server ${where} --from ${from} --to ${to}`),
    command(`printf 'From: ${from}\\nTo: ${to}\\nSubject: Hello\\n\\nIt works.\\n' | curl smtp://${where} --mail-from ${from} --mail-rcpt ${to} -T -`),
  ];
}

function command(line) {
  const copy = make('button', { type: 'button', class: 'quiet', onclick: async () => {
    await navigator.clipboard.writeText(line);
    copy.textContent = say('say.copied');
  } }, say('copy'));
  return make('div', { class: 'paste' }, make('code', {}, line), copy);
}
