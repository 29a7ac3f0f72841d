// Questions to the lab. What it refuses is thrown as an `Error` with its own sentence.

class Refused extends Error {
  constructor(text, status) {
    super(text);
    this.status = status;
  }
}

export async function ask(path, options = {}) {
  const headers = { 'Accept-Language': document.documentElement.lang, ...options.headers };
  const answer = await fetch(path, { cache: 'no-store', ...options, headers });
  if (!answer.ok) throw new Refused(await answer.text(), answer.status);
  return answer;
}

export const json = async (path, options) => (await ask(path, options)).json();

const text = async (path) => (await ask(path)).text();

// The beginning of a text, of so many octets; the rest is not fetched.
export async function beginning(path, most) {
  const reader = (await ask(path)).body.getReader();
  const decoder = new TextDecoder();
  let [found, octets] = ['', 0];
  while (octets < most) {
    const { value, done } = await reader.read();
    if (done) return found;
    octets += value.length;
    found += decoder.decode(value, { stream: true });
  }
  reader.cancel();
  return found;
}

export const tell = (method, path, body) =>
  ask(path, { method, headers: { 'Content-Type': 'application/json', Accept: '*/*' }, body: body && JSON.stringify(body) });

// Lines of JSON, read whole.
export async function lines(path) {
  return (await text(path)).split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

// A path with a query string; what is empty is left out.
export function path(base, query) {
  const said = Object.entries(query).filter(([, value]) => value !== '' && value !== undefined && value !== null);
  return said.length ? `${base}?${new URLSearchParams(said)}` : base;
}
