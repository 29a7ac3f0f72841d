// mailpit-api at a door with a token (argv[3]), as a name and a password; the address is argv[2]. Tells what it saw.
const { MailpitClient } = require("mailpit-api");

(async () => {
  const [address, token] = process.argv.slice(2);
  const seen = {};
  const mailpit = new MailpitClient(address, { auth: { username: "anybody", password: token } });
  await mailpit.sendMessage({ From: { Email: "alice@sender.test" }, To: [{ Email: "bob@recipient.test" }], Subject: "Chào" });
  seen.listed = (await mailpit.listMessages(0, 10)).messages.length;
  const stranger = new MailpitClient(address, { auth: { username: "anybody", password: `${token}x` } });
  seen.refused = await stranger.listMessages(0, 10).then(() => "listed", (error) => /401/.test(error.message));
  process.stdout.write(JSON.stringify(seen));
})().catch((error) => (process.stderr.write(`${error.stack}\n`), process.exit(1)));
