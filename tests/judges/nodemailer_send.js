// Hands the message in argv[3] over to the submission port argv[2], trusting the authority in argv[4].
const fs = require("fs");
const nodemailer = require("nodemailer");

const [port, message, authority] = process.argv.slice(2);
const transport = nodemailer.createTransport({
  host: "127.0.0.1",
  port: Number(port),
  requireTLS: true,
  tls: { ca: fs.readFileSync(authority) },
  auth: { user: "alice@sender.test", pass: "alice" },
});
transport
  .sendMail({
    envelope: { from: "alice@sender.test", to: ["bob@recipient.test"] },
    raw: fs.readFileSync(message),
  })
  .then((done) => console.log(done.response))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
