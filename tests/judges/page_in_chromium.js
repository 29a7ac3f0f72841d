// A person at the page of the lab, in Chromium (argv[3]), at the address argv[2]; tells what it saw as JSON.
const { chromium } = require("playwright-core");

const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const WAIT = 60000; // milliseconds
const MODES = ["/", "/#lab", "/#wire", "/#sessions"];
const unanswered = new Set();
let page;

(async () => {
  const [address, executablePath] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS, timeout: WAIT });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en" });
  page = await context.newPage();
  page.setDefaultTimeout(WAIT);
  const seen = { errors: [], dialogs: 0 };
  const refused = new Set(); // a filter is asked for while it is typed, too, if that is slow
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && !REFUSED.test(message.text())
    && !STRANGER.test(message.location().url) && !isLost(message) && seen.errors.push(message.text()));
  page.on("response", (answer) => answer.status() >= 400 && refused.add(`${answer.status()} ${new URL(answer.url()).pathname}`));
  const elsewhere = new Set(); // what a policy forbids is asked of nobody
  page.on("request", (asked) => [address, "data:"].some((ours) => asked.url().startsWith(ours)) || elsewhere.add(asked));
  page.on("requestfailed", (asked) => asked.failure().errorText === "csp" && elsewhere.delete(asked));
  page.on("request", (asked) => unanswered.add(asked));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (asked) => unanswered.delete(asked));
  page.on("dialog", (dialog) => (seen.dialogs++, dialog.dismiss()));
  const text = (selector) => page.locator(selector).first().innerText();
  const until = (work, given) => page.waitForFunction(work, given);
  const send = (to, subject) => page.request.post(`${address}/api/v1/send`,
    { data: { From: { Email: "alice@sender.test" }, To: [{ Email: to }], Subject: subject, Text: "x" } });

  // a message is found, and opened
  await page.goto(`${address}/`);
  await until(() => document.querySelectorAll(".item").length === 2);
  await page.keyboard.press("/");
  await page.keyboard.type("subject:page");
  await until(() => document.querySelectorAll(".item").length === 1);
  await page.keyboard.press("Enter");
  await page.click("#tab-text");
  await page.waitForSelector(".letter");
  seen.opened = [await text("#message h2"), (await text(".letter")).trim()];
  await until(() => location.pathname.startsWith("/view/"));
  await page.click("#tab-html_source");
  await page.waitForSelector(".markup");
  seen.source = (await text("pre.code")).includes("<p>shown words</p>");
  await page.click("#tab-html");
  const frame = page.frameLocator("iframe").locator("p");
  await frame.waitFor();
  seen.html = (await frame.innerText()).trim();
  await page.click("[data-width=phone]");
  await until(() => document.querySelector("iframe").clientWidth === 375);
  // a picture of another server is shown when a person asks, and not before
  seen.asked = Date.now();
  const came = page.waitForRequest((asked) => asked.url().endsWith("/picture"));
  await page.click(".frame-bar > button");
  await came;

  // its way: the lines of each conversation bear the signs that they have in the transcript
  await page.click("#tab-route");
  await until(() => document.querySelector(".talks .glyph"));
  seen.signs = [...new Set(await page.locator(".talks .glyph").allTextContents())].sort();

  // another one crosses while the list is looked at, and while the wire is
  await page.keyboard.press("Escape");
  await page.fill("#search", "");
  await until(() => document.querySelectorAll(".item").length === 2);

  // where a question is lost on its way, and where no answer comes, it is asked again
  await page.evaluate(() => { // half a minute is too long here
    const { timeout } = AbortSignal;
    AbortSignal.timeout = () => timeout.call(AbortSignal, 3000);
  });
  const fates = ["lost", "unanswered"];
  await page.route("**/api/v1/search?*", (route) => {
    const fate = fates.shift();
    return fate === "lost" ? route.abort("connectionreset") : fate || route.continue();
  });
  await page.fill("#search", "subject:page");
  await until(() => document.querySelectorAll(".item").length === 1);
  seen.fates = fates.length;
  await page.unroute("**/api/v1/search?*");
  await page.fill("#search", "");
  await until(() => document.querySelectorAll(".item").length === 2);

  // who types when a deletion is done at last goes on: there the letter d is no deed
  const deletion = new Promise((asked) => page.route("**/api/v1/messages", asked));
  await page.locator(".item").first().focus();
  await page.keyboard.press("d");
  await page.keyboard.press("/");
  await page.keyboard.type("d");
  await (await deletion).fulfill({ body: "ok" });
  await until(() => document.querySelectorAll(".item")[1].tabIndex === 0); // the cursor has gone on
  await page.keyboard.type("d");
  seen.typed = await page.inputValue("#search");
  await page.unroute("**/api/v1/messages");
  await page.fill("#search", "");
  await until(() => document.querySelectorAll(".item").length === 2);
  await send("carol@recipient.test", "First");
  await until(() => document.querySelector(".item .subject").innerText === "First");
  await page.keyboard.press("Escape");
  await page.keyboard.press("3");
  await page.waitForSelector(".row");
  await send("carol@recipient.test", "Live");
  await until(() => document.getElementById("unread").textContent === "3");
  await page.keyboard.press("f");
  await page.keyboard.type("leg:relay verb:rcpt side:client to:carol");
  await until(() => document.querySelectorAll(".row .said").length && !document.querySelector(".row .said")?.innerText.includes("EHLO")
    && [...document.querySelectorAll(".row")].some((row) => row.innerText.includes("RCPT TO:<carol@recipient.test>")));
  seen.crossed = true;
  await page.fill("#filter", "kode:5xx");
  await page.waitForSelector("#filter-error:not([hidden])");
  seen.complaint = (await text("#filter-error")).includes("kode");

  // a saved session is played: line by line, to its next step, and in a row at a pace
  await page.keyboard.press("Escape");
  await page.click("[data-mode=sessions]");
  const buffer = await (await page.request.get(`${address}/maillab/v1/sessions/classic?format=maillab`)).body();
  await page.setInputFiles("#file", { name: "đ.maillab", mimeType: "application/octet-stream", buffer }); // it has no sign that a name may have
  await page.waitForSelector("[data-key=play-session]");
  seen.brought = await page.locator("#said").textContent();
  await page.click("[data-key=play-classic]");
  const line = () => text(".player .note[role=status]");
  const moves = async (key) => {
    const before = await line();
    await page.keyboard.press(key);
    await until((was) => document.querySelector(".player .note[role=status]").innerText !== was, before);
    return line();
  };
  await page.waitForSelector(".player .note[role=status]");
  seen.played = [await line(), await moves("ArrowRight"), await moves("ArrowRight"), await moves("ArrowLeft"), await moves("]")];
  await page.locator(".player select").selectOption("16");
  await page.locator(".player .press").press("Space");
  await until(() => document.querySelector(".player .state").innerText === "END");
  seen.played.push(await line());

  // a rule is written wrong, and told where; one that is ready is added, holds, is switched off, and on again
  const rules = async () => (await (await page.request.get(`${address}/maillab/v1/rules`)).json()).rules.map((each) => [each.rule, each.on, each.played]);
  const rule = "[role=switch][aria-label^='at recipient.test smtp rcpt']";
  await page.click("[data-mode=lab]");
  await page.fill("#rule", "at rctp answer 451");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#rule-error:not([hidden])");
  seen.wrong = await text("#rule-error");
  await page.locator("#presets").selectOption('at recipient.test smtp rcpt answer 550 5.1.1 "No such user"');
  await page.keyboard.press("Enter");
  await page.waitForSelector(`${rule}[aria-checked=true]`);
  await send("carol@recipient.test", "Never");
  await until(() => /applied 1 time\b/.test(document.getElementById("rules").innerText));
  seen.rules = [await rules()];
  await page.click(rule);
  await page.waitForSelector(`${rule}[aria-checked=false]`);
  seen.rules.push(await rules());
  await page.click(rule);
  await page.waitForSelector(`${rule}[aria-checked=true]`);
  seen.rules.push(await rules());

  // every word can be read in either theme (WCAG 2.2, 1.4.3)
  seen.pale = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const path of ["/view/latest", ...MODES]) {
      await page.goto("about:blank"); // an address that differs by its # only is no other page
      await page.goto(`${address}${path}`);
      await page.waitForSelector(path === "/view/latest" ? "#message h2" : { "/": ".item", "/#lab": "#machines .card", "/#wire": ".row", "/#sessions": ".sessions li" }[path]);
      seen.pale.push(...(await page.evaluate(pale)).map((found) => `${colorScheme} ${path} ${found}`));
    }
  }

  // what cannot be done without the lab is said, and nothing is done by half
  await page.goto("about:blank");
  await page.goto(`${address}/view/latest`);
  await page.waitForSelector("#message h2");
  await until(() => document.querySelectorAll(".item").length === 5);
  await context.setOffline(true);
  seen.alone = [];
  const alone = async (work) => {
    await page.evaluate(() => (document.getElementById("said").textContent = ""));
    await work();
    await until(() => document.getElementById("said").textContent);
    seen.alone.push([await text("#said"), await page.locator("#message h2").count()]);
  };
  await alone(() => page.click("#message .danger"));
  await alone(() => page.click("#message .deeds > .quiet:nth-child(4)"));
  await alone(() => page.click("[data-mode=sessions]"));
  await alone(() => page.click("[data-mode=lab]"));
  await context.setOffline(false);

  // everything is deleted, when that has been said twice
  await page.goto("about:blank");
  await page.goto(`${address}/search?q=subject:first`);
  await until(() => document.querySelectorAll(".item").length === 1);
  await page.click("#delete-all");
  await page.click("#confirm .danger");
  await page.waitForSelector("#mail-empty:not([hidden])");
  seen.left = (await (await page.request.get(`${address}/api/v1/messages`)).json()).messages.map((each) => each.Subject).sort();

  // several are chosen, by a key and by the mouse; what is chosen alone is deleted
  await page.goto(`${address}/`);
  await until(() => document.querySelectorAll(".item").length === 4);
  await page.locator(".item").nth(1).focus();
  await page.keyboard.press("x");
  await page.locator(".item").nth(3).click({ modifiers: ["Shift"] });
  seen.chosen = [await text("#found"), (await page.locator(".item[aria-checked=true] .subject").allInnerTexts()).sort()]; // two of them came together
  await page.keyboard.press("d");
  await page.click("#confirm .danger");
  await until(() => document.querySelectorAll(".item").length === 1);
  seen.kept = await page.locator(".item .subject").allInnerTexts();

  // in the other language, on a small screen: nothing is wider than the screen, and what is refused is told in it
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of MODES) {
    await page.goto("about:blank");
    await page.goto(`${address}${path.replace("/", "/?lang=vi")}`);
    await until(() => document.documentElement.lang === "vi");
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) seen.errors.push(`${path} is too wide`);
    if (path === "/#lab") {
      await page.fill("#rule", "at rctp answer 451");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#rule-error:not([hidden])");
      seen.sai = await text("#rule-error");
    }
    if (path === "/#wire") { // of all rows, only those that are seen are there, and what explains them stands below
      await until(() => Number(document.querySelector("#wire .row")?.getAttribute("aria-setsize")) > 80);
      seen.small = await page.evaluate(() => [document.querySelectorAll("#wire .row").length < 60,
        document.querySelector("#wire .explain").getBoundingClientRect().bottom <= innerHeight]);
    }
  }
  seen.refused = [...refused].sort();
  seen.elsewhere = [...elsewhere].map((asked) => new URL(asked.url()).pathname);
  await browser.close();
  console.log(JSON.stringify(seen));
})().catch(async (error) => {
  console.error(error);
  console.error(await stands().catch((silent) => silent.message));
  process.exit(1);
});

