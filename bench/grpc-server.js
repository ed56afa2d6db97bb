// The peer of the agent's gRPC edge: @grpc/grpc-js with TLS that answers two methods with messages made beforehand.
// node grpc-server.js MODULES KEY CERTIFICATE UNARY-ANSWER STREAM-MESSAGE COUNT
const fs = require('fs');
const path = require('path');
const [modules, key, certificate, unary, message, count] = process.argv.slice(2);
const grpc = require(path.join(modules, '@grpc/grpc-js'));

const same = (bytes) => bytes;
const method = (name, responseStream) => ({
  path: name, requestStream: false, responseStream,
  requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same,
});
const answer = fs.readFileSync(unary);
const item = fs.readFileSync(message);

const server = new grpc.Server();
server.addService(
  { Check: method('/grpc.health.v1.Health/Check', false), GetEvents: method('/mcp.v1.NodeAgent/GetEvents', true) },
  {
    Check: (call, done) => done(null, answer),
    GetEvents: (call) => {
      for (let i = 0; i < Number(count); i++) call.write(item);
      call.end();
    },
  });
const credentials = grpc.ServerCredentials.createSsl(
  null, [{ private_key: fs.readFileSync(key), cert_chain: fs.readFileSync(certificate) }], false);
server.bindAsync('127.0.0.1:0', credentials, (failed, port) => {
  if (failed) throw failed;
  console.log(`ready: ${port}`);
});
process.on('SIGTERM', () => server.forceShutdown() || process.exit(0));
