import { expect, test } from 'vitest'
import { canonicalQuery, signedHeaders } from './signature.ts'

const call = {
  host: 'ecs.cn-shanghai.aliyuncs.com',
  action: 'RunInstances',
  version: '2014-05-26',
  query: { RegionId: 'cn-shanghai', ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd' },
}
const key = { accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' }

// Both are printed in the documentation of the signature: one as its worked example, one in its table of headers.
test.for([
  {
    date: '2023-10-26T10:22:32Z',
    nonce: '3156853299f313e23d1673dc12e1703d',
    signature: '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  },
  {
    date: '2023-10-26T09:01:01Z',
    nonce: 'd410180a5abf7fe235dd9b74aca91fc0',
    signature: 'e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804',
  },
])('the published signature of $date', ({ date, nonce, signature }) => {
  expect(signedHeaders({ ...call, date, nonce }, key).authorization).toBe(
    `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=${signature}`,
  )
})

test('the query is encoded as RFC 3986 has it, and sorted by name', () => {
  expect(canonicalQuery({ b: "a b*c~d'(!)", a: '安居', 'M.1.K': '1' })).toBe(
    'M.1.K=1&a=%E5%AE%89%E5%B1%85&b=a%20b%2Ac~d%27%28%21%29',
  )
})