// How the page stands, for whoever reads why it went wrong.
async function stands() {
  const told = await page.evaluate(() => ({
    address: location.href,
    focus: document.activeElement.id || document.activeElement.tagName,
    fields: Object.fromEntries([...document.querySelectorAll("input[id]")].map((each) => [each.id, each.value])),
    says: Object.fromEntries(["state", "found", "lines", "said"].map((id) => [id, document.getElementById(id)?.textContent])),
    counts: Object.fromEntries([".item", ".row", "dialog[open]"].map((what) => [what, document.querySelectorAll(what).length])),
  }));
  return { ...told, unanswered: [...unanswered].map((asked) => `${asked.method()} ${asked.url()}`) };
}

// `refused` tells which; the other is said of what is asked while there is no network
const REFUSED = /^Failed to load resource: (?:the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)/;
const isLost = (message) => message.text().includes("net::ERR_CONNECTION_RESET") // the one question that is lost on purpose
  && message.location().url.includes("/api/v1/search?query=subject%3Apage&");
const STRANGER = /\/view\/\w+\.html/; // his page complains of what it may not do

// In the page: the words whose contrast to what is behind them is too small.
function pale() {
  const parts = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [red, green, blue] = parts(colour).slice(0, 3).map((each) => (each / 255 <= 0.04045 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const { backgroundColor } = getComputedStyle(each);
      if ((parts(backgroundColor)[3] ?? 1) === 1) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const found = new Set();
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = words.nextNode(); node; node = words.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || element.closest(":disabled, .hidden, .skip") || !element.checkVisibility({ visibilityProperty: true })) continue;
    const [darker, lighter] = [light(getComputedStyle(element).color), light(behind(element))].sort((one, other) => one - other);
    if ((lighter + 0.05) / (darker + 0.05) < 4.5) found.add(`${element.tagName}.${element.className}: ${node.textContent.trim().slice(0, 40)}`);
  }
  return [...found];
}
