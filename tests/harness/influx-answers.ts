import type { InfluxAddress } from './influx.ts'

/** A request, and what InfluxDB 2.7.12 answered to it. The double must answer the same, and so must whatever server is tested. */
export interface RecordedAnswer {
  readonly what: string
  readonly path: (address: InfluxAddress) => string
  /** Without one it is a GET. */
  readonly body?: string
  readonly token?: string
  readonly status: number
  /** Of the JSON; undefined for no body at all. */
  readonly code?: string
  readonly message?: RegExp
}

const write = ({ org, bucket }: Partial<InfluxAddress>, precision = 'ms') =>
  `/api/v2/write?${new URLSearchParams({ org: org ?? '', bucket: bucket ?? '', precision }).toString()}`
const tags = 'centre=c,home=recorded,placement=p,point=q'
const line = `sample,${tags} watts=1 1772352000000`
const erase = ({ org, bucket }: Partial<InfluxAddress>) =>
  `/api/v2/delete?${new URLSearchParams({ org: org ?? '', bucket: bucket ?? '' }).toString()}`
const erasing = (predicate: string, stop = '2262-04-11T23:47:16.854Z') =>
  JSON.stringify({ start: '1677-09-21T00:12:43.146Z', stop, predicate })
const query = (text: string, variables: readonly (readonly [name: string, type: string, value: string])[]) =>
  JSON.stringify({
    query: text,
    type: 'flux',
    dialect: { header: true, annotations: [] },
    extern: {
      type: 'File',
      package: null,
      imports: null,
      body: variables.map(([name, type, value]) => ({
        type: 'VariableAssignment',
        id: { type: 'Identifier', name },
        init: { type, value },
      })),
    },
  })
const rows = `rows = (measurement) => from(bucket: bucket) |> range(start: begin, stop: end) |> filter(fn: (r) => r._measurement == measurement and r.home == home)
rows(measurement: "sample") |> last() |> keep(columns: ["_time", "_value", "_field"]) |> yield(name: "last")`
const [earlier, later] = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z']
const asking = (bucket: string, begin: string, end: string) =>
  query(rows, [
    ['bucket', 'StringLiteral', bucket],
    ['begin', 'DateTimeLiteral', begin],
    ['end', 'DateTimeLiteral', end],
    ['home', 'StringLiteral', 'recorded'],
  ])
const ask = ({ org }: Pick<InfluxAddress, 'org'>) => `/api/v2/query?${new URLSearchParams({ org }).toString()}`

const look = ({ org, bucket }: Pick<InfluxAddress, 'org' | 'bucket'>) =>
  `/api/v2/buckets?${new URLSearchParams({ org, name: bucket }).toString()}`

