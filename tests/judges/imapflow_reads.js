// Reads, marks, moves and removes over IMAP at port argv[2], trusting the authority in argv[3]; tells what it saw as JSON.
const fs = require("fs");
const { ImapFlow } = require("imapflow");

const [port, authority] = process.argv.slice(2);
const connect = async (options = {}) => {
  const client = new ImapFlow({
    host: "localhost",
    port: Number(port),
    secure: false,
    tls: { ca: fs.readFileSync(authority) },
    auth: { user: "bob", pass: "bob" },
    logger: false,
    ...options,
  });
  await client.connect();
  return client;
};

(async () => {
  const seen = {};
  const client = await connect();
  seen.uses = Object.fromEntries((await client.list()).map((folder) => [folder.path, folder.specialUse || ""]));
  await client.mailboxOpen("INBOX");
  seen.subjects = [];
  for await (const message of client.fetch("1:*", { envelope: true, bodyStructure: true, source: true, flags: true }))
    seen.subjects.push([message.envelope.subject, message.source.length]);
  const { uid } = await client.append("INBOX", "Subject: flow\r\n\r\nhello\r\n", ["\\Seen", "Work"]);
  seen.found = (await client.search({ subject: "flow" }, { uid: true })).length;
  await client.mailboxCreate("Thư từ/Cũ");
  const there = new Promise((tell) => client.on("exists", tell));
  const waiting = client.idle();
  const other = await connect({ qresync: true });
  seen.enabled = [...other.enabled].sort();
  const gone = new Promise((tell) => other.on("expunge", tell));
  await other.mailboxOpen("INBOX");
  await other.append("INBOX", "Subject: told\r\n\r\nhello\r\n");
  seen.told = (await there).count > 0;
  const moved = await client.messageMove(String(uid), "Thư từ/Cũ", { uid: true });
  seen.moved = moved.uidMap.get(uid);
  await other.noop();
  seen.vanished = (await gone).vanished;
  seen.there = (await client.status("Thư từ/Cũ", { messages: true })).messages;
  await waiting;
  await client.logout();
  await other.logout();
  console.log(JSON.stringify(seen));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
