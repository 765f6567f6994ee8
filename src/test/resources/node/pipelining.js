// Sends many requests on one connection without waiting for the responses, and checks that each response is that of its request.
//
//   node pipelining.js ORIGIN REQUESTS
const { Client } = require('undici');

const [origin, requests] = process.argv.slice(2);

function kind(number) {
  switch (number % 4) {
    case 0:
      return { path: '/', status: 200, body: (text) => text.includes('<h1>Hello, World!</h1>') };
    case 1:
      return { path: `/nowhere/${number}`, status: 404, body: (text) => text.includes(`/nowhere/${number}`) };
    case 2:
      return { path: `/exchanges?limit=x${number}`, status: 400, body: (text) => text.includes(`x${number}`) };
    default:
      return { path: '/dashboard', status: 200, body: (text) => text.endsWith('</html>\n') };
  }
}

async function main() {
  const client = new Client(origin, { pipelining: 500 });
  let connections = 0;
  client.on('connect', () => connections++);
  const wrong = [];
  const all = Array.from({ length: Number(requests) }, async (_, number) => {
    const { path, status, body } = kind(number);
    const response = await client.request({ path, method: 'GET', headers: { 'x-number': String(number) } });
    const text = await response.body.text();
    if (response.statusCode !== status || !body(text)) {
      wrong.push(`${path}: ${response.statusCode} ${text.slice(0, 200)}`);
    }
  });
  await Promise.all(all);
  await client.close();
  console.log(JSON.stringify({ connections, wrong: wrong.length, first: wrong[0] }));
}

main().catch((failure) => {
  console.log(JSON.stringify({ failure: String(failure) }));
  process.exitCode = 1;
});
