// The worker protocol (drivers/PROTOCOL.md, version 1) in plain Node.
'use strict';
const fs = require('fs');

function countPrimes(limit) {
  let count = 0;
  for (let candidate = 2; candidate < limit; candidate++) {
    const root = Math.sqrt(candidate);
    let divisor = 2;
    while (divisor <= root && candidate % divisor !== 0) divisor++;
    if (divisor > root) count++;
  }
  return count;
}

const clock = () => process.hrtime.bigint(); // CLOCK_MONOTONIC
const control = Number(process.env.TANDEM_CONTROL);
const samples = Number(process.env.TANDEM_SAMPLES);

function say(verb, fields) {
  const words = Object.entries(fields).map(([name, value]) =>
    ` ${name}=${encodeURIComponent(value).replace(/[!'()]/g,
      (c) => '%' + c.charCodeAt(0).toString(16))}`);
  fs.writeSync(control, verb + words.join('') + '\n');
}

function batch(fields, operation, expected) {
  const [count, loops, warm] =
    [fields.count, fields.loops, fields.warm].map(Number);
  const warmNs = BigInt(fields.warm_ns);
  const readings = new BigUint64Array(2 * count);
  let warmed = 0, answer = expected, wrong = {};
  for (const begin = clock(); warmed < warm || clock() - begin < warmNs; warmed++) operation();
  const before = process.cpuUsage();
  for (let i = 0; i < count && wrong.wrong === undefined; i++) {
    let result;
    const start = clock();
    for (let j = 0; j < loops; j++) result = operation();
    const end = clock();
    readings[2 * i] = start;
    readings[2 * i + 1] = end;
    answer = String(result);
    if (answer !== (expected ??= answer)) wrong = { wrong: 1 };
  }
  const cpu = process.cpuUsage(before);
  fs.writeSync(samples, new Uint8Array(readings.buffer), 0, 16 * count, 64);
  say('done', { count, warm: warmed, answer, cpu_ns: 1000 * (cpu.user + cpu.system), ...wrong });
  return expected;
}

function* lines() {
  const piece = Buffer.alloc(65536);
  for (let text = ''; ;) {
    const n = fs.readSync(control, piece, 0, piece.length, null);
    if (n === 0) return;
    const parts = (text + piece.toString('utf8', 0, n)).split('\n');
    text = parts.pop();
    yield* parts;
  }
}

if (!process.env.TANDEM_CONTROL) {
  console.log(`started by hand: ${countPrimes(20000)} primes below 20000`);
  process.exit(0);
}
say('hello', { protocol: 1, runtime: 'node', version: process.versions.node });
let operation, expected;
for (const line of lines()) {
  const [verb, ...words] = line.split(' ');
  const fields = Object.fromEntries(words.map((word) => word.split('=').map(decodeURIComponent)));
  if (verb === 'setup') {
    operation = () => countPrimes(Number(fields['p.n']));
    expected = fields.answer;
    say('ready', {});
  } else if (verb === 'run') {
    expected = batch(fields, operation, expected);
  } else break;
}
