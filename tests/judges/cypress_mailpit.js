// The command functions of cypress-mailpit (argv[3]) without Cypress, against the lab at the address argv[2]: only what
// Cypress brings to them is made here, a request and a chain of promises.
const address = process.argv[2];
const chained = (value) => Promise.resolve(value);

globalThis.Cypress = { expose: () => address, env: () => undefined, config: () => 5000 };
globalThis.cy = {
  env: () => chained({}),
  wrap: chained,
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  request: async ({ method, url, body, qs }) => {
    const asked = new URL(url);
    for (const [name, value] of Object.entries(qs || {})) asked.searchParams.set(name, value);
    const headers = body ? { "Content-Type": "application/json" } : {};
    const answer = await fetch(asked, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    const json = (answer.headers.get("content-type") || "").includes("json");
    return { status: answer.status, body: json ? await answer.json() : await answer.text() };
  },
};

(async () => {
  const { MailpitCommands } = await import(process.argv[3]);
  const mailpit = new MailpitCommands();
  const seen = {};
  await mailpit.mailpitDeleteAllEmails();
  await mailpit.mailpitSendMail();
  await mailpit.mailpitSendMail({ to: [{ Email: "bob@recipient.test" }], subject: "For Bob" });
  seen.all = (await mailpit.mailpitGetAllMails()).messages.map((message) => message.Subject);
  const mail = await mailpit.mailpitGetMail();
  seen.mail = [
    await mailpit.mailpitGetSubject(mail),
    await mailpit.mailpitGetRecipientAddress(mail),
    await mailpit.mailpitGetFromAddress(mail),
    await mailpit.mailpitGetAttachments(mail),
    (await mailpit.mailpitGetMailHTMlBody(mail)).trim(),
    (await mailpit.mailpitGetMailTextBody(mail)).trim(),
  ];
  seen.searched = [
    (await mailpit.mailpitGetEmailsBySubject("Hello Mailpit")).messages_count,
    (await mailpit.mailpitGetEmailsByTo("bob@recipient.test")).messages_count,
    (await mailpit.mailpitHasEmailsBySearch("cc:cc@example.com")).messages_count,
    (await mailpit.mailpitHasEmailsBySubject("For Bob")).messages_count,
    (await mailpit.mailpitHasEmailsByTo("jane@example.com")).messages_count,
    (await mailpit.mailpitNotHasEmailsByTo("nobody@example.com")).messages_count,
    (await mailpit.mailpitNotHasEmailsBySubject("nothing")).messages_count,
    (await mailpit.mailpitNotHasEmailsBySearch("from:nobody")).messages_count,
  ];
  const unread = async () => (await mailpit.mailpitSearchEmails("is:unread")).messages_count;
  seen.unread = [];
  for (const [command, which] of [
    ["mailpitSetAllEmailStatusAsRead"], ["mailpitSetAllEmailStatusAsUnRead"],
    ["mailpitSetStatusAsRead", mail], ["mailpitSetStatusAsUnRead", [mail]],
  ]) {
    await mailpit[command](which);
    seen.unread.push(await unread());
  }
  await mailpit.mailpitDeleteEmailsBySearch("subject:Bob");
  seen.left = (await mailpit.mailpitGetAllMails()).total;
  console.log(JSON.stringify(seen));
})();
