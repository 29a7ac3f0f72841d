// Saved sessions: fetched in every format, brought, and played.

import { ask, json, lines, path } from './ask.js';
import { at, fill, make, toast } from './dom.js';
import { Player } from './player.js';
import { lang, moment, say, size } from './words.js';

const SESSIONS = '/maillab/v1/sessions';
const FORMATS = ['html', 'md', 'text', 'json', 'mermaid', 'pcapng', 'cast', 'swaks', 'eml', 'mbox', 'pytest'];

export class Sessions {
  constructor() {
    this.list = at('session-list');
    this.player = new Player(at('player'), () => this.leave());
  }

  focus() {
    (this.player.isOpen ? this.player : this.list.querySelector('button'))?.focus();
  }

  back() {
    if (!this.player.isOpen) return false;
    this.leave();
    return true;
  }

  async refresh() {
    try {
      this.draw((await json(SESSIONS)).sessions);
    } catch (error) {
      toast(error.message);
    }
  }

  draw(sessions) {
    const file = make('input', { type: 'file', id: 'file', class: 'hidden', accept: '.maillab,.gz', onchange: () => this.bring(file) });
    fill(this.list,
      make('div', { class: 'title' }, make('h2', {}, say('pane.list')), make('label', { class: 'button', for: 'file' }, say('session.bring')), file),
      make('p', { class: 'note' }, say('card.session')),
      make('ul', { class: 'sessions' }, this.row({ name: 'live' }), sessions.map((session) => this.row(session))),
      !sessions.length && make('p', { class: 'note' }, say('sessions.empty')));
  }

  row({ name, bytes, changed }) {
    const live = name === 'live';
    const formats = live ? FORMATS : ['maillab', ...FORMATS];
    const choice = make('select', { 'aria-label': say('session.format'), 'data-key': `format-${name}` }, formats.map((each) => make('option', { value: each }, each)));
    const save = make('a', { class: 'button', download: '', 'data-key': `save-${name}` }, say('save'));
    const aim = () => save.setAttribute('href', path(`${SESSIONS}/${encodeURIComponent(name)}`, { format: choice.value, lang }));
    choice.addEventListener('change', aim);
    aim();
    return make('li', {},
      make('span', { class: 'name' }, make('b', {}, live ? say('session.live') : name),
        make('small', {}, live ? say('session.so_far') : `${moment(new Date(changed * 1000))} · ${size(bytes)}`)),
      make('span', { class: 'deeds' },
        make('button', { type: 'button', class: 'press', 'data-key': `play-${name}`, onclick: () => this.play(name) }, `▶ ${say('session.play')}`), choice, save));
  }

  async play(name) {
    try {
      const entries = await lines(path(`${SESSIONS}/${encodeURIComponent(name)}/entries`, { lang }));
      this.list.hidden = true;
      this.player.open(name === 'live' ? say('session.live') : name, entries);
    } catch (error) {
      toast(error.message);
    }
  }

  leave() {
    this.player.close();
    this.list.hidden = false;
    this.focus();
  }

  async bring(input) {
    const [file] = input.files;
    if (!file) return;
    const name = file.name.replace(/\.maillab(\.gz)?$/, '').replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 64) || 'session';
    try {
      await ask(`${SESSIONS}/${name}`, { method: 'PUT', body: file });
      toast(say('session.brought', { name }));
    } catch (error) {
      toast(error.message);
    }
    await this.refresh();
  }
}
