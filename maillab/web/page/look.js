// Dark or light: as the browser wishes, or as was chosen here.

import { at } from './dom.js';
import { say } from './words.js';

const CHOICES = ['auto', 'light', 'dark'];

let choice = CHOICES.includes(localStorage.getItem('theme')) ? localStorage.getItem('theme') : 'auto';

export function dress() {
  document.documentElement.dataset.theme = choice;
  at('theme').textContent = { auto: '◐', light: '☀', dark: '☾' }[choice];
  at('theme').setAttribute('aria-label', say(`theme.${choice}`));
  at('theme').title = say(`theme.${choice}`);
}

export function nextTheme() {
  choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
  localStorage.setItem('theme', choice);
  dress();
}
