// A person at the page of the lab, in Chromium (argv[3]), at the address argv[2]; tells what it saw as JSON.
const { chromium } = require("playwright-core");

const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const WAIT = 60000; // milliseconds

(async () => {
  const [address, executablePath] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS, timeout: WAIT });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en" })).newPage();
  page.setDefaultTimeout(WAIT);
  const seen = { errors: [], dialogs: 0 };
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("dialog", (dialog) => (seen.dialogs++, dialog.dismiss()));
  const text = (selector) => page.locator(selector).first().innerText();
  const until = (work, given) => page.waitForFunction(work, given);

  // a message is found, and opened
  await page.goto(`${address}/`);
  await until(() => document.querySelectorAll(".item").length === 2);
  await page.keyboard.press("/");
  await page.keyboard.type("subject:page");
  await until(() => document.querySelectorAll(".item").length === 1);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".letter");
  seen.opened = [await text("#message h2"), (await text(".letter")).trim(), new URL(page.url()).pathname.startsWith("/view/")];
  await page.click("#tab-html");
  await page.waitForSelector("iframe");
  await page.frameLocator("iframe").locator("p").waitFor();
  seen.html = (await page.frameLocator("iframe").locator("p").innerText()).trim();

  // another one crosses while the wire is looked at
  await page.keyboard.press("3");
  await page.waitForSelector(".row");
  await page.request.post(`${address}/api/v1/send`, {
    data: { From: { Email: "alice@sender.test" }, To: [{ Email: "carol@recipient.test" }], Subject: "Live", Text: "x" },
  });
  await until(() => document.getElementById("unread").textContent === "2");
  await page.keyboard.press("f");
  await page.keyboard.type("leg:relay verb:rcpt side:client to:carol");
  await until(() => document.querySelectorAll(".row .said").length && !document.querySelector(".row .said")?.innerText.includes("EHLO")
    && [...document.querySelectorAll(".row")].some((row) => row.innerText.includes("RCPT TO:<carol@recipient.test>")));
  seen.crossed = true;
  await page.fill("#filter", "kode:5xx");
  await page.waitForSelector("#filter-error:not([hidden])");
  seen.complaint = (await text("#filter-error")).includes("kode");

  // a saved session is played, step by step
  await page.keyboard.press("Escape");
  await page.click("[data-mode=sessions]");
  await page.click("[data-key=play-classic]");
  await page.waitForSelector(".player .note[role=status]");
  const before = await text(".player .note[role=status]");
  await page.keyboard.press("ArrowRight");
  await until((was) => document.querySelector(".player .note[role=status]").innerText !== was, before);
  seen.played = [before, await text(".player .note[role=status]")];

  // a rule is added, and switched off
  await page.click("[data-mode=lab]");
  await page.fill("#rule", "at rctp answer 451");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#rule-error:not([hidden])");
  await page.fill("#rule", "at rcpt answer 451");
  await page.keyboard.press("Enter");
  await page.click("[role=switch][aria-label='at rcpt answer 451']");
  await page.waitForSelector("[role=switch][aria-label='at rcpt answer 451'][aria-checked=false]");
  seen.rules = (await (await page.request.get(`${address}/maillab/v1/rules`)).json()).rules.map(({ rule, on }) => [rule, on]);

  // in the other language, on a small screen: nothing is wider than the screen
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ["/?lang=vi", "/?lang=vi#wire", "/?lang=vi#lab", "/?lang=vi#sessions"]) {
    await page.goto(`${address}${path}`);
    await until(() => document.documentElement.lang === "vi");
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) seen.errors.push(`${path} is too wide`);
    if (path.endsWith("wire")) { // of all rows, only those that are seen are there, and what explains them stands below
      await until(() => Number(document.querySelector("#wire .row")?.getAttribute("aria-setsize")) > 80);
      seen.small = await page.evaluate(() => [document.querySelectorAll("#wire .row").length < 60,
        document.querySelector("#wire .explain").getBoundingClientRect().bottom <= innerHeight]);
    }
  }
  await browser.close();
  console.log(JSON.stringify(seen));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