/** In this order, on an empty bucket that keeps a day. */
export const RECORDED: readonly RecordedAnswer[] = [
  {
    what: 'a point from before the retention',
    path: write,
    body: line,
    status: 422,
    code: 'unprocessable entity',
    message:
      /^failure writing points to database: partial write: dropped 1 points outside retention policy of duration 24h0m0s - oldest point sample.* at 2026-03-01T08:00:00.* dropped because it violates a Retention Policy Lower Bound.* dropped=1 for database: \w+ for retention policy: autogen$/,
  },
  { what: 'a point', path: write, body: `sample,${tags} watts=1 ${Date.now()}\n`, status: 204 },
  {
    what: 'an integer where a float was',
    path: write,
    body: `sample,${tags} watts=1i ${Date.now() + 1}\nsample,${tags} watts=2 ${Date.now() + 2}\n`,
    status: 422,
    code: 'unprocessable entity',
    message:
      /^failure writing points to database: partial write: field type conflict: input field "watts" on measurement "sample" is type integer, already exists as type float dropped=1$/,
  },
  {
    what: 'a field without a value',
    path: write,
    body: `${line}\nsample,${tags} watts= 1`,
    status: 400,
    code: 'invalid',
    message: /^unable to parse 'sample,centre=c,home=recorded,placement=p,point=q watts= 1': missing field value$/,
  },
  {
    what: 'a time that 64 bits of nanoseconds do not hold',
    path: write,
    body: `sample,${tags} watts=1 -62135596800000`,
    status: 400,
    code: 'invalid',
    message: /^unable to parse '.*': time outside range -9223372036854775806 - 9223372036854775806$/,
  },
  { what: 'nothing at all', path: write, body: '', status: 204 },
  {
    what: 'nothing at all, with a token that is none',
    path: write,
    body: '',
    token: 'wrong',
    status: 401,
    code: 'unauthorized',
    message: /^unauthorized access$/,
  },
  {
    what: 'nothing at all, to a bucket that is not there',
    path: ({ org }) => write({ org, bucket: 'nowhere' }),
    body: '',
    status: 404,
    code: 'not found',
    message: /^bucket "nowhere" not found$/,
  },
  {
    what: 'nothing at all, to an organisation that is not there',
    path: ({ bucket }) => write({ org: 'nobody', bucket }),
    body: '',
    status: 404,
    code: 'not found',
    message: /^organization name "nobody" not found$/,
  },
  {
    what: 'a precision that is none',
    path: (address) => write(address, 'minutes'),
    body: line,
    status: 400,
    code: 'invalid',
    message: /^invalid precision; valid precision units are ns, us, ms, and s$/,
  },
  {
    what: 'a bucket that is not there',
    path: ({ org }) => write({ org, bucket: 'nowhere' }),
    body: line,
    status: 404,
    code: 'not found',
    message: /^bucket "nowhere" not found$/,
  },
  {
    what: 'an organisation that is not there',
    path: ({ bucket }) => write({ org: 'nobody', bucket }),
    body: line,
    status: 404,
    code: 'not found',
    message: /^organization name "nobody" not found$/,
  },
  {
    what: 'a token that is none',
    path: write,
    body: line,
    token: 'wrong',
    status: 401,
    code: 'unauthorized',
    message: /^unauthorized access$/,
  },
  {
    what: 'a question with a token that is none',
    path: ask,
    body: asking('nowhere', earlier, later),
    token: 'wrong',
    status: 401,
    code: 'unauthorized',
    message: /^unauthorized access$/,
  },
  {
    what: 'a question to a bucket that is not there',
    path: ask,
    body: asking('nowhere', earlier, later),
    status: 404,
    code: 'not found',
    message: /^failed to initialize execute state: could not find bucket "nowhere"$/,
  },
  {
    what: 'a question to an organisation that is not there',
    path: () => ask({ org: 'nobody' }),
    body: asking('nowhere', earlier, later),
    status: 400,
    code: 'invalid',
    message: /^failed to decode request body: organization name "nobody" not found$/,
  },
  {
    what: 'how long a bucket keeps what is in it',
    path: ({ org, bucket }) => `/api/v2/buckets?${new URLSearchParams({ org, name: bucket }).toString()}`,
    status: 200,
  },
  {
    what: 'how long a bucket that is not there keeps anything',
    path: ({ org }) => `/api/v2/buckets?${new URLSearchParams({ org, name: 'nowhere' }).toString()}`,
    status: 404,
    code: 'not found',
    message: /^bucket "nowhere" not found$/,
  },
  {
    what: 'a script that is none',
    path: ask,
    body: query('rows =', []),
    status: 400,
    code: 'invalid',
    message: /^compilation failed: error/,
  },
  {
    what: 'erasing from a bucket that is not there',
    path: ({ org }) => erase({ org, bucket: 'nowhere' }),
    body: erasing('home="recorded"'),
    status: 404,
    code: 'not found',
    message: /^bucket "nowhere" not found$/,
  },
  {
    what: 'erasing from an organisation that is not there',
    path: ({ bucket }) => erase({ org: 'nobody', bucket }),
    body: erasing('home="recorded"'),
    status: 404,
    code: 'not found',
    message: /^organization name "nobody" not found$/,
  },
  {
    what: 'erasing with a token that is none',
    path: erase,
    body: erasing('home="recorded"'),
    token: 'wrong',
    status: 401,
    code: 'unauthorized',
    message: /^unauthorized access$/,
  },
  {
    what: 'erasing one or the other',
    path: erase,
    body: erasing('home="a" or home="b"'),
    status: 400,
    code: 'invalid',
    message: /^error decoding json body: the logical operator OR is not supported yet at position 9$/,
  },
  {
    what: 'erasing by another comparison',
    path: erase,
    body: erasing('home>"a"'),
    status: 400,
    code: 'invalid',
    message: /^error decoding json body: invalid operator ">" at position: 4$/,
  },
  {
    what: 'erasing beyond the end of time',
    path: erase,
    body: erasing('home="recorded"', '2262-04-11T23:47:16.855Z'),
    status: 400,
    code: 'invalid',
    message: /^error decoding json body: invalid/,
  },
  {
    what: 'erasing until a time that is none',
    path: erase,
    body: erasing('home="recorded"', 'tomorrow'),
    status: 400,
    code: 'invalid',
    message: /^error decoding json body: invalid RFC3339Nano for field stop, please format your time/,
  },
  { what: 'looking at a bucket', path: look, status: 200 },
  {
    what: 'looking at a bucket that is not there',
    path: ({ org }) => look({ org, bucket: 'nowhere' }),
    status: 404,
    code: 'not found',
    message: /^bucket "nowhere" not found$/,
  },
  {
    what: 'looking at the bucket of an organisation that is not there',
    path: ({ bucket }) => look({ org: 'nobody', bucket }),
    status: 404,
    code: 'not found',
    message: /^organization name "nobody" not found$/,
  },
  { what: 'erasing what is there', path: erase, body: erasing('home="recorded"'), status: 204 },
  { what: 'erasing what is not there any more', path: erase, body: erasing('home="recorded"'), status: 204 },
]

export interface GivenAnswer {
  readonly status: number
  readonly code: string | undefined
  readonly message: string
}
export async function answerTo(recorded: RecordedAnswer, address: InfluxAddress): Promise<GivenAnswer> {
  const answer = await fetch(address.url + recorded.path(address), {
    method: recorded.body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Token ${recorded.token ?? address.token}` },
    ...(recorded.body === undefined ? {} : { body: recorded.body }),
  })
  const text = await answer.text()
  const { code, message = '' } = text === '' ? {} : (JSON.parse(text) as { code?: string; message?: string })
  return { status: answer.status, code, message }
}
