// node server.js PROTO: serves Probe on two free ports (any message size; 4 MiB, replies in gzip), prints both, ends with stdin.
const { grpc, load } = require('./probe');
const Probe = load(process.argv[2]);

const cancelled = new Map();
function cancellation(id) {
  if (!cancelled.has(id)) {
    const entry = {};
    entry.seen = new Promise((resolve) => { entry.report = resolve; });
    cancelled.set(id, entry);
  }
  return cancelled.get(id);
}

// A call that was cancelled before it could be listened to is not told any more.
function reportCancellation(call) {
  const { report } = cancellation(call.request.text);
  if (call.cancelled) report();
  else call.on('cancelled', report);
}

function failure(request) {
  const trailers = new grpc.Metadata();
  trailers.set('grpc-status-details-bin', request.payload);
  return { code: request.fail_code, details: request.text, metadata: trailers };
}

const implementation = {
  Echo(call, callback) {
    const back = new grpc.Metadata();
    for (const [key, value] of Object.entries(call.metadata.getMap())) if (key.startsWith('x-')) back.set(key, value);
    call.sendMetadata(back);
    const request = call.request;
    if (request.fail_code) callback(failure(request));
    else if (request.hang) reportCancellation(call);
    else callback(null, { text: request.text, payload: request.payload }, back);
  },
  Collect(call, callback) {
    const texts = [];
    call.on('data', (request) => texts.push(request.text));
    call.on('end', () => callback(null, { text: texts.join(',') }));
  },
  Repeat(call) {
    const request = call.request;
    for (let i = 0; i < request.count; i++) call.write({ text: `${request.text} ${i}`, payload: request.payload });
    if (request.fail_code) call.emit('error', failure(request));
    else if (request.hang) reportCancellation(call);
    else call.end();
  },
  Chat(call) {
    call.on('data', (request) => call.write({ text: request.text, payload: request.payload }));
    call.on('end', () => call.end());
  },
  AwaitCancelled(call, callback) {
    cancellation(call.request.text).seen.then(() => callback(null, { text: call.request.text }));
  },
};
const { Missing, ...served } = Probe.service;

function start(options) {
  const server = new grpc.Server(options);
  server.addService(served, implementation);
  return new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))));
}

(async () => {
  const unlimited = await start({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  const limited = await start({ 'grpc.max_receive_message_length': 4 * 1024 * 1024, 'grpc.default_compression_algorithm': 2 });
  console.log(`${unlimited} ${limited}`);
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
})();
