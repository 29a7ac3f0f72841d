// The list of messages: search as one types, live, and never moving what is read.

import { json, path, tell } from './ask.js';
import { at, confirm, fieldOf, fill, later, make, seldom, takeUp, toast } from './dom.js';
import { firstSteps } from './empty.js';
import { address } from './places.js';
import { moment, number, say, size, whole } from './words.js';

const PAGE = 50;
const MINUTE = 60_000; // milliseconds
const PATIENCE = MINUTE / 2; // with an answer: one that never comes would hold up all that are asked for after it
const AGAIN = 2000; // milliseconds before the lab is asked again
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export class Mail {
  // `open(id)` shows a message; "" none.
  constructor(open) {
    this.open = open;
    this.limit = PAGE;
    this.rows = new Map(); // id: its element
    this.summaries = new Map();
    this.cursor = '';
    this.chosen = new Set(); // ids
    this.total = 0;
    this.list = at('messages');
    this.refresh = seldom(() => this.load(), 300);
    this.retry = later(() => this.refresh(), AGAIN);
    at('search').addEventListener('input', later(() => this.typed(), 150));
    at('search').addEventListener('keydown', (event) => this.fromSearch(event));
    this.list.addEventListener('mousedown', (event) => event.shiftKey && event.preventDefault()); // the cursor stays where it was
    this.list.addEventListener('click', (event) => this.clicked(event));
    this.list.addEventListener('keydown', (event) => this.key(event));
    this.list.addEventListener('focusin', (event) => event.target.dataset.id && this.move(event.target.dataset.id));
    this.list.addEventListener('scroll', () => this.scrolled(), { passive: true });
    at('read-all').addEventListener('click', () => this.readAll());
    at('delete-all').addEventListener('click', () => this.removeAll());
    setInterval(() => this.tick(), MINUTE / 2);
    this.listen();
  }

  get query() {
    return at('search').value.trim();
  }

  focus() {
    (this.rows.get(this.cursor) ?? this.list.firstElementChild ?? at('search')).focus();
  }

  search(query) {
    if (query !== undefined) {
      at('search').value = query;
      this.typed();
    } else takeUp(at('search'));
  }

  // Esc: first what is chosen is let go, then the search.
  back() {
    if (this.chosen.size) {
      this.choose([...this.chosen], false);
      return true;
    }
    if (!at('search').value) return false;
    this.search('');
    return true;
  }

  typed() {
    this.limit = PAGE;
    this.list.scrollTop = 0;
    history.replaceState(null, '', address(this.query ? '/search' : '/', { q: this.query }));
    this.refresh();
  }

  async load() {
    const { query, limit } = this;
    const asked = query ? path('/api/v1/search', { query, limit, tz: ZONE }) : path('/api/v1/messages', { limit });
    let page;
    try {
      page = await json(asked, { signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      at('found').textContent = say('state.down');
      this.retry(); // one question may be lost where nothing else tells that the lab was away
      return;
    }
    this.take(page, query);
  }

  take(page, query) {
    if (query !== this.query) {
      this.refresh();
      return;
    }
    this.total = page.messages_count;
    this.page = page;
    this.summaries = new Map(page.messages.map((message) => [message.ID, message]));
    for (const [id, row] of this.rows) if (!this.summaries.has(id)) this.forget(id, row);
    let before = null;
    for (const message of page.messages) before = this.put(message, before);
    if (!this.rows.has(this.cursor)) this.move(page.messages[0]?.ID ?? '');
    this.unread(page.unread);
    this.count();
    this.tags(page.tags);
    this.nothing(page);
  }

  // How many there are, or are chosen, and what can be done with them.
  count() {
    const { page, query, chosen } = this;
    at('found').textContent = chosen.size ? say('messages.chosen', { count: chosen.size })
      : query ? say('messages.found', { found: number(page.messages_count), total: number(page.total) })
        : say('messages.count', { count: page.total });
    at('read-all').disabled = !chosen.size && !page.messages_unread;
    at('read-all').textContent = say(chosen.size ? 'messages.read_chosen' : 'messages.read_all');
    at('delete-all').disabled = !page.messages_count;
    at('delete-all').textContent = say(chosen.size ? 'messages.delete_chosen' : query ? 'messages.delete_found' : 'messages.delete_all');
  }

  // Choose messages, or let them go.
  choose(ids, on) {
    for (const id of ids) {
      if (on) this.chosen.add(id);
      else this.chosen.delete(id);
      this.rows.get(id)?.setAttribute('aria-checked', String(on));
    }
    this.count();
  }

  // A row in its place, after `before`; one that says the same as before is left alone.
  put(message, before) {
    const said = JSON.stringify([message.Read, message.Tags, message.Subject]);
    let row = this.rows.get(message.ID);
    if (!row || row.dataset.said !== said) {
      const anew = this.row(message, said);
      row?.replaceWith(anew);
      row = anew;
      this.rows.set(message.ID, row);
    }
    const next = before ? before.nextElementSibling : this.list.firstElementChild;
    if (next !== row) this.list.insertBefore(row, next);
    return row;
  }

  forget(id, row) {
    row.remove();
    this.rows.delete(id);
    this.chosen.delete(id);
  }

  row(message, said) {
    const { ID: id, From: from, To: to } = message;
    const when = new Date(message.Created);
    return make('a', { href: address(`/view/${id}`), class: message.Read ? 'item' : 'item unread', role: 'option', 'data-id': id,
      'data-said': said, tabindex: id === this.cursor ? '0' : '-1', 'aria-selected': String(id === this.opened), 'aria-checked': String(this.chosen.has(id)) },
    make('span', { class: 'dot' }, message.Read ? '' : make('span', { class: 'hidden' }, say('message.unread'))),
    make('span', { class: 'from' }, from ? from.Name || from.Address : say('way.no_sender')),
    make('time', { datetime: message.Created, title: whole(when) }, moment(when)),
    make('span', { class: 'subject' }, message.Subject || say('messages.no_subject')),
    make('span', { class: 'under' },
      make('span', { class: 'to' }, `→ ${[...to, ...message.Cc, ...message.Bcc].map((each) => each.Name || each.Address).join(', ')}`),
      make('span', { class: 'snippet' }, message.Snippet)),
    make('span', { class: 'marks' }, message.Tags.map((tag) => make('span', { class: 'tag' }, tag)),
      message.Attachments ? make('span', { class: 'clip', title: say('message.files') }, String(message.Attachments)) : null),
    make('span', { class: 'size' }, size(message.Size)));
  }

  // The one that is open now.
  mark(id) {
    this.opened = id;
    for (const [each, row] of this.rows) row.setAttribute('aria-selected', String(each === id));
    if (this.rows.has(id)) this.move(id);
  }

  move(id) {
    this.rows.get(this.cursor)?.setAttribute('tabindex', '-1');
    this.cursor = id;
    this.rows.get(id)?.setAttribute('tabindex', '0');
  }

  // To the next or the previous message.
  step(by) {
    const here = this.rows.get(this.cursor);
    const next = by > 0 ? here?.nextElementSibling : here?.previousElementSibling;
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
    if (this.opened) this.open(next.dataset.id);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowDown' || event.key === 'j') this.step(1);
    else if (event.key === 'ArrowUp' || event.key === 'k') this.step(-1);
    else if (event.key === 'Home') this.list.firstElementChild?.focus();
    else if (event.key === 'End') this.list.lastElementChild?.focus();
    else if (event.key === 'x' && this.cursor) this.choose([this.cursor], !this.chosen.has(this.cursor));
    else if (event.key === 'd' || event.key === 'Delete') this.chosen.size ? this.removeAll() : this.remove(this.cursor);
    else if (event.key === 'u') this.markUnread(...(this.chosen.size ? this.chosen : [this.cursor]));
    else if (event.key !== 'Enter' || !this.rows.size) return;
    else this.open(this.cursor);
    event.preventDefault();
    event.stopPropagation();
  }

  fromSearch(event) {
    if (event.key === 'ArrowDown') this.focus();
    else if (event.key === 'Enter' && this.list.firstElementChild) this.open(this.list.firstElementChild.dataset.id);
    else return;
    event.preventDefault();
  }

  clicked(event) {
    const row = event.target.closest('[data-id]');
    if (!row || event.ctrlKey || event.metaKey) return; // a tab of its own
    event.preventDefault();
    if (event.shiftKey) {
      this.chooseTo(row.dataset.id);
      return;
    }
    this.move(row.dataset.id);
    this.open(row.dataset.id);
  }

  // All from the cursor to here.
  chooseTo(id) {
    const ids = [...this.list.children].map((row) => row.dataset.id);
    const [first, last] = [ids.indexOf(this.cursor), ids.indexOf(id)].sort((one, other) => one - other);
    this.choose(ids.slice(Math.max(first, 0), last + 1), true);
    this.rows.get(id).focus();
  }

  async remove(id) {
    if (!id) return;
    const next = this.rows.get(id)?.nextElementSibling?.dataset.id ?? '';
    if (!await this.told('DELETE', '/api/v1/messages', { IDs: [id] })) return;
    if (id === this.opened) this.open(next);
    if (next) this.move(next);
    if (!fieldOf(document.activeElement)) this.focus(); // who types by now goes on: d is a letter there, and a deed here
  }

  // How long ago each of them came.
  tick() {
    for (const row of this.rows.values()) {
      const time = row.querySelector('time');
      time.textContent = moment(new Date(time.dateTime));
    }
  }

  async readAll() {
    const meant = this.chosen.size ? { IDs: [...this.chosen] } : { Search: this.query };
    this.choose([...this.chosen], false);
    await this.told('PUT', '/api/v1/messages', { Read: true, ...meant });
  }

  // Delete what is chosen, or all that the list means, when a person has said so once more.
  async removeAll() {
    const { query } = this;
    const chosen = [...this.chosen];
    const question = query && !chosen.length ? say('messages.delete_found_question', { count: this.total })
      : say('messages.delete_all_question', { count: chosen.length || this.total });
    if (!await confirm(question, at('delete-all').textContent)) return;
    if (chosen.length) await this.told('DELETE', '/api/v1/messages', { IDs: chosen });
    else if (query) await this.told('DELETE', path('/api/v1/search', { query, tz: ZONE }));
    else await this.told('DELETE', '/api/v1/messages');
    if (this.opened && !this.rows.has(this.opened)) this.open('');
  }

  // Whether it is done; what is wrong is said.
  async told(method, where, body) {
    let done = true;
    try {
      await tell(method, where, body);
    } catch (error) {
      toast(error.message);
      done = false;
    }
    await this.load();
    return done;
  }

  async markUnread(...ids) {
    this.choose([...this.chosen], false);
    return Boolean(ids[0]) && this.told('PUT', '/api/v1/messages', { IDs: ids, Read: false });
  }

  scrolled() {
    const { list } = this;
    if (list.scrollTop + list.clientHeight < list.scrollHeight - 400 || this.limit >= this.total) return;
    this.limit += PAGE;
    this.refresh();
  }

  unread(count) {
    at('unread').hidden = !count;
    at('unread').textContent = number(count);
    at('unread').title = say('mailbox.new', { count: number(count) });
    document.title = count ? `(${count}) maillab` : 'maillab';
  }

  tags(tags) {
    fill(at('tags'), tags.map((tag) => make('button', { type: 'button', class: 'tag', 'data-key': tag,
      onclick: () => this.search(/\s/.test(tag) ? `tag:"${tag}"` : `tag:${tag}`) }, tag)));
  }

  async nothing(page) {
    const empty = at('mail-empty');
    empty.hidden = page.messages_count > 0;
    this.list.hidden = page.messages_count === 0;
    if (empty.hidden) return;
    const said = page.total ? [make('p', {}, say('messages.no_match', { text: this.query }))]
      : await firstSteps('card.mail').catch(() => []); // that the lab is down is said above
    if (page === this.page) empty.replaceChildren(...said);
  }

  // Told of what comes, changes and goes; when the lab was away, all is asked for again.
  listen() {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/events`);
    socket.onopen = () => this.refresh();
    socket.onmessage = () => this.refresh();
    socket.onclose = () => setTimeout(() => this.listen(), AGAIN);
  }
}
