// For Testcontainers in node: the test starts the lab in a container and ends it. From the root of the maillab repository:
//
//   docker build --tag maillab --file examples/docker/Dockerfile .
//
// The lab's mail is on 127.0.0.1 only, so it shares the network of the computer (Docker on Linux), with ports 1025 and 8025.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GenericContainer, Wait } from 'testcontainers';
import { signUp } from './signup.mjs'; // yours; it sends to 127.0.0.1 port 1025

const mail = 'http://127.0.0.1:8025';
let lab;

before(async () => {
  lab = await new GenericContainer('maillab')
    .withNetworkMode('host')
    .withEnvironment({ MAILLAB_PROFILE: 'app' }) // takes mail for every address; programs ask at port 8025
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
});

after(() => lab?.stop());

test('a welcome comes', async () => {
  await signUp('new@customer.test');
  const query = new URLSearchParams({ query: 'to:new@customer.test subject:welcome', timeout: '10s' });
  const answer = await fetch(`${mail}/maillab/v1/wait?${query}`);
  assert.equal(answer.status, 200, await answer.clone().text());
  const { messages } = await answer.json();
  const message = await (await fetch(`${mail}/api/v1/message/${messages[0].ID}`)).json();
  assert.match(message.Text, /https:\/\/\S+/);
});
