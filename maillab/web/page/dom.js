// Elements. Whatever a stranger said becomes text, and nothing else.

import { say } from './words.js';

export const at = (id) => document.getElementById(id);

// make('p', { class: 'note', title: '…', onclick: f }, 'text', child, …): null and false are left out
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// The field in which one writes or chooses there, if any: its keys are its own.
export const fieldOf = (element) => element?.closest('input:not([type=range]), select, textarea');

// Begin to write in a field, over what is in it. To select does not take the keyboard there (HTML, `select()`).
export function takeUp(field) {
  field.focus();
  field.select();
}

// Put new children into an element; what had the focus keeps it, by its data-key.
export function fill(element, ...children) {
  const held = element.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  element.replaceChildren(...children.flat().filter(Boolean));
  if (held) element.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
}

// Wait until nothing has come for a while, then do it once.
export function later(work, after) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), after);
  };
}

// Do it now and then, at most once in so many milliseconds, and never twice at a time.
export function seldom(work, apart) {
  let busy = false;
  let again = false;
  const run = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await work();
    } finally {
      setTimeout(() => {
        busy = false;
        if (again) {
          again = false;
          run();
        }
      }, apart);
    }
  };
  return run;
}

// Ask whether something shall be done that cannot be undone; `deed` is what its button says.
export function confirm(question, deed) {
  const dialog = at('confirm');
  dialog.replaceChildren(make('p', { id: 'question' }, question), make('div', { class: 'deeds' },
    make('button', { type: 'button', autofocus: true, onclick: () => dialog.close('') }, say('cancel')),
    make('button', { type: 'button', class: 'danger', onclick: () => dialog.close('yes') }, deed)));
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener('close', () => done(dialog.returnValue === 'yes'), { once: true }));
}

let fading = 0;

export function toast(words) {
  const place = at('said');
  place.textContent = words;
  place.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => (place.hidden = true), 6000);
}

// A link that saves what it leads to.
export const download = (href, name, ...children) => make('a', { href, download: name, class: 'button' }, ...children);
