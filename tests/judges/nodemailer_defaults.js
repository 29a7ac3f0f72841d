// Sends two messages to port argv[2] as the first page of Nodemailer's manual does: host and port, once with a login.
const nodemailer = require("nodemailer");

const server = { host: "127.0.0.1", port: Number(process.argv[2]) };
const message = { from: '"Fred Foo" <foo@example.com>', to: "bar@example.com, Baz <baz@example.net>", text: "Hello world?" };

(async () => {
  for (const auth of [undefined, { user: "username", pass: "password" }]) {
    const done = await nodemailer.createTransport({ ...server, auth }).sendMail({ ...message, subject: auth ? "login" : "plain" });
    console.log(done.response);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
