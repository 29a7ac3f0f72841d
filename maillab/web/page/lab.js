// The machines: sites with their doors, queues and people; the clock.

import { json, tell } from './ask.js';
import { at, fill, make, toast } from './dom.js';
import { say, span, whole } from './words.js';

const AGAIN = 2000; // milliseconds between two looks
const TURNS = [['5min', 'clock.minutes5'], ['1h', 'clock.hour'], ['5d', 'clock.days5']];

export class Lab {
  // `mail(query)` shows messages.
  constructor(mail) {
    this.mail = mail;
    this.now = 0;
    this.clock();
    setInterval(() => this.isShown && this.refresh(), AGAIN);
    setInterval(() => this.tick(), 1000);
  }

  get isShown() {
    return !at('lab').hidden && !document.hidden;
  }

  focus() {
    at('lab').querySelector('button')?.focus();
  }

  async refresh() {
    try {
      const [{ sites }, { now }, ready] = await Promise.all(['machines', 'clock', 'ready'].map((each) => json(`/maillab/v1/${each}`)));
      this.now = now;
      this.asked = performance.now();
      this.tick();
      const said = JSON.stringify([sites, ready.endpoints]);
      if (said === this.said) return;
      this.said = said;
      fill(at('machines'), ...sites.map((site) => this.site(site)), others(ready.endpoints));
    } catch (error) {
      toast(error.message);
    }
  }

  async does(method, path, body) {
    try {
      await tell(method, path, body);
    } catch (error) {
      toast(error.message);
    }
    this.said = '';
    await this.refresh();
  }

  // ── a site ──

  site(site) {
    const open = site.doors.filter((door) => door.open).length;
    const state = open === site.doors.length ? 'running' : open ? 'partly' : 'stopped';
    return make('section', { class: 'card', 'aria-label': site.site },
      make('h2', {}, site.site, make('span', { class: `badge ${state}` }, say(`machine.${state}`))),
      make('ul', { class: 'doors' }, site.doors.map((door) => this.door(site, door))),
      make('h3', {}, say('machine.mailboxes')),
      make('p', { class: 'chips' }, site.people.map((person) => make('button', { type: 'button', class: 'tag', 'data-key': person,
        onclick: () => this.mail(`to:${person}`) }, person))),
      make('h3', {}, say('machine.queue'), ' ', make('span', { class: 'note' }, site.queue.length ? say('machine.waiting', { count: site.queue.length }) : say('machine.empty'),
        site.held ? ` · ${say('machine.held')}` : ''),
      site.queue.length ? make('button', { type: 'button', class: 'quiet', 'data-key': `retry-${site.site}`, onclick: () => this.does('POST', '/maillab/v1/queue/retry') }, say('machine.retry_all')) : null),
      make('ul', { class: 'queue' }, site.queue.map((job) => this.job(site, job))));
  }

  door(site, door) {
    const key = `${site.site}/${door.service}`;
    const deed = door.open ? 'stop' : 'start';
    return make('li', {},
      make('button', { type: 'button', role: 'switch', class: 'switch', 'aria-checked': String(door.open), 'data-key': key,
        'aria-label': `${door.service} ${door.port}`, onclick: () => this.does('POST', `/maillab/v1/machines/${key}/${deed}`) }),
      make('b', {}, door.service), make('code', {}, String(door.port)), make('span', { class: 'note' }, say(`tls.${door.tls}`)));
  }

  job(site, job) {
    const button = (deed, kind) => make('button', { type: 'button', class: `quiet ${kind}`, 'data-key': `${job.job}-${deed}`,
      onclick: () => this.does('POST', `/maillab/v1/queue/${site.site}/${job.job}/${deed}`) }, say(`job.${deed}`));
    const wait = job.due - this.now;
    return make('li', {}, make('span', {}, make('b', {}, job.job), ` → ${job.to.join(', ') || job.domain}`,
      make('small', {}, `${say('machine.tried', { count: job.attempts })} · ${wait > 0 ? say('machine.retry', { wait: span(wait) }) : say('machine.under_way')}`)),
    make('span', { class: 'deeds' }, button('retry', ''), button('bounce', ''), button('remove', 'danger')));
  }

  // ── the clock ──

  clock() {
    this.face = make('time', { class: 'face' });
    fill(at('clock'), make('div', {}, make('h2', {}, say('clock.now')), this.face),
      make('div', { class: 'turns', role: 'group', 'aria-label': say('clock.title') }, make('span', { class: 'note' }, say('clock.title')),
        TURNS.map(([advance, key]) => make('button', { type: 'button', 'data-key': advance, onclick: () => this.does('POST', '/maillab/v1/clock', { advance }) }, say(key)))));
  }

  tick() {
    if (this.now) this.face.textContent = whole(new Date(this.now * 1000 + performance.now() - this.asked));
  }
}

// the doors that belong to no site: the name server, and this one
function others(endpoints) {
  const found = endpoints.filter((door) => !door.site);
  return found.length ? make('section', { class: 'card', 'aria-label': say('names.title') }, make('h2', {}, say('names.title')),
    make('ul', { class: 'doors' }, found.map((door) => make('li', {}, make('b', {}, door.service), make('code', {}, `${door.host}:${door.port}`))))) : null;
}
