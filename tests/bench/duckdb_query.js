// node duckdb_query.js SQL FILE: milliseconds of the query alone, the best of
// three in a warm process. T in the SQL is FILE.
const { DuckDBInstance } = require('@duckdb/node-api');

async function main() {
  const [sql, file] = process.argv.slice(2);
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const table = file.endsWith('.parquet')
    ? `'${file}'` : `read_ndjson_objects('${file}')`;
  let best = Infinity;
  for (let i = 0; i < 3; ++i) {
    const begin = process.hrtime.bigint();
    await connection.runAndReadAll(sql.replace(/\bT\b/, table));
    best = Math.min(best, Number(process.hrtime.bigint() - begin) / 1e6);
  }
  console.log(best.toFixed(3));
}

main();
