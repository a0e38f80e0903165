// node duckdb_load.js: log.jsonl of this directory as log.parquet, with the
// raw line kept and the fields that scripts/bench asks for.
const { DuckDBInstance } = require('@duckdb/node-api');

const pick = (...paths) =>
  `coalesce(${paths.map((path) => `json->>'${path}'`).join(', ')})`;

async function main() {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run(`
    copy (select json::varchar as raw,
      ${pick('$.reqId', '$.debugContext.debugData.requestId',
             '$.properties.correlationId', '$.correlationId')} as request_id,
      ${pick('$.target[0].id', '$.data.details.access_token_jti', '$.token.jti',
             '$.properties.uniqueTokenIdentifier')} as token,
      ${pick('$.authenticationContext.externalSessionId',
             '$.data.details.session_id', '$.token.sessionUid')} as session,
      ${pick('$.token.clientId', '$.data.client_id', '$.client.id',
             '$.properties.appId')} as client,
      coalesce(try_cast(json->>'$.published' as timestamp),
               try_cast(json->>'$.data.date' as timestamp),
               try_cast(json->>'$.timestamp' as timestamp),
               epoch_ms(try_cast(json->>'$.time' as bigint)),
               try_cast(json->>'$.time' as timestamp)) as ts
      from read_ndjson_objects('log.jsonl'))
    to 'log.parquet' (format parquet, compression zstd)`);
}

main();
