// Every method of mailpit-api that is answered, against the lab at the address argv[2]; tells what it saw as JSON.
const { MailpitClient } = require("mailpit-api");

(async () => {
  const mailpit = new MailpitClient(process.argv[2]);
  const seen = {};
  await mailpit.deleteMessages();
  const sent = await mailpit.sendMessage({
    From: { Email: "alice@sender.test", Name: "Alice" },
    To: [{ Email: "bob@recipient.test", Name: "Bob" }],
    Bcc: ["hidden@shop.example"],
    Subject: "Chào",
    Text: "hello",
    HTML: "<p>hello <img src='cid:logo'>",
    Tags: ["to do"],
    Attachments: [
      { Content: Buffer.from("1,2").toString("base64"), Filename: "a.csv", ContentType: "text/csv" },
      { Content: "iVBORw0KGgo=", Filename: "l.png", ContentType: "image/png", ContentID: "logo" },
    ],
  });
  const message = await mailpit.getMessageSummary(sent.ID);
  seen.message = [message.Subject, message.From.Address, message.Bcc[0].Address, message.Tags[0], message.Text.trim()];
  seen.header = (await mailpit.getMessageHeaders(sent.ID)).Subject[0];
  seen.source = (await mailpit.getMessageSource(sent.ID)).includes("Return-Path:");
  seen.file = await (await mailpit.getMessageAttachment(sent.ID, message.Attachments[0].PartID)).text();
  seen.picture = (await mailpit.getAttachmentThumbnail(sent.ID, message.Inline[0].PartID)).type;
  seen.html = (await mailpit.renderMessageHTML(sent.ID)).includes("data:image/png;base64,iVBORw0KGgo=");
  seen.text = (await mailpit.renderMessageText()).trim();
  seen.listed = (await mailpit.listMessages(0, 10)).messages.length;
  seen.waited = (await mailpit.waitForMessage({ query: "subject:Chào" }, { timeout: 5000 })).ID === sent.ID;
  seen.states = [
    await mailpit.setReadStatus({ Search: "to:bob", Read: false }),
    (await mailpit.searchMessages({ query: "is:unread" })).messages_count,
  ];
  await mailpit.setTags({ IDs: [sent.ID], Tags: ["red"] });
  await mailpit.renameTag("red", "blue");
  seen.tags = await mailpit.getTags();
  await mailpit.deleteTag("blue");
  seen.untagged = await mailpit.getTags();
  seen.chaos = (await mailpit.setChaosTriggers({ Sender: { ErrorCode: 451, Probability: 5 } })).Sender.Probability;
  seen.calm = (await mailpit.setChaosTriggers()).Sender.Probability;
  seen.info = [(await mailpit.getInfo()).Messages, (await mailpit.getConfiguration()).ChaosEnabled];
  seen.left_out = [];
  for (const ask of ["htmlCheck", "linkCheck", "spamAssassinCheck"])
    await mailpit[ask](sent.ID).catch((error) => seen.left_out.push(/404.*maillab/.test(error.message)));
  await mailpit.deleteMessagesBySearch({ query: "subject:Chào" });
  seen.left = (await mailpit.listMessages()).total;
  console.log(JSON.stringify(seen));
})();
