// The service of probe.proto for both peers.
const path = require('path');
const protoLoader = require('@grpc/proto-loader');
const grpc = require('@grpc/grpc-js');

exports.grpc = grpc;
exports.load = (proto) =>
  grpc.loadPackageDefinition(
    protoLoader.loadSync(path.resolve(proto), { keepCase: true, longs: String, enums: Number, defaults: true }),
  ).grpc.compat.tests.Probe;
