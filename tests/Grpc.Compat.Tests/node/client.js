// node client.js PROTO ADDRESS SCENARIO: one call, its result as a line of JSON.
const { grpc, load } = require('./probe');
const [proto, address, scenario] = process.argv.slice(2);
const Probe = load(proto);

const options = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
if (scenario === 'gzip') options['grpc.default_compression_algorithm'] = 2;
if (scenario === 'deflate') options['grpc.default_compression_algorithm'] = 1;
const client = new Probe(address, grpc.credentials.createInsecure(), options);

const unary = (method, request, metadata = new grpc.Metadata(), callOptions = {}) =>
  new Promise((resolve) => {
    const result = {};
    const call = client[method](request, metadata, callOptions, (error, reply) => {
      result.reply = reply;
      if (error) result.error = describe(error);
    });
    call.on('metadata', (headers) => { result.headers = headers; });
    call.on('status', (status) => { result.trailers = status.metadata; resolve(result); });
    result.call = call;
  });
const describe = (error) => ({
  code: error.code,
  details: error.details,
  binary: (error.metadata.get('grpc-status-details-bin')[0] || Buffer.alloc(0)).toString('hex'),
});
const pick = (metadata) => ({ text: metadata.get('x-text')[0], bytes: metadata.get('x-bytes-bin').map((b) => b.toString('hex')) });
const collected = (call) =>
  new Promise((resolve) => {
    const texts = [];
    let error;
    call.on('data', (reply) => texts.push(reply.text));
    call.on('error', (e) => { error = describe(e); });
    call.on('status', () => setImmediate(() => resolve({ texts, error })));
  });

const scenarios = {
  async unary() {
    return { text: (await unary('Echo', { text: 'grüße, 世界' })).reply.text };
  },
  async gzip() {
    return { text: (await unary('Echo', { text: 'a'.repeat(10000) })).reply.text.length };
  },
  async deflate() {
    return (await unary('Echo', { text: 'a'.repeat(10000) })).error;
  },
  async large() {
    const payload = Buffer.alloc(8 * 1024 * 1024, 7);
    return { same: payload.equals((await unary('Echo', { payload })).reply.payload) };
  },
  async 'server-limit'() {
    return (await unary('Echo', { payload: Buffer.alloc(5 * 1024 * 1024) })).error;
  },
  async 'server-streaming'() {
    return collected(client.Repeat({ text: 'no', count: 100 }));
  },
  async 'server-streaming-error'() {
    return collected(client.Repeat({ text: 'später', count: 2, fail_code: 10 }));
  },
  async 'client-streaming'() {
    return new Promise((resolve) => {
      const call = client.Collect((error, reply) => resolve(error ? { error: describe(error) } : { text: reply.text }));
      for (let i = 0; i < 50; i++) call.write({ text: `${i}` });
      call.end();
    });
  },
  async duplex() {
    const call = client.Chat();
    const texts = [];
    return new Promise((resolve) => {
      call.on('data', (reply) => {
        texts.push(reply.text);
        if (texts.length < 20) call.write({ text: `ball ${texts.length}` });
        else call.end();
      });
      call.on('status', (status) => resolve({ texts, code: status.code }));
      call.write({ text: 'ball 0' });
    });
  },
  async metadata() {
    const metadata = new grpc.Metadata();
    metadata.set('x-text', 'words, with comma');
    metadata.add('x-bytes-bin', Buffer.from([0, 1, 2, 0xfe, 0xff]));
    metadata.add('x-bytes-bin', Buffer.from([7]));
    const result = await unary('Echo', {}, metadata);
    return { headers: pick(result.headers), trailers: pick(result.trailers) };
  },
  async error() {
    return (await unary('Echo', { text: 'nicht gefunden: Größe 100 % 世界\nzweite Zeile', fail_code: 5, payload: Buffer.from([8, 5, 0xff]) })).error;
  },
  async throw() {
    return (await unary('Echo', { throw_error: true })).error;
  },
  async deadline() {
    // The reply shows that the call had reached the server's code when its deadline passed; how long that takes is the machine's business.
    for (let limit = 300; ; limit *= 2) {
      const text = `deadline-${process.pid}-${limit}`;
      const { error, texts } = await collected(client.Repeat({ text, count: 1, hang: true }, { deadline: Date.now() + limit }));
      if (texts.length === 0 && limit < 8000) continue;
      return { error, seen: texts.length === 1 && (await unary('AwaitCancelled', { text })).reply.text === text };
    }
  },
  async cancel() {
    const text = `cancel-${process.pid}`;
    const call = client.Repeat({ text, count: 1, hang: true });
    call.on('data', () => call.cancel());
    const { error } = await collected(call);
    return { error, seen: (await unary('AwaitCancelled', { text })).reply.text === text };
  },
  async 'unknown-method'() {
    return (await unary('Missing', {})).error;
  },
  async concurrent() {
    const replies = await Promise.all(Array.from({ length: 300 }, (_, i) => unary('Echo', { text: `${i}` })));
    return { right: replies.every((r, i) => r.reply && r.reply.text === `${i}`) };
  },
};

scenarios[scenario]().then((result) => {
  console.log(JSON.stringify(result));
  client.close();
});
