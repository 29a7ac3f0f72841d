// A person with the link and one with the token, in Chromium (argv[5]): the link is argv[2], the token argv[3]; the page
// of a stranger is served at argv[4]. Tells what it saw as JSON.
const { chromium } = require("playwright-core");

const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

(async () => {
  const [link, token, stranger, executablePath] = process.argv.slice(2);
  const home = new URL("/", link).href;
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS, timeout: 60000 });
  const person = async () => {
    const page = await (await browser.newContext({ locale: "en" })).newPage();
    page.setDefaultTimeout(60000);
    return page;
  };
  const seen = {};

  // the link leads to the page, which follows what happens; the cookie is out of reach of scripts
  const first = await person();
  const streams = [];
  first.on("response", (answer) => answer.url().includes("/entries") && streams.push(answer.status()));
  await first.goto(link);
  await first.waitForURL(home + "**");
  await first.waitForSelector("#mail:not([hidden])"); // keys are heard from then on
  await first.keyboard.press("3");
  await first.waitForSelector("#live .row");
  seen.linked = [await first.evaluate(() => document.cookie), [...new Set(streams)]];
  const [cookie] = await first.context().cookies();
  seen.cookie = [cookie.httpOnly, cookie.sameSite, cookie.value === token];

  // a second time it leads to the form: a wrong token is refused, the right one lets in
  const second = await person();
  await second.goto(link);
  seen.again = (await second.innerText("[role=alert]")).trim();
  await second.fill("#token", "not the token at all");
  await second.click("button");
  await second.waitForFunction(() => document.querySelector("[role=alert]")?.innerText.includes("not the token"));
  await second.fill("#token", token);
  await second.click("button");
  await second.waitForSelector("[data-mode=mail]");
  seen.entered = new URL(second.url()).search === "";

  // a page of a stranger, open in the browser that was let in, reads nothing and changes nothing
  const evil = await first.context().newPage();
  await evil.goto(stranger);
  seen.stranger = await evil.evaluate(async (door) => {
    const tried = {};
    const settled = (work) => work.then((answer) => `read ${answer.type}`, () => "refused");
    tried.fetched = await settled(fetch(`${door}api/v1/messages`, { credentials: "include" }));
    tried.removed = await settled(fetch(`${door}api/v1/messages`, { method: "DELETE", credentials: "include", body: "{}" }));
    tried.sent = await settled(fetch(`${door}api/v1/send`, { method: "POST", mode: "no-cors", credentials: "include",
      body: '{"From":{"Email":"alice@sender.test"},"To":[{"Email":"bob@recipient.test"}],"Text":"x"}' }));
    tried.heard = await new Promise((done) => {
      const socket = new WebSocket(`${door.replace("http", "ws")}api/events`);
      socket.onopen = () => done("open");
      socket.onerror = () => done("refused");
    });
    tried.framed = await new Promise((done) => {
      const frame = document.createElement("iframe");
      frame.onload = () => done(frame.contentDocument === null ? "closed" : "open");
      frame.src = door;
      document.body.append(frame);
    });
    return tried;
  }, home);
  const left = await first.request.get(`${home}api/v1/messages`);
  seen.left = (await left.json()).total;
  await browser.close();
  process.stdout.write(JSON.stringify(seen));
})().catch((error) => (process.stderr.write(`${error.stack}\n`), process.exit(1)));
