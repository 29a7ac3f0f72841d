// What the page says, in the language that ?lang= asks for, else in the browser's.

import { json } from './ask.js';

export const LANGUAGES = ['en', 'vi'];

export const lang = chosen();
let texts = {};

function chosen() {
  const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language;
  return LANGUAGES.find((each) => wanted.toLowerCase().startsWith(each)) ?? LANGUAGES[0];
}

export async function learn() {
  texts = await json(`/page/texts/${lang}.json`);
  document.documentElement.lang = lang;
}

// {name} is a value; {count:line|lines} is a number with its noun
export function say(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name, one, many) =>
    one === undefined ? values[name] : `${number(values[name])} ${values[name] === 1 ? one : many}`);
}

// Put words wherever the page asks for some.
export function label(root = document) {
  for (const each of root.querySelectorAll('[data-say]')) each.textContent = say(each.dataset.say);
  for (const each of root.querySelectorAll('[data-say-label]')) each.setAttribute('aria-label', say(each.dataset.sayLabel));
  for (const each of root.querySelectorAll('[data-say-hint]')) each.placeholder = say(each.dataset.sayHint);
}

export const number = (value) => value.toLocaleString(lang);

export function size(octets) {
  if (octets < 1000) return say('size.bytes', { count: octets });
  const [scale, unit] = octets < 1e6 ? [1e3, 'kB'] : [1e6, 'MB'];
  return `${(octets / scale).toLocaleString(lang, { maximumFractionDigits: 1 })} ${unit}`;
}

// a moment of a list: how long ago within the hour, the time of today, the day of this year, else the date
export function moment(when) {
  const now = new Date();
  const minutes = Math.floor((now - when) / 60_000);
  if (minutes >= 0 && minutes < 60) return minutes ? new Intl.RelativeTimeFormat(lang, { style: 'narrow' }).format(-minutes, 'minute') : say('moment.now');
  const is = (...parts) => parts.every((part) => when[part]() === now[part]());
  if (is('getFullYear', 'getMonth', 'getDate')) return when.toLocaleTimeString(lang, { hour: '2-digit', minute: '2-digit' });
  if (is('getFullYear')) return when.toLocaleDateString(lang, { day: 'numeric', month: 'short' });
  return when.toLocaleDateString(lang, { day: 'numeric', month: 'short', year: 'numeric' });
}

export const whole = (when) => when.toLocaleString(lang, { dateStyle: 'full', timeStyle: 'medium' });

// a span of time: 12 ms, 1.2 s, 3 min, 5 h, 2 d
export function span(seconds) {
  if (seconds < 0.0005) return '< 1 ms';
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 86400 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86400).toFixed(1)} d`;
}
