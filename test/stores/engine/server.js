/**
 * A loopback server that speaks ClickHouse's HTTP interface over the embedded engine: the query in the body or in a
 * multipart field, parameters as `param_*`, settings in the address. Prints its port when it listens.
 *
 * Usage: node server.js [SCRIPT.sql [FOLDER]]; the script's statements run first, tables are kept in the folder. With
 * ENGINE_FIGURES it says on standard error what each query took.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Session } from 'chdb';

const [, , script, folder] = process.argv;
const session = new Session(folder);
if (script !== undefined) for (const statement of readFileSync(script, 'utf8').split(/;\n/)) run(statement);

function run(statement) {
  if (statement.trim() !== '') session.query(statement);
}

const server = createServer(async (request, response) => {
  try {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/ping') return response.end('Ok.\n');
    const values = await readValues(request, url);
    const parameters = {};
    for (const [name, value] of values) if (name.startsWith('param_')) parameters[name.slice(6)] = value;
    const sql = values.get('query') ?? '';
    const result =
      Object.keys(parameters).length === 0
        ? await session.queryAsync(sql, { format: 'TabSeparated' })
        : await session.queryBindAsync(sql, parameters, { format: 'TabSeparated' });
    response.setHeader('X-ClickHouse-Query-Id', url.searchParams.get('query_id') ?? '');
    const answer = result.bytes();
    if (process.env.ENGINE_FIGURES !== undefined) {
      // Progress comes with the rows; the last one has the sums.
      const [progress = null] =
        answer
          .toString('latin1')
          .match(/^{"progress":.*$/gm)
          ?.slice(-1) ?? [];
      const figures = { sql: sql.slice(0, 60), seconds: result.elapsed, progress, returned: answer.length };
      process.stderr.write(`${JSON.stringify(figures)}\n`);
    }
    response.end(answer);
  } catch (error) {
    const message = String(error?.message ?? error);
    response.statusCode = 500;
    response.setHeader('X-ClickHouse-Exception-Code', /Code: (\d+)/.exec(message)?.[1] ?? '1');
    response.end(message);
  }
});

async function readValues(request, url) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  const values = new Map(url.searchParams);
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) values.set(name, value);
  } else if (body.length > 0) values.set('query', body.toString());
  return values;
}

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
