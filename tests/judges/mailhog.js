// The client of MailHog for node, against the lab at port argv[2]; tells what it saw as JSON.
const mailhog = require("mailhog")({ host: "127.0.0.1", port: Number(process.argv[2]) });

(async () => {
  const seen = {};
  const all = await mailhog.messages();
  const latest = all.items[0];
  seen.total = all.total;
  seen.latest = [latest.subject, latest.from, latest.to, latest.text.trim(), latest.attachments.map((file) => file.name)];
  seen.html = latest.html.trim();
  seen.dated = latest.deliveryDate > latest.date - 1000;
  seen.to = (await mailhog.latestTo("bob@recipient.test")).subject;
  seen.from = (await mailhog.latestFrom("nobody@sender.test")) || null;
  seen.containing = (await mailhog.latestContaining("482910")).ID === latest.ID;
  seen.searched = (await mailhog.search("alice", "from", 0, 1)).count;
  seen.deleted = (await mailhog.deleteMessage(latest.ID)).statusCode;
  seen.all = (await mailhog.deleteAll()).statusCode;
  seen.left = (await mailhog.messages()).total;
  console.log(JSON.stringify(seen));
})();
