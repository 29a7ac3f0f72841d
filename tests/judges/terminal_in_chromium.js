// A person at the window in a browser, in Chromium (argv[3]); the link is argv[2]. Tells what it saw as JSON.
const { chromium } = require("playwright-core");

const ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

(async () => {
  const [link, executablePath] = process.argv.slice(2);
  const home = new URL("/", link).href;
  const browser = await chromium.launch({ executablePath, args: ARGUMENTS, timeout: 60000 });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: home.slice(0, -1) });
  const seen = { errors: [], dialogs: 0, elsewhere: [], tabs: [] };
  // the screen is painted on a canvas: what is read is what came for it since the last key
  const came = new Map();
  const until = async (page, ...words) => {
    const end = Date.now() + 60000;
    for (;;) {
      const text = came.get(page).replace(/\x1b\[[0-9;:?<>=]*[A-Za-z]/g, "");
      if (words.every((word) => text.includes(word))) return;
      if (Date.now() > end) throw new Error(`${words} are not in:\n${text}`);
      await page.waitForTimeout(100);
    }
  };
  const press = async (page, key) => {
    for (const each of came.keys()) came.set(each, "");
    await page.keyboard.press(key);
  };
  const opened = async () => {
    const page = await context.newPage();
    came.set(page, "");
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => came.set(page, came.get(page) + payload)));
    page.on("pageerror", (error) => seen.errors.push(error.message));
    page.on("dialog", (dialog) => (seen.dialogs++, dialog.dismiss()));
    page.on("request", (asked) => asked.url().startsWith(home) || seen.elsewhere.push(asked.url()));
    page.on("popup", (popup) => seen.elsewhere.push(popup.url()));
    return page;
  };

  // the window as on a terminal: a message is sent by keys, and crosses
  const page = await opened();
  await page.goto(link);
  await page.waitForURL(home);
  await page.waitForSelector(".xterm-screen");
  await until(page, "● LIVE");
  await page.evaluate(() => navigator.clipboard.writeText("mine"));
  await press(page, "Control+s");
  await until(page, "✓");

  // a hostile message, the oldest, is looked at in every tab; the terminal does nothing that it says
  await press(page, "2");
  await until(page, "Mailboxes", "hostile");
  await press(page, "G");
  await until(page, "hostile");
  const tabs = [["HTML", "\ufffd]0;PWNTITLE"], ["HTML source", "<p>"], ["Headers", "The envelope sender"],
    ["Raw", "MIME-Version: 1.0\\r\\n"], ["Parts", "part 1 of 1"], ["Route", "program.test with ESMTP"], ["Text", "also known as"]];
  await press(page, "Enter");
  await until(page, "also known as", "PWNTITLE");
  for (const [tab, word] of tabs) {
    await press(page, "]");
    await until(page, word);
    seen.tabs.push(tab);
  }
  await press(page, "Escape");
  await press(page, "3");
  await until(page, "Wire");
  seen.title = await page.title();
  seen.copied = await page.evaluate(() => navigator.clipboard.readText());

  // another who comes sees the same window, and both go on with it
  const other = await opened();
  await other.goto(home);
  await until(other, "Wire");
  await press(other, "1");
  await until(page, "New message");
  await until(other, "New message");

  // it ends by its key, and says so
  await page.bringToFront();
  await press(page, "Control+q");
  await until(page, "temporary");
  await press(page, "q");
  await page.waitForSelector("body.-closed .ended", { timeout: 60000 });
  await other.waitForSelector("body.-closed .ended", { timeout: 60000 });
  await browser.close();
  process.stdout.write(JSON.stringify(seen));
})().catch((error) => (process.stderr.write(`${error.stack}\n`), process.exit(1)));
