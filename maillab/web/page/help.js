// The list of keys.

import { at, make } from './dom.js';
import { say } from './words.js';

const KEYS = [
  ['keys.app', [['1 – 4', 'key.modes'], ['/', 'key.search'], ['Esc', 'key.back'], ['?', 'key.help'], ['Tab', 'key.tab']]],
  ['keys.rows', [['j k  ↑ ↓', 'key.move'], ['Enter', 'key.open']]],
  ['keys.mail', [['[  ]', 'key.tabs'], ['x', 'key.choose'], ['u', 'key.unread'], ['d', 'key.delete']]],
  ['keys.reading', [['f', 'key.filter'], ['F', 'key.follow'], ['Enter', 'key.unfold']]],
  ['keys.replay', [['Space', 'key.play'], ['←  →', 'key.step'], ['[  ]', 'key.scene'], ['<  >', 'key.pace']]],
];

export function showKeys() {
  const dialog = at('keys');
  dialog.replaceChildren(
    make('h2', { id: 'keys-title', tabindex: '-1', autofocus: true }, say('help.title')),
    make('div', { class: 'keys' }, KEYS.map(([title, rows]) => make('section', {}, make('h3', {}, say(title)),
      make('dl', {}, rows.map(([key, what]) => make('div', {}, make('dt', {}, make('kbd', {}, key)), make('dd', {}, say(what)))))))),
    make('p', { class: 'note' }, say('help.page')),
    make('button', { type: 'button', class: 'press', onclick: () => dialog.close() }, say('dialog.close')));
  dialog.showModal();
}
