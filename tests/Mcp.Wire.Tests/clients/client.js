// Reads one call as JSON from stdin, makes it with @grpc/grpc-js, and prints what came of it as JSON.
// Messages are bytes in base64; what they mean is the tests' business.
const fs = require('fs');
const grpc = require('@grpc/grpc-js');

const call = JSON.parse(fs.readFileSync(0, 'utf8'));
const LIMITS = { 'grpc.max_receive_message_length': call.limit, 'grpc.max_send_message_length': -1 };
const client = new grpc.Client(call.address, grpc.credentials.createSsl(fs.readFileSync(call.root)), LIMITS);
const requests = call.requests.map((text) => Buffer.from(text, 'base64'));
const metadata = new grpc.Metadata();
if (call.token) metadata.set('authorization', `Bearer ${call.token}`);

const result = { code: 0, details: '', trailers: {}, messages: [] };
const same = (bytes) => bytes;
const take = (message) => {
  result.messages.push(message.toString('base64'));
  if (result.messages.length === call.cancelAfter) stream.cancel();
};
let stream;

client.waitForReady(Date.now() + 60000, (failed) => {
  if (failed) throw failed;
  const options = { deadline: Date.now() + (call.deadline || 60000) };
  const answer = (error, message) => message && take(message);
  if (call.kind === 'unary') stream = client.makeUnaryRequest(call.method, same, same, requests[0], metadata, options, answer);
  else if (call.kind === 'server')
    stream = client.makeServerStreamRequest(call.method, same, same, requests[0], metadata, options).on('data', take);
  else {
    stream = client.makeBidiStreamRequest(call.method, same, same, metadata, options).on('data', take);
    requests.forEach((request) => stream.write(request));
    stream.end();
  }
  stream.on('error', () => {});
  stream.on('status', (status) => {
    result.code = status.code;
    result.details = status.details;
    for (const [key, value] of Object.entries(status.metadata.getMap())) result.trailers[key] = value.toString('utf8');
    // Messages that came before the status are told of first.
    setImmediate(() => {
      process.stdout.write(JSON.stringify(result), () => client.close());
    });
  });
});
