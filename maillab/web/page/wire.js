// The wire: the ladder and the transcript of all that is said, as it is said, and the filter above them.

import { ask, path } from './ask.js';
import { at, later, make, takeUp } from './dom.js';
import { firstSteps } from './empty.js';
import { Transcript, counted, unseen } from './transcript.js';
import { lang, say } from './words.js';

const ENTRIES = '/maillab/v1/entries';
const FRAME = 100; // milliseconds between two drawings
const AGAIN = 2000; // milliseconds before the lab is looked for again

export class Wire {
  constructor(onstate) {
    this.onstate = onstate;
    this.filter = '';
    this.waiting = [];
    this.drawing = 0;
    this.empty = make('div', {});
    this.transcript = new Transcript(at('live'), { onchange: () => this.changed(), empty: () => this.empty });
    at('follow').addEventListener('click', () => this.transcript.follow());
    at('filter').addEventListener('input', later(() => this.look(), 200));
    at('filter').addEventListener('keydown', (event) => this.key(event));
    this.listen();
    this.say();
  }

  focus() {
    this.transcript.box.focus();
  }

  search() {
    takeUp(at('filter'));
  }

  // Esc: first the filter goes.
  back() {
    if (!at('filter').value) return false;
    this.show('');
    return true;
  }

  show(expression) {
    at('filter').value = expression;
    this.look();
  }

  async look() {
    const wanted = at('filter').value.trim();
    try {
      await ask(path(ENTRIES, { filter: wanted, lang, limit: 0 }));
    } catch (error) {
      this.wrong(error.message);
      return;
    }
    if (wanted !== at('filter').value.trim()) return; // somebody typed on
    this.wrong('');
    if (wanted === this.filter) return;
    this.filter = wanted;
    this.transcript.clear();
    this.listen();
    this.say();
  }

  wrong(text) {
    const place = at('filter-error');
    place.textContent = text;
    place.hidden = !text;
    at('filter').setAttribute('aria-invalid', String(Boolean(text)));
  }

  key(event) {
    if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    this.focus();
  }

  listen() {
    this.source?.close();
    this.waiting = [];
    const source = new EventSource(path(ENTRIES, { filter: this.filter, lang }));
    source.onopen = () => {
      if (this.wasAway) this.transcript.clear(); // until then one can read what the lab before has said
      this.wasAway = false;
      this.onstate('live');
    };
    source.onmessage = (event) => this.take(JSON.parse(event.data));
    source.onerror = () => { // another lab may come back, with another logbook: all is asked for again
      source.close();
      this.wasAway = true;
      this.onstate('down');
      setTimeout(() => source === this.source && this.listen(), AGAIN);
    };
    this.source = source;
  }

  take(entry) {
    this.waiting.push(entry);
    this.drawing ||= setTimeout(() => {
      this.drawing = 0;
      this.transcript.add(this.waiting.splice(0));
    }, FRAME);
  }

  changed() {
    if (!this.transcript) return;
    const { follows } = this.transcript;
    at('lines').textContent = counted(this.transcript);
    at('follow').setAttribute('aria-pressed', String(follows));
    at('follow').textContent = !follows && this.transcript.unseen ? unseen(this.transcript) : say('wire.follow');
  }

  async say() {
    this.empty.replaceChildren(...(this.filter ? [make('p', {}, say('wire.no_match'))] : await firstSteps('card.wire')));
  }
}
