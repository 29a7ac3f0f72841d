// Pages that were made of a stranger's words, opened in Chromium (argv[2]) one after the other; everything on them that can
// be pressed is pressed. Tells what ran, what was asked of others, where links lead, and what was drawn, as JSON.
const { chromium } = require("playwright-core");

const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const HARMLESS = /^(https?|mailto|file|data):$/;

(async () => {
  const [executablePath, ...addresses] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS, timeout: 60000 });
  const told = {};
  for (const address of addresses) {
    const page = await browser.newPage();
    page.setDefaultTimeout(60000);
    const seen = (told[new URL(address).pathname.split("/").pop()] = { dialogs: [], elsewhere: [], errors: [] });
    page.on("dialog", (dialog) => (seen.dialogs.push(dialog.message()), dialog.dismiss()));
    page.on("request", (asked) => /^(file|data|blob|about):/.test(asked.url()) || seen.elsewhere.push(asked.url()));
    page.on("pageerror", (error) => seen.errors.push(error.message));
    await page.goto(address);
    await page.waitForFunction(() => !("drawn" in window) || window.drawn !== null);
    await page.evaluate(() => {
      document.querySelectorAll("details").forEach((one) => (one.open = true));
      document.querySelectorAll("button, summary, input, select, label, svg *").forEach((one) => {
        for (const kind of ["pointerover", "mouseover", "focus", "click", "change", "input"])
          one.dispatchEvent(new Event(kind, { bubbles: true }));
      });
    });
    await page.waitForTimeout(200); // what would run after a while
    seen.ran = await page.evaluate(() => "HARMED" in window);
    seen.drawn = await page.evaluate(() => window.drawn ?? null);
    const links = await page.evaluate(() => [...document.querySelectorAll("[href], [src], [action], [formaction], [data]")]
      .flatMap((one) => ["href", "src", "action", "formaction", "data"].map((name) => one.getAttribute(name))).filter(Boolean));
    seen.links = links.filter((link) => !HARMLESS.test(new URL(link, "http://here.test/").protocol));
    seen.scripts = await page.evaluate(() => document.querySelectorAll("script").length);
    seen.words = (await page.evaluate(() => document.body.innerText)).length;
    await page.close();
  }
  console.log(JSON.stringify(told));
  await browser.close();
})();
