// The page: its modes, its keys, and where an address leads.

import { at, fieldOf } from './dom.js';
import { showKeys } from './help.js';
import { Lab } from './lab.js';
import { dress, nextTheme } from './look.js';
import { Mail } from './mail.js';
import { Message } from './message.js';
import { address, place } from './places.js';
import { Rules } from './rules.js';
import { Sessions } from './sessions.js';
import { Wire } from './wire.js';
import { LANGUAGES, label, lang, learn, say } from './words.js';

const KEYS = { 1: 'lab', 2: 'mail', 3: 'wire', 4: 'sessions' };

await learn();
label();
dress();

const message = new Message({
  back: () => open(''),
  step: (by) => mail.step(by),
  remove: (id) => mail.remove(id),
  unread: async (id) => {
    if (await mail.markUnread(id)) open('');
  },
  wire: (filter) => {
    wire.show(filter);
    go('wire');
  },
});
const mail = new Mail(open);
const wire = new Wire(state);
const lab = new Lab((query) => {
  go('mail');
  open('');
  mail.search(query);
});
const rules = new Rules();
const sessions = new Sessions();
const modes = { lab, mail, wire, sessions };
let mode = '';

// ── where one is ──

function go(wanted, remember = true) {
  mode = wanted;
  for (const name of Object.keys(modes)) at(name).hidden = name !== mode;
  for (const button of document.querySelectorAll('[data-mode]')) {
    if (button.dataset.mode === mode) button.setAttribute('aria-current', 'page');
    else button.removeAttribute('aria-current');
  }
  if (remember) history.pushState(null, '', mode === 'mail' ? mailAddress() : `${location.pathname}${location.search}#${mode}`);
  if (mode === 'lab') refreshLab();
  if (mode === 'sessions') sessions.refresh();
  if (mode === 'wire') wire.transcript.follow(wire.transcript.follows);
}

function refreshLab() {
  lab.refresh();
  rules.refresh();
}

const mailAddress = () => (message.id ? address(`/view/${message.id}`) : address(mail.query ? '/search' : '/', { q: mail.query }));

async function open(id, remember = true) {
  at('mail').classList.toggle('opened', Boolean(id));
  mail.mark(id);
  if (!await message.show(id)) return;
  if (id === 'latest') mail.mark(message.id);
  if (remember) history.pushState(null, '', mailAddress());
  if (!id) mail.focus();
  else if (getComputedStyle(at('message').querySelector('.back') ?? at('message')).display !== 'none') message.focus();
}

function arrive() {
  const there = place();
  go(there.mode, false);
  if (there.query !== mail.query && there.mode === 'mail' && !there.message) at('search').value = there.query;
  mail.refresh();
  if (there.message !== message.id) open(there.message, false);
}

function state(now) {
  at('state').textContent = say(`state.${now}`);
  at('state').className = `state ${now}`;
}

// ── keys ──

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
  if (event.key === 'Escape') {
    back(event);
    return;
  }
  if (fieldOf(event.target)) return;
  if (event.key in KEYS) {
    go(KEYS[event.key]);
    modes[mode].focus();
  } else if (event.key === '?' || event.key === 'F1') showKeys();
  else if (event.key === '/' || (event.key === 'f' && mode === 'wire')) {
    if (mode !== 'wire') go('mail');
    modes[mode].search();
  } else if (mode === 'mail' && (event.key === 'j' || event.key === 'k')) mail.step(event.key === 'j' ? 1 : -1);
  else if (mode === 'mail' && message.id && event.key === 'd') mail.remove(message.id);
  else if (mode === 'wire' && ['j', 'k', 'ArrowDown', 'ArrowUp', 'F'].includes(event.key) && event.target === document.body) {
    wire.focus();
    wire.transcript.key(event);
  } else if (mode === 'sessions' && sessions.player.isOpen) sessions.player.key(event);
  else return;
  event.preventDefault();
}

// Esc: out of a field; then a message, a filter or a session is closed.
function back(event) {
  const field = event.target.closest('input');
  if (field && field.value && modes[mode].back?.()) field.focus();
  else if (field) modes[mode].focus();
  else if (mode === 'mail' && message.id) open('');
  else modes[mode].back?.();
  event.preventDefault();
}

// ── the bar ──

for (const button of document.querySelectorAll('[data-mode]')) button.addEventListener('click', () => go(button.dataset.mode));
at('theme').addEventListener('click', nextTheme);
at('help').addEventListener('click', showKeys);
const other = LANGUAGES.find((each) => each !== lang);
at('language').textContent = say('language.other');
at('language').lang = other;
at('language').addEventListener('click', () => {
  const query = new URLSearchParams(location.search);
  query.set('lang', other);
  location.search = query;
});
document.addEventListener('keydown', key);
addEventListener('popstate', arrive);
arrive();
